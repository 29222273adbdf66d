package lower

import (
	"github.com/lockproof/lockproof/model"
)

// A thread-local variable lasts as long as its thread (C11, 6.2.4). What a thread ends with is a
// step that frees all of them, like memory, where some other thread touches one: what touches it
// after that does so after release. A thread that others leave alone ends without that step.

// leaves reports whether the end of a thread is first of all that of its thread-local variables: a
// step.
func (t *thread) leaves(c *config) bool {
	if c.phase == left || t.spec.Loop || len(t.w.perThread) < t.number ||
		!t.changes(t.facts.visited(t.w.perThread[t.number-1])) {
		return false
	}
	c.phase = leaving
	return true
}

// leavingNode is the step with which the thread-local variables of a thread end.
func (t *thread) leavingNode(c *config, n *model.Node) {
	o := t.w.perThread[t.self()-1]
	n.Object = modelID(o)
	n.Alive = t.aliveRoots(c)
	t.facts.change(t.facts.lifetime(o))
	n.Op, n.Var = model.OpUnref, model.VarID(t.w.cell(cellRef{o, t.w.objects[o].memory}).id)
	d := c.clone()
	d.phase, d.alive, d.restarts = left, nil, 0
	n.Out = []model.Outcome{{When: 0, Next: t.edges(d)}}
}
