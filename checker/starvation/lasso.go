package starvation

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// maxStartsTried is how many states of a part a short loop is looked for from.
const maxStartsTried = 32

// loop finds a fair loop in a part, of several the one with the shortest way there and round: it
// begins and ends at the state that it returns. It is short, not always shortest.
func (r *region[S]) loop(p *part, f model.Fairness) (int32, []edge) {
	var best []edge
	at, cost := model.None, 0
	for _, s := range p.states[:min(len(p.states), maxStartsTried)] {
		round := r.round(s, p, f)
		if c := len(round) + len(r.wayTo(s)); at == model.None || c < cost {
			at, best, cost = int(s), round, c
		}
	}
	return int32(at), best
}

// round leads from a state back to it, and on the way keeps what fairness promises. If the shortest
// round does, it is that; else each time the nearest step or state that settles something is gone
// to.
func (r *region[S]) round(start int32, p *part, f model.Fairness) []edge {
	short := r.shortest(start, func(e edge) bool { return e.to == start })
	if r.broken(short, f) == 0 {
		return short
	}
	var way []edge
	at, owed := start, p.due&(strongly(f)|r.due[start])
	for owed != 0 {
		leg := r.shortest(at, func(e edge) bool { return r.settle(owed, e, f) != owed })
		for _, e := range leg {
			owed = r.settle(owed, e, f)
		}
		way = append(way, leg...)
		at = leg[len(leg)-1].to
	}
	if at == start {
		return way
	}
	return append(way, r.shortest(at, func(e edge) bool { return e.to == start })...)
}

// settle strikes out of what is owed what an edge keeps, and what need not be kept because it is
// not due in the state that it leads to.
func (r *region[S]) settle(owed promises, e edge, f model.Fairness) promises {
	return owed &^ r.keeps[e.rule] & (strongly(f) | r.due[e.to])
}

// broken are the promises that a loop breaks.
func (g *graph[S]) broken(loop []edge, f model.Fairness) promises {
	always, sometimes, kept := ^promises(0), promises(0), promises(0)
	for _, e := range loop {
		always &= g.due[e.to]
		sometimes |= g.due[e.to]
		kept |= g.keeps[e.rule]
	}
	return broken(f, always, sometimes, kept)
}

// shortest is a shortest way inside a part, of one edge at least, to one that is looked for. There
// is one, for the part is strongly connected.
func (r *region[S]) shortest(from int32, wanted func(edge) bool) []edge {
	type reached struct {
		from int32
		by   edge
	}
	seen := map[int32]reached{}
	queue := []int32{from}
	var last *reached
	for i := 0; i < len(queue) && last == nil; i++ {
		s := queue[i]
		r.inside(s, func(e edge) {
			if last != nil {
				return
			}
			if wanted(e) {
				last = &reached{s, e}
			} else if _, again := seen[e.to]; !again && e.to != from {
				seen[e.to] = reached{s, e}
				queue = append(queue, e.to)
			}
		})
	}
	way := []edge{last.by}
	for s := last.from; s != from; s = seen[s].from {
		way = append(way, seen[s].by)
	}
	slices.Reverse(way)
	return way
}

// wayTo is a shortest way from an initial state to a state: the states after the first, which is
// what is left when nothing leads further back.
func (g *graph[S]) wayTo(s int32) []int32 {
	var way []int32
	for ; g.parent[s] >= 0; s = g.parent[s] {
		way = append(way, s)
	}
	slices.Reverse(way)
	return way
}

// scheduleTo is a shortest way to a state, as picks.
func (g *graph[S]) scheduleTo(s int32) model.Schedule {
	way := g.wayTo(s)
	root := s
	if len(way) > 0 {
		root = g.parent[way[0]]
	}
	var out model.Schedule
	if initial := -1 - int(g.parent[root]); initial > 0 {
		out = append(out, model.Pick{Thread: -1, Choice: initial})
	}
	at := root
	for _, next := range way {
		k := slices.IndexFunc(g.out(at), func(e edge) bool { return e.to == next })
		out = append(out, g.pick(at, g.out(at)[k]))
		at = next
	}
	return out
}

// scheduleOf is a way from a state, as picks.
func (g *graph[S]) scheduleOf(from int32, loop []edge) model.Schedule {
	var out model.Schedule
	for _, e := range loop {
		out = append(out, g.pick(from, e))
		from = e.to
	}
	return out
}

// pick names an edge out of a state as a schedule does: by its thread, and its place among the
// transitions of that thread.
func (g *graph[S]) pick(from int32, e edge) model.Pick {
	t := g.thread(e)
	steps := g.m.StepsOf(&g.states[from], t, nil)
	return model.Pick{Thread: t, Choice: slices.IndexFunc(steps, func(x model.Succ[S]) bool {
		return x.Failed == nil && x.Rule == e.rule && x.State == g.states[e.to]
	})}
}
