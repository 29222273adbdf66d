package search

import (
	"testing"

	"pgregory.net/rapid"
)

// TestIndexNames checks at every width of slot numbers that an index which says that it has names
// for the slots below a bound can enter the last of them, and that it does not refuse one that it
// could.
func TestIndexNames(t *testing.T) {
	for slotBits := uint(1); slotBits <= 32; slotBits++ {
		x := &index[[1]uint64]{slotBits: slotBits}
		low := uint32(1)<<slotBits - 1
		for _, hi := range []int64{1, 2, 1<<slotBits - 2, 1<<slotBits - 1, 1 << slotBits, 1<<slotBits + 1} {
			if hi < 1 {
				continue
			}
			const h = 0xdeadbeefcafe1234
			e := x.entry(h, hi-1)
			fits := int64(e&low)-1 == hi-1 && e&^low == uint32(uint64(h)<<slotBits)&^low
			if got := x.names(hi); got != fits {
				t.Errorf("%d bits, slots below %d: names %v, the last fits %v", slotBits, hi, got, fits)
			}
		}
	}
}

// TestIndexFull fills an index up to its last free entry: every state is found again, and none that
// is not there.
func TestIndexFull(t *testing.T) {
	for _, n := range []int64{2, 3, 7, 64, 255, 256} {
		var a arena[[1]uint64]
		x := newIndex(&a, n)
		b, _ := a.reserve()
		for i := range n - 1 {
			s := [1]uint64{uint64(i) * 0x10001}
			if !x.names(b.lo + i + 1) {
				t.Fatalf("%d entries: no name for slot %d", n, i)
			}
			if !x.insert(&s, hash(&s), b.lo+i) || x.insert(&s, hash(&s), b.lo+i) {
				t.Fatalf("%d entries: state %d is new twice, or never", n, i)
			}
		}
		for i := range n - 1 {
			s := [1]uint64{uint64(i) * 0x10001}
			if slot, ok := x.find(&s); !ok || slot != b.lo+i {
				t.Errorf("%d entries: state %d is at %d, %v", n, i, slot, ok)
			}
		}
		if _, ok := x.find(&[1]uint64{1}); ok {
			t.Errorf("%d entries: found what is not there", n)
		}
	}
}

// TestDiffers compares the branch-free look with a plain one.
func TestDiffers(t *testing.T) {
	var a arena[[2]uint64]
	x := newIndex(&a, 1<<10)
	b, _ := a.reserve()
	states := [][2]uint64{{1, 1}, {1, 2}, {2, 1}, {0, 0}, {1 << 63, 1}, {1, 1 << 63}}
	for i := range states {
		x.insert(&states[i], hash(&states[i]), b.lo+int64(i))
	}
	for i := range states {
		for j := range states {
			e := x.entry(hash(&states[j]), b.lo+int64(j))
			if got := x.differs(e, hash(&states[i]), &states[i]); (got == 0) != (i == j) {
				t.Errorf("state %d and the entry of %d differ: %d", i, j, got)
			}
		}
		if x.differs(0, hash(&states[i]), &states[i]) != 1 {
			t.Errorf("state %d is in an empty entry", i)
		}
	}
}

// TestFingerprints compares the set of hashes with a map, up to its last free entry; 0 and 1 are
// one hash.
func TestFingerprints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 60).Draw(t, "entries")
		f := &fingerprints{entries: make([]uint64, n)}
		hashes := rapid.SliceOfN(rapid.OneOf(rapid.Uint64Range(0, 3), rapid.Uint64(), rapid.Uint64Min(1<<64-3)), 0, n-1).Draw(t, "hashes")
		seen := map[uint64]bool{}
		for _, h := range append(hashes, hashes...) {
			fresh := !seen[max(h, 1)]
			seen[max(h, 1)] = true
			if got := f.insert(h); got != fresh {
				t.Fatalf("%x is new: %v, want %v", h, got, fresh)
			}
		}
	})
}

// TestOmission pins the birthday bound: n states make n(n-1)/2 pairs, each of which has one of 2^64
// fingerprints.
func TestOmission(t *testing.T) {
	for n, want := range map[int64]float64{
		0: 0, 1: 0, 2: 5.421010862427522e-20, 3: 1.6263032587282567e-19, 1_000_000: 2.7105027201932535e-08,
		1_000_000_000: 0.02674, 1 << 32: 0.39346934, 1 << 36: 1,
	} {
		if got := omission(n); got < want*(1-1e-4) || got > want*(1+1e-4) {
			t.Errorf("omission of %d states: %v, want %v", n, got, want)
		}
	}
}

// TestSameHash checks that states are told apart by their words and not by their hashes alone.
func TestSameHash(t *testing.T) {
	var a arena[[1]uint64]
	x := newIndex(&a, 1<<6)
	b, _ := a.reserve()
	const h = 0x123456789abcdef0
	for i := range int64(20) {
		s := [1]uint64{uint64(i)}
		if !x.insert(&s, h, b.lo+i) {
			t.Errorf("state %d is taken for another with the same hash", i)
		}
		if x.insert(&s, h, b.lo+i+1) {
			t.Errorf("state %d is new twice", i)
		}
	}
}
