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

// localAttributes refuses attributes of a local variable. What cleans up at the end of its scope is
// for [body.leave] to look at.
func (b *body) localAttributes(d *syntax.VarDecl) {
	for _, a := range d.Attrs {
		if !vocabulary.CleansUp(a.Name) {
			b.attributesOf("a local variable", []*syntax.Attr{a})
		}
	}
}

// staticAssert refuses an assertion that is known not to hold.
func (u *Unit) staticAssert(d *syntax.StaticAssert) {
	if v, _, ok := u.constantExpr(d.Cond); ok && v == 0 {
		u.errorf(d.Pos(), "the static assertion %s does not hold", syntax.FormatShort(d.Cond))
	}
}
