package lower

import (
	"context"
	"slices"
	"sync"

	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/model"
)

// A source makes a program that is too large to be closed over all values of its variables: with
// the outcomes that an [explorer] has come to, and those that a search asks for.
type source struct {
	mu sync.Mutex
	*world
	threads []Thread
	args    [][]value
	opt     Options
	share   bool
	p       *assembly
	e       *explorer
	budget  int  // how many states are explored next time
	missed  bool // some states were not even entered
}

const (
	firstBudget = 1 << 16
	maxExplored = 1 << 20 // states that are kept
)

// program explores, and makes the program of what there is then. It is closed when every state was
// visited.
func (s *source) program() (*model.Program, error) {
	if s.p == nil {
		s.begin()
	}
	for !s.e.run(s.budget) && !s.p.hopeless {
		if s.p.differ {
			s.share = false
			s.begin()
		} else {
			s.restart()
		}
	}
	if err := s.meter.Err(); err != nil {
		return nil, err
	}
	if s.p.large {
		return nil, meter.ErrMemory
	}
	if err := s.p.wrong().Err(); err != nil {
		return nil, err
	}
	p := s.p.finish()
	if !s.missed && s.e.done() {
		return p, nil
	}
	i := &issue{source: s, made: s.p}
	for _, t := range s.p.threads {
		i.nodes = append(i.nodes, t.listed)
	}
	i.locks, i.vars = used(s.p.locksUsed), used(s.p.varsUsed)
	p.Source = i
	return p, nil
}

// begin starts with nothing.
func (s *source) begin() {
	s.p = newAssembly(s.world, s.threads, s.args, s.opt, true, s.share)
	s.e = newExplorer(s.p)
	s.restart()
}

// restart explores again from the start, with the nodes that there are.
func (s *source) restart() {
	s.p.facts.moved = false
	for _, t := range s.p.threads {
		t.doubtAgain()
	}
	s.e.reset()
	s.missed = !s.e.start(s.budget)
}

// used lists what has a number, in the order of the numbers.
func used(numbers []int32) []int {
	var list []int
	for i, n := range numbers {
		if n != model.None {
			list = append(list, i)
		}
	}
	return list
}

// An issue is a source with the names that one program has for what is in it.
type issue struct {
	*source
	made        *assembly
	nodes       [][]model.NodeID // by thread
	locks, vars []int
}

// Extend makes the program again, with what follows from some states of this one.
func (i *issue) Extend(ctx context.Context, from []model.State) (*model.Program, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.meter = meter.New(meter.Holding(ctx, i.meter.Held()))
	if i.budget < maxExplored {
		i.budget *= 2
	}
	if i.e.count() > maxExplored {
		i.e.reset()
		i.missed = true
	}
	if i.made == i.p {
		for k := range from {
			i.enter(&from[k])
		}
	}
	return i.program()
}

// enter makes what is lacking in a state, whatever else is wrong there, and goes on from it.
func (i *issue) enter(x *model.State) {
	e := i.e
	if len(e.p.threads) > e.locks {
		return
	}
	s := make([]uint32, e.width)
	for t := len(x.At); t < len(e.p.threads); t++ {
		s[t] = uint32(e.p.threads[t].starts[0].To)
	}
	for v, w := range e.words {
		s[w] = e.initial(v)
	}
	for t, id := range x.At {
		s[t] = uint32(i.nodes[t][id])
	}
	for l, yes := range x.Locked {
		if w := i.locks[l]; yes {
			s[e.locks+w/32] |= 1 << (w % 32)
		}
	}
	for v, value := range x.Values {
		w := e.word(i.vars[v])
		for len(s) < e.width {
			s = append(s, 0)
		}
		s[w] = e.p.facts.variable(i.vars[v]).index[value]
	}
	e.here, e.there = append(e.here[:0], s...), e.there[:0]
	for t, id := range x.At {
		at := i.nodes[t][id]
		if n := e.spotOf(e.p.threads[t], at); n.enumerates {
			shift := map[model.Op]int64{model.OpRef: +1, model.OpUnref: -1, model.OpRemove: -1}[n.node.Op]
			e.outcome(e.p.threads[t], at, n, shift)
		}
	}
	if !e.p.hopeless && len(e.p.threads) == e.locks {
		e.expand(slices.Clone(e.here)) // which has the variables that have come since
	}
}
