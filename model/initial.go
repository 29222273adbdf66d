package model

import (
	"iter"
	"math"
	"math/bits"
)

// starts finds the ways in which each thread can begin.
func (c *compiler[S]) starts() {
	for v := range c.p.Vars {
		put(&c.m.zero, c.m.layout.vars[v], c.code(VarID(v), c.p.Vars[v].Initial))
	}
	for t := range c.p.Threads {
		var to []NodeID
		for _, e := range c.p.Threads[t].Start {
			to = append(to, e.To)
		}
		c.m.starts = append(c.m.starts, to)
	}
}

// Initials is the number of initial states: several where threads begin with a nondeterministic
// choice. There may be more than anybody can visit; math.MaxInt stands for more than it.
func (m *Machine[S]) Initials() int {
	n := uint64(1)
	for _, to := range m.starts {
		hi, lo := bits.Mul64(n, uint64(len(to)))
		if n = lo; hi > 0 || lo > math.MaxInt {
			n = math.MaxInt
		}
	}
	return int(n)
}

// Initial is an initial state, from 0 to Initials.
func (m *Machine[S]) Initial(i int) S {
	s := m.zero
	for t := len(m.starts) - 1; t >= 0; t-- {
		n := len(m.starts[t])
		put(&s, m.layout.pc[t], uint64(m.starts[t][i%n]))
		i /= n
	}
	return s
}

// Starts yields the initial states, in the order of Initial.
func (m *Machine[S]) Starts() iter.Seq[S] {
	return m.startsOf(make([]int, len(m.starts)))
}

// Starts yields initial states: of those that differ only in which of several equal threads begins
// how, one.
func (y *Symmetry[S]) Starts() iter.Seq[S] {
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
func (m *Machine[S]) startsOf(like []int) iter.Seq[S] {
	return func(yield func(S) bool) {
		for at := make([]int, len(m.starts)); ; {
			s := m.zero
			for t, i := range at {
				put(&s, m.layout.pc[t], uint64(m.starts[t][i]))
			}
			if !yield(s) || !m.nextStart(at, like) {
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
