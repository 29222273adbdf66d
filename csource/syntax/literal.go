package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// number makes a constant of a preprocessing number.
func (g *parser) number(t token) Expr {
	at := At{g.unit.pos(t)}
	text := strings.ToLower(t.text)
	hex := strings.HasPrefix(text, "0x")
	if strings.ContainsAny(text, ".p") || !hex && strings.Contains(text, "e") {
		if !isFloat(text) {
			g.complain(at.Start, "", "malformed number `%s`", t.text)
		}
		return &FloatLit{At: at, Text: t.text}
	}
	digits := strings.TrimRight(text, "ul")
	suffix := text[len(digits):]
	value, err := strconv.ParseUint(digits, 0, 64)
	if strings.ContainsRune(digits, '_') || strings.HasPrefix(digits, "0o") {
		err = strconv.ErrSyntax
	}
	unsigned := strings.Contains(suffix, "u")
	switch suffix {
	case "", "u", "l", "ll", "ul", "ull", "lu", "llu":
	default:
		err = strconv.ErrSyntax
	}
	if err != nil {
		what := "malformed number `%s`"
		if err, ok := err.(*strconv.NumError); ok && err.Err == strconv.ErrRange {
			what = "number `%s` is too large"
		}
		g.complain(at.Start, "", what, t.text)
	}
	return &IntLit{At: at, Value: int64(value), Unsigned: unsigned, Text: t.text}
}

// isFloat reports whether text, in lower case, is a floating constant.
func isFloat(text string) bool {
	if !strings.HasPrefix(text, "0x") {
		text = strings.TrimRight(text, "fl")
	} else if p := strings.IndexByte(text, 'p'); p >= 0 {
		text = text[:p] + strings.TrimRight(text[p:], "fl")
	}
	if strings.ContainsRune(text, '_') {
		return false
	}
	_, err := strconv.ParseFloat(text, 64)
	num, ok := err.(*strconv.NumError)
	return err == nil || ok && num.Err == strconv.ErrRange
}

// charValue returns the value of a character constant: of several characters, as gcc computes it.
func (g *parser) charValue(t token) int64 {
	body := t.text[strings.IndexByte(t.text, '\'')+1:]
	body = strings.TrimSuffix(body, "'")
	wide := t.text[0] != '\''
	s, ok := unescape(body)
	if !ok {
		g.complain(g.unit.pos(t), "", "unknown escape sequence in %s", t.describe())
	}
	switch {
	case s == "":
		g.complain(g.unit.pos(t), "", "empty character constant")
		return 0
	case wide:
		r, _ := utf8.DecodeRuneInString(s)
		return int64(r)
	case len(s) == 1:
		return int64(int8(s[0]))
	}
	value := int32(0)
	for i := range len(s) {
		value = value<<8 | int32(s[i])
	}
	return int64(value)
}

// stringLit parses adjacent string literals. In Tolerant mode unknown macros may stand among them;
// first is one that has been read already.
func (g *parser) stringLit(at At, first string) Expr {
	lit := &StringLit{At: at}
	if first != "" {
		lit.Macros = []string{first}
	}
	var value strings.Builder
	for {
		t := g.tok()
		switch {
		case t.kind == tokString:
			body := t.text[strings.IndexByte(t.text, '"')+1:]
			s, ok := unescape(strings.TrimSuffix(body, `"`))
			if !ok {
				g.complain(g.pos(), "", "unknown escape sequence in %s", t.describe())
			}
			value.WriteString(s)
		case t.kind == tokIdent && g.partOfString():
			lit.Macros = append(lit.Macros, t.text)
		default:
			lit.Value = value.String()
			return lit
		}
		g.next()
		if g.unclosed(t) {
			return &BadExpr{at}
		}
		if g.mode == Tolerant && t.kind == tokIdent && g.kind() == pLparen {
			g.skipParens()
		}
	}
}

// unclosed enters the failed state when t is a literal that its line ended: the lexer has reported
// that, and what closes the expression is probably in the literal.
func (g *parser) unclosed(t token) bool {
	if t.has(flagUnclosed) {
		g.errors++
		g.failed = true
	}
	return g.failed
}

// partOfString reports whether the name after a string is a macro for another piece of it: one of
// C's and GLib's format macros, or in Tolerant mode any name on the same line, spelled as macros
// are, or with a string after it.
func (g *parser) partOfString() bool {
	t := g.tok()
	if strings.HasPrefix(t.text, "PRI") || strings.HasPrefix(t.text, "SCN") || strings.HasPrefix(t.text, "G_G") {
		return true
	}
	return g.mode == Tolerant && (!t.has(flagLineStart) || isShouted(t.text) || g.peek(1).kind == tokString)
}

// unescape replaces C's escape sequences. It reports false for one C does not know, of which it
// keeps the letter.
func unescape(s string) (string, bool) {
	if strings.IndexByte(s, '\\') < 0 {
		return s, true
	}
	known := true
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch c := s[i]; {
		case c >= '0' && c <= '7':
			n := digitRun(s[i:], 3, "01234567")
			v, _ := strconv.ParseUint(s[i:i+n], 8, 16)
			b.WriteByte(byte(v))
			i += n - 1
		case c == 'x':
			n := digitRun(s[i+1:], len(s), "0123456789abcdefABCDEF")
			v, _ := strconv.ParseUint(s[i+1:i+1+n], 16, 64)
			b.WriteByte(byte(v))
			known = known && n > 0
			i += n
		case c == 'u' || c == 'U':
			n := digitRun(s[i+1:], map[byte]int{'u': 4, 'U': 8}[c], "0123456789abcdefABCDEF")
			v, _ := strconv.ParseUint(s[i+1:i+1+n], 16, 32)
			b.WriteRune(rune(v))
			known = known && n > 0
			i += n
		default:
			r := simpleEscape(c)
			if r == 0 {
				r, known = c, false
			}
			b.WriteByte(r)
		}
	}
	return b.String(), known
}

// simpleEscape returns what `\c` stands for, 0 when it stands for nothing.
func simpleEscape(c byte) byte {
	const letters, values = `abefnrtv\'"?`, "\a\b\x1b\f\n\r\t\v\\'\"?"
	if i := strings.IndexByte(letters, c); i >= 0 {
		return values[i]
	}
	return 0
}

// digitRun counts how many of the first most bytes of s are among digits.
func digitRun(s string, most int, digits string) int {
	n := 0
	for n < len(s) && n < most && strings.IndexByte(digits, s[n]) >= 0 {
		n++
	}
	return n
}
