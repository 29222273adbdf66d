package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports/answers"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/checker/starvation"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

func (a *app) check() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check SUITE[:SCENARIO] | FILE.c | --tree PATH",
		Short: "Check one scenario and show the interleaving that breaks it",
		Long: `check searches one scenario, or each scenario of a suite, and prints the verdict, what is wrong in one sentence, the
shortest interleaving that leads there, with one column a thread where they fit, and the line that replays it. SUITE is the
name of a built-in suite (lockproof list) or a path to a YAML file.

A C file needs no suite: --threads says what runs at the same time, as in a suite, and main alone runs where it begins
threads itself. It is expected to be ok.

--tree names real source, such as libvirt's: functions of it run as threads, cut down to the protocol that they follow
(lockproof slice shows what is left of one); --own lists helpers that are the source's own.

It exits with 0 when the verdict is the one that the scenario expects, an expected deadlock included, and with 1 when
it is another. A replay exits with 1 when it ends in a broken rule that is not the expected one.`,
		Example: `  lockproof check exit-monitor-order:prose-order-with-rogue
  lockproof check example.yaml:driver-kept --format json
  lockproof check example.yaml:driver-kept --replay '1*4,2*3'
  lockproof check mine.c --threads 'worker(NULL) x2, stop()'
  lockproof check --tree src/qemu --protocol libvirt-2009-12 --threads 'f(vm1)'`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: completeScenarios,
	}
	x := a.answerFlags(cmd)
	q := questionFlags(cmd)
	liveness := livenessFlags(cmd)
	limits := limitFlags(cmd)
	replay := cmd.Flags().String("replay", "",
		"follow this schedule instead of searching: threads from 1, as in '1*3,2,1.1'")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !q.Tree.Asked() {
			if err := exactly("a SUITE[:SCENARIO] or a FILE.c")(cmd, args); err != nil {
				return err
			}
		}
		if err := ofItsEra(cmd.Context(), q, args, a.stderr); err != nil {
			return err
		}
		q.Races, q.Leaks = scenarios.Races(limits.races), scenarios.Leaks(limits.leaks)
		if err := liveness.about(q); err != nil {
			return err
		}
		scs, err := resolve(cmd.Context(), cmd, q, args)
		if err != nil {
			return err
		}
		if err := x.open(); err != nil {
			return err
		}
		defer x.close()
		emit := func(r *reports.Result) error {
			if len(x.report.Results) > 0 && *x.format == textFormat {
				fmt.Fprintln(a.stdout)
			}
			return x.give(r)
		}
		if cmd.Flags().Changed("replay") {
			err = follow(cmd.Context(), scs, *replay, limits, q, emit)
		} else {
			s := a.searcher(limits, 1, len(scs))
			s.question, s.order = q, *x.format == jsonFormat || x.out != ""
			err = s.run(cmd.Context(), scs, emit)
		}
		if err != nil {
			return err
		}
		return x.finish(texts(scs)...)
	}
	return cmd
}

// follow replays a schedule.
func follow(
	ctx context.Context, scs []*scenarios.Scenario, schedule string, limits *limits, q *scenarios.Question,
	emit func(*reports.Result) error,
) error {
	if len(scs) != 1 {
		return errors.New("--replay needs one scenario: SUITE:SCENARIO")
	}
	limits.override(scs)
	if err := scenarios.Check(ctx, scs); err != nil {
		return err
	}
	p, err := whole(ctx, scs[0], search.Options{})
	if err != nil {
		return err
	}
	if starvation.IsLasso(schedule) {
		r, err := followLoop(scs[0], p, schedule, livenessOf(q, scs[0]))
		if err != nil {
			return err
		}
		return emit(&r)
	}
	r, err := replayed(schedule, func(s model.Schedule) (reports.Result, error) {
		races := limits.racesFor(scs[0])
		trace, finding, err := search.ReplayWith(p, s, races)
		if err != nil {
			return reports.Result{}, err
		}
		return answers.NewReplay(scs[0], p, trace, finding, races), nil
	})
	if err != nil {
		return err
	}
	return emit(&r)
}
