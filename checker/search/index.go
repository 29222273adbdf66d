package search

import (
	"math/bits"

	"github.com/lockproof/lockproof/model"
)

// index finds a state's slot in the arena: open addressing with linear probing over 32-bit entries.
// An entry is the slot's number plus one in its low bits and, in the bits above, as many bits of
// the state's hash as are free: most entries of other states are passed over without looking at the
// arena. One worker uses it.
type index[S model.Words] struct {
	entries  []uint32 // those of memory
	memory   pages[uint32]
	slotBits uint
	arena    *arena[S]
}

func newIndex[S model.Words](a *arena[S], n int64) *index[S] {
	x := &index[S]{arena: a}
	x.resize(n, n, nil, func() bool { return false })
	return x
}

// resize makes room for n entries, with numbers for about that many more slots than there are now,
// and enters the live slots again. The old entries are gone by then. It returns false, and leaves
// an index of no use, when there is no memory, or when it is stopped.
func (x *index[S]) resize(n, slots int64, live []span, stopped func() bool) bool {
	x.close()
	memory, ok := newPages[uint32](n)
	if !ok {
		return false
	}
	x.memory, x.entries = memory, memory.items
	x.slotBits = min(32, uint(bits.Len64(uint64(slots+x.arena.next.Load()))))
	for _, b := range live {
		if stopped() {
			return false
		}
		states := x.arena.slice(b)
		for i := range states {
			x.reinsert(hash(&states[i]), b.lo+int64(i))
		}
	}
	return true
}

// close gives the entries back.
func (x *index[S]) close() {
	x.memory.free()
	x.entries = nil
}

// names reports whether entries have bits enough for the slots below hi.
func (x *index[S]) names(hi int64) bool { return hi < 1<<x.slotBits }

// reinsert enters a slot whose state is known not to be there.
func (x *index[S]) reinsert(h uint64, slot int64) {
	p := x.home(h)
	for x.entries[p] != 0 {
		p = x.after(p)
	}
	x.entries[p] = x.entry(h, slot)
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
	for p := x.home(h); ; p = x.after(p) {
		old := x.entries[p]
		if old == 0 {
			*x.arena.at(slot) = *s
			x.entries[p] = e
			return true
		}
		if (old^e)&^low == 0 && *x.arena.at(int64(old&low) - 1) == *s {
			return false
		}
	}
}

// peek is the entry at which the search for h begins.
func (x *index[S]) peek(h uint64) uint32 { return x.entries[x.home(h)] }

// differs reports, as 1 or 0, whether an entry is not that of the state s, whose hash is h. It does
// not branch on the answer, which nobody can predict. Slot 0 must exist.
func (x *index[S]) differs(e uint32, h uint64, s *S) int {
	low := uint32(1)<<x.slotBits - 1
	slot := int64(e&low) - 1
	if (e^uint32(h)<<x.slotBits)&^low != 0 {
		slot = -1
	}
	other := x.arena.at(slot &^ (slot >> 63))
	diff := uint64(slot >> 63)
	for i := range len(*s) {
		diff |= (*s)[i] ^ (*other)[i]
	}
	not := 0
	if diff != 0 {
		not = 1
	}
	return not
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

// hash mixes a packed state: a multiplication a word, folded onto itself, as in wyhash (Wang Yi).
// Its keys are fixed, so runs can be compared. A program's state of one word is all the hash has to
// tell apart, and a fold of 128 bits does.
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
