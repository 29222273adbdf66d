package modeltest

import (
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// A Judgement is what an exhaustive search must say of a program.
type Judgement struct {
	Verdict     model.Verdict
	States      int // initial and error states included
	Transitions int // without those that lead back to the state itself
	Depth       int // the longest of the shortest ways to a state
	Deadlocks   int // states without a step in which somebody is not finished
	Stuck       int // states from which some thread can never finish, or never complete a round
	Errors      map[model.Kind]int
	// Violations has the length of a shortest counterexample for each kind of violation; Deadlock
	// has that of the nearest deadlock, and Nearest of the nearest stuck state, if there are any.
	Violations        map[model.Kind]int
	Deadlock, Nearest int
	// Lost lists, by [State.Key], the threads that can never finish, or complete a round, from
	// there.
	Lost map[string][]int
}

// Judge explores all of the program with nothing but the reference. It returns false when there are
// more states than most.
func (r *Reference) Judge(most int) (Judgement, bool) {
	g := &judged{r: r, index: map[string]int{}, errors: map[string]bool{}}
	g.j = Judgement{Verdict: model.OK, Errors: map[model.Kind]int{}, Violations: map[model.Kind]int{}, Deadlock: -1, Nearest: -1}
	for _, s := range r.Starts() {
		if s.Failed != nil {
			g.fails(s.State, s.Failed, 0)
			continue
		}
		g.enter(s.State, 0)
	}
	for i := 0; i < len(g.states); i++ {
		if len(g.states) > most {
			return g.j, false
		}
		g.expand(i)
	}
	g.j.States = len(g.states) + len(g.errors)
	if len(g.errors) > 0 {
		g.j.Stuck = -1 // who meets an error does not go on
	} else {
		g.stuck()
	}
	switch {
	case len(g.j.Violations) > 0:
		g.j.Verdict = model.Violation
	case g.j.Deadlocks > 0:
		g.j.Verdict = model.Deadlock
	case g.j.Stuck > 0:
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
	index  map[string]int
	errors map[string]bool
	j      Judgement
}

// edge is a step between states: whose, and whether it completes the thread or a round of it.
type edge struct {
	thread, to int
	completes  bool
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
	if len(steps) == 0 {
		g.terminal(s, depth)
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
		g.steps[i] = append(g.steps[i], edge{x.Thread, to, x.Round})
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
	}
}

// stuck counts the states from which not every thread can complete: thread by thread, backwards.
func (g *judged) stuck() {
	g.j.Lost = map[string][]int{}
	for t := range g.r.p.Threads {
		can := make([]bool, len(g.states))
		for changed := true; changed; {
			changed = false
			for i := len(g.states) - 1; i >= 0; i-- {
				if !can[i] && g.completes(i, t, can) {
					can[i], changed = true, true
				}
			}
		}
		for i, s := range g.states {
			if key := s.Key(); !can[i] {
				g.j.Lost[key] = append(g.j.Lost[key], t)
			}
		}
	}
	for i, s := range g.states {
		if len(g.j.Lost[s.Key()]) > 0 {
			if g.j.Stuck++; g.j.Nearest < 0 {
				g.j.Nearest = g.depth[i]
			}
		}
	}
}

// completes reports whether a thread is finished in a state, or can come to complete something.
func (g *judged) completes(i, t int, can []bool) bool {
	if g.r.node(g.states[i], t).Op == model.OpFinish {
		return true
	}
	for _, w := range g.steps[i] {
		if w.completes && w.thread == t || can[w.to] {
			return true
		}
	}
	return false
}
