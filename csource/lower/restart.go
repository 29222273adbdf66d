package lower

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A restart of the daemon is the first step of a thread of its own: it puts all others to an end at
// which they hold nothing, and the memory to what it was at the start, but for what persists. Whom
// a thread has started does not exist any more.

// cuts gives the threads their ends, where some thread restarts the daemon.
func (p *assembly) cuts() {
	if !slices.ContainsFunc(p.threads, func(t *thread) bool { return t.spec.Restarts }) {
		return
	}
	for _, t := range p.threads {
		if t.cut == model.None && !t.spec.Restarts {
			t.cut = t.intern(&config{phase: over})
		}
	}
}

// restartNode is the step with which the daemon begins anew. Whom it cuts off is known at the end.
func (t *thread) restartNode(c *config, n *model.Node) {
	n.Op, n.Pos = model.OpRestart, t.spec.Pos
	d := c.clone()
	d.phase = running
	t.one(n, t.edges(d))
}

// cutOff tells restarts and forks where they put the other threads.
func (p *assembly) cutOff() {
	for i := range p.program.Threads {
		for k := range p.program.Threads[i].Nodes {
			n := &p.program.Threads[i].Nodes[k]
			switch n.Op {
			case model.OpFork:
				n.Cut = p.leaves()
				continue
			case model.OpRestart:
			default:
				continue
			}
			n.Cut = make([]model.NodeID, len(p.threads))
			for u, t := range p.threads {
				switch {
				case u == i:
				case t.birth != nil:
					n.Cut[u] = p.program.Threads[u].Start[0].To
				default:
					n.Cut[u] = model.NodeID(slices.Index(t.listed, t.cut))
				}
			}
		}
	}
}

// restart puts a state back. Threads that were found since the states were laid out are in none of
// them.
func (e *explorer) restart(by int) {
	for i, t := range e.p.threads[:e.locks] {
		switch {
		case i == by:
		case t.birth != nil:
			e.there[i] = uint32(t.starts[0].To)
		default:
			e.there[i] = uint32(t.cut)
		}
	}
	clear(e.there[e.locks:e.vars])
	for v, w := range e.words {
		if !e.p.cell(e.p.vars[v]).def.persistent {
			e.there[w] = e.initial(v)
		}
	}
}
