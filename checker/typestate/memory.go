package typestate

// Most states that come up while a block is carried out are gone at its end: ways through callees
// that do not fit, and what comes to the next block as others did. So their memory is taken in
// pieces, and taken again for the next block: it stays in the caches of the processor, and the
// garbage collector sees nothing of it. What goes on is settled first.

// A memory is where the states lie that come up in the block at hand.
type memory struct {
	states slab[state]
	facts  slab[fact]
	needs  slab[need]
	vars   slab[value]
	nested *memory // of a callee that is looked at meanwhile
}

// again gives everything back. Nothing that was taken before may be used after it.
func (m *memory) again() {
	m.states.again()
	m.facts.again()
	m.needs.again()
	m.vars.again()
}

// inner is the memory of a function that is looked at within a block of another one.
func (m *memory) inner() *memory {
	if m.nested == nil {
		m.nested = &memory{}
	}
	return m.nested
}

// A slab gives out pieces of arrays. Only so many arrays are kept for the next time: a block of
// thousands of states would keep too many.
type slab[T any] struct {
	kept [][]T
	used int // of those that are kept
	free []T // of the last one
}

const (
	slabLength = 512 // of an array, in elements
	slabsKept  = 256 // arrays
)

// take gives n elements, whose values may be anything.
func (b *slab[T]) take(n int) []T {
	if n > len(b.free) {
		b.more(n)
	}
	out := b.free[:n:n]
	b.free = b.free[n:]
	return out
}

func (b *slab[T]) more(n int) {
	switch {
	case n > slabLength:
		b.free = make([]T, n)
	case b.used < len(b.kept):
		b.free = b.kept[b.used]
		b.used++
	default:
		b.free = make([]T, slabLength)
		if len(b.kept) < slabsKept {
			b.kept = append(b.kept, b.free)
			b.used++
		}
	}
}

// copied is a copy of a list, with room for some more.
func (b *slab[T]) copied(list []T, room int) []T {
	out := b.take(len(list) + room)
	return out[:copy(out, list)]
}

func (b *slab[T]) again() { b.used, b.free = 0, nil }
