package main

import (
	"context"
	"errors"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/checker/starvation"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

// asksLiveness are the flags that ask about those who could be passed over for ever, where a
// scenario does not.
type asksLiveness struct{ fairness, liveness word }

func livenessFlags(cmd *cobra.Command) *asksLiveness {
	a := &asksLiveness{}
	for _, f := range model.Fairnesses() {
		a.fairness.of = append(a.fairness.of, string(f))
	}
	for _, l := range model.Livenesses() {
		a.liveness.of = append(a.liveness.of, string(l))
	}
	cmd.Flags().Var(&a.fairness, "fairness", "ask as well whether somebody can be passed over for ever, by a scheduler "+
		"that is weakly or strongly fair")
	cmd.Flags().Var(&a.liveness, "liveness", "with --fairness: completion (each thread completes its round; the "+
		"default) or progress (some thread does)")
	return a
}

// about has a question ask it.
func (a *asksLiveness) about(q *scenarios.Question) error {
	q.Fairness, q.Liveness = model.Fairness(a.fairness.value), model.Liveness(a.liveness.value)
	if q.Liveness != "" && q.Fairness == "" {
		return errors.New("--liveness needs --fairness weak or --fairness strong")
	}
	return nil
}

// livenessOf is what is asked about the liveness of a scenario; without a fairness nothing is.
func livenessOf(q *scenarios.Question, sc *scenarios.Scenario) starvation.Options {
	if q == nil {
		q = &scenarios.Question{}
	}
	f, l := sc.LivenessFor(q.Fairness, q.Liveness)
	return starvation.Options{Fairness: f, Liveness: l}
}

// live looks for fair loops of a program that keeps all other rules, where somebody asks for that,
// and adds what it finds to the result.
func (s *searcher) live(ctx context.Context, sc *scenarios.Scenario, p *model.Program, got *reports.Result) error {
	o := livenessOf(s.question, sc)
	if o.Fairness == "" || got.Verdict != model.OK {
		return nil
	}
	o.MaxStates = s.maxStates
	if s.progress != nil {
		o.Progress = func(x search.Progress) { s.progress.Update(searching(sc.String(), x)) }
	}
	s.room.RLock()
	o.MaxMemory = s.beside(p, s.atOnce)
	r, err := starvation.Search(ctx, p, o)
	s.room.RUnlock()
	if err == nil && r.Limit == model.MemoryLimit && s.atOnce > 1 {
		s.room.Lock()
		o.MaxMemory = s.beside(p, 1)
		r, err = starvation.Search(ctx, p, o)
		s.room.Unlock()
	}
	if err != nil {
		return err
	}
	answers.AddLiveness(got, sc, p, o, r)
	return nil
}
