package search

import (
	"math/bits"
	"testing"
	"unsafe"

	"github.com/lockproof/lockproof/model"
)

// TestBytesOfSets holds what a search says that it takes against what it has taken: each worker's
// part of the visited set, entry by entry, one block of states, and the parcels.
func TestBytesOfSets(t *testing.T) {
	p := &model.Program{Threads: []model.Thread{{Start: []model.Edge{{}}, Nodes: []model.Node{
		{Op: model.OpFinish, Object: model.None, Lock: model.None, Cond: model.None, Var: model.None},
	}}}}
	m, err := model.NewMachine[[1]uint64](p)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{{}, {Workers: 3}, {Workers: 40}, {Fingerprint: true}, {Workers: 2, Fingerprint: true}} {
		s := newSearch(t.Context(), m, planFor(o))
		s.run()
		entries, sets := int64(0), int64(0)
		for _, w := range s.workers {
			if n := w.setLen(); n < minPart || n > minSet {
				t.Errorf("%+v: a part begins with %d entries", o, n)
			}
			entries += w.setLen()
			if w.index != nil {
				sets += int64(len(w.index.entries)) * int64(unsafe.Sizeof(w.index.entries[0]))
			} else {
				sets += int64(len(w.fingerprints.entries)) * int64(unsafe.Sizeof(w.fingerprints.entries[0]))
			}
		}
		if got := s.setBytes.Load(); got != sets {
			t.Errorf("%+v: the sets take %d bytes, and are said to take %d", o, sets, got)
		}
		if want := max(1<<14, 1<<10*int64(len(s.workers))); entries > want || entries < want-int64(len(s.workers)) {
			t.Errorf("%+v: %d entries at the start, want %d", o, entries, want)
		}
		states := smallBlock * stateSize[[1]uint64]()
		if got := s.bytes(); got != sets+states+parcelBytes[[1]uint64](len(s.workers)) {
			t.Errorf("%+v: %d bytes in all, %d of them sets and %d of states", o, got, sets, states)
		}
		if got := s.peak.Load(); got != sets+states {
			t.Errorf("%+v: %d bytes at the peak", o, got)
		}
		for _, w := range s.workers {
			before := w.setLen()
			if !w.rebuild(2*before) || w.setLen() != 2*before {
				t.Errorf("%+v: a part of %d entries has %d after it grew", o, before, w.setLen())
			}
		}
		if got := s.setBytes.Load(); got != 2*sets {
			t.Errorf("%+v: the sets are said to take %d bytes after they grew from %d", o, got, sets)
		}
		s.close()
	}
}

// TestFits asks for the last byte, and for one more: all that grows counts, whoever took it. A
// worker stops where there is no room.
func TestFits(t *testing.T) {
	p := &model.Program{Threads: []model.Thread{{Start: []model.Edge{{}}, Nodes: []model.Node{
		{Op: model.OpFinish, Object: model.None, Lock: model.None, Cond: model.None, Var: model.None},
	}}}}
	m, err := model.NewMachine[[1]uint64](p)
	if err != nil {
		t.Fatal(err)
	}
	s := newSearch(t.Context(), m, planFor(Options{}))
	defer s.close()
	for what, take := range map[string]func() int64{
		"sets":   func() int64 { s.setBytes.Add(1000); return 1000 },
		"states": func() int64 { s.arena.reserve(); return smallBlock * 8 },
		"cycles": func() int64 { s.noted.Add(512); return 512 },
		"errors": func() int64 { s.failed.Add(3); return 3 * 3 * (8 + 16) },
		"fixed":  func() int64 { s.fixed += 7; return 7 },
	} {
		before := s.bytes()
		if taken := take(); s.bytes() != before+taken {
			t.Errorf("%s: %d bytes more, want %d", what, s.bytes()-before, taken)
		}
		s.plan.MaxMemory = s.bytes() + 10
		if !s.fits(10) || s.fits(11) || !s.fits(0) || s.limited() != model.NoLimit || !s.workers[0].mayGoOn() {
			t.Errorf("%s: of the last ten bytes", what)
		}
		s.plan.MaxMemory = s.bytes() - 1
		if s.fits(0) || s.limited() != model.MemoryLimit {
			t.Errorf("%s: one byte too many fits", what)
		}
		if s.plan.MaxMemory = 0; !s.fits(1 << 60) {
			t.Errorf("%s: there is a limit where none was set", what)
		}
	}
	s.plan.MaxStates = s.arena.filled.Load() + s.failed.Load() + 1
	if s.limited() != model.NoLimit {
		t.Error("there is room for one state more")
	}
	if s.plan.MaxStates--; s.limited() != model.StatesLimit {
		t.Error("states that fail do not count")
	}
	w := s.workers[0]
	w.index.slotBits = uint(bits.Len64(uint64(s.arena.next.Load()))) // for what there is, and not for the next block
	if !w.nextBlock() || !w.index.names(w.block.hi) {
		t.Errorf("entries of %d bits for a block to %d", w.index.slotBits, w.block.hi)
	}
	s.plan.MaxStates, s.plan.MaxMemory = 0, 1
	if s.workers[0].mayGoOn() || *s.halted.Load() != model.MemoryLimit {
		t.Error("a worker goes on without memory")
	}
}

