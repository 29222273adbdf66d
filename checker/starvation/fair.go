package starvation

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A part is a strongly connected set of states that holds a fair loop.
type part struct {
	states []int32  // ascending, so the nearest to the start comes first
	due    promises // those that are due in some of its states: a loop that goes everywhere keeps them
}

// fair finds the fair part with the state that is nearest to the start, among states that lie in
// one part of the region; nil when there is none, or when it is told to stop.
func (r *region[S]) fair(states []int32, f model.Fairness, stopped func() bool) *part {
	var best *part
	work := [][]int32{states}
	r.finder.found = func(c []int32) {
		if !r.loops(c) {
			return
		}
		number := r.fresh()
		for _, s := range c {
			r.part[s] = number
		}
		always, sometimes, kept := r.promises(c)
		bad := broken(f, always, sometimes, kept)
		switch {
		case bad == 0:
			if slices.Sort(c); best == nil || c[0] < best.states[0] {
				best = &part{c, sometimes}
			}
		case bad&^strongly(f) == 0: // without the states in which they are due it may be fair
			if rest := r.without(c, bad); len(rest) > 0 {
				work = append(work, rest)
			}
		}
	}
	for len(work) > 0 && !stopped() {
		last := len(work) - 1
		states, work = work[last], work[:last]
		r.finder.of(states)
	}
	return best
}

// promises says what is due in every state of a component, what in some, and what is kept in it.
func (r *region[S]) promises(c []int32) (always, sometimes, kept promises) {
	always = ^promises(0)
	for _, s := range c {
		always &= r.due[s]
		sometimes |= r.due[s]
		r.inside(s, func(e edge) { kept |= r.keeps[e.rule] })
	}
	return always, sometimes, kept
}

// without makes a new part of those states of a component in which none of some promises is due.
// The others belong to no part from then on.
func (r *region[S]) without(c []int32, bad promises) []int32 {
	number := r.fresh()
	var rest []int32
	for _, s := range c {
		if r.part[s] = 0; r.due[s]&bad == 0 {
			r.part[s] = number
			rest = append(rest, s)
		}
	}
	return rest
}

// unfinished lists the states in which a thread is there and not done; with model.None those in
// which somebody is not. They become one part.
func (r *region[S]) unfinished(thread int) []int32 {
	number := r.fresh()
	var out []int32
	for i := range r.states {
		s := &r.states[i]
		done := thread == model.None && r.m.AllFinished(s) || thread != model.None && r.m.Finished(s, thread)
		if r.part[i] = 0; !done {
			r.part[i] = number
			out = append(out, int32(i))
		}
	}
	return out
}

// incomplete says which edges a loop may have in which a thread does not complete, or, with
// model.None, nobody does.
func (g *graph[S]) incomplete(thread int) func(edge) bool {
	return func(e edge) bool {
		if g.m.Optional(e.rule) {
			return false
		}
		return !g.m.Completes(e.rule) || thread != model.None && thread != g.thread(e)
	}
}
