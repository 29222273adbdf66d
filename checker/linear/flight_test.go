package linear

import (
	"testing"
	"time"
	"unsafe"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// newBudget is more than any test spends.
func newBudget(t *testing.T, memory int64) *budget {
	return (&bounds{left: time.Hour, memory: memory}).budget(t.Context())
}

// A step gives its number back when it has taken effect everywhere: however long a window is, there
// are no more numbers than steps were ever under way at once.
func TestNumbersAreUsedAgain(t *testing.T) {
	for flying := range 6 {
		var items []item[apiCall]
		for i := range int64(60) {
			op := driver.OpSuspend
			if i%2 == 1 {
				op = driver.OpResume
			}
			o := &Operation{Call: driver.Call{Op: op, Domain: "vm1"}, From: 2 * i, To: 2*i + 2*int64(flying) + 1}
			items = append(items, item[apiCall]{o.From, o.To, int(i), &apiCall{Operation: o}})
		}
		up := domain{exists: true, persistent: true, may: running}
		w := &window[domain, apiCall]{before: []situation[domain]{{state: up}}, items: items, end: 1000}
		x := newSearch(t.Context(), w, NewChecker(Options{}).api, newBudget(t, 1<<30))
		for _, e := range w.events() {
			if e.begins {
				x.begin(e.number, w.at(e.number))
			} else if !x.finish(e.number) {
				t.Fatalf("%d at once: not explained", flying+1)
			}
		}
		if len(x.numbers) > flying+1 || len(x.open) > 0 {
			t.Errorf("%d numbers for %d steps at once; %d are left open", len(x.numbers), flying+1, len(x.open))
		}
	}
}

// A step that changes nothing takes effect as it begins, in each situation in which it can, and in
// no other.
func TestSilentStepsTakeEffectAtOnce(t *testing.T) {
	there := domain{exists: true, persistent: true, may: shutoff}
	states := []domain{{}, there, {ghosts: 1}, {exists: true, may: running}, {ghosts: 2}}
	o := &Operation{Call: driver.Call{Op: driver.OpInfo, Domain: "vm1"}, Code: driver.NoDomain, From: 1, To: 9}
	w := &window[domain, apiCall]{items: []item[apiCall]{{1, 9, 0, &apiCall{Operation: o}}}, end: 5}
	for first := range states {
		w.before = nil
		for i := range states {
			w.before = append(w.before, situation[domain]{state: states[(first+i)%len(states)]})
		}
		x := newSearch(t.Context(), w, NewChecker(Options{}).api, newBudget(t, 1<<30))
		x.begin(0, w.at(0))
		for _, c := range x.now {
			if c.has(0) == c.state.exists || c.done.has(0) {
				t.Errorf("first is %v: in %v it has taken effect: %v", states[first], c.state, c.has(0))
			}
		}
	}
	w.before = []situation[domain]{{}, {state: domain{ghosts: 1}}}
	x := newSearch(t.Context(), w, NewChecker(Options{}).api, newBudget(t, 1<<30))
	if x.begin(0, w.at(0)); len(x.open)+len(x.numbers) > 0 {
		t.Error("what has taken effect in every situation is still under way")
	}
}

// Porcupine remembers the places to which steps lead. One that cannot be taken leads nowhere, and
// takes no memory.
func TestOnlyPlacesAreRemembered(t *testing.T) {
	const n, places = 10, 3
	b := newBudget(t, places*remembering(n))
	w := &window[domain, apiCall]{}
	m := w.model(t.Context(), NewChecker(Options{}).api, domain{}, n, b)
	call := func(op driver.Op) *move[apiCall] {
		return &move[apiCall]{step: &apiCall{Operation: &Operation{Call: driver.Call{Op: op, Domain: "vm1"}, To: 1}}}
	}
	for range 4 * places {
		if ok, _ := m.Step(domain{}, call(driver.OpDestroy), nil); ok {
			t.Fatal("what is not there was destroyed")
		}
	}
	for i := range places + 1 {
		if b.over != model.NoLimit {
			t.Fatalf("%s after %d places", b.over, i)
		}
		m.Step(domain{}, call(driver.OpDefine), nil)
	}
	if b.over != model.MemoryLimit {
		t.Error("a place too many is remembered")
	}
}

// What situations take is counted to the byte: themselves, and their sets, whichever those are.
func TestBytesOfSituations(t *testing.T) {
	v := &visited[int]{}
	want := int64(0)
	for i, c := range []situation[int]{
		{state: 1},
		{state: 1, done: set("").with(20)},
		{state: 1, quiet: set("").with(9)},
		{state: 2, done: set("").with(3), quiet: set("").with(40)},
	} {
		if !v.add(c) {
			t.Fatalf("situation %d is superfluous", i)
		}
		want += int64(unsafe.Sizeof(c)) + int64(len(c.done)) + int64(len(c.quiet))
		if v.bytes != want {
			t.Errorf("%d situations take %d bytes, want %d", i+1, v.bytes, want)
		}
	}
}

// The limit that is hit first is the one that is named.
func TestFirstLimitCounts(t *testing.T) {
	b := newBudget(t, 100)
	b.kept = 60
	if b.needs(40); b.over != model.NoLimit {
		t.Errorf("%s though it fits", b.over)
	}
	b.over = model.PatienceLimit
	if b.needs(41); b.over != model.PatienceLimit {
		t.Errorf("%s after the patience was over", b.over)
	}
	b.over = model.NoLimit
	if b.needs(41); b.over != model.MemoryLimit {
		t.Errorf("%q with a byte too many", b.over)
	}
}
