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

func protocol(t testing.TB, name string) (*syntax.Parser, []*syntax.File) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	p := syntax.NewParser(context.Background(), syntax.Options{})
	files := []*syntax.File{p.Parse(syntax.Source{Name: name, Text: text})}
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
	for _, tt := range []struct {
		name, protocol string
		roots, own     []string
	}{
		{"idioms", "protocol.h", []string{"apiPlain", "apiLoop", "handleEOF", "lookUp", "unknownObject"}, nil},
		{
			"objects", "objects.h",
			[]string{"wake", "queue", "closed", "all", "handle", "allOfFew", "allOfNobodyKnows"},
			[]string{"findByUUID", "removeFrom"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text, err := os.ReadFile("testdata/" + tt.name + ".c")
			if err != nil {
				t.Fatal(err)
			}
			got := slices(t, source(t, string(text)), tt.protocol, tt.roots, tt.own)
			golden := "testdata/" + tt.name + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// slices are those of several functions, one after the other.
func slices(t *testing.T, tr *tree.Tree, name string, roots, own []string) string {
	t.Helper()
	var b strings.Builder
	for _, root := range roots {
		p, files := protocol(t, name)
		fmt.Fprintf(&b, "==== %s\n", root)
		s, err := slice.Of(context.Background(), slice.Request{
			Protocol: files, Expand: p.Expanded, Tree: tr, Roots: []string{root}, Own: own,
		})
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
	return b.String()
}
