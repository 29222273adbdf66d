package modeltest

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A Judgement is what an exhaustive search must say of a program.
type Judgement struct {
	Verdict     model.Verdict
	States      int // initial and error states included
	Transitions int // without those that lead back to the state itself
	Depth       int // the longest of the shortest ways to a state
	Deadlocks   int // states without a step in which somebody is not finished
	Quiet       int // states with steps, of which none must ever come, in which somebody is not finished
	Stuck       int // states from which some thread can never finish, or never complete a round
	Luck        int // others from which some thread can do so only by a step that may never come
	Errors      map[model.Kind]int
	// Violations has the length of a shortest counterexample for each kind of violation; Deadlock has
	// that of the nearest deadlock, and Nearest of the nearest stuck state, if there are any. Where
	// nobody is stuck whatever happens, those count whom only luck can help.
	Violations        map[model.Kind]int
	Deadlock, Nearest int
	// Race is the length of a shortest way to two threads that access one memory location next, one to
	// change it; -1 without one.
	Race int
	// Lost lists, by [State.Key], the threads that can never finish, or complete a round, from
	// there.
	Lost map[string][]int
}

// Judge explores all of the program with nothing but the reference. It returns false when there are
// more states than most.
func (r *Reference) Judge(most int) (Judgement, bool) {
	g := &judged{r: r, index: map[string]int{}, errors: map[string]bool{}}
	g.j = Judgement{
		Verdict: model.OK, Errors: map[model.Kind]int{}, Violations: map[model.Kind]int{}, Deadlock: -1,
		Nearest: -1, Race: -1,
	}
	for _, s := range r.Starts() {
		g.enter(s, 0)
	}
	for i := 0; i < len(g.states); i++ {
		if len(g.states) > most {
			return g.j, false
		}
		g.expand(i)
	}
	g.j.States = len(g.states) + len(g.errors)
	if len(g.errors) > 0 {
		g.j.Stuck, g.j.Luck = -1, -1 // who meets an error does not go on
	} else {
		g.stuck()
	}
	g.quietEnds()
	switch {
	case len(g.j.Violations) > 0:
		g.j.Verdict = model.Violation
	case g.j.Deadlock >= 0:
		g.j.Verdict = model.Deadlock
	case g.j.Nearest >= 0:
		g.j.Verdict = model.PartialDeadlock
	}
	return g.j, true
}

// judged is an exploration under way.
type judged struct {
	r      *Reference
	states []*State
	depth  []int
	steps  [][]edge
	quiet  []int // states
	index  map[string]int
	errors map[string]bool
	j      Judgement
}

// edge is a step between states: whose, and whether it completes the thread or a round of it.
type edge struct {
	thread, to          int
	completes, optional bool
}

func (g *judged) enter(s *State, depth int) int {
	key := s.Key()
	i, known := g.index[key]
	if !known {
		i = len(g.states)
		g.index[key] = i
		g.states, g.depth, g.steps = append(g.states, s), append(g.depth, depth), append(g.steps, nil)
		g.j.Depth = max(g.j.Depth, depth)
	}
	return i
}

func (g *judged) fails(s *State, c *model.Check, depth int) {
	if key := fmt.Sprint(s.Key(), c.Kind); !g.errors[key] {
		g.errors[key] = true
		g.j.Errors[c.Kind]++
		g.j.Depth = max(g.j.Depth, depth)
	}
	g.violation(c.Kind, depth)
}

func (g *judged) violation(kind model.Kind, length int) {
	if old, ok := g.j.Violations[kind]; !ok || length < old {
		g.j.Violations[kind] = length
	}
}

func (g *judged) expand(i int) {
	s, depth := g.states[i], g.depth[i]
	steps := g.r.Steps(s)
	over := g.r.finished(s) // though somebody may restart the daemon
	if over || len(steps) == 0 {
		g.terminal(s, depth)
	}
	if g.j.Race < 0 && g.races(s, steps) {
		g.j.Race = depth
	}
	if !over && len(steps) > 0 && !slices.ContainsFunc(steps, func(x Transition) bool { return !x.Optional }) {
		g.j.Quiet++
		g.quiet = append(g.quiet, i)
	}
	for k := range steps {
		x := &steps[k]
		if x.Failed != nil {
			g.j.Transitions++
			g.fails(x.Next, x.Failed, depth+1)
			continue
		}
		if kind := g.r.leak(x.Next, x.Thread); kind != "" {
			g.violation(kind, depth+1)
		}
		to := g.enter(x.Next, depth+1)
		if to != i {
			g.j.Transitions++
		}
		g.steps[i] = append(g.steps[i], edge{x.Thread, to, x.Round, x.Optional})
	}
}

