package crosscheck

import (
	"strconv"
	"strings"
)

// code is the text of a model outside of comments. Constants are code, and so is what is made of
// code. A string is not: what comes from a suite gets into a model as an identifier ([names]) or
// inside a comment ([promelaComment], [tlaComment]), and a test sees to it that nothing else turns
// strings into code.
type code string

// A fragment is what [codef] puts into code.
type fragment interface{ fragment() code }

func (c code) fragment() code { return c }

// num is a number in a model.
type num int64

func (n num) fragment() code { return code(strconv.FormatInt(int64(n), 10)) }

// codef replaces each %s of a format by the next fragment.
func codef(format code, args ...fragment) code {
	parts := strings.Split(string(format), "%s")
	if len(parts) != len(args)+1 {
		panic("crosscheck: " + strconv.Itoa(len(args)) + " fragments for " + strconv.Quote(string(format)))
	}
	var b strings.Builder
	for i, part := range parts {
		b.WriteString(part)
		if i < len(args) {
			b.WriteString(string(args[i].fragment()))
		}
	}
	return code(b.String())
}

// concat puts a separator between parts.
func concat(parts []code, separator code) code {
	var b strings.Builder
	for i, part := range parts {
		if i > 0 {
			b.WriteString(string(separator))
		}
		b.WriteString(string(part))
	}
	return code(b.String())
}

// repeated is n times the same.
func repeated(c code, n int) code { return code(strings.Repeat(string(c), n)) }

// maxModel bounds the bytes of a model.
const maxModel = 64 << 20

// A sheet collects the text of a model.
type sheet struct{ text strings.Builder }

// printf adds to the text, unless there is too much of it already: [inspect] tells.
func (s *sheet) printf(format code, args ...fragment) {
	if s.text.Len() <= maxModel {
		s.text.WriteString(string(codef(format, args...)))
	}
}