// TestParcelBytes counts the parcels: a worker alone has one, of several each has one for each, and
// its inbox may be full. They take an eighth of the memory at most.
func TestParcelBytes(t *testing.T) {
	const parcel = parcelSize * 8
	for workers, parcels := range map[int]int64{1: 1, 2: 2 * 34, 3: 3 * 35, 8: 8 * 40} {
		if got := parcelBytes[[1]uint64](workers); got != parcels*parcel {
			t.Errorf("%d workers: %d bytes, want %d parcels", workers, got, parcels)
		}
		if got := parcelBytes[[2]uint64](workers); got != 2*parcels*parcel {
			t.Errorf("%d workers, two words: %d bytes, want %d parcels", workers, got, parcels)
		}
	}
	for _, c := range []struct {
		workers int
		memory  int64
		want    int
	}{
		{0, 0, 1},
		{8, 0, 8},
		{1, 1, 1},
		{8, 1, 1},
		{2, 8 * 68 * parcel, 2},
		{2, 8*68*parcel - 8, 1},
		{8, 8 * 105 * parcel, 3},
		{3, 1 << 40, 3},
	} {
		if got := affordable[[1]uint64](c.workers, c.memory); got != c.want {
			t.Errorf("%d workers with %d bytes: %d, want %d", c.workers, c.memory, got, c.want)
		}
	}
}

// TestGrowth shows by how many halves a set grows: much while it is small, and by half where states
// are wide.
func TestGrowth(t *testing.T) {
	for bytes, want := range map[int64][2]int64{
		0: {16, 16}, 4<<20 - 1: {16, 16}, 4 << 20: {8, 8}, 64<<20 - 1: {8, 8}, 64 << 20: {4, 3}, 1 << 40: {4, 3},
	} {
		narrow, wide := &search[[1]uint64]{}, &search[[2]uint64]{}
		narrow.setBytes.Store(bytes)
		wide.setBytes.Store(bytes)
		got := [2]int64{(&worker[[1]uint64]{s: narrow}).growth(), (&worker[[2]uint64]{s: wide}).growth()}
		if got != want {
			t.Errorf("%d bytes: %d halves, want %d", bytes, got, want)
		}
	}
}

// TestRelease gives segments back: what is left is what is said to be in use, and can be read.
func TestRelease(t *testing.T) {
	var a arena[[1]uint64]
	defer a.close()
	const segments = 4
	var last span
	for a.next.Load() < segments*segmentSize {
		b, ok := a.reserve()
		if !ok {
			t.Fatal("there is no memory")
		}
		a.at(b.lo)[0] = uint64(b.lo) + 1
		last = b
	}
	whole := a.bytes()
	if whole != segments*segmentSize*8 {
		t.Errorf("%d bytes", whole)
	}
	for _, below := range []int64{segmentSize - 1, segmentSize, 3*segmentSize - 1, 3 * segmentSize} {
		a.release(below)
		gone := below / segmentSize
		if got := a.bytes(); got != whole-gone*segmentSize*8 || int64(len(a.memory)) != segments-gone {
			t.Errorf("released below %d: %d bytes in %d segments", below, got, len(a.memory))
		}
		if got := a.at(last.lo)[0]; got != uint64(last.lo)+1 {
			t.Errorf("released below %d: the last block has %d", below, got)
		}
	}
}

// TestCycleKeys shows that cycles are told apart by their resources, all bits of them, and not by
// where one begins to read.
func TestCycleKeys(t *testing.T) {
	of := func(resources ...int) string {
		var ws []model.Wait
		for _, r := range resources {
			ws = append(ws, model.Wait{Resource: model.ResourceID(r)})
		}
		return CycleKey(ws)
	}
	seen := map[string][]int{}
	for _, rs := range [][]int{{0, 1}, {0, 256}, {0, 257}, {0, 512}, {1, 2}, {1, 2, 3}, {1, 3, 2}, {255, 256}, {0, 1, 256, 2}} {
		key := of(rs...)
		if old, ok := seen[key]; ok {
			t.Errorf("%v and %v have one key", old, rs)
		}
		seen[key] = rs
		if turned := of(append(rs[1:len(rs):len(rs)], rs[0])...); turned != key {
			t.Errorf("%v has another key when it is turned", rs)
		}
	}
}

// TestBytesOfMachines shows what a machine may take: an eighth of the memory, and some megabytes.
func TestBytesOfMachines(t *testing.T) {
	for memory, want := range map[int64]int64{0: 0, 1: 8 << 20, 800: 100 + 8<<20, 8 << 30: 1<<30 + 8<<20} {
		if got := bounds(t.Context(), Options{MaxMemory: memory}).Bytes; got != want {
			t.Errorf("of %d bytes %d are for the machine, want %d", memory, got, want)
		}
	}
}
