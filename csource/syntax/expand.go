package syntax

import (
	"strconv"
	"strings"
)

// An expander replaces macros in a stream of tokens. A macro's replacement is read like the stream
// itself, so that macros in it are replaced in turn; while it is read the macro is active and its
// own name stays as it is.
type expander struct {
	pp     *preprocessor
	bottom func() token // the stream; tokEOF at its end
	frames []frame      // replacements being read, the innermost last
	depth  int          // arguments inside arguments
}

type frame struct {
	toks []token
	m    *macro // nil for tokens put back
}

const maxArgumentDepth = 200

// read returns the next token, not expanded.
func (e *expander) read() token {
	e.pp.unit.meter.Work(1)
	for n := len(e.frames); n > 0; n = len(e.frames) {
		f := &e.frames[n-1]
		if len(f.toks) > 0 {
			t := f.toks[0]
			f.toks = f.toks[1:]
			return t
		}
		if f.m != nil {
			f.m.active--
		}
		e.frames = e.frames[:n-1]
	}
	return e.bottom()
}

// next returns the next token after expansion.
func (e *expander) next() token {
	for {
		t := e.read()
		if e.pp.ended() {
			return e.pp.eof(t)
		}
		if !t.isWord() || t.has(flagNoExpand) {
			return t
		}
		m := e.pp.unit.macros[t.text]
		if m == nil {
			return e.pp.builtin(t)
		}
		if m.active > 0 {
			t.flags |= flagNoExpand
			return t
		}
		var args [][]token
		if m.function {
			open := e.read()
			if open.kind != pLparen {
				e.frames = append(e.frames, frame{toks: []token{open}})
				return t
			}
			var ok bool
			if args, ok = e.arguments(m, t); !ok {
				return t
			}
		}
		toks := e.substitute(m, t, args)
		if len(toks) > 0 {
			toks[0].flags = toks[0].flags&^flagLineStart | t.flags&(flagLineStart|flagSpace)
		}
		e.frames = append(e.frames, frame{toks: toks, m: m})
		m.active++
	}
}

// arguments reads the arguments of a call of m whose name is use, after its `(`.
func (e *expander) arguments(m *macro, use token) ([][]token, bool) {
	var args [][]token
	var arg []token
	depth := 0
	for {
		t := e.read()
		switch t.kind {
		case tokEOF:
			if !e.pp.ended() {
				e.pp.unit.errorAt(e.pp.unit.pos(use), "", "the call of macro `%s` has no `)`", m.name)
			}
			return nil, false
		case pLparen:
			depth++
		case pRparen:
			if depth == 0 {
				args = append(args, arg)
				return e.checkArguments(m, use, args)
			}
			depth--
		case pComma:
			if depth == 0 && !(m.variadic && len(args) == len(m.params)-1) {
				args = append(args, arg)
				arg = nil
				continue
			}
		}
		arg = append(arg, t)
	}
}

// checkArguments makes the number of arguments the number of parameters.
func (e *expander) checkArguments(m *macro, use token, args [][]token) ([][]token, bool) {
	if len(m.params) == 0 && len(args) == 1 && len(args[0]) == 0 {
		return nil, true
	}
	if m.variadic && len(args) == len(m.params)-1 {
		args = append(args, nil)
	}
	if len(args) != len(m.params) {
		e.pp.strict(use, "macro `"+m.name+"` takes "+count(len(m.params), "argument")+", found "+count(len(args), "argument"))
		for len(args) < len(m.params) {
			args = append(args, nil)
		}
		args = args[:len(m.params)]
	}
	return args, true
}

