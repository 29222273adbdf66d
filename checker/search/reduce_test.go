package search_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// TestReductionsAgree compares every combination of reductions and workers with the plain search on
// random programs: the same verdict and kind, the same set of broken rules, and where it is claimed
// a counterexample of the same length.
func TestReductionsAgree(t *testing.T) {
	dir := t.TempDir()
	verdicts := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		p := randomProgram(t, dir, mixed)
		plain := searchFor(t, p, search.Options{MaxStates: 4_000})
		if !plain.Complete {
			t.Skip("too large")
		}
		verdicts[fmt.Sprintf("%s %s", plain.Verdict, plain.Kind)]++
		for _, o := range []search.Options{
			{Workers: 3},
			search.Options{Workers: 3}.ShareAll(),
			{Reduce: search.Reduction{Symmetry: true}},
			{Reduce: search.Reduction{Merge: true}},
			{Reduce: search.Reduction{Merge: true, Symmetry: true}},
			search.Options{Reduce: search.Reduction{Merge: true, Symmetry: true}, Workers: 2}.ShareAll(),
		} {
			r := searchFor(t, p, o)
			what := fmt.Sprintf("%+v, %d workers", o.Reduce, o.Workers)
			if got, want := rules(r), rules(plain); !slices.Equal(got, want) {
				t.Fatalf("%s finds %v, the plain search %v", what, got, want)
			}
			if r.Verdict != plain.Verdict || r.Kind != plain.Kind {
				t.Fatalf("%s: %s %s, the plain search %s %s", what, r.Verdict, r.Kind, plain.Verdict, plain.Kind)
			}
			if o.Reduce == (search.Reduction{}) && (r.Stats.States != plain.Stats.States || r.Stats.Transitions != plain.Stats.Transitions) {
				t.Fatalf("%s: %d states and %d transitions, one worker %d and %d", what, r.Stats.States, r.Stats.Transitions, plain.Stats.States, plain.Stats.Transitions)
			}
			if r.Stats.States > plain.Stats.States {
				t.Fatalf("%s visits %d states, the plain search %d", what, r.Stats.States, plain.Stats.States)
			}
			compareLengths(t, what, p, r, plain)
		}
		compacted(t, p, plain)
		few := search.Options{Reduce: search.Reduction{Merge: true, Symmetry: true}, Workers: 2}.ShareAll()
		r := searchFor(t, p, few.MergeAtMost(rapid.IntRange(1, 8).Draw(t, "merged")))
		if got, want := rules(r), rules(plain); !slices.Equal(got, want) || r.Verdict != plain.Verdict || r.Kind != plain.Kind {
			t.Fatalf("with few steps merged: %s %s %v, the plain search %s %s %v", r.Verdict, r.Kind, got, plain.Verdict, plain.Kind, want)
		}
	})
	if len(verdicts) < 6 {
		t.Errorf("the programs were too much alike: %v", verdicts)
	}
	t.Log(verdicts)
}

// TestKindsAgree compares the kinds of partial deadlocks, which hang on where threads go round for
// ever, on programs that mostly wait.
func TestKindsAgree(t *testing.T) {
	dir := t.TempDir()
	verdicts := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		p := randomProgram(t, dir, waiting)
		plain := searchFor(t, p, search.Options{MaxStates: 2_000})
		if !plain.Complete || plain.Verdict != model.PartialDeadlock {
			return
		}
		verdicts[fmt.Sprint(rules(plain))]++
		merged := rapid.SampledFrom([]int{1, 4, 1000}).Draw(t, "merged")
		for _, reduce := range []search.Reduction{{Merge: true}, {Symmetry: true}, {Merge: true, Symmetry: true}} {
			r := searchFor(t, p, search.Options{Reduce: reduce, Workers: 2}.ShareAll().MergeAtMost(merged))
			if got, want := rules(r), rules(plain); !slices.Equal(got, want) || r.Kind != plain.Kind {
				t.Fatalf("%+v: %s %v, the plain search %s %v", reduce, r.Kind, got, plain.Kind, want)
			}
			compareLengths(t, fmt.Sprintf("%+v", reduce), p, r, plain)
		}
	})
	if len(verdicts) == 0 {
		t.Error("no program had a partial deadlock")
	}
	t.Log(verdicts)
}