func (g *judged) terminal(s *State, depth int) {
	switch {
	case !g.r.finished(s):
		if g.j.Deadlocks++; g.j.Deadlock < 0 {
			g.j.Deadlock = depth
		}
	case len(g.r.unbalanced(s)) > 0:
		g.violation(model.RefCount, depth)
	case len(g.r.lost(s)) > 0:
		g.violation(model.MemoryLeak, depth)
	}
}

// stuck counts the states from which not every thread can complete, and names the threads.
func (g *judged) stuck() {
	hopeless, unsure := g.losers(true), g.losers(false)
	for i := range g.states {
		switch {
		case len(hopeless[i]) > 0:
			g.j.Stuck++
		case len(unsure[i]) > 0:
			g.j.Luck++
		}
	}
	lost := hopeless
	if g.j.Stuck == 0 {
		lost = unsure
	}
	g.j.Lost = map[string][]int{}
	for i, s := range g.states {
		if len(lost[i]) > 0 {
			g.j.Lost[s.Key()] = lost[i]
			if g.j.Nearest < 0 {
				g.j.Nearest = g.depth[i]
			}
		}
	}
}

// losers lists for each state the threads that can never complete from there: by any step, or by
// those alone that must come.
func (g *judged) losers(any bool) [][]int {
	out := make([][]int, len(g.states))
	for t := range g.r.p.Threads {
		can := make([]bool, len(g.states))
		for changed := true; changed; {
			changed = false
			for i := len(g.states) - 1; i >= 0; i-- {
				if !can[i] && g.completes(i, t, can, any) {
					can[i], changed = true, true
				}
			}
		}
		for i := range g.states {
			if !can[i] {
				out[i] = append(out[i], t)
			}
		}
	}
	return out
}

// quietEnds tells which states in which nothing must happen are deadlocks. One is when those who
// might still move sleep where nobody can wake them, or when luck would help everybody: who counts
// on luck stands still without it. In others threads move for ever, in vain, and that is a partial
// deadlock.
func (g *judged) quietEnds() {
	var hopeless [][]int
	if len(g.errors) == 0 {
		hopeless = g.losers(true)
	}
	for _, i := range g.quiet {
		dead := hopeless != nil && len(hopeless[i]) == 0
		if !dead {
			dead = true
			for _, x := range g.steps[i] {
				dead = dead && g.deserted(g.states[i], x.thread)
			}
		}
		switch {
		case dead && (g.j.Deadlock < 0 || g.depth[i] < g.j.Deadlock):
			g.j.Deadlock = g.depth[i]
		case !dead && g.j.Nearest < 0: // with errors nobody has looked further
			g.j.Nearest = g.depth[i]
		}
	}
}

// races reports whether two of the steps out of a state, of two threads, access one memory
// location, one of them to change it, and one of them plainly.
func (g *judged) races(s *State, steps []Transition) bool {
	fails := map[int]bool{}
	for _, x := range steps {
		fails[x.Thread] = fails[x.Thread] || x.Failed != nil
	}
	type access struct{ is, store, plain bool }
	of := func(x Transition) access {
		n := g.r.node(s, x.Thread)
		switch {
		case fails[x.Thread]:
		case n.Op == model.OpLoad && !g.r.p.Vars[n.Var].Refs:
			return access{true, false, !n.Atomic}
		case n.Op == model.OpStore && !g.r.p.Vars[n.Var].Refs:
			return access{true, true, !n.Atomic}
		case n.Op == model.OpUpdate:
			store := false // of one of its ways on from here
			for _, o := range n.Out {
				store = store || o.When == s.Value[n.Var] && !o.Looks
			}
			return access{true, store, false}
		}
		return access{}
	}
	together := func(v, w model.VarID) bool {
		l := g.r.p.Vars[v].Location
		return v == w || l != 0 && l == g.r.p.Vars[w].Location
	}
	for _, x := range steps {
		for _, y := range steps {
			a, b := of(x), of(y)
			if x.Thread != y.Thread && a.is && b.is && a.store && (a.plain || b.plain) &&
				together(g.r.node(s, x.Thread).Var, g.r.node(s, y.Thread).Var) {
				return true
			}
		}
	}
	return false
}

// deserted reports whether a thread sleeps and no owner of a job beside its condition is to wake
// it, or would restart the daemon, which is no help to those who wait.
func (g *judged) deserted(s *State, t int) bool {
	n := g.r.node(s, t)
	if n.Op != model.OpSleep {
		return n.Op == model.OpRestart
	}
	for v := range s.Job {
		if guards(g.r.p, v, n.Cond) {
			return false
		}
	}
	return true
}

// completes reports whether a thread is finished in a state, or can come to complete something.
func (g *judged) completes(i, t int, can []bool, any bool) bool {
	if g.r.Done(g.states[i], t) {
		return true
	}
	for _, w := range g.steps[i] {
		if !any && w.optional {
			continue
		}
		if w.completes && w.thread == t || can[w.to] {
			return true
		}
	}
	return false
}
