package slice_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/slice"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
)

var update = flag.Bool("update", false, "write the golden files")

func protocol(t testing.TB) (*syntax.Parser, []*syntax.File) {
	t.Helper()
	text, err := os.ReadFile("testdata/protocol.h")
	if err != nil {
		t.Fatal(err)
	}
	p := syntax.NewParser(context.Background(), syntax.Options{})
	files := []*syntax.File{p.Parse(syntax.Source{Name: "protocol.h", Text: text})}
	if err := p.Diagnostics().Err(); err != nil {
		t.Fatal(err)
	}
	return p, files
}

func source(t testing.TB, text string) *tree.Tree {
	t.Helper()
	tr, err := tree.Parse(context.Background(), []string{"driver.c"}, func(string) ([]byte, error) { return []byte(text), nil })
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// TestGolden slices each entry of the idioms, and every slice can be lowered.
func TestGolden(t *testing.T) {
	text, err := os.ReadFile("testdata/idioms.c")
	if err != nil {
		t.Fatal(err)
	}
	tr := source(t, string(text))
	var b strings.Builder
	for _, root := range []string{"apiPlain", "apiLoop", "handleEOF", "lookUp", "unknownObject"} {
		p, files := protocol(t)
		fmt.Fprintf(&b, "==== %s\n", root)
		s, err := slice.Of(context.Background(), slice.Request{Protocol: files, Expand: p.Expanded, Tree: tr, Roots: []string{root}})
		if err != nil {
			fmt.Fprintln(&b, err)
			continue
		}
		b.WriteString(s.String())
		for _, f := range s.Functions {
			fmt.Fprintf(&b, "-- %s: %d of %d statements, %d choices, domains %v\n", f.Name, f.Kept, f.Of, f.Choices, f.Domain)
		}
		for _, n := range s.Left {
			fmt.Fprintf(&b, "-- left out: %s: %s\n", n.Pos, n.Text)
		}
		if _, err := lower.NewUnit(context.Background(), append(s.Protocol, s.File)); err != nil {
			t.Errorf("%s: %v", root, err)
		}
	}
	const golden = "testdata/idioms.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Error(diff)
	}
}
