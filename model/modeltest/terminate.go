package modeltest

// terminates checks that a program of which it is said that no run goes on for ever has no cycle
// of steps that must come among the states that were seen, not even a step that changes nothing.
func (c *conformance[S]) terminates() {
	c.Helper()
	c.sum.Terminates = c.p.Terminates()
	c.sum.Cyclic = c.cycle()
	if c.sum.Terminates && c.sum.Cyclic {
		c.Fatalf("the program is said to terminate, and its states have a cycle")
	}
}

// cycle looks for one by taking away, again and again, states that nothing leads to.
func (c *conformance[S]) cycle() bool {
	into := make([]int, len(c.states))
	next := make([][]int, len(c.states))
	for i := range c.states {
		for k := range c.states[i].succs {
			if succ := &c.states[i].succs[k]; succ.Failed == nil && !c.m.Optional(succ.Rule) {
				to := c.index[succ.State]
				next[i] = append(next[i], to)
				into[to]++
			}
		}
	}
	var free []int
	for i, n := range into {
		if n == 0 {
			free = append(free, i)
		}
	}
	left := len(c.states)
	for len(free) > 0 {
		i := free[len(free)-1]
		free = free[:len(free)-1]
		left--
		for _, to := range next[i] {
			if into[to]--; into[to] == 0 {
				free = append(free, to)
			}
		}
	}
	return left > 0
}
