package starvation

import (
	"context"
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// Search looks for a fair run in which the property does not hold, of a closed program. It is meant
// for programs that keep all other rules: it passes over error states, and over states in which
// nobody can go on. The error is about p or its size.
func Search(ctx context.Context, p *model.Program, o Options) (*Result, error) {
	if p.Source != nil {
		return nil, fmt.Errorf("starvation: the program is open")
	}
	run, err := model.ByWidth[func(context.Context, *model.Program, Options) (*Result, error)]{
		One:     searchWidth[[1]uint64],
		Two:     searchWidth[[2]uint64],
		Three:   searchWidth[[3]uint64],
		Four:    searchWidth[[4]uint64],
		Six:     searchWidth[[6]uint64],
		Eight:   searchWidth[[8]uint64],
		Sixteen: searchWidth[[16]uint64],
	}.Of(p)
	if err != nil {
		return nil, err
	}
	return run(ctx, p, o)
}

func searchWidth[S model.Words](ctx context.Context, p *model.Program, o Options) (*Result, error) {
	m, err := model.NewMachine[S](p)
	if err != nil {
		return nil, err
	}
	g, limit := explore(ctx, m, &o)
	r := &Result{States: int64(len(g.states)), Limit: limit}
	if limit != model.NoLimit {
		return r, nil
	}
	for _, victim := range victims(m, &o) {
		if r.Limit = model.Stopped(ctx); r.Limit != model.NoLimit {
			return r, nil
		}
		lasso, err := g.starve(victim, o.Fairness, func() bool { return model.Stopped(ctx) != model.NoLimit })
		if err != nil {
			return nil, err
		}
		if lasso != nil && (r.Lasso == nil || lasso.length() < r.Lasso.length()) {
			r.Lasso = lasso
		}
	}
	if r.Limit = model.Stopped(ctx); r.Limit == model.NoLimit {
		r.Bypasses = g.bypasses()
	}
	return r, nil
}

func (l *Lasso) length() int { return len(l.Prefix) + len(l.Loop) }

// victims are those who may never complete, one for all that mirror each other.
func victims[S model.Words](m *model.Machine[S], o *Options) []int {
	switch {
	case o.Liveness == model.Progress:
		return []int{model.None}
	case o.Only != nil:
		return o.Only
	}
	return unlike(m)
}

// unlike lists the threads, of those that an exchange may put in each other's places the first.
func unlike[S model.Words](m *model.Machine[S]) []int {
	mirrored := map[int]bool{}
	for _, same := range model.NewSymmetry(m).Mirrors() {
		for _, t := range same {
			mirrored[t] = mirrored[t] || t != slices.Min(same)
		}
	}
	var out []int
	for t := range m.Program.Threads {
		if !mirrored[t] {
			out = append(out, t)
		}
	}
	return out
}

// starve finds a lasso in which a thread never completes, or nobody does; nil when there is none.
func (g *graph[S]) starve(victim int, f model.Fairness, stopped func() bool) (*Lasso, error) {
	r := newRegion(g, g.incomplete(victim))
	p := r.fair(r.unfinished(victim), f, stopped)
	if p == nil {
		return nil, nil
	}
	at, loop := r.loop(p, f)
	l := &Lasso{Prefix: g.scheduleTo(at), Loop: g.scheduleOf(at, loop), Victim: victim}
	trace, _, err := search.Replay(g.m.Program, slices.Concat(l.Prefix, l.Loop))
	if err != nil {
		return nil, fmt.Errorf("starvation: a lasso cannot be followed: %w", err)
	}
	l.Trace = *trace
	g.tell(l, at, loop, f)
	return l, nil
}
