package typestate_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/typestate"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// contract parses one of testdata/contracts.
func contract(t *testing.T, name string) *typestate.Contract {
	t.Helper()
	dir := filepath.Join("testdata", "contracts")
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	include := func(_ model.Pos, name string) (syntax.Source, error) {
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		return syntax.Source{Name: path, Text: text}, err
	}
	c, err := typestate.ParseContract(
		context.Background(), name, []syntax.Source{{Name: name, Text: text}}, syntax.Options{Include: include},
	)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var (
	contractOf = regexp.MustCompile(`^/\* contract: (\S+) \*/`)
	wanted     = regexp.MustCompile(`/\* (want|warn) ([a-z -]+) \*/`)
)

// TestRules checks each C file of testdata/rules. A comment `want KIND...` says what is found on
// its line, `warn KIND...` that it is only a warning; nothing else may be found.
func TestRules(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "rules", "*.c"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no rules", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			m := contractOf.FindSubmatch(text)
			if m == nil {
				t.Fatal("the first line names no contract")
			}
			files, err := tree.Load(context.Background(), path)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range files.Files[0].Diagnostics {
				t.Error(d)
			}
			r, err := typestate.Check(context.Background(), files, typestate.Options{Contract: contract(t, string(m[1]))})
			if err != nil {
				t.Fatal(err)
			}
			compare(t, string(text), r)
		})
	}
}

func compare(t *testing.T, text string, r *typestate.Result) {
	t.Helper()
	var want, got []string
	warnings := map[string]bool{}
	for i, line := range strings.Split(text, "\n") {
		for _, m := range wanted.FindAllStringSubmatch(line, -1) {
			for _, kind := range strings.Fields(m[2]) {
				want = append(want, fmt.Sprintf("%d: %s", i+1, kind))
				if m[1] == "warn" {
					warnings[want[len(want)-1]] = true
				}
			}
		}
	}
	for _, f := range r.Findings {
		got = append(got, fmt.Sprintf("%d: %s", f.Pos.Line, f.Kind))
		if warnings[got[len(got)-1]] && f.Severity != typestate.Warning {
			t.Errorf("line %s is no warning, but: %s", got[len(got)-1], f.Severity)
		}
		if f.Function == "" || f.Message == "" || len(f.Path) == 0 {
			t.Errorf("%s: a finding without function, message or path: %+v", f.Pos, f)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("line %s is not found", w)
		}
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			t.Errorf("line %s is found", g)
		}
	}
	if t.Failed() {
		for _, f := range r.Findings {
			t.Logf("%s: %s: %s: %s", f.Pos, f.Kind, f.Function, f.Message)
			for _, s := range f.Path {
				t.Logf("    %s%s: %s", strings.Repeat("  ", s.Depth), s.Pos, s.Text)
			}
		}
	}
}