// compacted holds a search with fingerprints against the plain one: the same states, and the same
// findings but for those that need to know whether every thread can finish.
func compacted(t *rapid.T, p *model.Program, plain *search.Result) {
	r := searchFor(t, p, search.Options{Fingerprint: true, Workers: 2}.ShareAll())
	if r.Stats.States != plain.Stats.States || r.Stats.Transitions != plain.Stats.Transitions {
		t.Fatalf("fingerprints: %d states and %d transitions, the plain search %d and %d", r.Stats.States, r.Stats.Transitions, plain.Stats.States, plain.Stats.Transitions)
	}
	if r.Limit == model.FingerprintLimit && r.Verdict == model.Unknown && (plain.Verdict == model.OK || plain.Verdict == model.PartialDeadlock) {
		return
	}
	if r.Verdict == model.PartialDeadlock && (plain.Verdict == model.PartialDeadlock || plain.Verdict == model.Deadlock) {
		return // nobody has looked whether luck would help
	}
	if r.Verdict == model.Deadlock && plain.Verdict == model.Deadlock && r.Stats.Quiet > 0 && r.Kind != plain.Kind {
		if !slices.Contains(rules(plain), "deadlock "+string(r.Kind)) {
			t.Fatalf("fingerprints: %v, the plain search %v", rules(r), rules(plain))
		}
		return // nobody has looked whether luck would help, and so which is the worst
	}
	if r.Verdict != plain.Verdict || r.Kind != plain.Kind {
		t.Fatalf("fingerprints: %s %s %v, the plain search %s %s %v", r.Verdict, r.Kind, rules(r), plain.Verdict, plain.Kind, rules(plain))
	}
	compareLengths(t, "fingerprints", p, r, plain)
}

func compareLengths(t *rapid.T, what string, p *model.Program, r, plain *search.Result) {
	for i, f := range r.Findings {
		if g := plain.Findings[i]; f.Shortest && len(f.Trace.Steps) != len(g.Trace.Steps) {
			t.Fatalf("%s: %s %s in %d steps, the plain search in %d", what, f.Verdict, f.Kind, len(f.Trace.Steps), len(g.Trace.Steps))
		}
		if f.Verdict != model.PartialDeadlock || r.Verdict != model.Violation { // there it may only lead to a violation
			replays(t, p, &f)
		}
	}
}

// replays checks that a counterexample can be followed step by step and ends in what it claims.
func replays(t *rapid.T, p *model.Program, f *search.Finding) {
	trace, found, err := search.Replay(p, search.ScheduleOf(&f.Trace))
	if err != nil {
		t.Fatalf("the counterexample of %s %s cannot be replayed: %v", f.Verdict, f.Kind, err)
	}
	if f.Verdict == model.PartialDeadlock {
		if found == nil || found.Verdict != f.Verdict {
			t.Fatalf("the replay of %s %s does not confirm it: %+v", f.Verdict, f.Kind, found)
		}
		return
	}
	if found != nil && found.Kind != f.Kind && (found.Kind == model.LockLeak || found.Kind == model.JobLeak) {
		return // the last step also finishes a thread that holds something, which is the worse of the two
	}
	if found == nil || found.Verdict != f.Verdict || found.Kind != f.Kind || len(trace.Steps) != len(f.Trace.Steps) {
		t.Fatalf("the counterexample of %s %s ends otherwise when it is replayed: %v", f.Verdict, f.Kind, found != nil)
	}
}

func searchFor(t interface{ Fatal(...any) }, p *model.Program, o search.Options) *search.Result {
	r, err := search.Search(tContext, p, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func rules(r *search.Result) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, fmt.Sprintf("%s %s", f.Verdict, f.Kind))
	}
	slices.Sort(out)
	return out
}

