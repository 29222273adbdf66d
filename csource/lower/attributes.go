package lower

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// attributesOf refuses attributes that may change what something does which has no role here: a
// function, a parameter, a local variable.
func (u *Unit) attributesOf(what string, attrs []*syntax.Attr) {
	for _, a := range attrs {
		switch {
		case a.Macro || vocabulary.Harmless(a.Name):
		case slices.Contains(attributeNames, a.Name):
			u.errorf(a.Pos(), "%s is for fields and variables at file scope, and this is %s", a.Name, what)
		default:
			u.errorf(a.Pos(), "attribute %s of %s cannot be modelled", a.Name, what)
		}
	}
}

// localAttributes refuses what cleans up at the end of a scope, but for cleanup(function).
func (b *body) localAttributes(d *syntax.VarDecl) {
	for _, a := range d.Attrs {
		switch {
		case a.Macro && slices.Contains(cleaning, a.Name):
			b.hintf(a.Pos(), "write __attribute__((cleanup(function)))", "what %s does at the end of the scope cannot be modelled", a.Name)
		case a.Name != "cleanup":
			b.attributesOf("a local variable", []*syntax.Attr{a})
		}
	}
}

// cleaning are the macros of GLib and libvirt that free a local variable at the end of its scope.
var cleaning = []string{
	"g_autofree", "g_autoptr", "g_auto", "g_autolist", "g_autoslist", "VIR_AUTOFREE", "VIR_AUTOPTR", "VIR_AUTOCLEAN", "VIR_AUTOUNREF",
}

// staticAssert refuses an assertion that is known not to hold.
func (u *Unit) staticAssert(d *syntax.StaticAssert) {
	if v, ok := syntax.EvalConst(d.Cond, u.constant); ok && v == 0 {
		u.errorf(d.Pos(), "the static assertion %s does not hold", syntax.FormatShort(d.Cond))
	}
}
