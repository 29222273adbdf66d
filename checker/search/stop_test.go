package search_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// fading is a context that ends when it has been looked at so many times.
type fading struct {
	context.Context
	looks, most int
}

func (c *fading) Err() error {
	if c.looks++; c.looks > c.most {
		return context.Canceled
	}
	return nil
}

// TestStopAnywhere stops searches at every one of the moments at which they look whether they are
// to: what they say then is part of what they say when they come to their end, and that they were
// stopped.
func TestStopAnywhere(t *testing.T) {
	const locks = `
static virMutex a, b, c;
static virCond news;
static int word;
void up(void) { virMutexLock(&a); virMutexLock(&b); virMutexUnlock(&b); virMutexUnlock(&a); }
void down(void) { virMutexLock(&b); virMutexLock(&a); virMutexUnlock(&a); virMutexUnlock(&b); }
void want(void) { virMutexLock(&c); while (!word) virCondWait(&news, &c); virMutexUnlock(&c); }
void busy(void) { virMutexLock(&c); virMutexUnlock(&c); }
void bad(void) { int n = nondet(); word = n; assert(!word); }
`
	for name, p := range map[string]*model.Program{
		"cycle or sleeper": inline(t, "up(), down(), want(), {run: busy(), loop: true}", locks),
		"kinds":            singleProgram(t, "testdata/kind-under-merging/suite.yaml"),
		"error":            inline(t, "up(), bad(), {run: busy(), loop: true}", locks),
		"ok":               inline(t, "up(), up(), {run: busy(), loop: true}", locks),
	} {
		for _, o := range []search.Options{
			{},
			{Fingerprint: true},
			{WaitCycles: true},
			{Races: search.CheckRaces},
			{First: true},
			{Reduce: search.Reduction{Symmetry: true}},
			{Reduce: search.Reduction{Merge: true, Symmetry: true}},
		} {
			what := fmt.Sprintf("%s, %+v", name, o)
			whole := &fading{Context: t.Context(), most: 1 << 30}
			full, err := search.Search(whole, p, o)
			if err != nil {
				t.Fatal(err)
			}
			all := rules(full)
			step := 1 + whole.looks/40
			for most := 0; most < whole.looks; most += step {
				r, err := search.Search(&fading{Context: t.Context(), most: most}, p, o)
				if err != nil {
					t.Fatal(err)
				}
				for _, rule := range rules(r) {
					if !slices.Contains(all, rule) {
						t.Errorf("%s, stopped after %d of %d looks: %s, and the whole search has %v",
							what, most, whole.looks, rule, all)
					}
				}
				switch {
				case r.Limit != model.InterruptLimit && r.Limit != full.Limit:
					t.Errorf("%s, stopped after %d looks: the limit is %q", what, most, r.Limit)
				case r.Limit == model.InterruptLimit && (r.Complete || r.Verdict == model.OK):
					t.Errorf("%s, stopped after %d looks: %s, complete %v", what, most, r.Verdict, r.Complete)
				case r.Limit == model.NoLimit && !slices.Equal(rules(r), all):
					t.Errorf("%s, stopped after %d looks, and it does not say so: %v, want %v",
						what, most, rules(r), all)
				case r.Stats.States > full.Stats.States || r.Stats.Transitions > full.Stats.Transitions:
					t.Errorf("%s, stopped after %d looks: %d states, the whole search has %d",
						what, most, r.Stats.States, full.Stats.States)
				}
			}
		}
	}
}

// TestWhatFingerprintsTell shows when a search that keeps fingerprints alone is sure: where every
// thread comes to its end, and where something was found.
func TestWhatFingerprintsTell(t *testing.T) {
	const source = `
static virMutex a, b;
static virCond news;
void up(void) { virMutexLock(&a); virMutexLock(&b); virMutexUnlock(&b); virMutexUnlock(&a); }
void down(void) { virMutexLock(&b); virMutexLock(&a); virMutexUnlock(&a); virMutexUnlock(&b); }
void leak(void) { virMutexLock(&b); }
void rest(void) { virMutexLock(&a); virCondWait(&news, &a); virMutexUnlock(&a); }
`
	for threads, want := range map[string]string{
		"up(), up()":                    "ok ",
		"{run: up(), loop: true}, up()": "unknown fingerprint",
		"{run: up(), loop: true}, {run: down(), loop: true}": "deadlock ",
		"leak(), {run: rest(), loop: true}":                  "violation ",
		"{run: rest(), faults: [spurious-wakeup]}":           "deadlock ",
	} {
		r := searchFor(t, inline(t, threads, source), search.Options{Fingerprint: true})
		if got := fmt.Sprintf("%s %s", r.Verdict, r.Limit); got != want {
			t.Errorf("%s: %s, want %s", threads, got, want)
		}
	}
}

// TestNotCrampedInVain shows that a merging search which finds nothing does not search again, for
// which there would be no room.
func TestNotCrampedInVain(t *testing.T) {
	p := written(t, choices(14, false), "f()")
	o := search.Options{Reduce: search.Reduction{Merge: true}, MaxMemory: 300_000}
	if r := searchFor(t, p, o); r.Verdict != model.OK || r.Cramped {
		t.Errorf("%s, cramped %v, %d bytes", r.Verdict, r.Cramped, r.Stats.Bytes)
	}
	o.Reduce.Merge = false
	if r := searchFor(t, p, o); r.Limit != model.MemoryLimit || !r.Cramped {
		t.Errorf("%s, %q: there is room for all states", r.Verdict, r.Limit)
	}
}
