package search_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/modeltest"
)

// TestReferenceCases holds every way to search against the reference on the small programs that are
// each about one thing, and against what their author says of them.
func TestReferenceCases(t *testing.T) {
	for _, c := range modeltest.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			want, complete := modeltest.NewReference(c.Program).Judge(3000)
			if !complete || want.Verdict != c.Verdict {
				t.Fatalf("the reference says %s, complete %v", want.Verdict, complete)
			}
			for _, o := range []search.Options{
				{},
				{Workers: 3},
				search.Options{Workers: 3}.ShareAll(),
				{Reduce: search.Reduction{Symmetry: true}},
				search.Options{Reduce: search.Reduction{Symmetry: true}, Workers: 3}.ShareAll(),
				{Reduce: search.Reduction{Merge: true}},
				{Reduce: search.Reduction{Merge: true, Symmetry: true}},
			} {
				compare(t, c.Program, o, want)
			}
		})
	}
}

// compare holds one search against what the reference says.
func compare(t tb, p *model.Program, o search.Options, want modeltest.Judgement) {
	t.Helper()
	what := fmt.Sprintf("%+v, %d workers", o.Reduce, o.Workers)
	r := searchFor(t, p, o)
	if o.Reduce == (search.Reduction{}) {
		sameCounts(t, what, r, want)
	}
	sameFindings(t, what, p, r, want)
}

// tb is a *testing.T or a *rapid.T.
type tb interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// TestReference holds searches against the slow reference on random programs: the same verdict, the
// same counts, the same kinds of violations, and counterexamples as short as there are. With
// reductions only the counts may be others.
func TestReference(t *testing.T) {
	againstReference(t, modeltest.Programs())
}

// TestReferenceMemory does so on programs that allocate memory.
func TestReferenceMemory(t *testing.T) { againstReference(t, modeltest.Allocating()) }

func againstReference(t *testing.T, programs *rapid.Generator[*model.Program]) {
	rapid.Check(t, func(t *rapid.T) {
		p := programs.Draw(t, "program")
		want, complete := modeltest.NewReference(p).Judge(400)
		if !complete {
			t.Skip("too large")
		}
		reduced := rapid.SampledFrom([]search.Options{
			{Workers: 3},
			search.Options{Workers: 3}.ShareAll(),
			search.Options{Reduce: search.Reduction{Symmetry: true}, Workers: 2}.ShareAll(),
			{Reduce: search.Reduction{Merge: true}},
			{Reduce: search.Reduction{Merge: true, Symmetry: true}},
		}).Draw(t, "options")
		compare(t, p, search.Options{}, want)
		compare(t, p, reduced, want)
	})
}

func sameCounts(t tb, what string, r *search.Result, want modeltest.Judgement) {
	errors := map[model.Kind]int{}
	for kind, n := range r.Stats.Errors {
		errors[kind] = int(n)
	}
	got := [...]int64{r.Stats.States, r.Stats.Transitions, r.Stats.Deadlocks, r.Stats.Quiet}
	if w := [...]int64{int64(want.States), int64(want.Transitions), int64(want.Deadlocks), int64(want.Quiet)}; got != w {
		t.Fatalf("%s: states, transitions, deadlocks, quiet states %v, the reference has %v", what, got, w)
	}
	if r.Stats.Depth != want.Depth {
		t.Fatalf("%s: depth %d, the reference has %d", what, r.Stats.Depth, want.Depth)
	}
	if !maps.Equal(errors, want.Errors) {
		t.Fatalf("%s: error states %v, the reference has %v", what, errors, want.Errors)
	}
	if r.Stats.Stuck != int64(want.Stuck) || r.Stats.Luck != int64(want.Luck) {
		t.Fatalf("%s: %d stuck states and %d that count on luck, the reference has %d and %d",
			what, r.Stats.Stuck, r.Stats.Luck, want.Stuck, want.Luck)
	}
}

