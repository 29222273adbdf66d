package search

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/model"
)

// TestBatches cuts spans into batches: all of them, in order, none larger than it may be, and as
// few as that takes.
func TestBatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var spans []span
		at, batches := int64(0), 0
		for range rapid.IntRange(0, 6).Draw(t, "spans") {
			lo := at + rapid.Int64Range(0, 3).Draw(t, "hole")
			at = lo + rapid.Int64Range(0, 3*batch+2).Draw(t, "length")
			spans = append(spans, span{lo, at})
			batches += int((at - lo + batch - 1) / batch)
		}
		var want, got []int64
		for _, b := range spans {
			for i := b.lo; i < b.hi; i++ {
				want = append(want, i)
			}
		}
		all := cut(spans)
		for _, b := range all {
			if b.lo >= b.hi || b.hi-b.lo > batch {
				t.Fatalf("a batch from %d to %d", b.lo, b.hi)
			}
			for i := b.lo; i < b.hi; i++ {
				got = append(got, i)
			}
		}
		if len(all) != batches || len(got) != len(want) {
			t.Fatalf("%v: %v", spans, all)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("%v: %v", spans, all)
			}
		}
	})
}

// TestCrowded shows when a part of the visited set must grow: when a parcel more would fill three
// fifths of it. It grows by much where there is memory for that, by half where there is for half,
// and else the search stops.
func TestCrowded(t *testing.T) {
	m, err := model.NewMachine[[1]uint64](chain(3))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{{}, {Fingerprint: true}} {
		s := newSearch(t.Context(), m, planFor(o))
		w := s.workers[0]
		n := w.setLen()
		for held, want := range map[int64]bool{0: false, n*3/5 - parcelSize: false, n*3/5 - parcelSize + 1: true, n: true} {
			if w.held = held; w.crowded() != want {
				t.Errorf("%+v: %d of %d entries are taken: crowded %v", o, held, n, !want)
			}
		}
		extra := int64(0)
		if w.fingerprints != nil {
			extra = n * w.entrySize() // the old ones are kept until then
		}
		room := func(entries int64) {
			s.plan.MaxMemory = s.bytes() - w.setBytes() + entries*w.entrySize() + extra
		}
		room(n*3/2 - 1)
		if w.grow() || w.setLen() != n || *s.halted.Load() != model.MemoryLimit {
			t.Errorf("%+v: it grows to %d entries without memory", o, w.setLen())
		}
		if w.grow() {
			t.Errorf("%+v: it grows though the search has stopped", o)
		}
		s.halted.Store(nil)
		s.stop.Store(false)
		room(n * 3 / 2)
		if !w.grow() || w.setLen() != n*3/2 {
			t.Errorf("%+v: with memory for half as much again it has %d entries of %d", o, w.setLen(), n)
		}
		n = w.setLen()
		if extra > 0 {
			extra = n * w.entrySize()
		}
		room(n * 8)
		if !w.grow() || w.setLen() != n*8 {
			t.Errorf("%+v: with memory for eight times as much it has %d entries of %d", o, w.setLen(), n)
		}
		s.close()
	}
}

// TestFirstReason keeps why a search stopped first.
func TestFirstReason(t *testing.T) {
	m, err := model.NewMachine[[1]uint64](chain(3))
	if err != nil {
		t.Fatal(err)
	}
	s := newSearch(t.Context(), m, planFor(Options{}))
	defer s.close()
	s.halt(model.TimeoutLimit)
	s.halt(model.MemoryLimit)
	if s.settle(); s.limit != model.TimeoutLimit || !s.stop.Load() {
		t.Errorf("it stopped for %q", s.limit)
	}
	s.notePeak(1 << 40)
	s.notePeak(1 << 39)
	if s.peak.Load() != 1<<40 {
		t.Errorf("the peak is %d", s.peak.Load())
	}
}