// randomProgram makes a suite of one scenario with random thread bodies over the mail's protocol.
func randomProgram(t *rapid.T, dir string, of style) *model.Program {
	g := &generator{t: t, of: of}
	var src strings.Builder
	src.WriteString("static int counter, flag, kept, held1, never, unread;\nstatic virMutex extra;\nstatic virCond ready;\n")
	n := rapid.IntRange(1, 3).Draw(t, "functions")
	for i := range n {
		fmt.Fprintf(&src, "void body%d(virDomainObjPtr vm)\n{\n    qemuDomainObjPrivatePtr priv = vm->privateData;\n    int n = 0;\n", i)
		for range rapid.IntRange(1, 3).Draw(t, "statements") {
			src.WriteString(g.statement(2))
		}
		src.WriteString("    touch_locked(vm);\n}\n")
	}
	var threads []string
	for i := range rapid.IntRange(int(of)+1, 3).Draw(t, "threads") {
		if i > 0 && rapid.IntRange(0, 2).Draw(t, "twin") == 0 {
			threads = append(threads, threads[i-1])
			continue
		}
		th := fmt.Sprintf("run: body%d(vm%d)", rapid.IntRange(0, n-1).Draw(t, "body"), rapid.IntRange(1, 2).Draw(t, "vm"))
		if rapid.IntRange(0, 5).Draw(t, "loop") == 0 {
			th += ", loop: true"
		}
		switch rapid.IntRange(0, 7-5*int(of)).Draw(t, "fault") {
		case 0:
			th += ", faults: [wait-timeout]"
		case 1:
			th += ", faults: [wait-timeout, signal-stolen]"
		case 2:
			th += ", faults: [spurious-wakeup]"
		}
		threads = append(threads, th)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("bodies.c", "void touch_locked(virDomainObjPtr vm) { virDomainObjLock(vm); touch(vm); virDomainObjUnlock(vm); }\n"+src.String())
	write("s.yaml", fmt.Sprintf(`suite: s
title: random
protocol: libvirt-2011-04
sources: [bodies.c]
scenarios:
  - name: only
    threads: [{%s}]
    rules: ignore
    expect: ok
    why: random
`, strings.Join(threads, "}, {")))
	suites, err := scenarios.Load(context.Background(), filepath.Join(dir, "s.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := suites[0].Scenarios[0].Program(context.Background())
	if err != nil {
		t.Fatalf("%v\n%s", err, src.String())
	}
	return p
}

// A style is what random bodies are made of.
type style int

const (
	mixed   style = iota // something of everything
	waiting              // what can hang, and nothing that breaks a rule
)

// generator writes statements that are mostly right.
type generator struct {
	t    *rapid.T
	of   style
	used uint // nestings around the statement at hand: none is put into itself, which would only ever deadlock with itself
}

func (g *generator) statement(depth int) string {
	simple := []string{
		"    counter = 1;\n",
		"    n = counter; counter = n == 0;\n",
		"    if (flag) counter = 0;\n",
		"    flag = self();\n",
		"    virCondSignal(&ready);\n",
		"    virCondBroadcast(&ready);\n",
		"    if (nondet()) flag = 1;\n",
		"    assert(counter < 2);\n",
		"    assert(counter == 0 || flag == 0);\n",
		"    virDomainObjLock(vm); virDomainObjUnlock(vm);\n",
		"    virDomainObjLock(vm); priv->jobActive = 0; virDomainObjUnlock(vm);\n",
		"    if (pthread_mutex_trylock(&extra) == 0) { counter = 0; pthread_mutex_unlock(&extra); }\n",
		"    qemuDriverLock(driver); if (virDomainFindByUUID(&driver->domains, vm)) virDomainRemoveInactive(&driver->domains, vm); qemuDriverUnlock(driver);\n",
		"    virMutexLock(&extra); virCondWait(&ready, &extra); virMutexUnlock(&extra);\n",
		"    virMutexLock(&extra); while (!flag) { if (virCondWait(&ready, &extra) < 0) break; } virMutexUnlock(&extra);\n",
		"    virMutexLock(&extra); flag = 1; virCondSignal(&ready); virMutexUnlock(&extra);\n",
		"    qemuDriverLock(driver); virDomainObjLock(vm); if (qemuDomainObjBeginJobWithDriver(driver, vm) == 0) qemuDomainObjEndJob(vm); virDomainObjUnlock(vm); qemuDriverUnlock(driver);\n",
	}
	nested := []string{
		"    virMutexLock(&extra);\n%s    virMutexUnlock(&extra);\n",
		"    qemuDriverLock(driver);\n%s    qemuDriverUnlock(driver);\n",
		"    virDomainObjLock(vm); if (qemuDomainObjBeginJob(vm) == 0) {\n    virDomainObjUnlock(vm);\n%s    virDomainObjLock(vm); qemuDomainObjEndJob(vm); } virDomainObjUnlock(vm);\n",
		"    qemuMonitorLock(priv->mon);\n%s    qemuMonitorUnlock(priv->mon);\n",
		"    if (counter) {\n%s    }\n",
		"    virDomainObjLock(vm); n = virDomainObjRef(vm); virDomainObjUnlock(vm);\n%s    virDomainObjLock(vm); if (virDomainObjUnref(vm) > 0) virDomainObjUnlock(vm);\n",
		"    virMutexLock(&extra);\n%s",
	}
	if g.of == waiting {
		simple, nested = hangSimple, hangNested
	}
	if depth == 0 || rapid.IntRange(0, 2).Draw(g.t, "simple") == 0 {
		return rapid.SampledFrom(simple).Draw(g.t, "statement")
	}
	if g.of == mixed && g.used&1 == 0 && rapid.IntRange(0, 3).Draw(g.t, "choices") == 0 {
		return g.choices()
	}
	n := rapid.IntRange(0, len(nested)-1).Draw(g.t, "nesting")
	lock := uint(1) << n
	if g.of == mixed && n == len(nested)-1 {
		lock = 1 // the same lock as the first, not given back
	}
	if g.used&lock != 0 {
		return rapid.SampledFrom(simple).Draw(g.t, "statement")
	}
	g.used |= lock
	defer func() { g.used &^= lock }()
	return fmt.Sprintf(nested[n], g.statement(depth-1)+g.statement(depth-1))
}

// choices writes a section under a lock with ways to go that nobody else can see: they meet again,
// or not, and some of what they assign is never read.
func (g *generator) choices() string {
	var b strings.Builder
	b.WriteString("    virMutexLock(&extra);\n")
	for range rapid.IntRange(1, 4).Draw(g.t, "choices") {
		b.WriteString(rapid.SampledFrom([]string{
			"    if (nondet()) never = 1;\n",
			"    if (nondet()) never = 2; else unread = self();\n",
			"    if (nondet()) kept = 1;\n",
			"    if (nondet()) kept = 0; else held1 = 1;\n",
			"    if (nondet()) { held1 = 0; kept = 1; } else { kept = 1; held1 = 0; }\n",
			"    if (kept) never = 0; else held1 = 1;\n",
			"    while (nondet()) kept = !kept;\n",
			"    while (kept) { if (nondet()) kept = 0; }\n",
			"    if (nondet()) virCondSignal(&ready);\n",
			"    if (nondet()) virCondBroadcast(&ready); else virCondWait(&ready, &extra);\n",
			"    assert(kept == 0 || held1 == 0);\n",
			"    virMutexUnlock(&extra); virMutexLock(&extra);\n",
			"    n = nondet(); if (n) unread = 1;\n",
		}).Draw(g.t, "choice"))
	}
	if rapid.IntRange(0, 15).Draw(g.t, "leave") > 0 {
		b.WriteString("    virMutexUnlock(&extra);\n")
	}
	return b.String()
}

var (
	hangSimple = []string{
		"    virMutexLock(&extra); while (!flag) { if (virCondWait(&ready, &extra) < 0) break; } virMutexUnlock(&extra);\n",
		"    virMutexLock(&extra); while (!flag) { if (virCondWait(&ready, &extra) < 0) break; } flag = 0; virMutexUnlock(&extra);\n",
		"    virMutexLock(&extra); flag = 1; virCondSignal(&ready); virMutexUnlock(&extra);\n",
		"    virMutexLock(&extra); flag = 1; virMutexUnlock(&extra); if (nondet()) virCondSignal(&ready);\n",
		"    virMutexLock(&extra); flag = 0; virCondBroadcast(&ready); virMutexUnlock(&extra);\n",
		"    virDomainObjLock(vm); if (qemuDomainObjBeginJob(vm) == 0) qemuDomainObjEndJob(vm); virDomainObjUnlock(vm);\n",
		"    virMutexLock(&extra); virCondWait(&ready, &extra); virMutexUnlock(&extra);\n",
		"    virDomainObjLock(vm); virCondSignal(&priv->jobCond); virDomainObjUnlock(vm);\n",
		"    if (nondet()) counter = 1;\n",
	}
	hangNested = []string{
		"    virMutexLock(&extra);\n%s    virMutexUnlock(&extra);\n",
		"    virDomainObjLock(vm); if (qemuDomainObjBeginJob(vm) == 0) {\n    virDomainObjUnlock(vm);\n%s    virDomainObjLock(vm); qemuDomainObjEndJob(vm); } virDomainObjUnlock(vm);\n",
		"    qemuDriverLock(driver);\n%s    qemuDriverUnlock(driver);\n",
		"    if (nondet()) {\n%s    }\n",
		"    while (counter) {\n%s    }\n",
	}
)
