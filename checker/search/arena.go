package search

import (
	"sync"
	"sync/atomic"

	"github.com/lockproof/lockproof/model"
)

const (
	segmentBits  = 20
	segmentSize  = 1 << segmentBits
	segmentMask  = segmentSize - 1
	smallBlock   = 1 << 8 // slots that a worker reserves at a time
	largeBlock   = 1 << 14
	maxSegments  = 1 << 11
	maxArenaSize = maxSegments * segmentSize // 2^31 states
)

// arena keeps every reached state in breadth-first order: the states of one level stand together,
// so the queue of the search, the visited set and the way back to the start are one array. Segments
// never move.
//
// Workers reserve slots in blocks; what a worker reserved and did not fill by the end of a level is
// a hole.
type arena[S model.Words] struct {
	segments [maxSegments]atomic.Pointer[[segmentSize]S]
	_        cacheLine
	grow     sync.Mutex
	memory   map[int64]pages[S] // of the segments
	next     atomic.Int64
	filled   atomic.Int64
	released atomic.Int64 // segments given back
}

type span struct{ lo, hi int64 }

func (a *arena[S]) at(i int64) *S { return &a.segments[i>>segmentBits].Load()[i&segmentMask] }

// slice is the states of a span that lies in one block.
func (a *arena[S]) slice(b span) []S {
	if b.lo == b.hi {
		return nil
	}
	lo := b.lo & segmentMask
	return a.segments[b.lo>>segmentBits].Load()[lo : lo+b.hi-b.lo]
}

// bytes is the memory in use. A segment is one mapping, but its pages are the kernel's until they
// are touched.
func (a *arena[S]) bytes() int64 {
	return (a.next.Load() - a.released.Load()*segmentSize) * stateSize[S]()
}

// release gives back the segments below a slot.
func (a *arena[S]) release(below int64) {
	for i := a.released.Load(); i < below>>segmentBits; i++ {
		a.drop(i)
		a.released.Add(1)
	}
}

func (a *arena[S]) drop(segment int64) {
	a.segments[segment].Store(nil)
	p := a.memory[segment]
	p.free()
	delete(a.memory, segment)
}

// close gives back all segments.
func (a *arena[S]) close() {
	for i := range a.memory {
		a.drop(i)
	}
}

// blockSize is the size of a block that begins at a slot or after it. Where there are many states
// it is that of several pages, so that a page has one writer.
func blockSize(slot int64) int64 {
	if slot < segmentSize {
		return smallBlock
	}
	return largeBlock
}

// reserve takes the next block of slots. ok is false when the arena is full, or the machine has no
// memory.
func (a *arena[S]) reserve() (b span, ok bool) {
	for taken := false; !taken; {
		next := a.next.Load()
		size := blockSize(next)
		b.lo = (next + size - 1) / size * size // two may have taken the first large block for a small one
		b.hi = b.lo + size
		taken = a.next.CompareAndSwap(next, b.hi)
	}
	if b.hi > maxArenaSize {
		return b, false
	}
	// A block never straddles segments: the size of one divides that of the other.
	return b, a.segments[b.lo>>segmentBits].Load() != nil || a.addSegment(b.lo>>segmentBits)
}

// addSegment makes a segment unless another worker has just done so.
func (a *arena[S]) addSegment(i int64) bool {
	a.grow.Lock()
	defer a.grow.Unlock()
	if a.segments[i].Load() != nil {
		return true
	}
	p, ok := newPages[S](segmentSize)
	if !ok {
		return false
	}
	if a.memory == nil {
		a.memory = map[int64]pages[S]{}
	}
	a.memory[i] = p
	a.segments[i].Store((*[segmentSize]S)(p.items))
	return true
}
