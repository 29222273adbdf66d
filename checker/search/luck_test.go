package search_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/modeltest"
)

// everyReduction are the ways to search that must all say the same.
func everyReduction() []search.Options {
	return []search.Options{
		{},
		search.Options{Workers: 3}.ShareAll(),
		{Reduce: search.Reduction{Symmetry: true}},
		{Reduce: search.Reduction{Merge: true}},
		{Reduce: search.Reduction{Merge: true, Symmetry: true}},
		search.Options{Reduce: search.Reduction{Merge: true, Symmetry: true}, Workers: 2}.ShareAll().MergeAtMost(2),
	}
}

// TestLuck shows that a step that may never come rescues nobody, with every reduction.
func TestLuck(t *testing.T) {
	const set = `
static virMutex a, b;
static virCond news;
static int word, time;
void want(void) { virMutexLock(&a); while (!word) virCondWait(&news, &a); virMutexUnlock(&a); }
void once(void) { virMutexLock(&a); if (!word) virCondWait(&news, &a); virMutexUnlock(&a); }
void until(void) { virMutexLock(&a); while (!word) if (virCondWaitUntil(&news, &a, time) < 0) break; virMutexUnlock(&a); }
void tries(void) { virMutexLock(&a); while (!word) if (virCondWait(&news, &a) < 0) break; virMutexUnlock(&a); }
void tell(void) { virMutexLock(&a); word = 1; virCondSignal(&news); virMutexUnlock(&a); }
void mute(void) { virMutexLock(&a); word = 1; virMutexUnlock(&a); }
void busy(void) { virMutexLock(&b); virMutexUnlock(&b); }
void time_goes_by(void) { time = 1; }
`
	run := func(call, faults string) string { return fmt.Sprintf("{run: %s, faults: [%s]}", call, faults) }
	for name, c := range map[string]struct {
		threads string
		verdict model.Verdict
		kind    model.Kind
	}{
		"told":                                    {run("want()", "spurious-wakeup") + ", tell()", model.OK, ""},
		"only a spurious wake-up helps":           {run("want()", "spurious-wakeup") + ", mute()", model.Deadlock, model.LostWakeup},
		"beside one who goes on":                  {run("want()", "spurious-wakeup") + ", mute(), {run: busy(), loop: true}", model.PartialDeadlock, model.LostWakeup},
		"not even that helps":                     {run("want()", "spurious-wakeup"), model.Deadlock, model.LostWakeup},
		"one wake-up would do":                    {run("once()", "spurious-wakeup"), model.Deadlock, model.LostWakeup},
		"a wait without a deadline may fail":      {run("tries()", "wait-timeout"), model.Deadlock, model.LostWakeup},
		"and its signal may be stolen":            {run("tries()", "wait-timeout, signal-stolen"), model.Deadlock, model.LostWakeup},
		"a deadline comes":                        {run("until()", "wait-timeout"), model.OK, ""},
		"and it comes beside what may not":        {run("until()", "wait-timeout, spurious-wakeup, signal-stolen") + ", mute()", model.OK, ""},
		"nobody counts on a deadline that is not": {"until()", model.Deadlock, model.LostWakeup},
	} {
		t.Run(name, func(t *testing.T) {
			p := inline(t, c.threads, set)
			for _, o := range everyReduction() {
				r := searchFor(t, p, o)
				if r.Verdict != c.verdict || r.Kind != c.kind || !r.Complete {
					t.Errorf("%+v: %s %s, want %s %s", o.Reduce, r.Verdict, r.Kind, c.verdict, c.kind)
				}
			}
		})
	}
}

// TestLuckAhead shows that nothing is said of a state on the way to one where only luck could help:
// that will be a deadlock.
func TestLuckAhead(t *testing.T) {
	p := inline(t, "{run: want(), faults: [spurious-wakeup]}", `
static virMutex a;
static virCond news;
static int word;
void want(void) { virMutexLock(&a); while (!word) virCondWait(&news, &a); virMutexUnlock(&a); }
`)
	r := searchFor(t, p, search.Options{})
	way := search.ScheduleOf(&r.Findings[0].Trace)
	for n := range len(way) + 1 {
		_, f, err := search.Replay(p, way[:n])
		if err != nil || (f != nil) != (n == len(way)) || f != nil && f.Verdict != model.Deadlock {
			t.Errorf("after %d of %d steps: %+v, %v", n, len(way), f, err)
		}
	}
}

// TestLuckMessage shows how a thread is told of that only luck can help.
func TestLuckMessage(t *testing.T) {
	p := inline(t, "{run: want(), faults: [spurious-wakeup]}, set(), {run: busy(), loop: true}", `
static virMutex a, b;
static virCond news;
static int word;
void want(void) { virMutexLock(&a); while (!word) virCondWait(&news, &a); virMutexUnlock(&a); }
void set(void) { virMutexLock(&a); word = 1; virMutexUnlock(&a); }
void busy(void) { virMutexLock(&b); virMutexUnlock(&b); }
`)
	const want = "from here on, T1 want() can finish only by luck, if at all: by a wake-up that nobody sends, or a wait that fails " +
		"without a deadline: T1 want() sleeps on news and nobody can send the wake-up any more"
	if f := searchFor(t, p, search.Options{}).Findings[0]; f.Message != want {
		t.Error(f.Message)
	}
}

