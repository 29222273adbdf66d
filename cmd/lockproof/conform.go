package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/lockproof/lockproof/checker/conform"
	"github.com/lockproof/lockproof/checker/schedule"
	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// conforming is what the flags of conform say.
type conforming struct {
	strategy  word
	maxStates int
	maxMemory size
	schedules int
	maxSteps  int
	seed      uint64
	timeout   time.Duration
	replay    string
	showing
	question scenarios.Question
	answers  *answerWriter
	alias    string // what messages name instead of the command: "--conform " of explore
}

// library names all built-in suites.
const library = "library"

func (a *app) conform() *cobra.Command { return a.conformAs("") }

// conformAs makes the command, with messages for who gave it by another name.
func (a *app) conformAs(alias string) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "conform [SUITE[:SCENARIO]]",
		Short: "Compare the real driver with the model, state by state",
		Long: `conform runs the threads of a scenario in Go: their C is interpreted, and its helper calls go to the real driver. Every state
and step is compared with the model's, in both directions. It takes one scenario, each scenario of a suite, or by default all
of the library whose protocol is there in Go. The C may call the helpers, and follow pointers to a domain's lock, private data and monitor; a scenario that
looks at more of the driver is not compared.

The driver has the protocol today. The helpers of the mail and of its first repairs are there in Go beside it, and stand for it where
a scenario names one of them: that tells of the C and the model, not of the driver. Other eras are there in C alone. --protocol today takes any scenario to the driver.

--replay takes one schedule, such as a counterexample of lockproof check, to both. --strategy random follows
--schedules random runs instead of comparing all.

Exit code: 0 driver and model agree in what was asked for; 1 they differ; 2 bad input; 3 a limit was hit first, or a scenario
was not compared.`,
		Example: `  lockproof conform
  lockproof conform call-patterns:two-queries
  lockproof conform call-patterns --protocol today
  lockproof conform event-loop:with-query --replay '2*3,1*2,2*3'
  lockproof conform call-patterns:everybody-for-ever --strategy random`,
		Args:              atMost("a SUITE[:SCENARIO]"),
		ValidArgsFunction: completeScenarios,
	}
	c := &conforming{strategy: word{value: string(schedule.Exhaustive)}, alias: alias}
	c.strategy.of = []string{string(schedule.Exhaustive), string(schedule.Random)}
	c.answers = a.answerFlags(cmd)
	f := cmd.Flags()
	c.showing.add(f)
	f.Var(&c.strategy, "strategy", "exhaustive compares every state and step, random some runs")
	f.IntVar(&c.maxStates, "max-states", 200_000, "for exhaustive: stop after so many states of a scenario (0: no limit)")
	f.Var(&c.maxMemory, "max-memory",
		"for exhaustive: stop when the states of a scenario need this much, as 512M or 4G (0: no limit)")
	f.IntVar(&c.schedules, "schedules", 0, "for random: stop after this many (0: 10000)")
	f.IntVar(&c.maxSteps, "max-steps", 10_000, "for random: decisions in one schedule at most")
	f.Uint64Var(&c.seed, "seed", 1, "for random")
	f.DurationVar(&c.timeout, "timeout", 0, "stop after this long, as 30s or 5m (0: no limit)")
	f.StringVar(&c.replay, "replay", "", "follow this schedule instead of searching: threads from 1, as in '1*3,2,1.1'")
	protocolFlag(cmd, &c.question)
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.runConform(cmd, c, args) }
	return cmd
}

// aliasFlags gives explore the flag --conform, by which the command conform was known, and the two
// that only it looks at.
func aliasFlags(f *pflag.FlagSet) (ref *string) {
	var unused size
	ref = f.String("conform", "", "compare the driver with the model: lockproof conform")
	f.Int("max-states", 0, "for --conform")
	f.Var(&unused, "max-memory", "for --conform")
	for _, name := range []string{"conform", "max-states", "max-memory"} {
		f.Lookup(name).Hidden = true
	}
	return ref
}

// conformAlias is explore --conform REF: conform REF with those of its flags that explore was
// given.
func (a *app) conformAlias(explore *cobra.Command, ref string) error {
	cmd := a.conformAs("--conform ")
	cmd.SetContext(explore.Context())
	var err error
	explore.Flags().Visit(func(f *pflag.Flag) {
		switch {
		case err != nil || f.Name == "conform":
		case cmd.Flags().Lookup(f.Name) == nil:
			err = fmt.Errorf("--%s is not for --conform: the scenario says what runs", f.Name)
		case cmd.Flags().Set(f.Name, f.Value.String()) != nil: // the one that allows less is the strategy
			err = errors.New("--conform compares exhaustively, or with --strategy random")
		}
	})
	if err != nil {
		return err
	}
	return cmd.RunE(cmd, []string{ref})
}