func sameFindings(t tb, what string, p *model.Program, r *search.Result, want modeltest.Judgement) {
	if r.Verdict != want.Verdict || !r.Complete {
		t.Fatalf("%s: %s, complete %v; the reference says %s", what, r.Verdict, r.Complete, want.Verdict)
	}
	violations := map[model.Kind]int{}
	hangs := map[model.Verdict]int{model.Deadlock: -1, model.PartialDeadlock: -1}
	for i := range r.Findings {
		f := &r.Findings[i]
		n := len(f.Trace.Steps)
		followed(t, what, p, f, want)
		// Beside errors nobody finds out who can finish, so a nearer quiet state may be a deadlock.
		unsure := f.Verdict == model.Deadlock && want.Stuck < 0 && want.Quiet > 0
		if !f.Shortest && f.Verdict != model.PartialDeadlock && !unsure {
			t.Fatalf("%s: the counterexample of %s %s is not shortest", what, f.Verdict, f.Kind)
		}
		if f.Verdict == model.Violation {
			violations[f.Kind] = n
			continue
		}
		if f.Verdict == model.PartialDeadlock {
			namesVictims(t, what, p, f, want)
		}
		if old := hangs[f.Verdict]; old < 0 || n < old {
			hangs[f.Verdict] = n
		}
	}
	if !maps.Equal(violations, want.Violations) {
		t.Fatalf("%s: violations %v, the reference has %v", what, violations, want.Violations)
	}
	wantHangs := map[model.Verdict]int{model.Deadlock: want.Deadlock, model.PartialDeadlock: want.Nearest}
	if want.Deadlock >= 0 {
		wantHangs[model.PartialDeadlock] = -1 // the deadlock says it already
	}
	if near := wantHangs[model.PartialDeadlock]; r.Reductions != nil && near >= 0 && hangs[model.PartialDeadlock] > near {
		hangs[model.PartialDeadlock] = near // merging may see a later one first
	}
	if !maps.Equal(hangs, wantHangs) {
		t.Fatalf("%s: hangs %v, the reference has %v", what, hangs, wantHangs)
	}
	if !slices.IsSortedFunc(r.Findings, func(a, b search.Finding) int {
		return slices.Index(model.Verdicts(), a.Verdict) - slices.Index(model.Verdicts(), b.Verdict)
	}) {
		t.Fatalf("%s: the worst verdict does not come first", what)
	}
}

// namesVictims checks that a partial deadlock ends where some threads can never finish, and names
// those.
func namesVictims(t tb, what string, p *model.Program, f *search.Finding, want modeltest.Judgement) {
	m, err := model.NewMachine[[1]uint64](p)
	if err != nil {
		return // wider states are as good as these
	}
	s := m.Initial(f.Trace.Initial)
	for _, step := range f.Trace.Steps {
		s = m.StepsOf(&s, step.Thread, nil)[step.Choice].State
	}
	if want.Lost == nil { // there are errors, and nobody looks further
		return
	}
	lost := want.Lost[modeltest.Read(m, &s).Key()]
	var names []string
	for _, v := range lost {
		names = append(names, fmt.Sprintf("T%d %s", v+1, p.Threads[v].Name))
	}
	message := "whatever happens from here on, " + strings.Join(names, " and ") + " can never finish"
	if want.Stuck == 0 {
		message = "from here on, " + strings.Join(names, " and ") + " can finish only by luck"
	}
	if len(lost) == 0 || !strings.HasPrefix(f.Message, message) {
		t.Fatalf("%s: the message is %q, and the lost threads are %v", what, f.Message, names)
	}
}

// followed checks that a counterexample can be replayed, and ends in what it claims.
func followed(t tb, what string, p *model.Program, f *search.Finding, want modeltest.Judgement) {
	trace, found, err := search.Replay(p, search.ScheduleOf(&f.Trace))
	switch {
	case err != nil:
		t.Fatalf("%s: the counterexample of %s %s cannot be replayed: %v", what, f.Verdict, f.Kind, err)
	case f.Verdict == model.PartialDeadlock && len(want.Errors) > 0: // there it may only lead to one
	case f.Kind != model.LockLeak && f.Kind != model.JobLeak && found != nil && (found.Kind == model.LockLeak || found.Kind == model.JobLeak):
		// The worse of two: a thread that ends with a lock leaves others stuck.
	case f.Verdict == model.PartialDeadlock:
		confirmed(t, what, f, found, want)
	case found == nil || found.Verdict != f.Verdict || found.Kind != f.Kind || len(trace.Steps) != len(f.Trace.Steps):
		t.Fatalf("%s: the counterexample of %s %s ends otherwise when it is replayed", what, f.Verdict, f.Kind)
	}
}

// confirmed checks that the replay of a partial deadlock ends by finding it, of its kind or of a
// worse one that it may end in as well, and with the same evidence.
func confirmed(t tb, what string, f, found *search.Finding, want modeltest.Judgement) {
	t.Helper()
	rank := map[model.Kind]int{model.LockOrder: 0, model.LostWakeup: 1, "": 2}
	if found == nil || found.Verdict != f.Verdict || rank[found.Kind] > rank[f.Kind] {
		t.Fatalf("%s: the replay of %s %s ends in %+v", what, f.Verdict, f.Kind, found)
	}
	if f.Closed == nil || found.Closed == nil || f.Closed.States != found.Closed.States || f.Closed.States > want.States {
		t.Fatalf("%s: %+v cannot be left, and when it is replayed %+v", what, f.Closed, found.Closed)
	}
	for _, w := range f.Closed.Waits {
		if w.States < 1 || w.States > f.Closed.States {
			t.Fatalf("%s: of %d states, T%d waits in %d", what, f.Closed.States, w.Thread+1, w.States)
		}
	}
}
