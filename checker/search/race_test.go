package search_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/modeltest"
)

// TestRace checks which accesses race, with every reduction: those of one plain variable, one of
// them a store, that no lock keeps apart.
func TestRace(t *testing.T) {
	const set = `
static virMutex a, b;
static int x, y, ready;
void put(void) { x = 1; }
void get(void) { if (x) y = 1; }
void look(void) { int n; n = x; }
void put_a(void) { virMutexLock(&a); x = 1; virMutexUnlock(&a); }
void get_a(void) { virMutexLock(&a); if (x) y = 1; virMutexUnlock(&a); }
void get_b(void) { virMutexLock(&b); if (x) y = 1; virMutexUnlock(&b); }
void give(void) { virMutexLock(&a); x = 1; ready = 1; virMutexUnlock(&a); }
void swaps(void) { int no = 5; __atomic_compare_exchange_n(&x, &no, 6, 0, 0, 0); }
void swaps_now(void) { int no = 0; __atomic_compare_exchange_n(&x, &no, 6, 0, 0, 0); }
void look_go(void) { int n; n = x; virMutexLock(&a); ready = 1; virMutexUnlock(&a); }
void five(void) { int n; virMutexLock(&a); n = ready; virMutexUnlock(&a); if (n) __atomic_store_n(&x, 5, 0); }
void take(void) { int n = 0; virMutexLock(&a); n = ready; virMutexUnlock(&a); if (n) x = 2; }
`
	for name, c := range map[string]struct {
		threads string
		race    bool
	}{
		"store and load":               {"put(), get()", true},
		"two stores":                   {"put(), put()", true},
		"two loads":                    {"look(), look()", false},
		"one lock":                     {"put_a(), get_a()", false},
		"two locks":                    {"put_a(), get_b()", true},
		"one of them has a lock":       {"put_a(), get()", true},
		"handed over under locks":      {"give(), take()", false},
		"alone":                        {"put()", false},
		"an update that changes":       {"swaps_now(), look()", true},
		"one that only looks":          {"swaps(), look()", false},
		"one that may change it later": {"swaps(), look_go(), five()", false},
		"and a store":                  {"swaps(), put()", true},
	} {
		t.Run(name, func(t *testing.T) {
			p := inline(t, c.threads, set)
			for _, o := range everyReduction() {
				off := searchFor(t, p, o)
				o.Races = search.WarnOfRaces
				warned := searchFor(t, p, o)
				o.Races = search.CheckRaces
				checked := searchFor(t, p, o)
				if off.Race != nil || off.Kind == model.DataRace {
					t.Errorf("%+v: a race, and nobody asked", o.Reduce)
				}
				if got := warned.Race != nil; got != c.race || warned.Verdict != off.Verdict || warned.Kind != off.Kind {
					t.Errorf("%+v: warned of a race: %v, want %v; %s %s", o.Reduce, got, c.race, warned.Verdict, warned.Kind)
				}
				if got := checked.Verdict == model.Violation && checked.Kind == model.DataRace; got != c.race {
					t.Errorf("%+v: %s %s, want a race: %v", o.Reduce, checked.Verdict, checked.Kind, c.race)
				}
			}
		})
	}
}

// TestRaceMessage shows what is said of a race: both accesses with their place, and what is held.
func TestRaceMessage(t *testing.T) {
	p := inline(t, "put(), get()", `
static virMutex a;
static int x, y;
void put(void) { virMutexLock(&a); x = 1; virMutexUnlock(&a); }
void get(void) { if (x) y = 1; }
`)
	f := searchFor(t, p, search.Options{Races: search.CheckRaces}).Findings[0]
	const want = "T1 put() writes x at s.yaml:6:38 holding a and T2 get() reads it at s.yaml:7:24 holding nothing, " +
		"and no lock and no order keeps the two apart"
	if f.Message != want || fmt.Sprint(f.Threads) != "[0 1]" || len(f.Trace.Steps) != 1 {
		t.Errorf("%d steps, threads %v: %s", len(f.Trace.Steps), f.Threads, f.Message)
	}
	end := f.Trace.Steps[0].After
	if end.Threads[0].Op != model.OpStore || end.Threads[1].Op != model.OpLoad {
		t.Errorf("the trace ends before %s and %s", end.Threads[0].Next, end.Threads[1].Next)
	}
}

