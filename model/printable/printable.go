package printable

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line is a text as a part of one line: nothing in it ends the line, moves the cursor or is
// invisible, and no CI runner finds a marker such as ##[ in it. A text that needs no escape is
// returned as it is.
func Line(s string) string {
	if plain(s, "") {
		return s
	}
	var b strings.Builder
	var g guard
	g.past = true
	each(s, func(r rune, n int, raw string) {
		switch {
		case invalid(r, n) || !Shown(r):
			b.WriteString(visible(r, raw))
			g.escaped()
		case g.breaks(r):
			b.WriteString(visible(r, raw))
		default:
			b.WriteRune(r)
		}
	})
	return b.String()
}

// Text is a text of several lines for a file with a format of its own, such as HTML or XML: line
// breaks and tabs stay.
func Text(s string) string {
	if plain(s, "\n\t") {
		return s
	}
	var b strings.Builder
	each(s, func(r rune, n int, raw string) {
		if !invalid(r, n) && (Shown(r) || r == '\n' || r == '\t') {
			b.WriteRune(r)
		} else {
			b.WriteString(visible(r, raw))
		}
	})
	return b.String()
}

// Shown reports whether a rune can be seen, or is the blank. Controls, bidirectional controls,
// blanks of other widths and what takes no room of its own on purpose cannot: what has no width,
// variation selectors, fillers.
func Shown(r rune) bool {
	if r < utf8.RuneSelf {
		return ' ' <= r && r <= '~'
	}
	return unicode.IsPrint(r) && !unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// plain reports whether nothing in a text needs a look.
func plain(s, also string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' || c > '~' || c == '#') && strings.IndexByte(also, c) < 0 {
			return false
		}
	}
	return true
}

// each calls f with every rune, its length and its bytes.
func each(s string, f func(r rune, n int, raw string)) {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		f(r, n, s[i:i+n])
		i += n
	}
}

func invalid(r rune, n int) bool { return r == utf8.RuneError && n == 1 }

// visible is the escape of a rune, or of a byte that is none.
func visible(r rune, raw string) string {
	switch {
	case invalid(r, len(raw)):
		return fmt.Sprintf(`\x%02x`, raw[0])
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < utf8.RuneSelf:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xFFFF:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// inJSON is the same within a string of JSON, where it means the rune itself.
func inJSON(r rune) string {
	if r > 0xFFFF {
		r -= 0x10000
		return fmt.Sprintf(`\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
