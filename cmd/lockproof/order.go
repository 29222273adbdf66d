package main

import (
	"errors"
	"fmt"

	"github.com/lockproof/lockproof/checker/lockorder"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/reports/formats"
	"github.com/lockproof/lockproof/reports/page"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/spf13/cobra"
)

func (a *app) order() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "order SUITE[:SCENARIO] | FILE.c",
		Short: "Show which locks and jobs are asked for while others are held, and which cycles that makes",
		Long: `order visits every reachable state of one scenario, or of each scenario of a suite, and prints the hierarchy of
locks that the threads obey, an edge for each pair of which one is asked for while the other is held, and the cycles of
these edges. Each cycle is settled: it is real, with the shortest interleaving that closes it, or guarded, with the
lock or job that makes it impossible, or unknown, when a limit was hit.

It exits with 1 when an edge points up in the order that the suite expects (its key order), with 3 when a limit was
hit. A real cycle alone is no failure: whether a deadlock is expected is for verify to say.`,
		Example: `  lockproof order call-patterns:relock-and-query
  lockproof order exit-monitor-order --by class
  lockproof order event-loop:with-query --dot | dot -Tpng -o order.png`,
		Args:              exactly("a SUITE[:SCENARIO] or a FILE.c"),
		ValidArgsFunction: completeScenarios,
	}
	format := formatFlag(cmd)
	q := questionFlags(cmd)
	limits := limitFlags(cmd)
	limits.reduce = "none"
	cmd.Flags().Lookup("reduce").DefValue = "none"
	by := word{value: "object", of: []string{"object", "class"}}
	cmd.Flags().Var(&by, "by", "what a node is: each lock (object), or all locks of one class (class)")
	dot := cmd.Flags().Bool("dot", false, "write the graph for Graphviz")
	svg := cmd.Flags().Bool("svg", false, "write the graph as a picture")
	cmd.MarkFlagsMutuallyExclusive("dot", "svg", "format")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		scs, err := resolve(cmd.Context(), cmd, q, args)
		if err != nil {
			return err
		}
		if (*dot || *svg) && len(scs) != 1 {
			return errors.New("a picture needs one scenario: SUITE:SCENARIO")
		}
		report := newReport()
		s := a.searcher(limits, 1, len(scs))
		s.order = true
		if by.value == "class" {
			s.view = func(p *model.Program, r *search.Result) *reports.LockOrder {
				return answers.NewLockOrder(p, lockorder.New(p, r), true)
			}
		}
		err = s.run(cmd.Context(), scs, func(r *reports.Result) error {
			report.Results = append(report.Results, *r)
			title := r.Suite + ":" + r.Scenario
			switch {
			case *dot:
				return formats.WriteDOT(a.data, title, r.LockOrder)
			case *svg:
				return page.WriteSVG(a.data, title, r.LockOrder)
			case *format == jsonFormat:
				return nil
			}
			if len(report.Results) > 1 {
				fmt.Fprintln(a.stdout)
			}
			return terminal.WriteOrder(a.stdout, r, a.style())
		})
		if err == nil && *format == jsonFormat {
			report.Quote(texts(scs))
			err = formats.WriteJSON(a.data, report)
		}
		a.code = orderCode(report)
		return err
	}
	return cmd
}

// orderCode is the exit code for lock orders, whatever the verdicts.
func orderCode(r *reports.Report) int {
	code := exitOK
	for i := range r.Results {
		switch x := &r.Results[i]; {
		case len(x.OrderBroken) > 0:
			return exitFinding
		case x.LockOrder != nil && !x.LockOrder.Complete:
			code = exitLimit
		}
	}
	return code
}