// boundsOf are the flags that bound one of the two ways to compare.
var boundsOf = map[string]schedule.Strategy{
	"max-states": schedule.Exhaustive, "max-memory": schedule.Exhaustive,
	"schedules": schedule.Random, "max-steps": schedule.Random, "seed": schedule.Random,
}

// withoutEffect refuses flags that would change nothing.
func (c *conforming) withoutEffect(cmd *cobra.Command) error {
	flags := cmd.Flags()
	for _, name := range []string{"strategy", "schedules", "max-steps", "timeout", "seed", "max-states", "max-memory"} {
		if flags.Changed("replay") && flags.Changed(name) {
			return fmt.Errorf("--%s is not for --replay: the schedule says everything", name)
		}
		if of, ok := boundsOf[name]; ok && flags.Changed(name) && c.strategy.value != string(of) {
			with := ""
			if c.alias != "" {
				with = c.alias + "with "
			}
			return fmt.Errorf("--%s is not for %s--strategy %s", name, with, c.strategy.value)
		}
	}
	return nil
}

// options reads the flags.
func (c *conforming) options(cmd *cobra.Command) (conform.Options, error) {
	o := conform.Options{MaxStates: c.maxStates, MaxMemory: int64(c.maxMemory), Seed: c.seed, MaxSteps: c.maxSteps}
	if err := errors.Join(c.withoutEffect(cmd), c.showing.check()); err != nil {
		return o, err
	}
	switch {
	case c.maxStates < 0, c.schedules < 0, c.timeout < 0:
		return o, errors.New("--max-states, --schedules and --timeout must not be negative")
	case o.MaxSteps < 1 || o.MaxSteps > 1e7:
		return o, fmt.Errorf("--max-steps is from 1 to 10000000, not %d", o.MaxSteps)
	case c.strategy.value == string(schedule.Random):
		if o.Walks = c.schedules; o.Walks == 0 {
			o.Walks = 10_000
		}
	}
	return o, nil
}

// runConform compares scenarios on the driver and in the model.
func (a *app) runConform(cmd *cobra.Command, c *conforming, args []string) error {
	o, err := c.options(cmd)
	if err != nil {
		return err
	}
	ctx, cancel := endingAfter(cmd.Context(), c.timeout)
	defer cancel()
	if slices.Equal(args, []string{library}) {
		args = nil
	}
	scs, err := resolve(ctx, cmd, &c.question, args)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		if scs, err = thoseComparable(ctx, scs); err != nil {
			return err
		}
	}
	if err := scenarios.Check(ctx, scs); err != nil && !meter.Stopped(err) {
		return err
	}
	if err := c.answers.open(); err != nil {
		return err
	}
	defer c.answers.close()
	if cmd.Flags().Changed("replay") {
		err = c.followBoth(ctx, scs)
	} else {
		err = a.compareAll(ctx, scs, o, c)
	}
	if err != nil {
		return err
	}
	return c.answers.finish(texts(scs)...)
}

// thoseComparable keeps the scenarios of suites for which the driver has everything.
func thoseComparable(ctx context.Context, scs []*scenarios.Scenario) ([]*scenarios.Scenario, error) {
	has := map[*scenarios.Suite]bool{}
	for _, sc := range scs {
		if _, ok := has[sc.Suite]; ok {
			continue
		}
		ok, err := conform.Comparable(ctx, sc.Suite)
		if err != nil && !meter.Stopped(err) {
			return nil, err
		}
		has[sc.Suite] = ok || err != nil // who compares finds out that there is no time left
	}
	return slices.DeleteFunc(scs, func(sc *scenarios.Scenario) bool { return !has[sc.Suite] }), nil
}

func (a *app) compareAll(ctx context.Context, scs []*scenarios.Scenario, o conform.Options, c *conforming) error {
	p := a.progress(c.showing, len(scs))
	for _, sc := range scs {
		o.Progress = func(x conform.Progress) { p.Update(comparing(sc.String(), x)) }
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
		if err := p.Done(func() error { return c.answers.give(&r) }); err != nil {
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
func (c *conforming) followBoth(ctx context.Context, scs []*scenarios.Scenario) error {
	if len(scs) != 1 {
		return fmt.Errorf("--replay needs one scenario: %sSUITE:SCENARIO", c.alias)
	}
	both, err := conform.FromScenario(ctx, scs[0])
	if err != nil {
		return err
	}
	r, err := replayed(c.replay, func(s model.Schedule) (reports.Result, error) {
		f, err := conform.Follow(ctx, both, s)
		if err != nil {
			return reports.Result{}, err
		}
		return answers.NewFollowed(scs[0], both.Program, s, f), nil
	})
	if err != nil {
		return err
	}
	return c.answers.give(&r)
}
