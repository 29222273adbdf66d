package search

import (
	"math"
	"math/bits"
)

// fingerprints is a visited set that keeps 64 bits of hash for each state instead of the state
// (hash compaction: Wolper and Leroy, Reliable Hashing without Collision Detection, 1993; Stern and
// Dill, 1995). Two states with one fingerprint are taken for one, and what is reachable only
// through the second is missed; see [omission] for how likely that is. One worker uses it.
type fingerprints struct {
	entries []uint64 // those of memory
	memory  pages[uint64]
}

func newFingerprints(n int64) *fingerprints {
	f := &fingerprints{}
	f.memory, _ = newPages[uint64](n)
	f.entries = f.memory.items
	return f
}

// insert enters h and reports whether it was new. A hash of 0 stands for 1.
func (f *fingerprints) insert(h uint64) bool {
	h = max(h, 1)
	for p := f.home(h); ; p = f.after(p) {
		switch f.entries[p] {
		case h:
			return false
		case 0:
			f.entries[p] = h
			return true
		}
	}
}

func (f *fingerprints) home(h uint64) int64 {
	hi, _ := bits.Mul64(h, uint64(len(f.entries)))
	return int64(hi)
}

func (f *fingerprints) after(p int64) int64 {
	if p++; p == int64(len(f.entries)) {
		return 0
	}
	return p
}

func (f *fingerprints) peek(h uint64) uint64 { return f.entries[f.home(h)] }

// resize makes room for n entries and enters the old ones again. It returns false, with the old
// ones alone, when there is no memory, or when it is stopped.
func (f *fingerprints) resize(n int64, stopped func() bool) bool {
	memory, ok := newPages[uint64](n)
	if !ok {
		return false
	}
	old := *f
	f.memory, f.entries = memory, memory.items
	for i, h := range old.entries {
		if i%largeBlock == 0 && stopped() {
			f.close()
			*f = old
			return false
		}
		if h == 0 {
			continue
		}
		p := f.home(h)
		for f.entries[p] != 0 {
			p = f.after(p)
		}
		f.entries[p] = h
	}
	old.close()
	return true
}

// close gives the entries back.
func (f *fingerprints) close() {
	f.memory.free()
	f.entries = nil
}

// omission bounds the probability that among n states two have the same 64-bit fingerprint, so that
// one was left out (the birthday bound).
func omission(n int64) float64 {
	return -math.Expm1(-float64(n) * float64(n-1) / 2 / math.Exp2(64))
}
