package eras

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/typestate"
	"github.com/lockproof/lockproof/csource/tree"
)

var (
	eraOf  = regexp.MustCompile(`^/\* era: (\S+) \*/`)
	wanted = regexp.MustCompile(`/\* want ([a-z -]+) \*/`)
)

// TestContracts holds each C file of testdata to the era that its first line names. A comment
// `want KIND...` says what is found on its line; nothing else may be found.
func TestContracts(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*.c"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no files", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			m := eraOf.FindSubmatch(text)
			if m == nil {
				t.Fatal("the first line names no era")
			}
			e, err := Named(string(m[1]))
			if err != nil {
				t.Fatal(err)
			}
			files, err := tree.Load(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			r, err := typestate.Check(t.Context(), files, typestate.Options{Contract: e.Contract})
			if err != nil {
				t.Fatal(err)
			}
			var want, got []string
			for i, line := range strings.Split(string(text), "\n") {
				for _, m := range wanted.FindAllStringSubmatch(line, -1) {
					for _, kind := range strings.Fields(m[1]) {
						want = append(want, fmt.Sprintf("%d: %s", i+1, kind))
					}
				}
			}
			for _, f := range r.Findings {
				got = append(got, fmt.Sprintf("%d: %s", f.Pos.Line, f.Kind))
			}
			slices.Sort(want)
			slices.Sort(got)
			if got = slices.Compact(got); !slices.Equal(got, want) {
				t.Errorf("found %q, want %q", got, want)
				for _, f := range r.Findings {
					t.Logf("%s: %s: %s", f.Pos, f.Kind, f.Message)
				}
			}
		})
	}
}
