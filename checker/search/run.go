package search

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/lockproof/lockproof/model"
)

// Search visits every reachable state of p and returns the verdict, with a shortest counterexample
// for every kind of broken rule. It stops early, with what it has, when ctx ends or a limit of opt
// is hit. The error is about p or its size; a broken rule is a result.
func Search(ctx context.Context, p *model.Program, opt Options) (*Result, error) {
	search, err := model.ByWidth[func(context.Context, *model.Program, Options) (*Result, error)]{
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
	return search(ctx, p, opt)
}

func searchWidth[S model.Words](ctx context.Context, p *model.Program, opt Options) (*Result, error) {
	started := time.Now()
	m, err := model.NewMachineWithin[S](p, bounds(ctx, opt))
	switch {
	case errors.Is(err, model.ErrStopped):
		return stopped(model.Stopped(ctx), started), nil
	case errors.Is(err, model.ErrTooLarge):
		return stopped(model.MemoryLimit, started), nil
	case err != nil:
		return nil, err
	}
	cramped, seen := false, int64(0)
	if opt.Reduce.Auto {
		var r *Result
		if r, seen, cramped = searchPlain(ctx, m, opt); r != nil {
			return r, nil
		}
		opt.Reduce = Reduction{Merge: true, Symmetry: true}
	}
	if opt.WaitCycles {
		opt.Reduce.Symmetry = false
	}
	r, err := searchOnce(ctx, m, opt)
	if err != nil {
		return nil, err
	}
	r.Cramped = r.Cramped || cramped
	if seen > r.Stats.States {
		r.AtLeast = seen
	}
	if opt.Reduce.Merge {
		elapsed := time.Now()
		shorten(ctx, m, opt, r)
		r.Stats.Elapsed += time.Since(elapsed)
	}
	return r, nil
}

// bounds are those of the machine: part of the memory, and some that every process takes.
func bounds(ctx context.Context, opt Options) model.Bounds {
	b := model.Bounds{Stopped: func() bool { return model.Stopped(ctx) != model.NoLimit }}
	if opt.MaxMemory > 0 {
		b.Bytes = opt.MaxMemory/8 + 8<<20
	}
	return b
}

// stopped is the result of a search that never began.
func stopped(l model.Limit, started time.Time) *Result {
	return &Result{
		Verdict: model.Unknown, Limit: l, Cramped: l == model.MemoryLimit,
		Stats: Stats{Stuck: -1, Luck: -1, Elapsed: time.Since(started)},
	}
}

// searchPlain searches without reductions. It gives up, and returns nil, when there are too many
// states for that (seen is how many there are at least), when they take too much memory, or half of
// the time that there is.
func searchPlain[S model.Words](ctx context.Context, m *model.Machine[S],
	opt Options,
) (r *Result, seen int64, cramped bool) {
	asked := opt.MaxStates
	if asked == 0 || asked > autoStates {
		opt.MaxStates = autoStates
	}
	opt.Reduce, opt.Fingerprint = Reduction{}, false
	within, cancel := Half(ctx)
	defer cancel()
	s := newSearch(within, m, planFor(opt))
	defer s.close()
	s.search()
	switch {
	case s.limit == model.StatesLimit && opt.MaxStates != asked:
		return nil, opt.MaxStates, false
	case s.limit == model.TimeoutLimit && model.Stopped(ctx) == model.NoLimit:
		return nil, 0, false
	case s.limit == model.MemoryLimit:
		return nil, 0, true
	}
	s.ctx = ctx
	return s.result(), 0, false
}

// searchOnce searches with the given reductions. Where merging assumes that nothing is freed and
// something is, it does so again.
func searchOnce[S model.Words](ctx context.Context, m *model.Machine[S], opt Options) (*Result, error) {
	p := planFor(opt)
	s := newSearch(ctx, m, p)
	s.search()
	if s.void() {
		s.close()
		p.assumeAlive = false
		s = newSearch(ctx, m, p)
		s.search()
	}
	defer s.close()
	if s.err != nil {
		return nil, s.err
	}
	r := s.result()
	return r, s.err
}

// search visits what can be reached, and asks whether every thread can finish.
func (s *search[S]) search() {
	s.enter(Searching)
	if s.plan.Progress != nil {
		done := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() { s.report(done) })
		defer wg.Wait()
		defer close(done)
	}
	s.run()
	if s.exhausted && s.limit == model.NoLimit && len(s.saw.errors) == 0 && !s.enough() && !s.plan.gaps {
		switch plain := s.m.Program.Terminates() && (s.luck || !s.m.MayStay()); {
		case s.plan.Fingerprint:
			if !plain && len(s.saw.found)+len(s.saw.vain) == 0 {
				s.limit = model.FingerprintLimit
			}
		case s.saw.deadlocks > 0 || s.saw.quiet > 0 || !plain:
			s.enter(Backward)
			s.settled = s.stuckStates()
		}
	}
	if !s.settled && !s.plan.gaps {
		s.noteVain()
	}
	if s.plan.Races == CheckRaces {
		for _, f := range s.saw.races {
			s.saw.found.note(f)
		}
	}
	s.enter(Reconstructed)
}

