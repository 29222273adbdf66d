package lower

import (
	"slices"

	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// A fork makes a second process, with a copy of the memory and of the one thread that called it.
// What others had locked stays locked there, and they are not there to unlock it (POSIX.1-2024,
// fork). Parent and child have nothing in common from then on, so a run goes on as either: as the
// parent, in which nothing has happened, or as the child, in which all others are left behind.

// lefts gives the threads their places in a child, where the C forks.
func (p *assembly) lefts() {
	if !p.world.forks {
		return
	}
	for _, t := range p.threads {
		if t.left == model.None {
			t.left = t.intern(&config{phase: behind})
		}
	}
}

// forkNode is a fork. The child is told by 0, and the parent gets a number of the child's.
func (t *thread) forkNode(c *config, n *model.Node) {
	n.Op = model.OpFork
	n.Out = []model.Outcome{
		{Next: t.after(c, intValue(1), nil)},
		{Label: model.InChild, Next: t.after(c, intValue(0), func(d *config) { d.child = true })},
	}
}

// leaves are by thread where a child has it.
func (p *assembly) leaves() []model.NodeID {
	to := make([]model.NodeID, len(p.threads))
	for u, t := range p.threads {
		to[u] = model.NodeID(slices.Index(t.listed, t.left))
	}
	return to
}

// leave puts all threads but one where they are not there.
func (e *explorer) leave(by int) {
	for i, t := range e.p.threads[:e.locks] {
		if i != by {
			e.there[i] = uint32(t.left)
		}
	}
}

// refusesInChild refuses what a child cannot be followed in: it starts threads, or speaks of those
// that it does not have.
func (t *thread) refusesInChild(c *config, i *instr) bool {
	switch i.prim.Effect {
	case vocabulary.MakeThread, vocabulary.StartThread, vocabulary.JoinThread, vocabulary.DetachThread:
		t.hintf(i.pos, "let the parent do it", "%s in the child of a fork is not modelled", i.text())
		t.retire(c, over, value{})
		return true
	}
	return false
}
