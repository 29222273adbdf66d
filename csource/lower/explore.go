package lower

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// An explorer runs the threads of an open program together, state by state, and has the outcomes
// made that they come to. It visits every state that can be reached, or as many as it may; it goes
// first where nobody has been, so that few states show most of what threads can do.
//
// No verdict rests on it: what it leaves out is found by the search, as a step that is lacking.
type explorer struct {
	p      *assembly
	words  map[int]int // by variable: where a state has the number of its value
	locks  int         // where the locks begin, one bit each
	vars   int         // where the variables begin
	width  int
	states []uint32 // one after the other
	table  []int32  // open addressing: numbers of states, plus one
	fresh  []int32  // to be expanded first, the last one at once
	queue  []int32
	next   int // of queue

	here, there []uint32
	moved       bool // the step at hand led where nobody has been
}

func newExplorer(p *assembly) *explorer {
	e := &explorer{p: p}
	e.reset()
	return e
}

// reset forgets all states.
func (e *explorer) reset() {
	e.locks = len(e.p.threads)
	e.vars = e.locks + (len(e.p.locks)+31)/32
	e.words, e.width = map[int]int{}, e.vars
	e.states, e.table, e.fresh, e.queue, e.next = nil, nil, nil, nil, 0
}

// start adds the states in which the threads can begin, as many as it may.
func (e *explorer) start(most int) (all bool) {
	for i := 0; i < len(e.p.threads); i++ { // the start of one may make others
		t := e.p.threads[i]
		if !t.start.made() {
			t.build(atStart)
		}
		if len(t.starts) == 0 {
			return true
		}
	}
	if len(e.p.threads) > e.locks {
		e.reset()
	}
	at := make([]int, len(e.p.threads))
	for n := 0; n < most; n++ {
		s := make([]uint32, e.width)
		for i, t := range e.p.threads {
			s[i] = uint32(t.starts[at[i]].To)
		}
		for v, w := range e.words {
			s[w] = e.initial(v)
		}
		e.add(s)
		i := len(at) - 1
		for i >= 0 && at[i]+1 == len(e.p.threads[i].starts) {
			at[i] = 0
			i--
		}
		if i < 0 {
			return true
		}
		at[i]++
	}
	return false
}

func (e *explorer) initial(v int) uint32 {
	e.p.admitInitial(v)
	return e.p.facts.variable(v).index[e.p.encode(e.p.cell(e.p.vars[v]).init)]
}

// word is where a state has a variable. What no step has named until now has had its initial value
// in all states.
func (e *explorer) word(v int) int {
	w, ok := e.words[v]
	if ok {
		return w
	}
	w = e.width
	e.words[v] = w
	first := e.initial(v)
	old := e.states
	e.states = make([]uint32, 0, len(old)/max(1, e.width)*(e.width+1))
	for i := 0; i < len(old); i += e.width {
		e.states = append(append(e.states, old[i:i+e.width]...), first)
	}
	e.width++
	e.rehash(len(e.table))
	e.here = append(e.here, first)
	if len(e.there) > 0 {
		e.there = append(e.there, first)
	}
	return w
}

func (e *explorer) state(i int32) []uint32 { return e.states[int(i)*e.width : (int(i)+1)*e.width] }

func (e *explorer) count() int { return len(e.states) / e.width }

// rehash makes the table anew.
func (e *explorer) rehash(size int) {
	e.table = make([]int32, size)
	for i := range e.count() {
		p, _ := e.find(e.state(int32(i)))
		e.table[p] = int32(i) + 1
	}
}

// find is where a state is in the table, or would be.
func (e *explorer) find(s []uint32) (at int, known bool) {
	h := uint64(len(s))
	for _, x := range s {
		h = (h ^ uint64(x)) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	for at = int(h % uint64(len(e.table))); ; at = (at + 1) % len(e.table) {
		switch i := e.table[at]; {
		case i == 0:
			return at, false
		case slices.Equal(e.state(i-1), s):
			return at, true
		}
	}
}

// add enters a state unless it is known.
func (e *explorer) add(s []uint32) {
	if 2*e.count() >= len(e.table) {
		e.rehash(max(1<<10, 2*len(e.table)))
	}
	at, known := e.find(s)
	if known {
		return
	}
	i := int32(e.count())
	e.states = append(e.states, s...)
	e.table[at] = i + 1
	e.p.meter.Take(4*len(s) + 16)
	if e.moved {
		e.fresh = append(e.fresh, i)
	} else {
		e.queue = append(e.queue, i)
	}
}

// linger is how many more states are expanded when a field turned out to be no constant: others
// may do so as well.
const linger = 1 << 10

// run expands up to most states. It returns false when that has to be done again, because a field
// turned out to be no constant, a thread was found that another starts, or a limit was hit.
func (e *explorer) run(most int) bool {
	for ; most > 0; most-- {
		if len(e.p.threads) > e.locks {
			return false
		}
		var i int32
		switch n := len(e.fresh); {
		case n > 0:
			i, e.fresh = e.fresh[n-1], e.fresh[:n-1]
		case e.next < len(e.queue):
			i = e.queue[e.next]
			e.next++
		default:
			return !e.p.facts.moved
		}
		if !e.expand(e.state(i)) {
			return false
		}
		if e.p.facts.moved {
			most = min(most, linger)
		}
	}
	return !e.p.facts.moved
}

// done reports whether every state has been expanded.
func (e *explorer) done() bool { return len(e.fresh) == 0 && e.next == len(e.queue) }

// expand lets every thread take its step. It returns false when a limit was hit.
func (e *explorer) expand(s []uint32) bool {
	e.here = append(e.here[:0], s...)
	if e.p.process > 0 && e.value(e.p.exitVar()) != 0 {
		return true
	}
	for i, t := range e.p.threads {
		if !e.p.meter.Work(1) {
			e.p.hopeless = true
		}
		e.moved, e.there = false, e.there[:0]
		e.step(i, t)
		if e.p.hopeless || e.p.differ {
			return false
		}
	}
	return true
}

// spotOf is the node at which a thread is, made when nobody has been there.
func (e *explorer) spotOf(t *thread, id model.NodeID) *spot {
	s := t.spot(id)
	if !s.made() {
		t.build(id)
	}
	return s
}

// outcome is that of a node for the value that its variable has, made when nobody has met it there;
// nil when there is none.
func (e *explorer) outcome(t *thread, id model.NodeID, s *spot, shift int64) *model.Outcome {
	value := e.value(s.node.Var)
	if s.enumerates && !s.done[value+max(0, shift)] {
		e.moved = true
		if s.done == nil {
			s.done = map[int64]bool{}
		}
		s.done[value+max(0, shift)] = true
		t.wanted = []int64{value + max(0, shift)}
		t.build(id)
		t.wanted = nil
	}
	return normal(&s.node, value+shift)
}

// normal is the outcome for a value, without those that are faults.
func normal(n *model.Node, when int64) *model.Outcome {
	i, ok := slices.BinarySearchFunc(n.Out, model.Outcome{When: when}, compareOutcomes)
	if !ok {
		return nil
	}
	return &n.Out[i]
}

// value is that of a variable, here.
func (e *explorer) value(v model.VarID) int64 {
	w := e.word(int(v))
	return e.p.facts.variable(int(v)).news[e.here[w]]
}

func (e *explorer) locked(l model.LockID) bool {
	return e.here[e.locks+int(l)/32]&(1<<(l%32)) != 0
}
