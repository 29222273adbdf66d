package crosscheck

import (
	"bytes"
	"strings"
	"unicode"
)

// maxQuote bounds the bytes of a line of a comment. SPIN keeps a word in 2,048 bytes, inside
// comments too, and does not look.
const maxQuote = 400

// quote makes one line of text harmless in a comment of any language, at any depth, and for a
// reader that does not know what a comment is: printable ASCII, in which a star stands alone, so
// that no comment begins or ends; without quotes (SPIN's own lexer looks for the second one inside
// comments), backslashes, number signs and dollars; and without the pairs that mean something to
// somebody: two slashes, two question marks (trigraphs), two hyphens (PlusCal, modules), three
// equality signs (modules).
func quote(text string) string {
	var b []byte
	for _, r := range text {
		if len(b) >= maxQuote {
			b = append(b, " ..."...)
			break
		}
		b = appendQuoted(b, plain(r))
	}
	return string(bytes.TrimRight(b, " "))
}

// plain is the printable character that stands for r.
func plain(r rune) byte {
	switch {
	case unicode.IsSpace(r) || unicode.IsControl(r):
		return ' '
	case r > unicode.MaxASCII || strings.ContainsRune(`\#$`, r):
		return '_'
	case r == '\'' || r == '"':
		return '`'
	}
	return byte(r)
}

// appendQuoted keeps apart what would mean something together.
func appendQuoted(b []byte, c byte) []byte {
	if len(b) > 0 && c != ' ' {
		last := b[len(b)-1]
		star := last == '*' || c == '*' && last != ' '
		pair := last == c && strings.IndexByte("-/?", c) >= 0
		if star || pair || c == '=' && bytes.HasSuffix(b, []byte("==")) {
			b = append(b, ' ')
		}
	}
	return append(b, c)
}

// promelaComment is a remark in Promela.
func promelaComment(text string) code { return code("/* " + quote(text) + " */") }

// promelaBlock is a comment of several lines, and ends the last.
func promelaBlock(lines ...string) code { return block("/* ", " * ", " */\n", lines) }

// tlaComment is a remark in TLA+ that stands in a line of its own, or ends one.
func tlaComment(text string) code { return code(`\* ` + quote(text) + "\n") }

// tlaNote is a remark in TLA+ after which a line can go on.
func tlaNote(text string) code { return code("(* " + quote(text) + " *)") }

// tlaBlock is a comment of several lines, and ends the last.
func tlaBlock(lines ...string) code { return block("(* ", "   ", "*)\n", lines) }

func block(first, next, end string, lines []string) code {
	var b strings.Builder
	for i, line := range lines {
		if i > 0 {
			first = next
		}
		b.WriteString(strings.TrimRight(first+quote(line), " ") + "\n")
	}
	return code(b.String() + end)
}
