package model

import "slices"

// Terminates reports whether it is plain from the automata alone that no run of p goes on for ever
// by steps that come sooner or later: no thread loops, a thread comes back to a location only after
// a wake-up, and no signal is sent on such a way back. Then every signal is sent at most once, so
// there are finitely many wake-ups, and finitely many steps between them. Outcomes that may never
// come (see [Node.Optional]) do not count, but for a fork's: its child has to end as well.
//
// When it holds, the steps that must come make no cycle in the state graph. Where every state in
// which somebody is not finished has such a step, and there is no error state, every maximal run of
// such steps ends with all threads finished. So every thread can finish from everywhere, and nobody
// has to search for partial deadlocks. The converse does not hold.
func (p *Program) Terminates() bool {
	for t := range p.Threads {
		th := &p.Threads[t]
		if th.Loop {
			return false
		}
		comes := func(from NodeID, o *Outcome, _ *Edge) bool {
			return o.Label == InChild || !th.Nodes[from].Optional(o)
		}
		if on, _ := flowOf(th, false, comes).loops(); slices.Contains(on, true) {
			return false
		}
		on, _ := flowOf(th, true, comes).loops()
		for n := range th.Nodes {
			if op := th.Nodes[n].Op; on[n] && (op == OpSignal || op == OpBroadcast) {
				return false
			}
		}
	}
	return true
}
