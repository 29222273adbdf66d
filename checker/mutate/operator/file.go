package operator

import (
	"bytes"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A file is the text of helpers, by tokens.
type file struct {
	syntax.Source
	tokens []syntax.Written
	at     map[model.Pos]int // the token that begins there
	match  []int             // of a bracket: its partner; else -1
}

// A span is some tokens of a file, both ends included.
type span struct{ from, to int }

// nowhere is no span.
var nowhere = span{-1, -1}

// An edit is a text in the place of some tokens.
type edit struct {
	at   span
	text string
}

var partners = map[string]string{")": "(", "]": "[", "}": "{"}

func newFile(src syntax.Source) *file {
	f := &file{Source: src, tokens: syntax.WrittenTokens(src), at: map[model.Pos]int{}}
	f.match = make([]int, len(f.tokens))
	var open []int
	for i, t := range f.tokens {
		f.at[t.Pos], f.match[i] = i, -1
		switch t.Text {
		case "(", "[", "{":
			open = append(open, i)
		case ")", "]", "}":
			if n := len(open); n > 0 && f.tokens[open[n-1]].Text == partners[t.Text] {
				f.match[i], f.match[open[n-1]] = open[n-1], i
				open = open[:n-1]
			}
		}
	}
	return f
}

// is reports whether a token is there and has a text.
func (f *file) is(i int, text string) bool {
	return i >= 0 && i < len(f.tokens) && f.tokens[i].Text == text
}

// word is the token at a position, if it has that text: what a macro made has not.
func (f *file) word(pos model.Pos, text string) span {
	if i, ok := f.at[pos]; ok && f.tokens[i].Text == text {
		return span{i, i}
	}
	return nowhere
}

// statement is a whole statement, from its first token to its semicolon or brace.
func (f *file) statement(s syntax.Stmt) span {
	i, ok := f.at[s.Pos()]
	if !ok {
		return nowhere
	}
	if to := f.end(i); to >= i {
		return span{i, to}
	}
	return nowhere
}

// end is the last token of the statement that begins with a token; -1 where there is none.
func (f *file) end(i int) int {
	switch {
	case i < 0 || i >= len(f.tokens):
		return -1
	case f.is(i, "{"):
		return f.match[i]
	case f.is(i, "if"):
		to := f.end(f.afterBrackets(i + 1))
		if to >= 0 && f.is(to+1, "else") {
			return f.end(to + 2)
		}
		return to
	case f.is(i, "while"), f.is(i, "for"), f.is(i, "switch"):
		return f.end(f.afterBrackets(i + 1))
	case f.is(i, "do"):
		to := f.end(i + 1)
		if to < 0 || !f.is(to+1, "while") {
			return -1
		}
		return f.semicolon(to + 2)
	}
	if next := f.afterBrackets(i + 1); next >= 0 && f.is(next, "{") { // a macro that governs a block
		return f.match[next]
	}
	return f.semicolon(i)
}

// afterBrackets is the token after the parentheses that begin with a token; -1 where none do.
func (f *file) afterBrackets(i int) int {
	if !f.is(i, "(") || f.match[i] < 0 {
		return -1
	}
	return f.match[i] + 1
}

// semicolon is the next one from a token on that is in no brackets; -1 where a bracket closes
// before.
func (f *file) semicolon(i int) int {
	for ; i < len(f.tokens); i++ {
		switch f.tokens[i].Text {
		case ";":
			return i
		case ")", "]", "}":
			return -1
		case "(", "[", "{":
			if f.match[i] < 0 {
				return -1
			}
			i = f.match[i]
		}
	}
	return -1
}

// inBrackets is what stands between the parentheses that begin with a token.
func (f *file) inBrackets(i int) span {
	if after := f.afterBrackets(i); after > i+2 {
		return span{i + 1, after - 2}
	}
	return nowhere
}

// arguments are what stands between the commas of a call.
func (f *file) arguments(c *syntax.Call) []span {
	open, ok := f.at[c.Lparen]
	if !ok || !f.is(open, "(") || f.match[open] < 0 {
		return nil
	}
	var all []span
	from := open + 1
	for i := from; i <= f.match[open]; i++ {
		switch {
		case i == f.match[open] || f.is(i, ","):
			if i > from {
				all = append(all, span{from, i - 1})
			}
			from = i + 1
		case f.match[i] > i:
			i = f.match[i]
		}
	}
	return all
}

// text is what stands in a span, as it is written.
func (f *file) text(s span) string {
	return string(f.Text[f.tokens[s.from].From:f.tokens[s.to].To])
}

// apply makes edits, which do not overlap and come in the order of the file. Each leaves as many
// lines as it found, where its text has no more.
func (f *file) apply(edits []edit) []byte {
	var out bytes.Buffer
	done := 0
	for _, e := range edits {
		from, to := f.tokens[e.at.from].From, f.tokens[e.at.to].To
		out.Write(f.Text[done:from])
		out.WriteString(e.text)
		if less := bytes.Count(f.Text[from:to], []byte("\n")) - strings.Count(e.text, "\n"); less > 0 && len(edits) == 1 {
			out.WriteString(strings.Repeat("\n", less))
		}
		done = to
	}
	out.Write(f.Text[done:])
	return out.Bytes()
}
