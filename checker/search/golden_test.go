package search_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/modeltest"
)

var update = flag.Bool("update", false, "rewrite the golden file")

const shared = `
static virMutex a, b, c;
static virCond news;
static int word, other, *head;
static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
struct g { int job __attribute__((owner)); int late; };
static struct g g;
static pthread_t child;
void up(void) { virMutexLock(&a); virMutexLock(&b); virMutexUnlock(&b); virMutexUnlock(&a); }
void down(void) { virMutexLock(&b); virMutexLock(&a); virMutexUnlock(&a); virMutexUnlock(&b); }
void busy(void) { virMutexLock(&c); virMutexUnlock(&c); }
void want(void) { virMutexLock(&c); while (!word) virCondWait(&news, &c); virMutexUnlock(&c); }
void owns(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    if (qemuDomainObjBeginJob(vm) == 0) virCondWait(&news, &vm->lock);
    virDomainObjUnlock(vm);
}
void job(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    if (qemuDomainObjBeginJob(vm) == 0) qemuDomainObjEndJob(vm);
    virDomainObjUnlock(vm);
}
`

// told are programs about what is said of findings, each with its threads.
var told = []struct{ name, threads, source string }{
	{"a cycle", "up(), down()", ""},
	{"a cycle beside a loop", "up(), down(), {run: busy(), loop: true}", ""},
	{"a sleeper beside a loop", "want(), {run: busy(), loop: true}", ""},
	{"two sleepers", "want(), want()", ""},
	{"by luck alone", "{run: want(), faults: [spurious-wakeup]}", ""},
	{"by luck alone beside a loop", "{run: want(), faults: [spurious-wakeup]}, {run: busy(), loop: true}", ""},
	{"in vain", "owns(vm1), {run: job(vm1), loop: true, faults: [spurious-wakeup]}", ""},
	{"a job that nobody ends", "owns(vm1), job(vm1)", ""},
	{"endless", "spin(), busy()", "void spin(void) { while (!word) other = 1; }"},
	{"a cycle with a child", "parent()", `
void *kid(void *p) { virMutexLock(&a); virMutexUnlock(&a); return p; }
void parent(void) { virMutexLock(&a); pthread_create(&child, NULL, kid, NULL); pthread_join(child, NULL); virMutexUnlock(&a); }`},
	{"a child that sleeps", "parent()", `
void *kid(void *p) { want(); return p; }
void parent(void) { pthread_create(&child, NULL, kid, NULL); pthread_join(child, NULL); }`},
	{"readers and writers", "reads(), writes()", `
void reads(void) { pthread_rwlock_rdlock(&rw); virMutexLock(&a); virMutexUnlock(&a); pthread_rwlock_unlock(&rw); }
void writes(void) { virMutexLock(&a); pthread_rwlock_wrlock(&rw); pthread_rwlock_unlock(&rw); virMutexUnlock(&a); }`},
	{"a lock is kept", "keep(), busy()", "void keep(void) { virMutexLock(&a); virMutexLock(&b); virMutexUnlock(&a); }"},
	{"a job is kept after a lock", "first(), second()", `
void first(void) { virMutexLock(&a); word = 1; }
void second(void) { if (word) g.job = 1; }`},
	{"a race", "sets(), looks()", `
void sets(void) { virMutexLock(&a); word = 1; virMutexUnlock(&a); }
void looks(void) { other = word; }`},
	{"memory that a variable led to", "lose()", `
void lose(void) { head = malloc(sizeof(int)); if (head) *head = 1; other = 1; head = NULL; other = 2; }`},
	{"memory that is lost at once", "busy(), lose()", `
void lose(void) { int *p = malloc(sizeof(int)); if (p) *p = 1; }`},
	{"freed", "use(), drop()", `
void use(void) { head = malloc(sizeof(int)); if (head) { *head = 1; other = *head; } }
void drop(void) { free(head); head = NULL; }`},
	{"a precondition", "calls()", `
static void helper(void) { requires(held(&a)); word = 1; }
void calls(void) { helper(); }`},
	{"an assert", "one(), two()", `
void one(void) { word = 1; word = 2; }
void two(void) { assert(word != 1); }`},
	{"a wrong unlock", "wrong()", "void wrong(void) { virMutexUnlock(&a); }"},
	{"locked twice", "twice()", "void twice(void) { virMutexLock(&a); virMutexLock(&a); }"},
	{"the end of the process", "leaves(), want()", "void leaves(void) { exit(0); }"},
	{"begins in two ways", "chooses(), chooses()", "void chooses(void) { if (nondet()) up(); else down(); }"},
}

