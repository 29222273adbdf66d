package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/lockproof/lockproof/checker/conform"
	"github.com/lockproof/lockproof/checker/schedule"
	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

// conforming is what the flags of explore say when there is --conform.
type conforming struct {
	ref       string
	maxStates int
	maxMemory size
}

// library is how --conform names all built-in suites.
const library = "library"

// notWithConform are the flags of explore that describe what a scenario describes already.
var notWithConform = []string{"threads", "start", "faults", "faults-per-thread", "preemptions", "depth", "history"}

// boundsOf are the flags that bound one of the two ways to compare.
var boundsOf = map[string]schedule.Strategy{
	"max-states": schedule.Exhaustive, "max-memory": schedule.Exhaustive,
	"schedules": schedule.Random, "max-steps": schedule.Random, "seed": schedule.Random,
}

// withoutEffect refuses flags that would change nothing.
func (f *conforming) withoutEffect(cmd *cobra.Command, s schedule.Strategy) error {
	flags := cmd.Flags()
	for _, name := range notWithConform {
		if flags.Changed(name) {
			return fmt.Errorf("--%s is not for --conform: the scenario says what runs", name)
		}
	}
	for _, name := range []string{"strategy", "schedules", "max-steps", "timeout", "seed", "max-states", "max-memory"} {
		if flags.Changed("replay") && flags.Changed(name) {
			return fmt.Errorf("--%s is not for --replay: the schedule says everything", name)
		}
		if of, ok := boundsOf[name]; ok && flags.Changed(name) && s != of {
			return fmt.Errorf("--%s is not for --conform with --strategy %s", name, s)
		}
	}
	return nil
}

// options reads the flags.
func (f *conforming) options(cmd *cobra.Command, e *exploring) (conform.Options, error) {
	o := conform.Options{MaxStates: f.maxStates, MaxMemory: int64(f.maxMemory), Seed: e.options.Seed, MaxSteps: e.options.MaxSteps}
	s := schedule.Strategy(e.strategy.value)
	if s != schedule.Exhaustive && s != schedule.Random {
		return o, errors.New("--conform compares exhaustively, or with --strategy random")
	}
	if err := f.withoutEffect(cmd, s); err != nil {
		return o, err
	}
	switch {
	case f.maxStates < 0, e.options.Schedules < 0, e.timeout < 0:
		return o, errors.New("--max-states, --schedules and --timeout must not be negative")
	case o.MaxSteps < 1 || o.MaxSteps > 1e7:
		return o, fmt.Errorf("--max-steps is from 1 to 10000000, not %d", o.MaxSteps)
	case s == schedule.Random:
		if o.Walks = int(e.options.Schedules); o.Walks == 0 {
			o.Walks = 10_000
		}
	}
	return o, nil
}

// conform compares scenarios on the driver and in the model.
func (a *app) conform(cmd *cobra.Command, e *exploring, f *conforming) error {
	o, err := f.options(cmd, e)
	if err != nil {
		return err
	}
	ctx, cancel := endingAfter(cmd.Context(), e.timeout)
	defer cancel()
	var args []string
	if f.ref != library {
		args = append(args, f.ref)
	}
	scs, err := scenarios.Resolve(ctx, args)
	if err != nil {
		return err
	}
	if err := scenarios.Check(ctx, scs); err != nil && !meter.Stopped(err) {
		return err
	}
	if err := e.answers.open(); err != nil {
		return err
	}
	defer e.answers.close()
	if cmd.Flags().Changed("replay") {
		err = followBoth(ctx, scs, e.replay, e.answers.give)
	} else {
		err = a.compareAll(ctx, scs, o, e)
	}
	if err != nil {
		return err
	}
	return e.answers.finish(texts(scs)...)
}

func (a *app) compareAll(ctx context.Context, scs []*scenarios.Scenario, o conform.Options, e *exploring) error {
	p := a.conformProgress(len(scs))
	for i, sc := range scs {
		o.Progress = p.of(i, sc)
		r, err := compare(ctx, sc, o)
		switch stop := model.Stopped(ctx); {
		case err == nil:
		case stop != model.NoLimit:
			r = answers.NewConformed(sc, &model.Program{}, &conform.Result{Limit: stop})
		case len(scs) == 1:
			return err
		default:
			r = answers.NewNotCompared(sc, err)
		}
		if err := e.answers.give(&r); err != nil {
			return err
		}
	}
	return nil
}

// compare compares one scenario. An error says why the driver cannot run it, or that there is no
// time left to find out.
func compare(ctx context.Context, sc *scenarios.Scenario, o conform.Options) (reports.Result, error) {
	c, err := conform.FromScenario(ctx, sc)
	if meter.Stopped(err) {
		return answers.NewConformed(sc, &model.Program{}, &conform.Result{Limit: limitOf(err)}), nil
	}
	if err != nil {
		return reports.Result{}, err
	}
	r, err := conform.Compare(ctx, c, o)
	if err != nil {
		return reports.Result{}, err
	}
	return answers.NewConformed(sc, c.Program, r), nil
}

// followBoth takes one schedule to the driver and to the model.
func followBoth(ctx context.Context, scs []*scenarios.Scenario, text string, give func(*reports.Result) error) error {
	if len(scs) != 1 {
		return errors.New("--replay needs one scenario: --conform SUITE:SCENARIO")
	}
	c, err := conform.FromScenario(ctx, scs[0])
	if err != nil {
		return err
	}
	r, err := replayed(text, func(s model.Schedule) (reports.Result, error) {
		f, err := conform.Follow(ctx, c, s)
		if err != nil {
			return reports.Result{}, err
		}
		return answers.NewFollowed(scs[0], c.Program, s, f), nil
	})
	if err != nil {
		return err
	}
	return give(&r)
}