// TestRaceReference holds the races that searches find against those of the slow reference: the
// same answer with every reduction, and a shortest way.
func TestRaceReference(t *testing.T) {
	raced, clean := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := modeltest.Programs().Draw(t, "program")
		want, complete := modeltest.NewReference(p).Judge(400)
		if !complete {
			t.Skip("too large")
		}
		if want.Race < 0 {
			clean++
		} else {
			raced++
		}
		for _, o := range []search.Options{{}, rapid.SampledFrom(everyReduction()[1:]).Draw(t, "options")} {
			o.Races = search.WarnOfRaces
			r := searchFor(t, p, o)
			if !r.Complete {
				t.Fatalf("%+v: %s", o.Reduce, r.Limit)
			}
			if got := r.Race != nil; got != (want.Race >= 0) {
				t.Fatalf("%+v: a race: %v, the reference has one after %d steps", o.Reduce, got, want.Race)
			}
			if r.Race == nil {
				continue
			}
			if n := len(r.Race.Trace.Steps); r.Race.Shortest && n != want.Race {
				t.Fatalf("%+v: a race after %d steps, the reference has one after %d", o.Reduce, n, want.Race)
			}
			_, found, err := search.ReplayWith(p, search.ScheduleOf(&r.Race.Trace), search.CheckRaces)
			if err != nil || found == nil || found.Kind != model.DataRace || !strings.Contains(found.Message, "keeps the two apart") {
				t.Fatalf("%+v: its replay ends in %+v, %v", o.Reduce, found, err)
			}
		}
	})
	if raced == 0 || clean == 0 {
		t.Errorf("%d programs race, %d do not", raced, clean)
	}
}

// TestWayToRaceIsBounded shows that the way to a race is not put into words where those take more
// memory than there may be: each state of this one is a thousand variables.
func TestWayToRaceIsBounded(t *testing.T) {
	const vars, steps = 1000, 200
	node := func(op model.Op, v model.VarID, to model.NodeID) model.Node {
		n := model.Node{Op: op, Object: model.None, Lock: model.None, Cond: model.None, Var: v}
		for when := range int64(2) {
			if op == model.OpLoad || when == 0 {
				n.Out = append(n.Out, model.Outcome{When: when, Next: []model.Edge{{To: to}}})
			}
		}
		return n
	}
	end := model.Node{Op: model.OpFinish, Object: model.None, Lock: model.None, Cond: model.None, Var: model.None}
	p := &model.Program{}
	for range vars {
		p.Vars = append(p.Vars, model.Var{Name: "v", Object: model.None, Values: []int64{0, 1}})
	}
	long := model.Thread{Name: "long", Start: []model.Edge{{}}}
	for i := range steps {
		long.Nodes = append(long.Nodes, node(model.OpStore, 0, model.NodeID(i+1)))
	}
	long.Nodes = append(long.Nodes, node(model.OpStore, vars-1, steps+1), end)
	short := model.Thread{Name: "short", Start: []model.Edge{{}}, Nodes: []model.Node{node(model.OpLoad, vars-1, 1), end}}
	p.Threads = []model.Thread{long, short}
	for _, races := range []search.Races{search.WarnOfRaces, search.CheckRaces} {
		for memory, cut := range map[int64]bool{0: false, 4 << 20: true, 1 << 30: false} {
			r := searchFor(t, p, search.Options{Races: races, MaxMemory: memory})
			f := r.Race
			if races == search.CheckRaces {
				f = &r.Findings[0]
			}
			if f == nil || f.Kind != model.DataRace || f.Trace.Cut != cut || !cut && len(f.Trace.Steps) != steps {
				t.Errorf("races %d, %d bytes: %+v", races, memory, r.Limit)
			}
		}
	}
}
