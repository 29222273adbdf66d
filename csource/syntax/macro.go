package syntax

import "slices"

// A macro is one #define.
type macro struct {
	name     string
	at       token // of the name, zero for one given by Options
	given    bool  // by the system: whoever defines it otherwise may
	function bool
	params   []string // the last one of a variadic macro is __VA_ARGS__ or its GNU name
	variadic bool
	body     []token
	uses     []int // by token of the body: which parameter it names, -1 for none; nil when there are no parameters
	active   int   // expansions now being read: such a macro does not expand again
}

// same reports whether two definitions are alike, as C demands of a redefinition.
func (m *macro) same(o *macro) bool {
	return m.function == o.function && m.variadic == o.variadic && slices.Equal(m.params, o.params) &&
		slices.EqualFunc(m.body, o.body, func(a, b token) bool { return a.text == b.text })
}

// param returns which parameter token i of the body names, -1 for none.
func (m *macro) param(i int) int {
	if m.uses == nil {
		return -1
	}
	return m.uses[i]
}

// findParams finds the parameters in the body.
func (m *macro) findParams() {
	if len(m.params) == 0 {
		return
	}
	number := map[string]int{}
	for i, name := range slices.Backward(m.params) {
		number[name] = i
	}
	m.uses = make([]int, len(m.body))
	for i, t := range m.body {
		m.uses[i] = -1
		if n, ok := number[t.text]; ok && t.isWord() {
			m.uses[i] = n
		}
	}
}

// define reads the rest of a #define line.
func (pp *preprocessor) define(line []token) {
	p := pp.unit
	if len(line) == 0 || !line[0].isWord() {
		pp.strict(pp.here(line), "expected a macro name after `#define`")
		return
	}
	m := &macro{name: line[0].text, at: line[0]}
	rest := line[1:]
	if len(rest) > 0 && rest[0].kind == pLparen && !rest[0].has(flagSpace) {
		m.function = true
		n, ok := pp.macroParams(m, rest)
		if !ok {
			return
		}
		rest = rest[n:]
	}
	m.body = rest
	m.findParams()
	for i, t := range rest {
		if t.kind == pHashHash && (i == 0 || i == len(rest)-1) {
			pp.strict(t, "`##` cannot stand at an end of a macro")
			return
		}
	}
	if old := p.macros[m.name]; old != nil && !old.given && !old.same(m) && p.opt.Mode == Strict {
		where := "on the command line"
		if old.at.line > 0 {
			where = "at " + p.pos(old.at).String()
		}
		p.errorAt(p.pos(m.at), "", "macro `%s` is already defined differently %s", m.name, where)
	}
	p.macros[m.name] = m
	p.meter.Take(tokenBytes*len(line) + macroBytes)
}

const macroBytes = 500 // of a macro without its tokens

// macroParams reads a parameter list that begins at rest[0] and returns how many tokens it has.
func (pp *preprocessor) macroParams(m *macro, rest []token) (int, bool) {
	i := 1
	if i < len(rest) && rest[i].kind == pRparen {
		return i + 1, true
	}
	for i < len(rest) {
		switch t := rest[i]; {
		case t.kind == pEllipsis:
			m.variadic = true
			m.params = append(m.params, "__VA_ARGS__")
			i++
		case t.isWord():
			m.params = append(m.params, t.text)
			i++
			if i < len(rest) && rest[i].kind == pEllipsis {
				m.variadic = true
				i++
			}
		}
		if i >= len(rest) {
			break
		}
		if rest[i].kind == pRparen {
			return i + 1, true
		}
		if rest[i].kind != pComma || m.variadic {
			pp.strict(rest[i], "expected `,` or `)` in the parameters of macro `"+m.name+"`, found "+rest[i].describe())
			return 0, false
		}
		i++
	}
	pp.strict(rest[0], "the parameters of macro `"+m.name+"` have no `)`")
	return 0, false
}