// substitute returns m's body with the arguments in it. The body's tokens stand where use does.
func (e *expander) substitute(m *macro, use token, args [][]token) []token {
	expanded := make([][]token, len(args))
	done := make([]bool, len(args))
	out := make([]token, 0, len(m.body))
	left := 0 // tokens the element before gave
	for i := 0; i < len(m.body); i++ {
		t := m.body[i]
		paste := i > 0 && t.kind == pHashHash && i+1 < len(m.body)
		if paste {
			i++
			t = m.body[i]
		}
		var piece []token
		a := m.param(i)
		switch {
		case m.function && t.kind == pHash && i+1 < len(m.body) && m.param(i+1) >= 0:
			i++
			piece = []token{stringify(args[m.param(i)], t)}
			e.place(piece, use)
			if !e.pp.spend(use, len(piece[0].text)) {
				return out
			}
		case a < 0:
			piece = []token{t}
			e.place(piece, use)
		case paste || i+1 < len(m.body) && m.body[i+1].kind == pHashHash:
			piece = args[a]
		default:
			if !done[a] {
				expanded[a], done[a] = e.expandAll(args[a], use), true
			}
			piece = expanded[a]
		}
		if !e.pp.spend(use, len(piece)+1) {
			return out
		}
		switch {
		case !paste:
			out = append(out, piece...)
		case a >= 0 && m.variadic && a == len(m.params)-1 && left == 1 && out[len(out)-1].kind == pComma:
			if len(piece) == 0 {
				out = out[:len(out)-1] // GNU: `, ## __VA_ARGS__` loses its comma
			}
			out = append(out, piece...)
		case left == 0 || len(piece) == 0:
			out = append(out, piece...)
			left += len(piece)
			continue
		default:
			out = e.paste(out, piece, use)
		}
		left = len(piece)
	}
	return out
}

// place moves tokens of a macro's body to where the macro is used.
func (e *expander) place(toks []token, use token) {
	for i := range toks {
		t := &toks[i]
		t.file, t.line, t.col = use.file, use.line, use.col
		t.flags = t.flags&flagSpace | flagMacro
	}
}

// expandAll expands an argument on its own, as C does before it is substituted.
func (e *expander) expandAll(arg []token, use token) []token {
	if len(arg) == 0 {
		return nil
	}
	if e.depth >= maxArgumentDepth {
		e.pp.unit.errorAt(e.pp.unit.pos(use), "", "macro calls nest too deeply")
		return arg
	}
	inner := expander{pp: e.pp, depth: e.depth + 1, bottom: func() token {
		if len(arg) == 0 {
			return token{kind: tokEOF, file: use.file, line: use.line, col: use.col}
		}
		t := arg[0]
		arg = arg[1:]
		return t
	}}
	var out []token
	for t := inner.next(); t.kind != tokEOF; t = inner.next() {
		out = append(out, t)
	}
	return out
}

// paste joins the last token of out with the first of piece.
func (e *expander) paste(out, piece []token, use token) []token {
	last := len(out) - 1
	if !e.pp.spend(use, len(out[last].text)+len(piece[0].text)) {
		return out
	}
	lex := newLexer(out[last].text+piece[0].text, use.file)
	lex.quiet = true
	lex.report = func(token, string) {}
	t := lex.next()
	if lex.off < len(lex.src) || t.kind == tokEOF {
		e.pp.strict(use, "pasting "+out[last].describe()+" and "+piece[0].describe()+" does not give one token")
		return append(out, piece...)
	}
	one := []token{t}
	e.place(one, use)
	one[0].flags |= out[last].flags & flagSpace
	return append(append(out[:last], one[0]), piece[1:]...)
}

// stringify makes a string literal of an argument as it was written.
func stringify(arg []token, hash token) token {
	var b strings.Builder
	b.WriteByte('"')
	for i, t := range arg {
		if i > 0 && t.flags&(flagSpace|flagLineStart) != 0 {
			b.WriteByte(' ')
		}
		if t.kind == tokString || t.kind == tokChar {
			b.WriteString(strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(t.text))
		} else {
			b.WriteString(t.text)
		}
	}
	b.WriteByte('"')
	hash.kind, hash.text = tokString, b.String()
	return hash
}

// count is "1 argument", "2 arguments".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
