package explore

import (
	"math/bits"
	"sync"
	"sync/atomic"

	"github.com/lockproof/lockproof/model"
)

// index finds a state's slot in the arena: open addressing with linear probing over 32-bit entries. An
// entry is the slot's number plus one in its low bits and, in the bits above, as many bits of the state's hash as are
// free: most entries of other states are passed over without looking at the arena. Entries only go from 0 to their
// value, by compare-and-swap, so workers need no lock; growing is done between batches, by all.
type index[S model.Words] struct {
	entries  []uint32
	slotBits uint
	touched  atomic.Uint32 // keeps reads that only fill the caches from being optimised away
	workers  int
	arena    *arena[S]
	alone    bool // there is one worker: nobody to race with
}

const minIndex = 1 << 14

func newIndex[S model.Words](a *arena[S]) *index[S] {
	x := &index[S]{arena: a}
	x.resize(minIndex, nil)
	return x
}

// resize makes room for n entries and enters the live slots again. The bits kept for slot numbers suffice for every slot that the arena can hand
// out before the next resize: workers reserve at most one block each more than they fill.
func (x *index[S]) resize(n int64, live []span) {
	x.entries = make([]uint32, n)
	preferHugePages(x.entries)
	x.slotBits = min(32, uint(bits.Len64(uint64(n)+uint64(x.arena.next.Load()))))
	batches := cut(live)
	var cursor atomic.Int64
	var wg sync.WaitGroup
	for range max(1, x.workers) {
		wg.Go(func() {
			var hashes [batch]uint64
			touched := uint32(0)
			for i := cursor.Add(1) - 1; i < int64(len(batches)); i = cursor.Add(1) - 1 {
				b := batches[i]
				for slot := b.lo; slot < b.hi; slot++ {
					h := hash(x.arena.at(slot))
					hashes[slot-b.lo] = h
					touched += x.peek(h) // a whole batch of misses at once
				}
				for slot := b.lo; slot < b.hi; slot++ {
					x.reinsert(hashes[slot-b.lo], slot)
				}
			}
			x.touched.Add(touched)
		})
	}
	wg.Wait()
}

// reinsert enters a slot whose state is known not to be there.
func (x *index[S]) reinsert(h uint64, slot int64) {
	e := x.entry(h, slot)
	for p := x.home(h); ; p = x.after(p) {
		if atomic.LoadUint32(&x.entries[p]) == 0 && atomic.CompareAndSwapUint32(&x.entries[p], 0, e) {
			return
		}
	}
}

func (x *index[S]) entry(h uint64, slot int64) uint32 {
	return uint32(h)<<x.slotBits | uint32(slot+1)
}

// home maps a hash to an entry by its high bits, so that the low ones are left for the tag.
func (x *index[S]) home(h uint64) int64 {
	hi, _ := bits.Mul64(h, uint64(len(x.entries)))
	return int64(hi)
}

func (x *index[S]) after(p int64) int64 {
	if p++; p == int64(len(x.entries)) {
		return 0
	}
	return p
}

// insert puts s under slot unless it is there already. The slot must be the caller's own.
func (x *index[S]) insert(s *S, h uint64, slot int64) bool {
	e := x.entry(h, slot)
	low := uint32(1)<<x.slotBits - 1
	written := false
	for p := x.home(h); ; {
		old := atomic.LoadUint32(&x.entries[p])
		if old == 0 {
			if !written {
				*x.arena.at(slot) = *s
				written = true
			}
			if x.alone {
				x.entries[p] = e
				return true
			}
			if atomic.CompareAndSwapUint32(&x.entries[p], 0, e) {
				return true
			}
			continue
		}
		if (old^e)&^low == 0 && *x.arena.at(int64(old&low) - 1) == *s {
			return false
		}
		p = x.after(p)
	}
}

// peek is the entry at which the search for h begins.
func (x *index[S]) peek(h uint64) uint32 { return atomic.LoadUint32(&x.entries[x.home(h)]) }

// candidate is the slot that an entry names when its tag is that of h, else -1.
func (x *index[S]) candidate(e uint32, h uint64) int64 {
	low := uint32(1)<<x.slotBits - 1
	if e == 0 || (e^uint32(h)<<x.slotBits)&^low != 0 {
		return -1
	}
	return int64(e&low) - 1
}

// find returns the slot of a state that was inserted.
func (x *index[S]) find(s *S) (int64, bool) {
	h := hash(s)
	e := x.entry(h, 0)
	low := uint32(1)<<x.slotBits - 1
	for p := x.home(h); ; p = x.after(p) {
		old := x.entries[p]
		if old == 0 {
			return 0, false
		}
		if slot := int64(old&low) - 1; (old^e)&^low == 0 && *x.arena.at(slot) == *s {
			return slot, true
		}
	}
}

// hash mixes a packed state: a multiplication a word, folded onto itself, as in wyhash (Wang Yi). Its keys are fixed, so runs can be
// compared. A program's state of one word is all the hash has to tell apart, and a fold of 128 bits does.
func hash[S model.Words](s *S) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for i := range len(*s) {
		hi, lo := bits.Mul64((*s)[i]^0xa0761d6478bd642f, h^0xe7037ed1a0b428db)
		h = hi ^ lo
	}
	if len(*s) == 1 {
		return h
	}
	hi, lo := bits.Mul64(h^0x8ebc6af09c88c6e3, 0x589965cc75374cc3)
	return hi ^ lo
}