// maxShorten bounds the states that are visited once more to make counterexamples shortest.
const maxShorten = 2_000_000

// shorten replaces the counterexamples of a merging search by shortest ones: it searches again
// without merging, and with a bound. What the bound does not reach stays as it is.
func shorten[S model.Words](ctx context.Context, m *model.Machine[S], opt Options, r *Result) {
	if len(r.Findings) == 0 && r.Race == nil {
		return
	}
	opt.Reduce.Merge, opt.Fingerprint = false, false
	if opt.MaxStates == 0 || opt.MaxStates > maxShorten {
		opt.MaxStates = maxShorten
	}
	opt.Progress, opt.First, opt.WaitCycles = nil, false, false
	again, err := searchOnce(ctx, m, opt)
	if err != nil { // of the file of states, and there is none
		return
	}
	r.Cramped = r.Cramped || again.Limit == model.MemoryLimit
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Shortest = false
		for _, g := range again.Findings {
			if g.Verdict == f.Verdict && g.Kind == f.Kind && !g.Trace.Cut {
				*f = g
			}
		}
	}
	if r.Race != nil {
		if r.Race.Shortest = false; again.Race != nil && !again.Race.Trace.Cut {
			r.Race = again.Race
		}
	}
	r.conclude()
}

func (s *search[S]) enter(p Phase) { s.meter.phase.Store(&p) }

// parallel runs f on every worker and waits.
func (s *search[S]) parallel(f func(*worker[S])) {
	var wg sync.WaitGroup
	for _, w := range s.workers[1:] {
		wg.Go(func() { f(w) })
	}
	f(s.workers[0])
	wg.Wait()
}

func (s *search[S]) result() *Result {
	r := &Result{
		Verdict: model.OK, Limit: s.limit, Cramped: s.limit == model.MemoryLimit, Stats: s.stats,
		Reductions: s.reduce.names,
	}
	r.Stats.States = s.arena.filled.Load() + int64(len(s.saw.errors))
	r.Stats.Transitions, r.Stats.Deadlocks, r.Stats.Quiet = s.saw.transitions, s.saw.deadlocks, s.saw.quiet
	r.Stats.Depth = max(0, len(s.levels)-1, s.errorDepth)
	r.Stats.StateBits = s.m.StateBits()
	r.Stats.Errors = map[model.Kind]int64{}
	for f := range s.saw.errors {
		r.Stats.Errors[f.kind]++
	}
	meets := func(k model.Kind) bool { return r.Stats.Errors[k] > 0 }
	if beyond := model.Exceeding(); slices.ContainsFunc(beyond, meets) {
		kind := beyond[slices.IndexFunc(beyond, meets)]
		r.Limit, r.Beyond = model.Limit(kind), s.saw.found[findingKey{model.Violation, kind}].failed
	} else if meets(model.Unexplored) && r.Limit == model.NoLimit {
		r.Limit = model.UnexploredLimit
	}
	if len(s.saw.errors) > 0 {
		r.Stats.Stuck, r.Stats.Luck = -1, -1
	}
	r.Complete = r.Limit == model.NoLimit && s.exhausted
	seen := s.visits()
	r.Reached, r.Paths = seen.nodes, s.takenPaths(seen.taken)
	s.show(r)
	s.showRaces(r)
	r.conclude()
	r.Stats.Bytes = s.peak.Load()
	if s.plan.Fingerprint {
		r.Stats.Omission = omission(r.Stats.States)
	}
	r.Stats.Elapsed = time.Since(s.started)
	return r
}

// conclude puts the findings in order and draws the verdict from them.
func (r *Result) conclude() {
	verdicts, kinds := model.Verdicts(), model.Kinds()
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		stuck := 0 // how far a partial deadlock is depends on the reduction
		if a.Verdict == model.PartialDeadlock && b.Verdict == model.PartialDeadlock {
			stuck = cmp.Compare(uint(slices.Index(kinds, a.Kind)), uint(slices.Index(kinds, b.Kind)))
		}
		return cmp.Or(
			cmp.Compare(slices.Index(verdicts, a.Verdict), slices.Index(verdicts, b.Verdict)), stuck,
			cmp.Compare(a.Trace.length(), b.Trace.length()),
			cmp.Compare(uint(slices.Index(kinds, a.Kind)), uint(slices.Index(kinds, b.Kind))), // "" comes last
		)
	})
	switch {
	case len(r.Findings) > 0:
		r.Verdict, r.Kind = r.Findings[0].Verdict, r.Findings[0].Kind
	case r.Limit != model.NoLimit:
		r.Verdict = model.Unknown
	}
}
