package search

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/model"
)

// TestFingerprintSet compares the set of fingerprints with a map: over insertions into a table that
// is nearly full, rebuilds, and rebuilds that are stopped, which leave all as it was.
func TestFingerprintSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newFingerprints(rapid.Int64Range(3, 40).Draw(t, "entries"))
		defer f.close()
		want := map[uint64]bool{}
		near := rapid.Bool().Draw(t, "near each other")
		for range rapid.IntRange(1, 120).Draw(t, "insertions") {
			h := rapid.Uint64().Draw(t, "fingerprint")
			if near {
				h = 1<<63 | h%8 // all of them have one home
			}
			if rapid.IntRange(0, 9).Draw(t, "none") == 0 {
				h = 0 // which stands for 1
			}
			if got, known := f.insert(h), want[max(h, 1)]; got == known {
				t.Fatalf("%x is new: %v", h, got)
			}
			if want[max(h, 1)] = true; f.peek(h) == 0 && h > 0 {
				t.Fatalf("nothing stands where %x begins to look", h)
			}
			if n := int64(len(f.entries)); int64(len(want)) >= n-1 {
				if f.resize(n+5, func() bool { return true }) || int64(len(f.entries)) != n {
					t.Fatal("it has grown, though it was stopped")
				}
				if !f.resize(n+5, func() bool { return false }) || int64(len(f.entries)) != n+5 {
					t.Fatal("it has not grown")
				}
			}
		}
		for h := range want {
			if f.insert(h) {
				t.Fatalf("%x was forgotten", h)
			}
		}
	})
	f := newFingerprints(3)
	defer f.close()
	if f.insert(7); f.resize(1<<56, func() bool { return false }) || f.insert(7) {
		t.Error("without memory, what was known is lost")
	}
}

// TestArenaIsFull reserves the last block that there may be, and one more.
func TestArenaIsFull(t *testing.T) {
	var a arena[[1]uint64]
	defer a.close()
	a.next.Store(maxArenaSize - largeBlock)
	if b, ok := a.reserve(); !ok || b.hi != maxArenaSize || b.hi-b.lo != largeBlock {
		t.Errorf("the last block: %v, %v", b, ok)
	}
	if b, ok := a.reserve(); ok {
		t.Errorf("one block more: %v", b)
	}
}

// TestGapsFound shows how long a search for steps that are lacking goes on after the first of them:
// until there are as many states again.
func TestGapsFound(t *testing.T) {
	s := &search[[1]uint64]{plan: plan{gaps: true}}
	s.saw.found = found[[1]uint64]{}
	s.arena.filled.Store(5)
	if s.gapsFound() || s.gapAt != 0 {
		t.Error("there is nothing lacking")
	}
	s.saw.found.note(finding[[1]uint64]{verdict: model.Violation, kind: model.Unexplored})
	for _, c := range []struct {
		filled int64
		enough bool
	}{{7, false}, {13, false}, {14, true}, {15, true}} {
		s.arena.filled.Store(c.filled)
		if s.gapsFound() != c.enough || s.gapAt != 7 {
			t.Errorf("%d states: enough is %v, the first was found at %d", c.filled, !c.enough, s.gapAt)
		}
	}
	if s.plan.gaps = false; s.gapsFound() {
		t.Error("nobody asks for what is lacking")
	}
}
