package explore

import (
	"sync"
	"sync/atomic"

	"github.com/lockproof/lockproof/model"
)

const (
	segmentBits  = 20
	segmentSize  = 1 << segmentBits
	segmentMask  = segmentSize - 1
	blockSize    = 64 // slots that a worker reserves at a time
	maxSegments  = 1 << 11
	maxArenaSize = maxSegments * segmentSize // 2^31 states
)

// arena keeps every reached state in breadth-first order: the states of one level stand together, so the
// queue of the search, the visited set and the way back to the start are one array. Segments never move.
//
// Workers reserve slots in blocks; what a worker reserved and did not fill by the end of a level is a hole.
type arena[S model.Words] struct {
	segments [maxSegments]atomic.Pointer[[segmentSize]S]
	grow     sync.Mutex
	next     atomic.Int64
	filled   atomic.Int64
	used     []span       // what earlier levels filled, in order
	released atomic.Int64 // segments given back
}

type span struct{ lo, hi int64 }

func (a *arena[S]) at(i int64) *S { return &a.segments[i>>segmentBits].Load()[i&segmentMask] }

// bytes is the memory in use. A segment is one allocation, but its pages are the kernel's until they are touched.
func (a *arena[S]) bytes() int64 {
	var zero S
	return (a.next.Load() - a.released.Load()*segmentSize) * int64(len(zero)) * 8
}

// release gives back the segments below a slot.
func (a *arena[S]) release(below int64) {
	for i := a.released.Load(); i < below>>segmentBits; i++ {
		a.segments[i].Store(nil)
		a.released.Add(1)
	}
}

// reserve takes the next block of slots. ok is false when the arena is full.
func (a *arena[S]) reserve() (b span, ok bool) {
	hi := a.next.Add(blockSize)
	b = span{hi - blockSize, hi}
	if hi > maxArenaSize {
		return b, false
	}
	// A block never straddles segments: the size of one divides that of the other.
	if s := &a.segments[b.lo>>segmentBits]; s.Load() == nil {
		a.grow.Lock()
		if s.Load() == nil {
			fresh := make([]S, segmentSize)
			preferHugePages(fresh)
			s.Store((*[segmentSize]S)(fresh))
		}
		a.grow.Unlock()
	}
	return b, true
}
