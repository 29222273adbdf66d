package search

import (
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
		s.close()
	}
}
