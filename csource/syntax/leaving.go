package syntax

import (
	"fmt"
	"strings"
)

// A Macro is a macro of one source, to be given to others: [Options.Macros]. It does not change.
type Macro struct{ def *macro }

// Name is the macro's name.
func (m Macro) Name() string { return m.def.name }

// String is the definition, its tokens apart.
func (m Macro) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s(%s)", m.def.name, strings.Join(m.def.params, ", "))
	for _, t := range m.def.body {
		b.WriteString(" " + t.text)
	}
	return b.String()
}

// Same reports whether two macros have the same definition, as C compares them.
func (m Macro) Same(o Macro) bool { return m.def.same(o.def) }

// Leaving lists those macros of the sources parsed so far that take arguments and make a statement
// which may leave the function in which it stands: one that contains return or goto. Who reads a
// source that uses such a macro without knowing it misses a way out. They come in no order.
func (p *Parser) Leaving() []Macro {
	var all []Macro
	for _, m := range p.macros {
		if !m.given && m.function && m.leaves() {
			all = append(all, Macro{m})
		}
	}
	return all
}

// Defined lists the macros that the sources parsed so far define, in no order.
func (p *Parser) Defined() []Macro {
	var all []Macro
	for _, m := range p.macros {
		if !m.given {
			all = append(all, Macro{m})
		}
	}
	return all
}

// leaves reports whether a macro's body is a statement with a return or a goto.
func (m *macro) leaves() bool {
	if len(m.body) == 0 {
		return false
	}
	switch m.body[0].kind {
	case kwDo, kwIf, pLbrace:
	default:
		return false
	}
	for _, t := range m.body {
		if t.kind == kwReturn || t.kind == kwGoto {
			return true
		}
	}
	return false
}

// known is a macro of another parser, for this one. Its tokens are shared: where they stand is not
// looked at, because an expansion stands where it is used.
func known(m Macro) *macro {
	def := *m.def
	def.given, def.at, def.active = true, token{}, 0
	return &def
}
