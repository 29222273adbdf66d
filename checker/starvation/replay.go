package starvation

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// String is a lasso as --replay takes it: the way there, and the loop in parentheses.
func (l *Lasso) String() string {
	if len(l.Prefix) == 0 {
		return "(" + l.Loop.String() + ")"
	}
	return l.Prefix.String() + ",(" + l.Loop.String() + ")"
}

// IsLasso reports whether a text is meant as what [Lasso.String] prints.
func IsLasso(text string) bool { return strings.ContainsAny(text, "()") }

// ParseLasso reads what [Lasso.String] prints.
func ParseLasso(text string) (prefix, loop model.Schedule, err error) {
	before, rest, open := strings.Cut(text, "(")
	inside, after, closed := strings.Cut(rest, ")")
	if !open || !closed || strings.TrimSpace(after) != "" || strings.Contains(inside, "(") {
		return nil, nil, errors.New("a loop stands at the end, in parentheses: '1*3,(2,1*2)'")
	}
	if before = strings.TrimSpace(before); before != "" {
		way, comma := strings.CutSuffix(before, ",")
		if !comma {
			return nil, nil, errors.New("a comma is missing before the loop: '1*3,(2,1*2)'")
		}
		if prefix, err = model.ParseSchedule(way); err != nil {
			return nil, nil, err
		}
	}
	if loop, err = model.ParseSchedule(inside); err != nil {
		return nil, nil, fmt.Errorf("in the loop: %w", err)
	}
	if len(loop) == 0 || loop[0].Thread < 0 {
		return nil, nil, errors.New("the loop has no steps")
	}
	return prefix, loop, nil
}

// Follow follows a lasso. The error says why it is none: a pick that cannot be taken, a loop that
// does not lead back, that breaks what fairness promises, or in which everybody completes.
func Follow(p *model.Program, prefix, loop model.Schedule, o Options) (*Lasso, error) {
	follow, err := model.ByWidth[func(*model.Program, model.Schedule, model.Schedule, Options) (*Lasso, error)]{
		One:     followWidth[[1]uint64],
		Two:     followWidth[[2]uint64],
		Three:   followWidth[[3]uint64],
		Four:    followWidth[[4]uint64],
		Six:     followWidth[[6]uint64],
		Eight:   followWidth[[8]uint64],
		Sixteen: followWidth[[16]uint64],
	}.Of(p)
	if err != nil {
		return nil, err
	}
	return follow(p, prefix, loop, o)
}

func followWidth[S model.Words](p *model.Program, prefix, loop model.Schedule, o Options) (*Lasso, error) {
	trace, _, err := search.Replay(p, slices.Concat(prefix, loop))
	if err != nil {
		return nil, err
	}
	m, err := model.NewMachine[S](p)
	if err != nil {
		return nil, err
	}
	// The states of the loop alone are a graph.
	g := newGraph(m)
	at, rest := m.Initial(0), prefix
	if len(rest) > 0 && rest[0].Thread < 0 {
		at, rest = m.Initial(rest[0].Choice), rest[1:]
	}
	take := func(pick model.Pick) model.Succ[S] {
		x := m.StepsOf(&at, pick.Thread, nil)[pick.Choice]
		at = x.State
		return x
	}
	broken := false
	for _, pick := range rest {
		broken = broken || take(pick).Failed != nil
	}
	start := at
	g.place(start)
	var edges []edge
	for _, pick := range loop {
		x := take(pick)
		if broken = broken || x.Failed != nil; broken {
			return nil, errors.New("a rule is broken on the way")
		}
		if m.Optional(x.Rule) {
			return nil, fmt.Errorf("the loop has a step of %s that may never come", g.name(pick.Thread))
		}
		edges = append(edges, edge{g.place(at), x.Rule})
	}
	if at != start {
		return nil, fmt.Errorf("the loop does not lead back to the state in which it begins")
	}
	if bad := g.broken(edges, o.Fairness); bad != 0 {
		return nil, errors.New("the loop is not fair: " + g.breach(bad, o.Fairness))
	}
	victim, err := g.incompleteIn(start, edges, o.Liveness)
	if err != nil {
		return nil, err
	}
	l := &Lasso{Prefix: prefix, Loop: loop, Trace: *trace, Victim: victim}
	g.tell(l, g.number[start], edges, o.Fairness)
	return l, nil
}

// breach says of which promise a loop breaks, of several the first.
func (g *graph[S]) breach(bad promises, f model.Fairness) string {
	t := bits.TrailingZeros64(uint64(bad)) % model.MaxThreads
	switch {
	case bad&steps == 0:
		return g.name(t) + " waits with a deadline again and again, and it never comes"
	case f == model.StrongFairness:
		return g.name(t) + " can go on again and again, and does not"
	}
	return g.name(t) + " can go on all the time, and does not"
}

// place is the number of a state, which is noted with what is due in it.
func (g *graph[S]) place(s S) int32 {
	n, known := g.number[s]
	if known {
		return n
	}
	n = g.add(s, model.None)
	for _, x := range g.m.Successors(&s, nil) {
		g.due[n] |= g.keeps[x.Rule]
	}
	return n
}

// incompleteIn is the first thread that is not finished and completes nothing in a loop, or, where
// somebody must, None if nobody does.
func (g *graph[S]) incompleteIn(s S, loop []edge, property model.Liveness) (int, error) {
	completes := uint32(0)
	for _, e := range loop {
		if g.m.Completes(e.rule) {
			completes |= 1 << g.thread(e)
		}
	}
	if property == model.Progress {
		if completes != 0 {
			return 0, errors.New("the loop is no livelock: somebody completes a round in it")
		}
		return model.None, nil
	}
	for t := range g.m.Program.Threads {
		if completes>>t&1 == 0 && !g.m.Finished(&s, t) {
			return t, nil
		}
	}
	return 0, errors.New("everybody completes a round in the loop")
}
