package syntax

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

// Files may include one another as deeply as the limit says, and not one more.
func TestIncludeDepth(t *testing.T) {
	chain := func(files int) Options {
		return Options{Include: func(_ model.Pos, name string) (Source, error) {
			var n int
			if _, err := fmt.Sscanf(name, "%d.h", &n); err != nil {
				return Source{}, err
			}
			text := fmt.Sprintf("f%d", n)
			if n < files {
				text = fmt.Sprintf("#include \"%d.h\"\n%s", n+1, text)
			}
			return Source{Name: name, Text: []byte(text)}, nil
		}}
	}
	const top = "#include \"2.h\"\nf1" // the file itself is the first
	tokens, diags := preprocessed(chain(maxInclude), top)
	if err := diags.Err(); err != nil {
		t.Error(err)
	}
	var want []string
	for n := maxInclude; n >= 1; n-- {
		want = append(want, fmt.Sprintf("f%d", n))
	}
	compare(t, tokens, strings.Join(want, " "))

	tokens, diags = preprocessed(chain(maxInclude+1), top)
	compare(t, tokens, strings.Join(want, " "))
	compare(t, fmt.Sprint(diags.Err()), fmt.Sprintf("%d.h:1:10: files include one another too deeply", maxInclude))

	// Many files beside each other are not deep.
	var beside strings.Builder
	for n := range 2 * maxInclude {
		fmt.Fprintf(&beside, "#include \"%d.h\"\n", n+1000)
	}
	if _, diags = preprocessed(chain(0), beside.String()); diags.Err() != nil {
		t.Error(diags.Err())
	}
}
