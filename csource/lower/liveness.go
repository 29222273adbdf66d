package lower

import "slices"

// liveness finds for every instruction the slots whose values may still be read: what a node must remember.
// Slots whose address is taken count as live throughout.
func (f *function) liveness() {
	n := len(f.code)
	live := make([][]bool, n)
	for i := range live {
		live[i] = make([]bool, len(f.slots))
	}
	for changed := true; changed; {
		changed = false
		for i := n - 1; i >= 0; i-- {
			c := &f.code[i]
			for s := range f.slots {
				is := c.reads(s)
				if !is && c.dst != s {
					for _, next := range c.next(i) {
						is = is || next < n && live[next][s]
					}
				}
				if is && !live[i][s] {
					live[i][s], changed = true, true
				}
			}
		}
	}
	f.live = make([][]int, n)
	for i := range live {
		for s, is := range live[i] {
			if is || slices.Contains(f.taken, s) {
				f.live[i] = append(f.live[i], s)
			}
		}
	}
}

// next lists the instructions that can follow.
func (c *instr) next(i int) []int {
	switch c.op {
	case iJump:
		return []int{c.then}
	case iBranch:
		return []int{c.then, c.otherwise}
	case iReturn:
		return nil
	}
	return []int{i + 1}
}

func (c *instr) reads(s int) bool {
	if usesA(c.op) && c.a.slot == s || usesB(c.op) && c.b.slot == s {
		return true
	}
	for _, a := range c.args {
		if a.slot == s {
			return true
		}
	}
	return c.cond.reads(s)
}

func usesA(op opcode) bool {
	switch op {
	case iCall, iPrim, iCheck, iJump, iAddrSlot:
		return false
	}
	return true
}

func usesB(op opcode) bool { return op == iBinary || op == iStore || op == iStorePtr }

func (c *cond) reads(s int) bool {
	return c != nil && (c.op == condOperand && c.value.slot == s || c.x.reads(s) || c.y.reads(s))
}