// TestShownGolden keeps all that searches show, for programs that are each about one thing: counts,
// findings with their sentences, places and ways there, what is said where each way is replayed,
// races, and cycles of waits. Of other ways to search than the plain one stands what is not in
// that. With go test -update it is written anew.
func TestShownGolden(t *testing.T) {
	var b strings.Builder
	show := func(name string, p *model.Program) {
		fmt.Fprintf(&b, "== %s\n", name)
		plain := shown(t, p, search.Options{})
		b.WriteString(plain)
		for _, o := range []search.Options{
			{Reduce: search.Reduction{Merge: true, Symmetry: true}},
			{WaitCycles: true, Races: search.WarnOfRaces},
			{Races: search.CheckRaces, First: true},
			{Fingerprint: true},
		} {
			fmt.Fprintf(&b, "-- merge %v, cycles %v, races %d, first %v, fingerprint %v\n",
				o.Reduce.Merge, o.WaitCycles, o.Races, o.First, o.Fingerprint)
			for line := range strings.Lines(shown(t, p, o)) {
				if !strings.Contains(plain, line) {
					b.WriteString(line)
				}
			}
		}
	}
	for _, c := range told {
		show(c.name, inline(t, c.threads, shared+c.source))
	}
	for _, c := range modeltest.Cases() {
		show(c.Name, c.Program)
	}
	golden(t, "testdata/shown.golden", b.String())
}

// golden holds a text against a file, or writes it there.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-update writes it anew): %s", file, diff)
	}
}

// shown is what a search shows.
func shown(t *testing.T, p *model.Program, o search.Options) string {
	t.Helper()
	return shownOf(t, p, searchFor(t, p, o))
}

// shownOf is what the result of a search shows.
func shownOf(t *testing.T, p *model.Program, r *search.Result) string {
	t.Helper()
	var b strings.Builder
	s := r.Stats
	fmt.Fprintf(&b, "%s %s %s complete %v cramped %v %v\n", r.Verdict, r.Kind, r.Limit, r.Complete, r.Cramped, r.Reductions)
	fmt.Fprintf(&b, "%d states, %d transitions, depth %d, %d deadlocks, %d quiet, %d stuck, %d by luck, %d bits, %d bytes\n",
		s.States, s.Transitions, s.Depth, s.Deadlocks, s.Quiet, s.Stuck, s.Luck, s.StateBits, s.Bytes)
	for _, kind := range slices.Sorted(maps.Keys(s.Errors)) {
		fmt.Fprintf(&b, "%d times %s\n", s.Errors[kind], kind)
	}
	for i := range r.Findings {
		showFinding(t, &b, p, &r.Findings[i], search.IgnoreRaces)
	}
	if r.Race != nil {
		b.WriteString("beside it ")
		showFinding(t, &b, p, r.Race, search.CheckRaces)
	}
	for _, c := range r.WaitCycles {
		fmt.Fprintf(&b, "cycle %v after %s\n", c.Waits, search.ScheduleOf(&c.Trace))
	}
	return b.String()
}

func showFinding(t *testing.T, b *strings.Builder, p *model.Program, f *search.Finding, races search.Races) {
	t.Helper()
	way := search.ScheduleOf(&f.Trace)
	fmt.Fprintf(b, "%s %s at %d:%d by %v, shortest %v, after %s\n  %s\n",
		f.Verdict, f.Kind, f.Pos.Line, f.Pos.Col, f.Threads, f.Shortest, way, f.Message)
	if f.Closed != nil {
		fmt.Fprintf(b, "  %+v\n", *f.Closed)
	}
	if f.Kind == model.DataRace {
		races = search.CheckRaces
	}
	_, again, err := search.ReplayWith(p, way, races)
	switch {
	case err != nil:
		fmt.Fprintf(b, "  replayed: %v\n", err)
	case again == nil:
		b.WriteString("  replayed: nothing\n")
	case again.Message != f.Message:
		fmt.Fprintf(b, "  replayed: %s\n", again.Message)
	}
}
