package syntax

import "strings"

// A lexer turns the text of one file into preprocessing tokens, one at a time, so that the
// preprocessor can change how it reads (a directive ends with its line; a skipped group complains
// of nothing). It is copied to look ahead.
type lexer struct {
	src       string
	off       int
	lineStart int // offset of the current line's first byte
	line      uint32
	file      uint32
	flags     tokenFlags // for the next token
	directive bool       // a newline is a token
	quiet     bool       // report nothing
	report    func(at token, msg string)
	comment   func(at token, text string) // may be nil
}

func newLexer(src string, file uint32) lexer {
	src = strings.TrimPrefix(src, "\uFEFF")
	return lexer{src: src, file: file, line: 1, flags: flagLineStart}
}

// mark is an empty token at the current offset.
func (l *lexer) mark() token {
	return token{file: l.file, line: l.line, col: uint32(l.off-l.lineStart) + 1}
}

func (l *lexer) fail(at token, msg string) {
	if !l.quiet {
		l.report(at, msg)
	}
}

// next returns the next token. At the end of the file it returns tokEOF for ever; in a directive it
// returns tokEOL at the end of the line, which it leaves unread.
func (l *lexer) next() token {
	if end, ok := l.skipSpace(); ok {
		return end
	}
	t := l.mark()
	t.flags, l.flags = l.flags, 0
	start := l.off
	c := l.src[l.off]
	switch {
	case isNameStart(c):
		l.word(&t)
		if q := l.peek(); (q == '"' || q == '\'') && isLiteralPrefix(t.text) {
			l.quoted(&t, start, q)
		}
	case isDigit(c) || c == '.' && l.off+1 < len(l.src) && isDigit(l.src[l.off+1]):
		l.number(&t)
	case c == '"' || c == '\'':
		l.quoted(&t, start, c)
	default:
		l.punctuator(&t)
	}
	return t
}

// peek returns the byte at the current offset, 0 at the end.
func (l *lexer) peek() byte {
	if l.off < len(l.src) {
		return l.src[l.off]
	}
	return 0
}

// skipSpace skips white space, comments and spliced lines. It returns the token that ends the input
// or the directive when it meets that end.
func (l *lexer) skipSpace() (token, bool) {
	for l.off < len(l.src) {
		switch c := l.src[l.off]; c {
		case ' ', '\t', '\r', '\v', '\f':
			l.off++
			l.flags |= flagSpace
		case '\n':
			if l.directive {
				t := l.mark()
				t.kind = tokEOL
				return t, true
			}
			l.off++
			l.newline()
			l.flags |= flagLineStart | flagSpace
		case '\\':
			n := spliceLen(l.src[l.off:])
			if n == 0 {
				return token{}, false
			}
			l.off += n
			l.newline()
		case '/':
			rest := l.src[l.off:]
			switch {
			case strings.HasPrefix(rest, "//"):
				l.lineComment()
			case strings.HasPrefix(rest, "/*"):
				l.blockComment()
			default:
				return token{}, false
			}
			l.flags |= flagSpace
		default:
			return token{}, false
		}
	}
	t := l.mark()
	if l.directive {
		t.kind = tokEOL
	}
	return t, true
}

// newline notes that a line begins at the current offset.
func (l *lexer) newline() {
	l.line++
	l.lineStart = l.off
}

func (l *lexer) lineComment() {
	at, start := l.mark(), l.off
	for {
		n := strings.IndexByte(l.src[l.off:], '\n')
		if n < 0 {
			l.off = len(l.src)
			break
		}
		l.off += n
		if !strings.HasSuffix(strings.TrimSuffix(l.src[start:l.off], "\r"), "\\") {
			break
		}
		l.off++
		l.newline()
	}
	if l.comment != nil {
		l.comment(at, strings.TrimSuffix(l.src[start:l.off], "\r"))
	}
}

func (l *lexer) blockComment() {
	at, start := l.mark(), l.off
	n := strings.Index(l.src[l.off+2:], "*/")
	if n < 0 {
		l.fail(at, "comment is never closed")
		n = len(l.src) - l.off - 4
	}
	l.advance(l.off + n + 4)
	if l.comment != nil {
		l.comment(at, l.src[start:l.off])
	}
}

// advance moves to offset end, counting lines on the way.
func (l *lexer) advance(end int) {
	for {
		n := strings.IndexByte(l.src[l.off:end], '\n')
		if n < 0 {
			break
		}
		l.off += n + 1
		l.newline()
	}
	l.off = end
}

// word reads a name.
func (l *lexer) word(t *token) {
	t.text = l.run(func(_, c byte) bool { return isNameStart(c) || isDigit(c) })
	t.kind = keyword(t.text)
}

// number reads a preprocessing number, which is anything that begins like a number: 0x1fULL, 1e-3,
// 3rd.
func (l *lexer) number(t *token) {
	t.kind = tokNumber
	t.text = l.run(func(before, c byte) bool {
		if isNameStart(c) || isDigit(c) || c == '.' {
			return true
		}
		return (c == '+' || c == '-') && (before|0x20 == 'e' || before|0x20 == 'p')
	})
}

// run reads on while more says so, told the byte before and the next one; spliced lines are
// removed.
func (l *lexer) run(more func(before, c byte) bool) string {
	var spliced strings.Builder
	start, before := l.off, byte(0)
	for l.off < len(l.src) {
		c := l.src[l.off]
		if c == '\\' {
			n := spliceLen(l.src[l.off:])
			if n == 0 {
				break
			}
			spliced.WriteString(l.src[start:l.off])
			l.off += n
			l.newline()
			start = l.off
			continue
		}
		if !more(before, c) {
			break
		}
		before = c
		l.off++
	}
	if spliced.Len() == 0 {
		return l.src[start:l.off]
	}
	spliced.WriteString(l.src[start:l.off])
	return spliced.String()
}

// quoted reads a string or character literal whose opening quote is at the current offset and whose
// token began at start, before its prefix if it has one. An unclosed one ends with its line.
func (l *lexer) quoted(t *token, start int, quote byte) {
	t.kind = tokString
	what := "string"
	if quote == '\'' {
		t.kind, what = tokChar, "character constant"
	}
	spliced := false
	l.off++
	for {
		c := l.peek()
		switch {
		case l.off >= len(l.src) || c == '\n':
			l.fail(*t, what+" is never closed")
			t.flags |= flagUnclosed
			t.text = removeSplices(l.src[start:l.off], spliced) + string(quote)
			return
		case c == quote:
			l.off++
			t.text = removeSplices(l.src[start:l.off], spliced)
			return
		case c == '\\':
			if n := spliceLen(l.src[l.off:]); n > 0 {
				l.off += n
				l.newline()
				spliced = true
				continue
			}
			l.off++
			if rest := l.src[l.off:]; rest != "" && rest[0] != '\n' && spliceLen(rest) == 0 {
				l.off++
			}
		default:
			l.off++
		}
	}
}

// removeSplices removes spliced lines from a token's text when it has any.
func removeSplices(text string, spliced bool) string {
	if !spliced {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\\\r\n", ""), "\\\n", "")
}

// spliceLen is the length of a backslash and newline at the beginning of s, 0 when there is none.
func spliceLen(s string) int {
	switch {
	case strings.HasPrefix(s, "\\\n"):
		return 2
	case strings.HasPrefix(s, "\\\r\n"):
		return 3
	}
	return 0
}

func isNameStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '$' || c >= 0x80
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLiteralPrefix(s string) bool { return s == "L" || s == "u8" || s == "u" || s == "U" }
