package modeltest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// pure checks that stepping is a function of the state: the same answer each time and in each
// buffer, whose beginning stays, from a state that stays; and that asking thread by thread gives no
// other.
func (c *conformance[S]) pure(i int) {
	c.Helper()
	x := &c.states[i]
	if !x.expanded {
		return
	}
	state := x.packed
	mark := model.Succ[S]{State: x.packed, Rule: -7, Failed: &model.Check{Text: "mark"}}
	roomy := make([]model.Succ[S], 2, 2+len(x.succs)+3)
	for _, buf := range [][]model.Succ[S]{nil, {mark}, slices.Grow([]model.Succ[S]{mark, mark}, 1), roomy} {
		before := slices.Clone(buf)
		out := c.m.Successors(&state, buf)
		if !slices.Equal(out[:len(before)], before) {
			c.bad(i, "the beginning of the buffer changed")
		}
		if !slices.Equal(out[len(before):], x.succs) {
			c.bad(i, "the second answer differs from the first")
		}
		if state != x.packed {
			c.bad(i, "stepping changed the state")
		}
	}
	var single []model.Succ[S]
	for t := range c.p.Threads {
		single = c.m.StepsOf(&state, t, single)
	}
	if !slices.Equal(single, x.succs) || state != x.packed {
		c.bad(i, "thread by thread there are the steps %v, at once %v", single, x.succs)
	}
	if got, want := c.m.String(&state), c.text(x.plain); got != want {
		c.bad(i, "it prints so, want %s", want)
	}
}

// text is the line for a state: where the threads are, what is locked, the value of every variable.
func (c *conformance[S]) text(s *State) string {
	var parts []string
	for t := range s.At {
		n := c.ref.node(s, t)
		parts = append(parts, c.p.Threads[t].Name+"@"+n.Op.String()+"("+n.Text+")")
	}
	for l := range c.p.Locks {
		if _, taken := s.Owner[model.LockID(l)]; taken {
			parts = append(parts, c.p.Locks[l].Name)
		}
	}
	for v := range c.p.Vars {
		parts = append(parts, fmt.Sprint(c.p.Vars[v].Name, "=", s.Value[model.VarID(v)]))
	}
	return strings.Join(parts, " ")
}

// bits checks that the masks of the locations are those bits in which states with the same
// variables and locks can differ, one thread more at a time.
func (c *conformance[S]) bits() {
	c.Helper()
	want := 0
	length := func(n int) {
		for size := 1; size < n; size *= 2 {
			want++
		}
	}
	for t := range c.p.Threads {
		length(len(c.p.Threads[t].Nodes))
	}
	masks := make([]S, len(c.p.Threads)+1)
	for n := range masks {
		masks[n] = c.m.LocationBits(n)
	}
	got := 0
	for t := 1; t < len(masks); t++ {
		for w := range len(masks[t]) {
			if masks[t][w]&masks[t-1][w] != masks[t-1][w] {
				c.Fatalf("the locations of %d threads lie where those of %d do not", t-1, t)
			}
		}
	}
	last := masks[len(masks)-1]
	for w := range len(last) {
		for b := last[w]; b != 0; b &= b - 1 {
			got++
		}
	}
	if got != want {
		c.Fatalf("locations take %d bits, want %d", got, want)
	}
	want += len(c.p.Locks)
	for v := range c.p.Vars {
		length(len(c.p.Vars[v].Values))
	}
	if got := c.m.StateBits(); got != want {
		c.Fatalf("a state has %d bits, want %d", got, want)
	}
	c.locations(masks)
}

// locations checks for every state that its location bits tell where the first threads stand.
func (c *conformance[S]) locations(masks []S) {
	c.Helper()
	for n, mask := range masks {
		seen := map[S]string{}
		for i := range c.states {
			part := c.states[i].packed
			for w := range len(part) {
				part[w] &= mask[w]
			}
			where := fmt.Sprint(c.states[i].plain.At[:n])
			if old, ok := seen[part]; ok && old != where {
				c.bad(i, "the same location bits stand for %s and %s", old, where)
			}
			seen[part] = where
		}
	}
}
