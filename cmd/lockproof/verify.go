package main

import (
	"errors"
	"os"

	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

func (a *app) verify() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify [PATH | SUITE[:SCENARIO]]...",
		Short: "Run suites and compare every verdict with the expected one",
		Long: `verify runs every scenario of the given suites (default: the built-in library) and compares its verdict with
the suite's expect. It exits with 1 when one differs, with 3 when a search had to stop before it could tell.

The scenarios run --workers at a time; rows come in the order of the suites all the same. --max-states and
--max-memory bound each search, --timeout bounds the whole run.`,
		Example: `  lockproof verify
  lockproof verify suites/ --timeout 5m
  lockproof verify exit-monitor-order --format json
  lockproof verify --out report/`,
	}
	format := formatFlag(cmd)
	limits := limitFlags(cmd)
	out := cmd.Flags().String("out", "", "directory for results.json, written when all is done")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		scs, err := scenarios.Resolve(args)
		if err != nil {
			return err
		}
		if *out != "" {
			if err := os.MkdirAll(*out, 0o755); err != nil {
				return err
			}
		}
		report := reports.NewReport(toolVersion())
		var names []string
		for _, sc := range scs {
			names = append(names, sc.String())
		}
		table := reports.NewTable(a.stdout, names, a.style())
		var count reports.Count
		err = a.searcher(limits, limits.workers, len(scs)).run(cmd.Context(), scs, func(r *reports.Result) error {
			count.Add(r)
			report.Results = append(report.Results, *r)
			if *format == jsonFormat {
				return nil
			}
			return table.Row(r)
		})
		if err != nil {
			return err
		}
		a.code = exitCode(count)
		if *out != "" {
			err = reports.SaveJSON(*out, report)
		}
		if *format == jsonFormat {
			return errors.Join(err, reports.WriteJSON(a.stdout, report))
		}
		return errors.Join(err, table.Close())
	}
	return cmd
}
