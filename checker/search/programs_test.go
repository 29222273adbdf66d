package search_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/lockproof/lockproof/scenarios/smalltest"
)

// asking is the source of an open program that notes how many states it is asked about.
type asking struct {
	model.Source
	asked *[]int
}

func (a asking) Extend(ctx context.Context, from []model.State) (*model.Program, error) {
	*a.asked = append(*a.asked, len(from))
	p, err := a.Source.Extend(ctx, from)
	if p != nil && p.Source != nil {
		wrapped := *p
		wrapped.Source = asking{p.Source, a.asked}
		p = &wrapped
	}
	return p, err
}

// smallProgram builds a small program, or returns nil where that is refused.
func smallProgram(t *testing.T, s *smalltest.Program) *model.Program {
	t.Helper()
	yaml := fmt.Sprintf("suite: s\nsources: [t.c]\nscenarios:\n  - {name: s, threads: [%s], faults: [%s], expect: ok}\n",
		`"`+strings.Join(s.Threads, `", "`)+`"`, strings.Join(s.Faults, ", "))
	fsys := fstest.MapFS{"s.yaml": {Data: []byte(yaml)}, "t.c": {Data: []byte(s.Source)}}
	suites, err := scenarios.LoadFS(t.Context(), fsys, "s.yaml")
	if err != nil {
		return nil
	}
	p, err := suites[0].Scenarios[0].Program(t.Context())
	if err != nil {
		return nil
	}
	return p
}

// TestProgramsGolden keeps what searches of every kind show of the small programs with more than a
// few states, and of each with limits that it just keeps, or just does not: the counts of each, and
// a digest of the sentences and places. With -update it is written anew.
func TestProgramsGolden(t *testing.T) {
	all, err := smalltest.Read("../../scenarios/testdata/programs")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range all {
		p := smallProgram(t, &all[i])
		if p == nil {
			continue
		}
		var asked []int
		if p.Source != nil {
			open := *p
			open.Source = asking{p.Source, &asked}
			p = &open
		}
		p, limit, err := search.Close(t.Context(), p, search.Options{MaxStates: 20_000})
		if err != nil {
			t.Fatal(err)
		}
		if limit != model.NoLimit {
			fmt.Fprintf(&b, "%s: asked %v, %s\n", all[i].Name, asked, limit)
			continue
		}
		r := searchFor(t, p, search.Options{MaxStates: 20_000})
		if n := r.Stats.States; n < 10 || n > 2500 {
			continue
		}
		fmt.Fprintf(&b, "%s: asked %v\n", all[i].Name, asked)
		for _, o := range many(r) {
			fmt.Fprintf(&b, "  %s\n", brief(t, p, o))
		}
		fmt.Fprintf(&b, "  %s\n", walked(t, p))
	}
	golden(t, "testdata/programs.golden", b.String())
}

// many are the ways to search a program of which one search said r.
func many(r *search.Result) []search.Options {
	n := r.Stats.States
	both := search.Reduction{Merge: true, Symmetry: true}
	return []search.Options{
		{Races: search.WarnOfRaces},
		{Reduce: both},
		{Reduce: search.Reduction{Auto: true}, MaxStates: n},
		{Reduce: search.Reduction{Auto: true}, MaxStates: n - 1, Races: search.WarnOfRaces},
		search.Options{Reduce: search.Reduction{Merge: true}, MaxStates: n / 2}.MergeAtMost(3),
		search.Options{Workers: 3, WaitCycles: true}.ShareAll(),
		{Fingerprint: true, First: true, Races: search.CheckRaces},
		{EveryStep: true, Fingerprint: true},
	}
}

// brief is one search in a line.
func brief(t *testing.T, p *model.Program, o search.Options) string {
	t.Helper()
	r := searchFor(t, p, o)
	text := shownOf(t, p, r)
	text += fmt.Sprintln(r.Reached, r.Paths, r.AtLeast)
	if o.Workers > 1 {
		// what a worker found first, and where it has room, depends on the others
		lines := strings.Split(text, "\n")
		text = strings.Join(slices.Concat(lines[:1], lines[2:]), "\n")
	}
	digest := sha256.Sum256([]byte(text))
	return fmt.Sprintf("%s %s %s, %d states, %d transitions, depth %d, %d findings, %x",
		r.Verdict, r.Kind, r.Limit, r.Stats.States, r.Stats.Transitions, r.Stats.Depth, len(r.Findings),
		digest[:6])
}

// walked lets the threads of a program take turns, one step each, as far as they can, and is how
// far they came, what is wrong there, and a digest of all that was shown on the way.
func walked(t *testing.T, p *model.Program) string {
	t.Helper()
	var sched model.Schedule
	var found *search.Finding
	digest := sha256.New()
	for turn, idle := 0, 0; idle < len(p.Threads) && len(sched) < 24 && found == nil; turn++ {
		next := append(slices.Clip(sched), model.Pick{Thread: turn % len(p.Threads)})
		trace, f, err := search.ReplayWith(p, next, search.WarnOfRaces)
		if err != nil {
			fmt.Fprintln(digest, err)
			idle++
			continue
		}
		if sched, idle = next, 0; f != nil {
			fmt.Fprintln(digest, f.Verdict, f.Kind, f.Pos, f.Threads, f.Message)
			if f.Verdict == model.Violation && f.Kind != model.DataRace {
				found = f
			}
		}
		if err := json.NewEncoder(digest).Encode(trace.Steps[len(trace.Steps)-1]); err != nil {
			t.Fatal(err)
		}
	}
	wrong := "nothing"
	if found != nil {
		wrong = string(found.Kind)
	}
	return fmt.Sprintf("in turn %s, %s, %x", sched, wrong, digest.Sum(nil)[:6])
}
