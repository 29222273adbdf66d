package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/lockproof/lockproof/checker/mutate"
	"github.com/lockproof/lockproof/checker/mutate/operator"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/reports/folder"
	"github.com/lockproof/lockproof/reports/formats"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

// mutating is what the flags of mutate say.
type mutating struct {
	helpers, operators, suites []string
	workers                    int
	maxStates                  int64
	timeout                    time.Duration
	minScore                   float64
	all                        bool
	cache                      string
	noCache                    bool
	format                     *format
	out                        string
	root                       string
	showing
}

// usualTarget is what mutate breaks when nothing is named.
const usualTarget = "mail-2009-10"

func (a *app) mutate() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "mutate [PROTOCOL | SUITE | PATH]...",
		Short: "Break the helpers on purpose and say which suite notices",
		Long: `mutate breaks each helper of a protocol by one small mistake at a time: an operation dropped or replaced by its opposite, an if
where a while stood, a lost error branch, the wrong lock. It runs the scenarios on each of these mutants until one is not as
expected, and says which mutants nobody notices: a mistake that the suites would let through.

Of a shipped protocol, by default mail-2009-10, the built-in suites that name it judge, or those of --suite. Of your own C file the
library judges, as far as it fits, or --suite. A suite or a directory of suites judges the protocol that it names, or its own C.
A scenario that is not as expected before anything is changed judges nothing, and is named.

requires, check, assert and access are the specification, and stay as they are; --operators drop-check changes those alone. The
function qemuProcessDied is the environment, and is changed only where --helpers names it.

A mutant is equivalent when in each scenario original and mutant do the same, step by step, whatever the scheduler does: that is
proved, for these scenarios. The score is the found mutants in percent of the found, the survived, and those that no scenario comes
to. What was found out is kept in the user's cache directory, so that only what has changed runs again.

Exit code: 0; 1 when a score is below --min-score; 2 bad input; 3 when not all mutants could be decided.

Operators: ` + strings.Join(operator.Names(), ", ") + `.`,
		Example: `  lockproof mutate
  lockproof mutate mine.c --suite suites/ --min-score 95
  lockproof mutate my-suite/ --helpers begin,end --operators drop-call,while-if
  lockproof mutate mail-2009-10 --out report/`,
		ValidArgsFunction: completeScenarios,
	}
	m := &mutating{format: formatFlag(cmd)}
	f := cmd.Flags()
	f.StringSliceVar(&m.helpers, "helpers", nil, "change these functions alone")
	f.StringSliceVar(&m.operators, "operators", nil, "make these mistakes alone")
	f.StringSliceVar(&m.suites, "suite", nil,
		"of a protocol: the suites that judge, by name or path (default: the built-in ones)")
	f.IntVar(&m.workers, "workers", runtime.NumCPU(), "how many mutants at once")
	f.Int64Var(&m.maxStates, "max-states", 1_000_000, "stop each search after about this many states (0: no limit)")
	f.DurationVar(&m.timeout, "timeout", 0, "stop after this long, as 30s or 5m (0: no limit)")
	f.Float64Var(&m.minScore, "min-score", 0, "exit with 1 when a score is below this, in percent")
	f.BoolVar(&m.all, "all", false, "list the mutants that were found too")
	f.StringVar(&m.cache, "cache", "",
		"directory for what is known from earlier runs (default: in the user's cache directory)")
	f.BoolVar(&m.noCache, "no-cache", false, "ask everything again, and keep nothing")
	f.StringVar(&m.out, "out", "", "directory for the report in all formats, written when all is done")
	f.StringVar(&m.root, "root", "", "directory of which suites may read the C (default: their repository)")
	m.showing.add(f)
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.runMutate(cmd, m, args) }
	return cmd
}

