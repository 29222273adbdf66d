package model

import (
	"iter"
	"math"
	"math/bits"
	"slices"
)

// A start is one way in which a thread can begin.
type start struct {
	to  NodeID
	bad *Check // an assert that fails before the first step; nil: all is well
}

// starts finds the ways in which each thread can begin. What asserts look at has its initial value
// then, whatever the other threads do.
func (c *compiler[S]) starts() {
	for v := range c.p.Vars {
		put(&c.m.zero, c.m.layout.vars[v], c.code(VarID(v), c.p.Vars[v].Initial))
	}
	for t := range c.p.Threads {
		var all, good []start
		for _, e := range c.p.Threads[t].Start {
			s := start{e.To, c.failing(&c.m.zero, e.Asserts)}
			all = append(all, s)
			if s.bad == nil {
				good = append(good, s)
			}
		}
		c.m.starts, c.m.good = append(c.m.starts, all), append(c.m.good, good)
	}
}

func (c *compiler[S]) failing(s *S, checks []Check) *Check {
	for i := range checks {
		if checks[i].Cond == nil || !c.m.holds(s, &checks[i]) {
			return &checks[i]
		}
	}
	return nil
}

// Initials is the number of initial states: several where threads begin with a nondeterministic
// choice. There may be more than anybody can visit; math.MaxInt stands for more than it.
func (m *Machine[S]) Initials() int {
	n := uint64(1)
	for _, good := range m.good {
		hi, lo := bits.Mul64(n, uint64(len(good)))
		if n = lo; hi > 0 || lo > math.MaxInt {
			n = math.MaxInt
		}
	}
	return int(n)
}

// Initial is an initial state, from 0 to Initials.
func (m *Machine[S]) Initial(i int) S {
	s := m.zero
	for t := len(m.good) - 1; t >= 0; t-- {
		n := len(m.good[t])
		put(&s, m.layout.pc[t], uint64(m.good[t][i%n].to))
		i /= n
	}
	return s
}

// Starts yields every state in which the threads can begin, in the order of Initial, each with the
// assert that fails in it before any step, or nil: then it is an initial state.
func (m *Machine[S]) Starts() iter.Seq2[S, *Check] {
	return m.startsOf(make([]int, len(m.starts)))
}

// Starts yields states in which the threads can begin: of those that differ only in which of
// several equal threads begins how, one.
func (y *Symmetry[S]) Starts() iter.Seq2[S, *Check] {
	like := make([]int, len(y.m.starts))
	for _, g := range y.groups {
		for i := range g[1:] {
			like[g[i+1]] = g[i] + 1
		}
	}
	return y.m.startsOf(like)
}

// startsOf yields the combinations of ways to begin in which no thread takes an earlier way than
// one before it that it is like; like holds that one's number plus one.
func (m *Machine[S]) startsOf(like []int) iter.Seq2[S, *Check] {
	return func(yield func(S, *Check) bool) {
		if slices.ContainsFunc(m.starts, func(s []start) bool { return len(s) == 0 }) {
			return
		}
		for at := make([]int, len(m.starts)); ; {
			s, bad := m.zero, (*Check)(nil)
			for t, i := range at {
				x := &m.starts[t][i]
				put(&s, m.layout.pc[t], uint64(x.to))
				if bad == nil {
					bad = x.bad
				}
			}
			if !yield(s, bad) || !m.nextStart(at, like) {
				return
			}
		}
	}
}

// nextStart moves on to the next combination, the last thread's way first. It returns false when
// there is none.
func (m *Machine[S]) nextStart(at, like []int) bool {
	t := len(at) - 1
	for t >= 0 && at[t]+1 == len(m.starts[t]) {
		t--
	}
	if t < 0 {
		return false
	}
	at[t]++
	for u := t + 1; u < len(at); u++ {
		if at[u] = 0; like[u] > 0 {
			at[u] = at[like[u]-1]
		}
	}
	return true
}
