package model

import "slices"

// Terminates reports whether it is plain from the automata alone that no run of p goes on for ever:
// no thread loops, a thread comes back to a location only after a wake-up, and no signal is sent on
// such a way back. Then every signal is sent at most once, so there are finitely many wake-ups, and
// finitely many steps between them.
//
// When it holds, the state graph has no cycle. Without deadlock and without error states every
// maximal run then ends with all threads finished, so every thread can finish from everywhere, and
// nobody has to search for partial deadlocks. The converse does not hold.
func (p *Program) Terminates() bool {
	for t := range p.Threads {
		th := &p.Threads[t]
		if th.Loop {
			return false
		}
		if on, _ := flowOf(th, false, every).loops(); slices.Contains(on, true) {
			return false
		}
		on, _ := flowOf(th, true, every).loops()
		for n := range th.Nodes {
			if op := th.Nodes[n].Op; on[n] && (op == OpSignal || op == OpBroadcast) {
				return false
			}
		}
	}
	return true
}