func (m *mutating) check() error {
	for _, name := range m.operators {
		if names := operator.Names(); !slices.Contains(names, name) {
			near := ""
			if hint := scenarios.Hint(name, names); hint != "" {
				near = " (" + hint + ")"
			}
			return fmt.Errorf("--operators: no operator %q%s: there are %s", name, near, strings.Join(names, ", "))
		}
	}
	switch {
	case m.maxStates < 0 || m.timeout < 0:
		return errors.New("--max-states and --timeout must not be negative")
	case !(m.minScore >= 0 && m.minScore <= 100):
		return fmt.Errorf("--min-score is from 0 to 100, not %v", m.minScore)
	case m.noCache && m.cache != "":
		return errors.New("--cache and --no-cache exclude each other")
	}
	return errors.Join(checkWorkers(m.workers), m.showing.check())
}

func (a *app) runMutate(cmd *cobra.Command, m *mutating, args []string) error {
	if err := m.check(); err != nil {
		return err
	}
	ctx, cancel := endingAfter(cmd.Context(), m.timeout)
	defer cancel()
	targets, err := m.targets(ctx, args)
	if err != nil {
		return err
	}
	var out *folder.Output
	if m.out != "" {
		if out, err = folder.NewOutput(m.out); err != nil {
			return err
		}
		defer out.Close()
	}
	cache, err := m.openCache(a)
	if err != nil {
		return err
	}
	report := newReport()
	for i := range targets {
		x, err := a.mutateOne(ctx, m, &targets[i], cache, m.command(args))
		if err != nil {
			return errors.Join(err, cache.Close())
		}
		x.MinScore = m.minScore
		report.Mutations = append(report.Mutations, *x)
		switch {
		case x.Score < m.minScore:
			a.code = exitFinding
		case x.Undecided() && a.code == exitOK:
			a.code = exitLimit
		}
		if *m.format == jsonFormat {
			continue
		}
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		if err := terminal.WriteMutation(a.stdout, x, m.all, a.style()); err != nil {
			return errors.Join(err, cache.Close())
		}
		if x.Score < m.minScore {
			fmt.Fprintf(a.stdout, "the score is below %v\n", m.minScore)
		}
	}
	if err := cache.Close(); err != nil {
		fmt.Fprintf(a.stderr, "lockproof: the cache: %v\n", err)
	}
	if *m.format == jsonFormat {
		err = formats.WriteJSON(a.data, report)
	}
	if out != nil {
		err = errors.Join(err, out.Write(report))
	}
	return err
}

// mutateOne breaks the helpers of one target.
func (a *app) mutateOne(
	ctx context.Context, m *mutating, t *mutate.Target, cache *mutate.Cache, command string,
) (*reports.Mutation, error) {
	var progress *terminal.Progress
	var found, missed atomic.Int64
	plan, err := mutate.NewPlan(ctx, t, mutate.Options{
		Helpers: m.helpers, Operators: m.operators, Workers: m.workers, MaxStates: m.maxStates, Cache: cache,
		Progress: func(x mutate.Progress) {
			progress.Update(terminal.Stage{Scenario: x.Mutant, Phase: x.Scenario, Counts: []terminal.Count{
				{Name: "states", Value: x.States},
				{Name: "found", Value: found.Load()},
				{Name: "missed", Value: missed.Load()},
			}})
		},
	})
	if err != nil {
		return nil, err
	}
	progress = a.progress(m.showing, len(plan.Mutants))
	r, err := plan.Run(ctx, func(x *mutate.Mutant) error {
		switch x.Status {
		case mutate.Found:
			found.Add(1)
		case mutate.Survived, mutate.Unreached:
			missed.Add(1)
		}
		return progress.Done(func() error { return nil })
	})
	if err != nil {
		return nil, err
	}
	if len(r.Scenarios) == 0 && r.Limit == "" {
		return nil, fmt.Errorf("no scenario about %s is as expected, so none can notice anything", t.Name)
	}
	x := answers.NewMutation(r, command)
	return &x, nil
}

// command is the command line again.
func (m *mutating) command(args []string) string {
	words := append([]string{"lockproof", "mutate"}, args...)
	for _, list := range []struct {
		flag  string
		words []string
	}{{"--helpers", m.helpers}, {"--operators", m.operators}, {"--suite", m.suites}} {
		if len(list.words) > 0 {
			words = append(words, list.flag, strings.Join(list.words, ","))
		}
	}
	if m.root != "" {
		words = append(words, "--root", m.root)
	}
	return reports.ShellLine(words...)
}
