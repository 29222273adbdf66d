package syntax

import "github.com/lockproof/lockproof/model"

// A Written token is a piece of a file as it stands there, before macros are replaced. From and To
// are offsets in the file; where a line is spliced inside of it, Text is shorter than that.
type Written struct {
	Pos      model.Pos
	From, To int
	Text     string
}

// WrittenTokens are the tokens of a file in their order, without directives and comments. What a
// directive leaves out is among them. Nothing is reported: what is no token is one of one byte.
func WrittenTokens(src Source) []Written {
	lex := newLexer(string(src.Text), 0)
	lex.quiet = true
	before := len(src.Text) - len(lex.src) // a byte order mark
	lines := []int{0}                      // where they begin
	for i := range len(lex.src) {
		if lex.src[i] == '\n' {
			lines = append(lines, i+1)
		}
	}
	var all []Written
	for t := lex.next(); t.kind != tokEOF; t = lex.next() {
		if t.kind == pHash && t.has(flagLineStart) {
			lex.directive = true
			for t.kind != tokEOL && t.kind != tokEOF {
				t = lex.next()
			}
			lex.directive = false
			continue
		}
		all = append(all, Written{
			Pos:  model.Pos{File: src.Name, Line: int(t.line), Col: int(t.col)},
			From: before + lines[t.line-1] + int(t.col) - 1, To: before + lex.off, Text: t.text,
		})
	}
	return all
}
