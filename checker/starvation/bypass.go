package starvation

import "github.com/lockproof/lockproof/model"

// bypasses finds for every thread and job how often the thread is overtaken at most while it waits
// for the job. A wait begins when the thread goes to sleep for the job, and ends when it has it, or
// returns from the function that waits.
func (g *graph[S]) bypasses() []Bypass {
	var out []Bypass
	resources := g.m.Program.Resources()
	for _, t := range unlike(g.m) {
		for id := range resources {
			if !resources[id].Job {
				continue
			}
			w := waiting[S]{graph: g, thread: t, resource: model.ResourceID(id), job: jobOf(g.m.Program, resources[id])}
			if bound, ever := w.bound(); ever {
				out = append(out, Bypass{t, resources[id].Name, bound})
			}
		}
	}
	return out
}

func jobOf(p *model.Program, r model.Resource) model.VarID {
	for v := range p.Vars {
		if p.Vars[v].Job && p.Vars[v].Name == r.Name {
			return model.VarID(v)
		}
	}
	return model.None
}

// waiting is the question for one thread and job. It is asked of moments: a state together with the
// depth of the call in which the thread waits. A state alone does not tell whether a thread that is
// awake has slept before.
type waiting[S model.Words] struct {
	*graph[S]
	thread   int
	resource model.ResourceID
	job      model.VarID
	number   map[moment]int32
	moments  []moment
}

type moment struct {
	state int32
	depth int32
}

// bound is the number, and whether the thread ever waits for the job.
func (w *waiting[S]) bound() (int, bool) {
	w.number = map[moment]int32{}
	for s := range w.states {
		if w.sleeps(int32(s)) {
			w.moment(moment{int32(s), int32(len(w.at(int32(s)).Calls))})
		}
	}
	if len(w.moments) == 0 {
		return 0, false
	}
	for i := 0; i < len(w.moments); i++ {
		here := w.moments[i]
		for _, e := range w.out(here.state) {
			if w.goesOn(here, e) {
				w.moment(moment{e.to, here.depth})
			}
		}
	}
	return w.longest(), true
}

func (w *waiting[S]) at(state int32) *model.Node { return w.m.At(&w.states[state], w.thread) }

func (w *waiting[S]) sleeps(state int32) bool {
	n := w.at(state)
	return n.Op == model.OpSleep && w.m.Program.AsksFor(n) == w.resource
}

// moment notes one.
func (w *waiting[S]) moment(x moment) {
	if _, known := w.number[x]; !known {
		w.number[x] = int32(len(w.moments))
		w.moments = append(w.moments, x)
	}
}

// goesOn reports whether the wait does after a step.
func (w *waiting[S]) goesOn(here moment, e edge) bool {
	if w.m.JobOwner(&w.states[e.to], w.job) == w.thread {
		return false
	}
	return w.graph.thread(e) != w.thread || !w.m.Completes(e.rule) && len(w.at(e.to).Calls) >= int(here.depth)
}

// overtakes is 1 when another thread takes the job by a step, else 0.
func (w *waiting[S]) overtakes(here moment, e edge) int {
	before, after := w.m.JobOwner(&w.states[here.state], w.job), w.m.JobOwner(&w.states[e.to], w.job)
	if after != before && after != model.None {
		return 1
	}
	return 0
}

// longest is the largest number of times that a way overtakes. It is Unbounded if some circle does.
func (w *waiting[S]) longest() int {
	n := len(w.moments)
	best, most := 0, make([]int, n)
	part, parts := make([]int32, n), int32(0)
	all := make([]int32, n)
	for i := range all {
		all[i] = int32(i)
	}
	head := func(i int32, k int) int32 {
		here := w.moments[i]
		if e := w.out(here.state)[k]; w.goesOn(here, e) {
			return w.number[moment{e.to, here.depth}]
		}
		return -1
	}
	found := func(c []int32) {
		parts++
		for _, i := range c {
			part[i] = parts
		}
		value := 0
		for _, i := range c {
			for k, e := range w.out(w.moments[i].state) {
				to := head(i, k)
				if to < 0 {
					continue
				}
				over := w.overtakes(w.moments[i], e)
				switch {
				case part[to] != parts:
					value = max(value, most[to]+over)
				case over > 0:
					best = Unbounded
				}
			}
		}
		for _, i := range c {
			most[i] = value
		}
		if best != Unbounded {
			best = max(best, value)
		}
	}
	finder := components{
		degree: func(i int32) int { return len(w.out(w.moments[i].state)) },
		head:   head, found: found,
		order: make([]int32, n), low: make([]int32, n),
	}
	finder.of(all)
	return best
}
