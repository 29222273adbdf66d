package search_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// inline makes a program of C without a protocol of its own helpers, and a list of threads.
func inline(t testing.TB, threads, source string) *model.Program {
	t.Helper()
	const suite = "suite: s\nprotocol: libvirt-2011-04\nsource: |\n  %s\n" +
		"scenarios:\n  - {name: only, threads: [%s], rules: ignore, expect: ok}\n"
	yaml := fmt.Sprintf(suite, strings.ReplaceAll(strings.TrimSpace(source), "\n", "\n  "), threads)
	suites, err := scenarios.LoadFS(t.Context(), fstest.MapFS{"s.yaml": {Data: []byte(yaml)}}, "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := suites[0].Scenarios[0].Program(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestHangBesideOthers checks that what is said of threads that hang is said of them alone: a
// sleeper that is woken again and again, and a thread that goes on, are no reason.
func TestHangBesideOthers(t *testing.T) {
	const healthy = `
static virMutex a, b, side;
static virCond beat, news;
static int turn, word;
void hear(void) { virMutexLock(&side); while (!turn) virCondWait(&beat, &side); turn = 0; virMutexUnlock(&side); }
void tick(void) { virMutexLock(&side); turn = 1; virCondSignal(&beat); virMutexUnlock(&side); }
`
	for name, c := range map[string]struct {
		threads, source string
		kind            model.Kind
		message         string
		involved        []int
	}{
		"cycle": {
			"{run: hear(), loop: true}, {run: tick(), loop: true}, up(), down()",
			healthy + `
void up(void) { virMutexLock(&a); virMutexLock(&b); virMutexUnlock(&b); virMutexUnlock(&a); }
void down(void) { virMutexLock(&b); virMutexLock(&a); virMutexUnlock(&a); virMutexUnlock(&b); }
`,
			model.LockOrder,
			"whatever happens from here on, T3 up() and T4 down() can never finish: " +
				"T3 up() waits for b, held by T4; T4 down() waits for a, held by T3",
			[]int{2, 3},
		},
		"lost wake-up": {
			"{run: hear(), loop: true}, {run: tick(), loop: true}, want()",
			healthy + `
void want(void) { virMutexLock(&a); while (!word) virCondWait(&news, &a); virMutexUnlock(&a); }
void set(void) { word = 1; }
`,
			model.LostWakeup,
			"whatever happens from here on, T3 want() can never finish: " +
				"T3 want() sleeps on news and nobody can send the wake-up any more",
			[]int{2},
		},
		"none": {
			"{run: hear(), loop: true}, {run: tick(), loop: true}, spin()",
			healthy + `
void spin(void) { while (!word) b_is_free(); }
void b_is_free(void) { virMutexLock(&b); virMutexUnlock(&b); }
`,
			"", "", nil,
		},
		"one of two": {
			"{run: hear(), loop: true}, {run: tick(), loop: true}, want(), tell(), want()",
			healthy + `
void want(void) { virMutexLock(&a); virCondWait(&news, &a); virMutexUnlock(&a); }
void tell(void) { virMutexLock(&a); virCondSignal(&news); virMutexUnlock(&a); }
`,
			model.LostWakeup,
			"", nil, // who of them it is depends on which state comes first
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := inline(t, c.threads, c.source)
			for _, o := range []search.Options{{}, search.Options{Workers: 3}.ShareAll(), {Reduce: search.Reduction{Symmetry: true}}} {
				r := searchFor(t, p, o)
				if r.Verdict != model.PartialDeadlock || r.Kind != c.kind {
					t.Fatalf("%+v: %s %s", o, r.Verdict, r.Kind)
				}
				f := &r.Findings[0]
				if c.message != "" && (f.Message != c.message || fmt.Sprint(f.Threads) != fmt.Sprint(c.involved)) {
					t.Errorf("%+v: threads %v: %s", o, f.Threads, f.Message)
				}
				for _, other := range []string{"T1", "T2", "beat", "side"} {
					if strings.Contains(f.Message, other) {
						t.Errorf("%+v: %s has no part in it: %s", o, other, f.Message)
					}
				}
			}
		})
	}
}

// TestHangOfTheOwner checks that of two sleepers the one is named whom nobody can wake: the other
// waits for a job that the first would end.
func TestHangOfTheOwner(t *testing.T) {
	p := inline(t, "owner(vm1), other(vm1)", `
static virCond news;
void owner(virDomainObjPtr vm) { virDomainObjLock(vm); if (qemuDomainObjBeginJob(vm) == 0) virCondWait(&news, &vm->lock); virDomainObjUnlock(vm); }
void other(virDomainObjPtr vm) { virDomainObjLock(vm); if (qemuDomainObjBeginJob(vm) == 0) qemuDomainObjEndJob(vm); virDomainObjUnlock(vm); }
`)
	r := searchFor(t, p, search.Options{})
	const want = "T1 owner(vm1) sleeps on news and nobody can send the wake-up any more"
	f := &r.Findings[0]
	if r.Verdict != model.Deadlock || r.Kind != model.LostWakeup || f.Message != want || fmt.Sprint(f.Threads) != "[0]" {
		t.Errorf("%s %s, threads %v: %s", r.Verdict, r.Kind, f.Threads, f.Message)
	}
}

// TestHangOfTwo checks that everybody whom nobody can wake is named.
func TestHangOfTwo(t *testing.T) {
	p := inline(t, "want(), want()", `
static virMutex a;
static virCond news;
void want(void) { virMutexLock(&a); virCondWait(&news, &a); virMutexUnlock(&a); }
`)
	f := &searchFor(t, p, search.Options{}).Findings[0]
	const want = "T1 want() and T2 want() sleep on news and nobody can send the wake-up any more"
	if f.Kind != model.LostWakeup || f.Message != want || fmt.Sprint(f.Threads) != "[0 1]" {
		t.Errorf("%s, threads %v: %s", f.Kind, f.Threads, f.Message)
	}
}
