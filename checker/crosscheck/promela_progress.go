package crosscheck

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// progresses reports whether the completions of a class are progress.
func (o *promela) progresses(c *class) bool {
	return slices.ContainsFunc(c.threads, func(t int) bool { return slices.Contains(o.opt.Progress, t) })
}

// target is where an edge leads: to its node, or, where it completes a round and that is progress,
// to a place before it which says so.
func (o *promela) target(c *class, e *model.Edge) code {
	if e.Round && o.progresses(c) && c.places[e.To].node.Op != model.OpFinish {
		return "progress_" + o.label(c, e.To)
	}
	return o.label(c, e.To)
}

// rounds writes the places at which a round is complete.
func (o *promela) rounds(c *class) {
	if !o.progresses(c) {
		return
	}
	var begins []model.NodeID
	for i := range c.thread.Start {
		if to := c.thread.Start[i].To; c.thread.Loop && !slices.Contains(begins, to) {
			begins = append(begins, to)
		}
	}
	for _, n := range begins {
		o.printf(";\nprogress_%s:\tif\n\t:: true -> goto %s\n\tfi", o.label(c, n), o.label(c, n))
	}
}
