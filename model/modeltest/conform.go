package modeltest

import (
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// TB is what a property reports to: a *testing.T, or a *rapid.T.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Options bound [Conform].
type Options struct {
	// States is how many states are looked at; 0 means 500. A program with more of them is explored
	// in part, breadth first.
	States int
}

// A Summary says what [Conform] has seen, for tests that their programs are not all alike.
type Summary struct {
	States, Words int
	Complete      bool // every reachable state was seen
	Ops           map[model.Op]int
	Failed        map[model.Kind]int
	Labels        map[model.Label]int
	// Movers counts the steps of movers that were held against steps of other threads, Exchanges
	// the states whose exchange has the same representative, Leaks, Frees and Rounds transitions.
	// Lost counts the states in which memory is lost.
	Movers, Exchanges, Leaks, Frees, Rounds, Lost int
	Terminates, Cyclic                            bool
	// Started counts the states with a thread that another has started, Exited those after the end of
	// the process.
	Started, Exited int
}

// Conform reports every way in which the machine of p differs from the reference, or breaks a
// promise of its own.
func Conform(t TB, p *model.Program, o Options) Summary {
	t.Helper()
	conform, err := model.ByWidth[func(TB, *model.Program, Options) Summary]{
		One:     conform[[1]uint64],
		Two:     conform[[2]uint64],
		Three:   conform[[3]uint64],
		Four:    conform[[4]uint64],
		Six:     conform[[6]uint64],
		Eight:   conform[[8]uint64],
		Sixteen: conform[[16]uint64],
	}.Of(p)
	if err != nil {
		t.Fatalf("width: %v", err)
	}
	return conform(t, p, o)
}

func conform[S model.Words](t TB, p *model.Program, o Options) Summary {
	t.Helper()
	m, err := model.NewMachine[S](p)
	if err != nil {
		t.Fatalf("machine: %v", err)
	}
	return Machine(t, m, o)
}

// Machine is [Conform] for a machine that was made already.
func Machine[S model.Words](t TB, m *model.Machine[S], o Options) Summary {
	t.Helper()
	if o.States == 0 {
		o.States = 500
	}
	c := &conformance[S]{
		TB: t, m: m, p: m.Program, ref: NewReference(m.Program), index: map[S]int{},
		keys: map[string]int{},
	}
	var zero S
	c.sum = Summary{
		Words: len(zero), Ops: map[model.Op]int{}, Failed: map[model.Kind]int{}, Labels: map[model.Label]int{},
	}
	c.frees = m.Frees()
	c.explore(o.States)
	c.bits()
	for i := range c.states {
		c.pure(i)
		c.plainly(i)
		c.described(i)
		c.remembers(i)
		c.waits(i)
	}
	c.movers()
	c.symmetric()
	c.mirrors()
	c.terminates()
	c.sum.States, c.sum.Complete = len(c.states), c.complete
	return c.sum
}

// conformance is one run of the suite: the states seen, packed and plain, and what leads where.
type conformance[S model.Words] struct {
	TB
	m        *model.Machine[S]
	p        *model.Program
	ref      *Reference
	frees    []bool
	states   []node[S]
	index    map[S]int
	keys     map[string]int
	complete bool
	graph    *model.WaitGraph
	texts    map[int]string // of the threads' programs
	sum      Summary
}

// node is a state with its steps; those of the states that were not looked at are missing.
type node[S model.Words] struct {
	packed   S
	plain    *State
	succs    []model.Succ[S]
	expanded bool
}

// bad reports a property that does not hold in a state.
func (c *conformance[S]) bad(i int, format string, args ...any) {
	c.Helper()
	c.Fatalf("in %s: %s", c.m.String(&c.states[i].packed), fmt.Sprintf(format, args...))
}
