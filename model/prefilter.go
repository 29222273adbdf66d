package model

// suspects is the set of suspicions under which one of the failing rules may apply. It adds those
// that are new to the machine.
func (c *nodeComp[S]) suspects(fails span) uint64 {
	set := uint64(0)
	for _, r := range c.m.rules[fails.lo:fails.hi] {
		set |= c.suspicion(suspicion[S]{r.guard, r.want})
	}
	return set
}

// suspicion is the bit of x. Whatever x is, it may be the unconditional one: that costs a look and
// changes nothing.
func (c *nodeComp[S]) suspicion(x suspicion[S]) uint64 {
	var none S
	if x.guard == none {
		return unconditional
	}
	for i, old := range c.m.suspicions {
		if old == x {
			return 1 << i
		}
	}
	if len(c.m.suspicions) == maxSuspicions {
		return unconditional
	}
	c.m.suspicions = append(c.m.suspicions, x)
	return 1 << (len(c.m.suspicions) - 1)
}

// maxSuspicions bounds what every state is asked; programs with a few objects need as many.
const maxSuspicions = 16

// common finds what the rules of a location that takes plain steps have in common.
func (c *nodeComp[S]) common(code *nodeCode[S]) {
	rules := 0
	for _, sp := range code.spans {
		for i := sp.lo; i < sp.hi; i++ {
			r := &c.m.rules[i]
			if rules++; rules == 1 {
				code.guard, code.want = r.guard, r.want
				continue
			}
			for w := range len(r.guard) {
				code.guard[w] &= r.guard[w] &^ (code.want[w] ^ r.want[w])
				code.want[w] &= code.guard[w]
			}
		}
	}
	if rules == 0 {
		code.want[0] = 1 // with no guard: never
	}
	code.sole = rules == 1
}
