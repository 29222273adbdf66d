package search

import (
	"testing"

	"pgregory.net/rapid"
)

// TestIndex compares the visited set with a map, over insertions with many repetitions and several
// rebuilds.
func TestIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a arena[[2]uint64]
		defer a.close()
		x := newIndex(&a, 1<<14)
		want := map[[2]uint64]int64{}
		var used []span
		n := rapid.IntRange(1, 3000).Draw(t, "insertions")
		seed := rapid.Uint64().Draw(t, "seed")
		few := rapid.Uint64Range(1, 1000).Draw(t, "values")
		var b span
		for i := range n {
			seed = seed*6364136223846793005 + 1442695040888963407
			s := [2]uint64{seed >> 33 % few, seed >> 13 % 3}
			if b.lo == b.hi {
				b, _ = a.reserve()
				used = append(used, span{b.lo, b.lo})
			}
			_, known := want[s]
			if fresh := x.insert(&s, hash(&s), b.lo); fresh == known {
				t.Fatalf("insertion %d: fresh %v, known %v", i, fresh, known)
			} else if fresh {
				want[s] = b.lo
				b.lo++
				used[len(used)-1].hi = b.lo
			}
			if i%700 == 699 {
				x.resize(int64(len(x.entries))+1000, 1000, used, func() bool { return false })
			}
		}
		for s, slot := range want {
			if got, ok := x.find(&s); !ok || got != slot {
				t.Fatalf("%v: slot %d, %v, want %d", s, got, ok, slot)
			}
		}
		if _, ok := x.find(&[2]uint64{few + 1, 9}); ok {
			t.Fatal("found what was never inserted")
		}
	})
}
