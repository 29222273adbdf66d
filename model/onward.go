package model

// Onward finds the locations from which a thread goes on whatever others do, unless its step breaks
// a rule: it needs no lock, no wake-up and no certain value, and the step starts and ends nobody.
//
// Quiet are those of them that make no cycle: a thread that takes steps from such locations alone
// comes to another one, or finishes.
func (p *Program) Onward() (onward, quiet [][]bool) {
	a := &accesses{p: p}
	for t := range p.Threads {
		th := &p.Threads[t]
		all := make([]bool, len(th.Nodes))
		for n := range th.Nodes {
			all[n] = a.goesOn(&th.Nodes[n])
		}
		acyclic := append([]bool(nil), all...)
		breakCycles(th, acyclic)
		onward, quiet = append(onward, all), append(quiet, acyclic)
	}
	return onward, quiet
}

func (a *accesses) goesOn(n *Node) bool {
	switch n.Op {
	case OpUnlock, OpWait, OpSignal, OpBroadcast, OpLoad, OpRef, OpUnref, OpRemove, OpAccess, OpFail:
		return true
	case OpStore, OpUpdate:
		x := &a.p.Vars[n.Var]
		return x.Starts == 0 && x.Life == 0 && !x.Exit && (n.Op == OpStore || a.total(n))
	}
	return false
}
