package lower

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// A message only tells people something, but its arguments are evaluated as C evaluates them: what
// they read is read, what they change is changed, in their order. Left out is what no run can show:
// constants, texts, addresses, and locals that only the thread sees, so that none of them lives
// longer for a message.

// message compiles the arguments of a message, and then that it reads the texts that it shows.
func (b *body) message(e *syntax.Call) {
	copied, parts := syntax.Told(e, b.describes)
	texts := shownTexts(copied)
	var read []instr
	for _, p := range parts {
		text := texts[*p] && b.isText(*p)
		if syntax.Untold(*p, b.seen) && !text {
			continue
		}
		if x, t := b.tell(*p); text && t.kind == tPointer && t.elem.kind == tInt {
			read = append(read, instr{op: iLoadPtr, pos: (*p).Pos(), text: textOf(e), a: x, typ: t.elem, plain: true})
		}
	}
	for _, i := range read {
		i.dst = b.temp(i.typ)
		b.emit(i)
	}
}

// tell evaluates a part of a message. One that cannot be modelled is passed over where it touches
// nothing.
func (b *body) tell(e syntax.Expr) (operand, *typ) {
	diags, code := len(b.diags), len(b.f.code)
	x, t := b.expr(e)
	if len(b.diags) > diags && !syntax.Touches(e, b.seen, b.describes) {
		b.diags, b.f.code = b.diags[:diags], b.f.code[:code]
		return constant(intValue(0)), otherType
	}
	return x, t
}

// isText reports whether an expression points to characters, so that a message can show them.
func (b *body) isText(e syntax.Expr) bool {
	switch x := e.(type) {
	case *syntax.StringLit, *syntax.FloatLit:
		return false
	case *syntax.Ident:
		if !b.isVariable(x.Name) {
			return false
		}
	}
	t := b.typeOf(e)
	return (t.kind == tPointer || t.kind == tArray) && t.elem.kind == tInt && t.elem.bits == 8
}

// shownTexts is which arguments of a message it takes for texts and reads: those of %s, and what
// puts and its like are given.
func shownTexts(e *syntax.Call) map[syntax.Expr]bool {
	texts := map[syntax.Expr]bool{}
	name, _ := e.Fun.(*syntax.Ident)
	format := slices.IndexFunc(e.Args, func(a syntax.Expr) bool { return formatOf(a) != "" })
	switch {
	case vocabulary.PutsText(name.Name):
		format = 0
		if len(e.Args) > 0 {
			texts[uncast(e.Args[0])] = true
		}
	case format >= 0:
		for _, n := range shownBy(formatOf(e.Args[format])) {
			if format+n < len(e.Args) {
				texts[uncast(e.Args[format+n])] = true
			}
		}
	}
	return texts
}

func uncast(e syntax.Expr) syntax.Expr {
	for c, ok := e.(*syntax.Cast); ok; c, ok = e.(*syntax.Cast) {
		e = c.X
	}
	return e
}

// formatOf is a text, in a call such as _("text") or not.
func formatOf(e syntax.Expr) string {
	switch x := e.(type) {
	case *syntax.StringLit:
		return x.Value
	case *syntax.Call:
		if id, ok := x.Fun.(*syntax.Ident); ok && len(x.Args) == 1 && vocabulary.Describes(id.Name) {
			return formatOf(x.Args[0])
		}
	}
	return ""
}

// conversion is one of a format: its width, its precision, and what is shown.
var conversion = regexp.MustCompile(`%[-+ #0']*(\*|[0-9]*)(\.(?:\*|[0-9]*))?[hlLqjzt]*(.)`)

// shownBy lists which arguments after a format are shown as texts, to their ends.
func shownBy(format string) (numbers []int) {
	n := 0
	for _, m := range conversion.FindAllStringSubmatch(format, -1) {
		if n += strings.Count(m[1]+m[2], "*"); m[3] == "%" || m[3] == "m" {
			continue
		}
		if n++; m[3] == "s" && m[2] == "" {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// describes reports whether a call only makes a text of its arguments.
func (u *Unit) describes(e *syntax.Call) bool {
	id, ok := e.Fun.(*syntax.Ident)
	return ok && u.functions[id.Name] == nil && !u.isGlobal(id.Name) && vocabulary.Describes(id.Name)
}

// seen reports whether a name means a variable whose use may be a step.
func (b *body) seen(name string) bool {
	slot, global := b.variable(name)
	return slot < 0 && (global >= 0 || b.homeNamed(name) >= 0) && !b.isErrno(name)
}
