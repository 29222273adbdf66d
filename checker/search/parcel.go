package search

import (
	"math/bits"

	"github.com/lockproof/lockproof/model"
)

// Every state has one owner: the worker that keeps it in its part of the visited set (Stern and
// Dill, Parallelizing the Murphi Verifier, 1997). So the parts need no locks and no atomic
// operations, they grow on their own, and one processor does not wait for cache lines that another
// has just written: what crosses over are parcels of states, written and read from one end to the
// other.

// parcel is successors on their way to one owner.
type parcel[S model.Words] struct{ states []S }

const (
	// parcelSize is how many states travel together, and how many cache misses of the visited set
	// may overlap.
	parcelSize = 256
	// inboxSize is how many parcels may wait for a worker before those who send more to it look at
	// their own.
	inboxSize = 32
)

// parcelBytes is what the parcels of so many workers take: one for each to fill for each, and full
// inboxes.
func parcelBytes[S model.Words](workers int) int64 {
	parcels := int64(1)
	if workers > 1 {
		parcels = int64(workers) * int64(workers+inboxSize)
	}
	return parcels * parcelSize * stateSize[S]()
}

// affordable is how many workers there may be, at most so many: an eighth of the memory must do for
// their parcels.
func affordable[S model.Words](workers int, memory int64) int {
	workers = max(1, workers)
	for memory > 0 && workers > 1 && parcelBytes[S](workers) > memory/8 {
		workers--
	}
	return workers
}

func newParcel[S model.Words]() *parcel[S] { return &parcel[S]{states: make([]S, 0, parcelSize)} }

// ownerOf is the worker that owns a state. It looks at the locations of a few threads only, so that
// most steps lead to a state of the same owner and nothing is sent (Lerda and Sisto,
// Distributed-Memory Model Checking with SPIN, 1999, look at one thread).
func (s *search[S]) ownerOf(state *S) int {
	var part S
	for i := range len(part) {
		part[i] = (*state)[i] & s.deciders[i]
	}
	hi, _ := bits.Mul64(hash(&part), uint64(len(s.workers)))
	return int(hi)
}

// deciders is how many threads decide who owns a state: enough for each worker to have many
// combinations of their locations, which makes the shares even.
func deciders(p *model.Program, workers int) int {
	combinations := 1
	for t := range p.Threads {
		if combinations >= 256*workers {
			return t
		}
		combinations *= len(p.Threads[t].Nodes)
	}
	return len(p.Threads)
}

// route puts a state into the parcel for its owner.
func (w *worker[S]) route(state *S) {
	o := 0
	if len(w.out) > 1 {
		o = w.s.ownerOf(state)
	}
	p := w.out[o]
	p.states = append(p.states, *state)
	if len(p.states) == parcelSize {
		w.dispatch(o)
	}
}

// dispatch hands the parcel for o over.
func (w *worker[S]) dispatch(o int) {
	p := w.out[o]
	if o == w.id || w.s.alone {
		w.s.workers[o].accept(p.states)
		p.states = p.states[:0]
		return
	}
	w.send(o, p)
	w.out[o] = w.s.spareParcel()
}

// flush hands over what is left.
func (w *worker[S]) flush() {
	for o, p := range w.out {
		if len(p.states) > 0 {
			w.dispatch(o)
		}
	}
}

// send puts a parcel into an inbox. While that is full the worker sees to its own, so that two that
// send to each other go on.
func (w *worker[S]) send(o int, p *parcel[S]) {
	for {
		select {
		case w.s.workers[o].inbox <- p:
			return
		case mine := <-w.inbox:
			w.open(mine)
		}
	}
}

// drain sees to the parcels that have come.
func (w *worker[S]) drain() {
	for {
		select {
		case p := <-w.inbox:
			w.open(p)
		default:
			return
		}
	}
}

// open enters the states of a parcel. When the search is stopping it drops them.
func (w *worker[S]) open(p *parcel[S]) {
	if !w.s.stop.Load() {
		w.accept(p.states)
	}
	p.states = p.states[:0]
	w.s.spares.Put(p)
}

func (s *search[S]) spareParcel() *parcel[S] {
	if p, ok := s.spares.Get().(*parcel[S]); ok {
		return p
	}
	return newParcel[S]()
}

// finish ends a level for a worker that has sent all that it had to send: it goes on receiving
// until the last such worker says that nobody sends any more. Inboxes are first in, first out, so
// nothing comes after that.
func (w *worker[S]) finish() {
	if w.s.busy.Add(-1) == 0 {
		for o := range w.s.workers {
			if o != w.id {
				w.send(o, nil)
			}
		}
		w.drain()
		return
	}
	for p := <-w.inbox; p != nil; p = <-w.inbox {
		w.open(p)
	}
}