// TestLuckNotAsked shows that a search that cannot ask who finishes only by luck claims no shortest
// deadlock: the nearest is one where luck helps everybody, also who waits for the job.
func TestLuckNotAsked(t *testing.T) {
	p := inline(t, "{run: owner(vm1), faults: [spurious-wakeup]}, {run: other(vm1), faults: [spurious-wakeup]}", `
static virMutex a;
static virCond news;
static int word;
void rest(void) { virMutexLock(&a); virCondWait(&news, &a); virMutexUnlock(&a); }
void owner(virDomainObjPtr vm) {
    if (nondet()) {
        virDomainObjLock(vm); qemuDomainObjBeginJob(vm); virDomainObjUnlock(vm);
        rest();
        virDomainObjLock(vm); qemuDomainObjEndJob(vm); virDomainObjUnlock(vm);
    } else {
        for (int i = 0; i < 20; i++) word = i;
        rest();
    }
}
void other(virDomainObjPtr vm) { virDomainObjLock(vm); qemuDomainObjBeginJob(vm); qemuDomainObjEndJob(vm); virDomainObjUnlock(vm); }
`)
	asked := searchFor(t, p, search.Options{})
	not := searchFor(t, p, search.Options{Fingerprint: true})
	if asked.Verdict != model.Deadlock || not.Verdict != model.Deadlock {
		t.Fatalf("%s and %s, want deadlocks", asked.Verdict, not.Verdict)
	}
	a, n := asked.Findings[0], not.Findings[0]
	if !a.Shortest || n.Shortest || len(a.Trace.Steps) >= len(n.Trace.Steps) {
		t.Errorf("%d steps, shortest %t; with fingerprints %d, shortest %t", len(a.Trace.Steps), a.Shortest, len(n.Trace.Steps), n.Shortest)
	}
}

// TestLuckMonotone shows that more faults never turn a finding into ok: without the steps that may
// never come a program has no finding that it does not have with them. Its rank stays as well,
// where a deadlock and a partial one are one rank: who moves in vain makes a partial one of a
// deadlock.
func TestLuckMonotone(t *testing.T) {
	rank := func(v model.Verdict) int {
		if v == model.PartialDeadlock {
			v = model.Deadlock
		}
		return slices.Index(model.Verdicts(), v)
	}
	verdicts := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		p := modeltest.Programs().Draw(t, "program")
		calm, optional := without(p)
		if !optional {
			return
		}
		few := searchFor(t, calm, search.Options{MaxStates: 3_000})
		reduce := rapid.SampledFrom([]search.Reduction{{}, {Merge: true}, {Symmetry: true}, {Merge: true, Symmetry: true}}).Draw(t, "reduce")
		many := searchFor(t, p, search.Options{Reduce: reduce, MaxStates: 10_000})
		if !few.Complete || !many.Complete {
			return
		}
		verdicts[fmt.Sprintf("%s, then %s", few.Verdict, many.Verdict)]++
		if rank(many.Verdict) > rank(few.Verdict) {
			t.Fatalf("%s without what may never come, and %s with it", few.Verdict, many.Verdict)
		}
	})
	if len(verdicts) < 2 {
		t.Errorf("the programs were too much alike: %v", verdicts)
	}
	t.Log(verdicts)
}

// without is a program without the outcomes that may never come, but for the children of forks.
func without(p *model.Program) (calm *model.Program, any bool) {
	q := *p
	q.Threads = slices.Clone(p.Threads)
	for t := range q.Threads {
		nodes := slices.Clone(p.Threads[t].Nodes)
		for i := range nodes {
			n := nodes[i]
			n.Out = slices.DeleteFunc(slices.Clone(n.Out), func(o model.Outcome) bool {
				return n.Op != model.OpFork && n.Optional(&o) // a fork has two ways on
			})
			any = any || len(n.Out) < len(nodes[i].Out)
			nodes[i] = n
		}
		q.Threads[t].Nodes = nodes
	}
	return &q, any
}

// TestLuckBesideErrors shows that who moves in vain is found beside a broken rule, with every
// reduction: nobody finds out then who else can finish.
func TestLuckBesideErrors(t *testing.T) {
	p := inline(t, "owner(vm1), {run: other(vm1), loop: true, faults: [spurious-wakeup]}, perhaps()", `
static virCond news;
static int word;
void owner(virDomainObjPtr vm) {
    virDomainObjLock(vm);
    if (qemuDomainObjBeginJob(vm) == 0) virCondWait(&news, &vm->lock);
    virDomainObjUnlock(vm);
}
void other(virDomainObjPtr vm) {
    virDomainObjLock(vm);
    if (qemuDomainObjBeginJob(vm) == 0) qemuDomainObjEndJob(vm);
    virDomainObjUnlock(vm);
}
void perhaps(void) { int bad = nondet(); word = bad; assert(!word); }
`)
	for _, o := range everyReduction() {
		const want = "[partial-deadlock lost-wakeup violation assert]"
		if got := fmt.Sprint(rules(searchFor(t, p, o))); got != want {
			t.Errorf("%+v: %s, want %s", o.Reduce, got, want)
		}
	}
}
