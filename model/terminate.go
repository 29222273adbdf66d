package model

// Terminates reports whether it is plain from the automata alone that no run of p goes on for ever: no thread loops, a thread
// comes back to a location only after a wake-up, and no signal is sent on such a way back. Then every signal is
// sent at most once, so there are finitely many wake-ups, and finitely many steps between them.
//
// When it holds, the state graph has no cycle. Without deadlock and without error states every maximal run then ends with all threads
// finished, so every thread can finish from everywhere, and nobody has to search for partial deadlocks. The converse does not hold.
func (p *Program) Terminates() bool {
	for t := range p.Threads {
		th := &p.Threads[t]
		if th.Loop || th.cyclic() {
			return false
		}
		for n := range th.Nodes {
			if op := th.Nodes[n].Op; (op == OpSignal || op == OpBroadcast) && th.returns(NodeID(n)) {
				return false
			}
		}
	}
	return true
}

// cyclic reports whether the automaton has a cycle without a wake-up.
func (th *Thread) cyclic() bool {
	const (
		unseen = iota
		active
		done
	)
	state := make([]uint8, len(th.Nodes))
	var visit func(NodeID) bool
	visit = func(n NodeID) bool {
		state[n] = active
		for _, o := range th.Nodes[n].Out {
			for _, e := range o.Next {
				if state[e.To] == active || state[e.To] == unseen && visit(e.To) {
					return true
				}
			}
		}
		state[n] = done
		return false
	}
	for n := range th.Nodes {
		if state[n] == unseen && visit(NodeID(n)) {
			return true
		}
	}
	return false
}

// returns reports whether the automaton can come back to a node, wake-ups included.
func (th *Thread) returns(start NodeID) bool {
	seen := make([]bool, len(th.Nodes))
	todo := []NodeID{start}
	for len(todo) > 0 {
		n := &th.Nodes[todo[len(todo)-1]]
		todo = todo[:len(todo)-1]
		next := func(to NodeID) bool {
			if !seen[to] {
				seen[to] = true
				todo = append(todo, to)
			}
			return to == start
		}
		if n.Op == OpSleep && next(n.Wake) {
			return true
		}
		for _, o := range n.Out {
			for _, e := range o.Next {
				if next(e.To) {
					return true
				}
			}
		}
	}
	return false
}
