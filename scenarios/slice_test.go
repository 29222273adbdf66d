package scenarios

import (
	"context"
	"slices"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/slice"
	"github.com/lockproof/lockproof/csource/syntax"
	csrc "github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// TestSliceOfLibrary slices the threads of the library as if they were real source. Nearly all that
// they do has to do with the protocol: where nothing is lost and nothing becomes a choice, verdicts
// and states are those of the whole functions.
func TestSliceOfLibrary(t *testing.T) {
	ctx := context.Background()
	same := 0
	for _, s := range library(t) {
		if s.Protocol == "" || len(s.Files()) == 0 {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			p := s.parser(ctx)
			protocol := []*syntax.File{p.Parse(s.Sources[0])}
			tr, err := csrc.Parse(ctx, names(s.Files()), reader(s.Files()))
			if err != nil {
				t.Fatal(err)
			}
			for _, sc := range s.Scenarios {
				r, err := slice.Of(ctx, slice.Request{Protocol: protocol, Expand: p.Expanded, Tree: tr, Roots: rootsOf(sc)})
				if err != nil {
					continue // a function that is the protocol's, or stands in the suite
				}
				if len(r.Left) > 0 || slices.ContainsFunc(r.Functions, func(f slice.Function) bool { return f.Choices > 0 }) {
					continue // variables at file scope, numbers that the scenario gives
				}
				unit, err := lower.NewUnit(ctx, append(r.Protocol, r.File))
				if err != nil {
					t.Errorf("%s: %v\n%s", sc, err, r)
					continue
				}
				sliced, err := unit.Program(ctx, sc.closed(), lower.Options{IgnoreRequires: sc.IgnoreRequires, IgnoreLeaks: sc.ignoresLeaks()})
				if err != nil {
					continue // a slice is not given what it does not look at
				}
				whole, err := sc.Program(ctx)
				if err != nil {
					t.Fatal(err)
				}
				got, want := verdictOf(t, sliced), verdictOf(t, whole)
				if asserts(s) {
					got.states, want.states = 0, 0 // what a client asserts is not the protocol's
				}
				if got != want {
					t.Errorf("%s: sliced %v, whole %v\n%s", sc, got, want, r)
				} else {
					same++
				}
			}
		})
	}
	if same < 70 {
		t.Errorf("only %d scenarios were sliced", same)
	}
}

// asserts reports whether the threads of a suite look at what the helpers did: a slice leaves out
// what is only looked at, and its steps.
func asserts(s *Suite) bool { return s.Name == "era-2023-01-helpers" }

type verdict struct {
	verdict model.Verdict
	kind    model.Kind
	states  int64
}

func verdictOf(t *testing.T, p *model.Program) verdict {
	t.Helper()
	r, err := search.Search(context.Background(), p, search.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	return verdict{r.Verdict, r.Kind, r.Stats.States}
}

func rootsOf(sc *Scenario) []string {
	var names []string
	for _, th := range sc.Threads {
		names = append(names, th.function)
	}
	return names
}

func names(files []syntax.Source) []string {
	var list []string
	for _, f := range files {
		list = append(list, f.Name)
	}
	return list
}

func reader(files []syntax.Source) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		for _, f := range files {
			if f.Name == name {
				return f.Text, nil
			}
		}
		return nil, nil
	}
}

func library(t *testing.T) []*Suite {
	t.Helper()
	all, err := Library()
	if err != nil {
		t.Fatal(err)
	}
	return all
}
