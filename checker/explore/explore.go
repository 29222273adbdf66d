package explore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/lockproof/lockproof/model"
)

// Search visits every reachable state of p and returns the verdict, with a shortest counterexample for every
// kind of broken rule. It stops early, with what it has, when ctx ends or a limit of opt is hit. The error is about p or its size;
// a broken rule is a result.
func Search(ctx context.Context, p *model.Program, opt Options) (*Result, error) {
	width, err := model.Width(p)
	if err != nil {
		return nil, err
	}
	switch width {
	case 1:
		return searchWidth[[1]uint64](ctx, p, opt)
	case 2:
		return searchWidth[[2]uint64](ctx, p, opt)
	case 3:
		return searchWidth[[3]uint64](ctx, p, opt)
	case 4:
		return searchWidth[[4]uint64](ctx, p, opt)
	case 6:
		return searchWidth[[6]uint64](ctx, p, opt)
	case 8:
		return searchWidth[[8]uint64](ctx, p, opt)
	case 16:
		return searchWidth[[16]uint64](ctx, p, opt)
	}
	return nil, fmt.Errorf("explore: no search for states of %d words", width)
}

func searchWidth[S model.Words](ctx context.Context, p *model.Program, opt Options) (*Result, error) {
	m, err := model.NewMachine[S](p)
	if err != nil {
		return nil, err
	}
	if opt.Reduce.Auto {
		if r := searchPlain(ctx, m, opt); r != nil {
			return r, nil
		}
		opt.Reduce = Reduction{Merge: true, Symmetry: true}
	}
	if opt.WaitCycles {
		opt.Reduce.Symmetry = false
	}
	s := searchOnce(ctx, m, opt, true)
	if s.freed {
		s.close()
		s = searchOnce(ctx, m, opt, false)
	}
	defer s.close()
	if s.err != nil {
		return nil, s.err
	}
	r := s.result()
	if s.err != nil {
		return nil, s.err
	}
	if opt.Reduce.Merge {
		shorten(ctx, m, opt, r)
		r.conclude()
	}
	r.Stats.Elapsed = time.Since(s.started)
	return r, nil
}

// searchPlain searches without reductions, or returns nil when there are too many states for that.
func searchPlain[S model.Words](ctx context.Context, m *model.Machine[S], opt Options) *Result {
	asked := opt.MaxStates
	if asked == 0 || asked > autoStates {
		opt.MaxStates = autoStates
	}
	opt.Reduce, opt.Fingerprint = Reduction{}, false
	s := searchOnce(ctx, m, opt, true)
	if s.limit == States && opt.MaxStates != asked {
		return nil
	}
	r := s.result()
	r.Stats.Elapsed = time.Since(s.started)
	return r
}

func searchOnce[S model.Words](ctx context.Context, m *model.Machine[S], opt Options, assumeAlive bool) *search[S] {
	s := newSearch(ctx, m, opt, assumeAlive)
	s.enter(Searching)
	if opt.Progress != nil {
		done := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() { s.report(done) })
		defer wg.Wait()
		defer close(done)
	}
	s.run()
	if s.exhausted && s.limit == NoLimit && len(s.errors) == 0 && !(opt.First && len(s.found) > 0) {
		switch plain := m.Program.Terminates(); {
		case s.opt.Fingerprint:
			if !plain && len(s.found) == 0 {
				s.limit = Compacted
			}
		case s.stats.Deadlocks > 0 || !plain:
			s.enter(Backward)
			s.stuckStates()
		}
	}
	s.enter(Reconstructed)
	return s
}

// maxShorten bounds the states that are visited once more to make counterexamples shortest.
const maxShorten = 2_000_000

// shorten replaces the counterexamples of a merging search by shortest ones: it searches again without merging, and with a bound. What the
// bound does not reach stays as it is.
func shorten[S model.Words](ctx context.Context, m *model.Machine[S], opt Options, r *Result) {
	if len(r.Findings) == 0 {
		return
	}
	opt.Reduce.Merge, opt.Fingerprint = false, false
	if opt.MaxStates == 0 || opt.MaxStates > maxShorten {
		opt.MaxStates = maxShorten
	}
	opt.Progress, opt.First, opt.WaitCycles = nil, false, false
	again := searchOnce(ctx, m, opt, true).result()
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Shortest = false
		for _, g := range again.Findings {
			if g.Verdict == f.Verdict && g.Kind == f.Kind {
				*f = g
			}
		}
	}
}

// close gives back what a search keeps outside of memory.
func (s *search[S]) close() {
	if s.spill != nil {
		s.spill.close()
	}
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
	r := &Result{Verdict: model.OK, Limit: s.limit, Stats: s.stats, Reductions: s.reduce.names}
	r.Stats.States = s.arena.filled.Load() + int64(len(s.errors))
	r.Stats.Depth = max(0, len(s.levels)-1, s.errorDepth)
	r.Stats.StateBits = s.m.StateBits()
	r.Stats.Errors = map[model.Kind]int64{}
	for f := range s.errors {
		r.Stats.Errors[f.kind]++
		if f.kind == model.RangeExceeded {
			r.Limit = ValueRange
		}
	}
	if len(s.errors) > 0 {
		r.Stats.Stuck = -1
	}
	r.Complete = r.Limit == NoLimit && s.exhausted
	r.Reached = s.reached()
	r.WaitCycles = s.waitCycles()
	for _, f := range s.found {
		if f.kind == model.RangeExceeded {
			continue
		}
		if f.verdict == model.PartialDeadlock && s.stats.Deadlocks > 0 {
			continue // the deadlock says it already, and more
		}
		t := s.trace(&f) // before explain: it gives f the state in which it really ends
		out := viewer[S]{s.m}.explain(&f, t)
		out.Shortest = true
		r.Findings = append(r.Findings, out)
	}
	r.conclude()
	r.Stats.Bytes = s.peak.Load()
	if s.opt.Fingerprint {
		r.Stats.Omission = omission(r.Stats.States)
	}
	return r
}

// conclude puts the findings in order and draws the verdict from them.
func (r *Result) conclude() {
	verdicts, kinds := model.Verdicts(), model.Kinds()
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(slices.Index(verdicts, a.Verdict), slices.Index(verdicts, b.Verdict)),
			cmp.Compare(len(a.Trace.Steps), len(b.Trace.Steps)),
			cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)),
		)
	})
	switch {
	case len(r.Findings) > 0:
		r.Verdict, r.Kind = r.Findings[0].Verdict, r.Findings[0].Kind
	case r.Limit != NoLimit:
		r.Verdict = model.Unknown
	}
}

// reached joins what the workers saw.
func (s *search[S]) reached() [][]bool {
	all := s.workers[0].reached
	for _, w := range s.workers[1:] {
		for t := range all {
			for n, seen := range w.reached[t] {
				all[t][n] = all[t][n] || seen
			}
		}
	}
	return all
}
