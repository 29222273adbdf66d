package lower

import (
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// A barrier is for count threads. It fills: some have come. When the last one comes it opens, and
// the others leave; until all have left, nobody comes again, which no one can tell from coming
// later. One of the threads of each round is told that it is the serial one: any of them.
type barrier struct {
	count  int64 // 0: it was not made
	open   bool
	inside int64 // who has come, and has not left
	serial bool  // open: one who is inside will be told
}

const barrierInside = 6 // bits: more than threads

func (b barrier) encode() int64 {
	n := b.count<<(barrierInside+2) | b.inside<<2
	if b.open {
		n |= 2
	}
	if b.serial {
		n |= 1
	}
	return n
}

func decodeBarrier(n int64) barrier {
	return barrier{
		count: n >> (barrierInside + 2), open: n&2 != 0, inside: n >> 2 & (1<<barrierInside - 1),
		serial: n&1 != 0,
	}
}

// left is the barrier when one less is inside.
func (b barrier) left(serial bool) barrier {
	if b.inside--; b.inside == 0 {
		return barrier{count: b.count}
	}
	b.open, b.serial = true, serial
	return b
}

// badBarrier reports whether a barrier cannot be for so many threads: the argument is unsigned, and
// not 0.
func badBarrier(n int64) bool { return n <= 0 || n > 1<<31-1 }

func (t *thread) barrierNode(c *config, n *model.Node, i *instr) {
	s := t.syncStep(c, n, i)
	serial, _ := vocabulary.Constant("PTHREAD_BARRIER_SERIAL_THREAD")
	name := t.w.cellName(s.r)
	for _, x := range s.values(i.prim.Effect == vocabulary.BarrierInit) {
		var b barrier
		if x != model.Unset {
			b = decodeBarrier(x)
		}
		switch {
		case i.prim.Effect == vocabulary.BarrierInit:
			if b.inside > 0 {
				s.undefined(x, "%s is made again while threads wait there", name)
				break
			}
			s.to(x, barrier{count: uintType.wrap(c.read(i.args[2]).n)}.encode(), intValue(0))
		case b.count == 0:
			s.undefined(x, "%s is used, and pthread_barrier_init was not called", name)
		case i.prim.Effect == vocabulary.BarrierDestroy:
			switch {
			case b.open: // it waits until all have left
			case b.inside > 0:
				s.undefined(x, "%s is destroyed while threads wait there", name)
			default:
				s.to(x, barrier{}.encode(), intValue(0))
			}
		case c.phase == arrived:
			if b.open {
				s.leave(x, b, serial)
			}
		case b.open:
		case b.inside+1 < b.count:
			s.arrive(x, b)
		default:
			b.inside++
			b.serial = true
			s.leave(x, b, serial)
		}
	}
}

func (s *syncStep) arrive(x int64, b barrier) {
	b.inside++
	s.next(x, b.encode(), func() []model.Edge {
		d := s.c.clone()
		d.phase, d.alive, d.restarts = arrived, nil, 0
		return []model.Edge{{To: s.intern(d)}}
	})
}

// leave goes on, as the serial thread or not; the last one is told when nobody was.
func (s *syncStep) leave(x int64, b barrier, serial int64) {
	if b.serial {
		s.to(x, b.left(false).encode(), intValue(serial))
	}
	if !b.serial || b.inside > 1 {
		s.to(x, b.left(b.serial).encode(), intValue(0))
	}
}
