package search

import (
	"context"
	"errors"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// Close returns the closed program that an open one is a part of: with every outcome that some
// state takes. It goes in rounds. Each searches the program, with reductions, for states that take
// a step which is lacking, and has the program extended from these, until there are none.
//
// When a limit of opt or the end of half of the time of ctx comes first, it says which, and returns
// the open program as far as it was made: a search of that may break rules, and ends with
// [model.UnexploredLimit] otherwise. The error is that of [model.Source].
func Close(ctx context.Context, p *model.Program, opt Options) (*model.Program, model.Limit, error) {
	if p.Source == nil {
		return p, model.NoLimit, nil
	}
	within, cancel := Half(ctx)
	defer cancel()
	if opt.Reduce.Auto {
		opt.Reduce = Reduction{Merge: true, Symmetry: true}
	}
	opt.First, opt.WaitCycles = false, false
	for {
		find, err := model.ByWidth[func(context.Context, *model.Program, Options) ([]model.State, model.Limit, error)]{
			One:     gaps[[1]uint64],
			Two:     gaps[[2]uint64],
			Three:   gaps[[3]uint64],
			Four:    gaps[[4]uint64],
			Six:     gaps[[6]uint64],
			Eight:   gaps[[8]uint64],
			Sixteen: gaps[[16]uint64],
		}.Of(p)
		if err != nil {
			return nil, model.NoLimit, err
		}
		states, limit, err := find(within, p, opt)
		switch {
		case err != nil || limit != model.NoLimit:
			return p, limit, err
		case len(states) == 0:
			closed := *p
			closed.Source = nil
			return &closed, model.NoLimit, nil
		}
		next, err := p.Source.Extend(within, states)
		switch {
		case err != nil:
			return p, model.Stopped(within), err
		case next.Source == nil:
			return next, model.NoLimit, nil
		}
		p = next
	}
}

// gaps searches an open program and returns states in which it lacks a step: for each step that is
// lacking one.
func gaps[S model.Words](ctx context.Context, p *model.Program, opt Options) ([]model.State, model.Limit, error) {
	m, err := model.NewMachineWithin[S](p, bounds(ctx, opt))
	switch {
	case errors.Is(err, model.ErrStopped):
		return nil, model.Stopped(ctx), nil
	case errors.Is(err, model.ErrTooLarge):
		return nil, model.MemoryLimit, nil
	case err != nil:
		return nil, model.NoLimit, err
	}
	how := planFor(opt)
	how.gaps = true
	s := newSearch(ctx, m, how)
	s.search()
	if s.void() {
		s.close()
		how.assumeAlive = false
		s = newSearch(ctx, m, how)
		s.search()
	}
	defer s.close()
	if s.err != nil {
		return nil, model.NoLimit, s.err
	}
	return s.lacking(), s.limit, nil
}

// gap is a step that is lacking.
type gap struct {
	thread int
	node   model.NodeID
	value  int64
}

// lacking picks a state for each step that is lacking.
func (s *search[S]) lacking() []model.State {
	var all []S
	for f := range s.saw.errors {
		if f.kind == model.Unexplored {
			all = append(all, f.state)
		}
	}
	slices.SortFunc(all, func(a, b S) int { return compareStates(&a, &b) })
	var states []model.State
	known := map[gap]bool{}
	for i := range all {
		isNew := false
		for t := range s.m.Program.Threads {
			n := s.m.At(&all[i], t)
			if !n.Open {
				continue
			}
			g := gap{thread: t, node: s.m.Location(&all[i], t)}
			if n.Var != model.None {
				g.value = s.m.Value(&all[i], n.Var)
			}
			if !known[g] && n.Lacks(g.value) {
				known[g], isNew = true, true
			}
		}
		if isNew {
			states = append(states, s.m.State(&all[i]))
		}
	}
	return states
}

// gapsFound says that a search for steps that are lacking has found some, and as many states again
// as until the first of them: it is time to extend the program.
func (s *search[S]) gapsFound() bool {
	if _, some := s.saw.found[findingKey{model.Violation, model.Unexplored}]; !some || !s.plan.gaps {
		return false
	}
	if s.gapAt == 0 {
		s.gapAt = s.arena.filled.Load()
	}
	return s.arena.filled.Load() >= 2*s.gapAt
}