// TestLooksAreCounted shows that each state that is looked at again counts as one, and that nobody
// looks on when it is over.
func TestLooksAreCounted(t *testing.T) {
	m, err := model.NewMachine[[1]uint64](chain(6, 5))
	if err != nil {
		t.Fatal(err)
	}
	v, first := viewer[[1]uint64]{m}, m.Initial(0)
	for most := int64(0); most <= 40; most++ {
		looked := int64(0)
		over := func(n int64) bool {
			looked += n
			return looked > most
		}
		f := v.future(&first, over)
		if want := min(most+1, 30); looked != want || f.whole != (most >= 30) || int64(len(f.steps)) != min(most, 30) {
			t.Errorf("at most %d looks: %d, whole %v, %d states", most, looked, f.whole, len(f.steps))
		}
		looked = 0
		hang := &finding[[1]uint64]{verdict: model.PartialDeadlock, kind: model.LockOrder, state: first}
		if text, _ := v.nearestHang(hang, 3, over); text != "" || looked != min(most+1, 30) {
			t.Errorf("at most %d looks for a hang that is not there: %d, %q", most, looked, text)
		}
	}
}

// TestShowable shows how many ways may be shown with so much memory: each state of a way takes
// some, and more the more there is in it.
func TestShowable(t *testing.T) {
	m, err := model.NewMachine[[1]uint64](chain(3, 3))
	if err != nil {
		t.Fatal(err)
	}
	m.Program.Locks, m.Program.Vars = make([]model.Lock, 3), make([]model.Var, 5)
	m.Program.Conds = make([]model.Cond, 2)
	const step = 2 * (256 + 2*128 + 64*(3+5+2))
	s := newSearch(t.Context(), m, planFor(Options{}))
	defer s.close()
	var targets []target[[1]uint64]
	for range 8 {
		targets = append(targets, target[[1]uint64]{level: 9999})
	}
	if got := s.showable(targets); got != 8 {
		t.Errorf("without a limit: %d", got)
	}
	for ways := range int64(9) {
		const before = 16 << 20
		for less, want := range map[int64]int64{0: ways, 1: ways - 1} {
			bytes := 10_000*step*ways - before - less
			if bytes <= 0 {
				continue
			}
			s.plan.MaxMemory = 16 * bytes
			if got := s.showable(targets); int64(got) != min(want, 8) {
				t.Errorf("%d bytes for %d ways: %d are shown", bytes+before, ways, got)
			}
		}
	}
}

// TestEnough shows when a search has found what was asked for: the first of anything, or steps that
// are lacking, some more of them.
func TestEnough(t *testing.T) {
	violation := finding[[1]uint64]{verdict: model.Violation, kind: model.AssertKind}
	lacks := finding[[1]uint64]{verdict: model.Violation, kind: model.Unexplored}
	for name, c := range map[string]struct {
		plan        plan
		found, race []finding[[1]uint64]
		want        bool
	}{
		"nothing":                {plan{Options: Options{First: true}, gaps: true}, nil, nil, false},
		"the first":              {plan{Options: Options{First: true}}, []finding[[1]uint64]{violation}, nil, true},
		"not the first":          {plan{}, []finding[[1]uint64]{violation}, nil, false},
		"a race":                 {plan{Options: Options{First: true, Races: CheckRaces}}, nil, []finding[[1]uint64]{violation}, true},
		"a race beside":          {plan{Options: Options{First: true, Races: WarnOfRaces}}, nil, []finding[[1]uint64]{violation}, false},
		"a race, not first":      {plan{Options: Options{Races: CheckRaces}}, nil, []finding[[1]uint64]{violation}, false},
		"lacking":                {plan{gaps: true}, []finding[[1]uint64]{lacks}, nil, true},
		"lacking, nobody asks":   {plan{}, []finding[[1]uint64]{lacks}, nil, false},
		"an error, gaps sought":  {plan{gaps: true}, []finding[[1]uint64]{violation}, nil, false},
		"lacking, first of any":  {plan{Options: Options{First: true}}, []finding[[1]uint64]{lacks}, nil, true},
		"lacking and first both": {plan{Options: Options{First: true}, gaps: true}, []finding[[1]uint64]{lacks}, nil, true},
	} {
		s := &search[[1]uint64]{plan: c.plan, saw: nothingObserved[[1]uint64](), gapAt: 4}
		s.arena.filled.Store(8)
		for _, f := range c.found {
			s.saw.found.note(f)
		}
		for _, f := range c.race {
			s.saw.races.note(f)
		}
		if got := s.enough(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
