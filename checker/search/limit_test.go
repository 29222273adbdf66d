package search_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// singleProgram builds the one scenario of a suite.
func singleProgram(t *testing.T, file string) *model.Program {
	t.Helper()
	suites, err := scenarios.Load(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := suites[0].Scenarios[0].Program(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// written builds the scenario of a suite with one C file and the given threads.
func written(t *testing.T, source, threads string) *model.Program {
	t.Helper()
	file := filepath.Join(t.TempDir(), "s.yaml")
	text := "suite: s\nsource: |\n  " + strings.ReplaceAll(source, "\n", "\n  ") +
		fmt.Sprintf("\nscenarios:\n  - {name: a, threads: [%s], expect: ok}\n", threads)
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return singleProgram(t, file)
}

// choices is a thread with n choices under a lock. All are looked at in the end when they are seen.
func choices(n int, seen bool) string {
	var b strings.Builder
	b.WriteString("struct t { virMutex m;")
	for i := range n {
		fmt.Fprintf(&b, " int f%d __attribute__((guarded_by(m)));", i)
	}
	b.WriteString(" };\nstruct t *tt __attribute__((new));\nvoid f(void) {\n  virMutexLock(&tt->m);\n")
	for i := range n {
		fmt.Fprintf(&b, "  if (nondet()) tt->f%d = 1;\n", i)
	}
	for i := range n {
		if seen {
			fmt.Fprintf(&b, "  if (tt->f%d) tt->f%d = 0;\n", i, (i+1)%n)
		}
	}
	b.WriteString("  virMutexUnlock(&tt->m);\n}")
	return b.String()
}

var reductions = map[string]search.Reduction{
	"none": {}, "por": {Merge: true}, "symmetry": {Symmetry: true}, "all": {Merge: true, Symmetry: true}, "auto": {Auto: true},
}

// TestUnseenChoices shows that choices of which nobody sees the outcome are not multiplied.
func TestUnseenChoices(t *testing.T) {
	p := singleProgram(t, "testdata/choices.yaml")
	for _, name := range []string{"por", "all", "auto"} {
		r, err := search.Search(t.Context(), p, search.Options{Reduce: reductions[name], MaxMemory: 20 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if r.Verdict != model.OK || !r.Complete || r.Stats.States > 10 {
			t.Errorf("%s: %s, %s, %d states", name, r.Verdict, r.Limit, r.Stats.States)
		}
	}
}

// TestSeenChoices shows that a merged step of 2^40 ways does not stand between two looks at the
// limits, and costs no memory beyond them.
func TestSeenChoices(t *testing.T) {
	p := written(t, choices(40, true), "f() x2")
	for name, reduce := range reductions {
		for what, o := range map[string]search.Options{"memory": {MaxMemory: 4 << 20}, "states": {MaxStates: 10_000}} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			o.Reduce, o.Workers = reduce, 2
			o = o.ShareAll()
			r, err := search.Search(t.Context(), p, o)
			if err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			if r.Verdict != model.Unknown || r.Complete {
				t.Errorf("%s, %s: %s", name, what, r.Verdict)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 60<<20 {
				t.Errorf("%s, %s: %d bytes were allocated", name, what, used)
			}
		}
	}
}

// TestStartsAreBounded asks for a program that can begin in more ways than can be listed.
func TestStartsAreBounded(t *testing.T) {
	p := written(t, `int x;
void f(void) { if (nondet()) x = 1; else if (nondet()) x = 2; else x = 3; }`, "f() x32")
	for name, reduce := range reductions {
		r, err := search.Search(t.Context(), p, search.Options{Reduce: reduce, MaxStates: 5000})
		if err != nil {
			t.Fatal(err)
		}
		if r.Verdict != model.Unknown || r.Limit != model.StatesLimit {
			t.Errorf("%s: %s, %s", name, r.Verdict, r.Limit)
		}
	}
	if _, _, err := search.Replay(p, model.Schedule{{Thread: -1, Choice: 1 << 19}, {Thread: 0}}); err != nil {
		t.Error(err)
	}
}

// TestAutoFallsBack shows that a search which leaves nothing out, and takes too much memory, is
// followed by one that does not.
func TestAutoFallsBack(t *testing.T) {
	p := library(t, "call-patterns:five-queries")
	r, err := search.Search(t.Context(), p, search.Options{Reduce: search.Reduction{Auto: true}, MaxMemory: 512 << 10})
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict != model.OK || r.Stats.States != 94 || !r.Cramped || len(r.Reductions) != 2 {
		t.Errorf("%s in %d states, %v", r.Verdict, r.Stats.States, r.Reductions)
	}
	full, err := search.Search(t.Context(), p, search.Options{Reduce: search.Reduction{Auto: true}, MaxMemory: 64 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if full.Verdict != model.OK || full.Stats.States != 35472 || full.Cramped {
		t.Errorf("%s in %d states", full.Verdict, full.Stats.States)
	}
}

// TestKindUnderMerging keeps the case whose kind hung on the reduction: where the program goes on
// for ever two threads wait for each other, or one sleeps and nobody can wake it, and on the way to
// the nearest such place a merging search passed over what a plain one saw.
func TestKindUnderMerging(t *testing.T) {
	p := singleProgram(t, "testdata/kind-under-merging/suite.yaml")
	want := []string{"partial-deadlock lock-order", "partial-deadlock lost-wakeup"}
	for name, reduce := range reductions {
		r, err := search.Search(t.Context(), p, search.Options{Reduce: reduce})
		if err != nil {
			t.Fatal(err)
		}
		if r.Kind != model.LockOrder || fmt.Sprint(rules(r)) != fmt.Sprint(want) {
			t.Errorf("%s: %s %s, %v", name, r.Verdict, r.Kind, rules(r))
		}
	}
}

// TestTimeIsUp shows that a search which has to end says what it found, and does not look for the
// way there for ever.
func TestTimeIsUp(t *testing.T) {
	p := library(t, "exit-monitor-order:driver-before-exit-with-rogue")
	for over, cut := range map[int64]bool{0: false, 1 << 19: false, -1: true} { // 0: what ships
		for _, o := range []search.Options{{}, {Workers: 2}, search.Options{Workers: 2}.ShareAll(), {Fingerprint: true}, {WaitCycles: true}} {
			ctx, cancel := context.WithCancel(t.Context())
			r, _, err := search.SearchAndStop(ctx, cancel, p, o.OvertimeAtMost(over))
			if err != nil {
				t.Fatal(err)
			}
			f := &r.Findings[0]
			if f.Kind != model.LockOrder || f.Trace.Cut != cut || f.Shortest == cut || (len(f.Trace.Steps) == 0) != cut {
				t.Errorf("%+v: %s, %d steps, cut %v", o, f.Kind, len(f.Trace.Steps), f.Trace.Cut)
			}
			if !strings.Contains(f.Message, "waits for") || len(f.Trace.Start.Threads) != 3 {
				t.Errorf("%+v: %s", o, f.Message)
			}
		}
	}
}

// TestWhereItEnds shows that the kind of a partial deadlock is that of the states in which it goes
// on for ever, all of them and no others, and whether a search visits them or passes over them.
func TestWhereItEnds(t *testing.T) {
	const domain = `struct d { virMutex lock; virCond jobCond; int jobActive __attribute__((owner)); virMutex extra; virCond ready; int never; };
struct d *d __attribute__((new));
void waiter(void) { virMutexLock(&d->lock); while (d->jobActive) virCondWait(&d->jobCond, &d->lock); virMutexUnlock(&d->lock); }
void keeper(void) {
  virMutexLock(&d->lock);
  if (d->jobActive == self()) d->jobActive = 0;
  d->jobActive = self();
  virMutexUnlock(&d->lock);
}
void patient(void) {
  virMutexLock(&d->extra); virMutexLock(&d->lock);
  if (d->jobActive) virCondWaitUntil(&d->jobCond, &d->lock, 1);
  virMutexUnlock(&d->lock);
  while (!d->never) virCondWait(&d->ready, &d->extra);
  virMutexUnlock(&d->extra);
}
void owner(void) {
  virMutexLock(&d->lock); d->jobActive = self(); virMutexUnlock(&d->lock);
  virMutexLock(&d->extra); virMutexUnlock(&d->extra);
  virMutexLock(&d->lock); d->jobActive = 0; virMutexUnlock(&d->lock);
  virMutexLock(&d->extra); virCondWait(&d->ready, &d->extra); virMutexUnlock(&d->extra);
}
void other(void) { virMutexLock(&d->lock); virMutexUnlock(&d->lock); }`
	for what, threads := range map[string]string{
		"the job is free while its keeper passes": `waiter(), {run: keeper(), loop: true}`,
		"a cycle on the way there comes undone":   `{run: patient(), faults: [wait-timeout]}, owner(), {run: other(), loop: true}`,
	} {
		p := written(t, domain, threads)
		for name, reduce := range reductions {
			r, err := search.Search(t.Context(), p, search.Options{Reduce: reduce})
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(rules(r)); got != "[partial-deadlock lost-wakeup]" || !r.Complete {
				t.Errorf("%s, %s: %s", what, name, got)
			}
		}
	}
}
