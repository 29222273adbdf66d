package mutant

import (
	"fmt"
	"go/format"
	"slices"
	"strings"
)

// A Mutant is one small change of one file.
type Mutant struct {
	ID       string `json:"id"`
	Package  string `json:"package"`  // its directory below the module, with slashes
	File     string `json:"file"`     // below the module, with slashes
	Func     string `json:"func"`     // "Type.Method", "function", or the variable at file scope
	Operator string `json:"operator"` // the name of the operator that made it
	Change   string `json:"change"`   // in one line
	Diff     string `json:"diff"`

	source *source
	text   []byte // of the changed file
}

// Path is the file that the mutant changes.
func (m *Mutant) Path() string { return m.source.path }

// Text is the changed file.
func (m *Mutant) Text() []byte { return m.text }

// An edit puts text in the place of the bytes from start to end.
type edit struct {
	start, end int
	text       string
}

// apply makes all edits, which do not overlap. What does not parse afterwards is no mutant.
func apply(src []byte, edits []edit) ([]byte, error) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(x, y edit) int { return x.start - y.start })
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(append(out, src[at:e.start]...), e.text...)
		at = e.end
	}
	return format.Source(append(out, src[at:]...))
}

// around is how many equal lines a diff shows around a change.
const around = 2

// diff is the changed lines as one hunk.
func diff(file string, before, after []byte) string {
	x, y := strings.SplitAfter(string(before), "\n"), strings.SplitAfter(string(after), "\n")
	head := 0
	for head < len(x) && head < len(y) && x[head] == y[head] {
		head++
	}
	tail := 0
	for tail < len(x)-head && tail < len(y)-head && x[len(x)-1-tail] == y[len(y)-1-tail] {
		tail++
	}
	var b strings.Builder
	from, to := max(head-around, 0), min(len(x)-tail+around, len(x))
	fmt.Fprintf(&b, "%s:%d\n", file, from+1)
	lines := func(mark string, ls []string) {
		for _, l := range ls {
			if l != "" {
				b.WriteString(mark + strings.TrimSuffix(l, "\n") + "\n")
			}
		}
	}
	lines("  ", x[from:head])
	lines("- ", x[head:len(x)-tail])
	lines("+ ", y[head:len(y)-tail])
	lines("  ", x[len(x)-tail:to])
	return b.String()
}

// longest bounds one side of a change in its description.
const longest = 70

// brief is source text in one line.
func brief(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > longest {
		text = string(r[:longest-3]) + "..."
	}
	return text
}
