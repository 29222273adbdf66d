package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/folder"
	"github.com/lockproof/lockproof/reports/formats"
	"github.com/spf13/cobra"
)

func (a *app) report() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report FILE...",
		Short: "Write a report in all formats from results.json, or join several of them",
		Long: `report reads results.json files and writes what verify --out writes, without searching again. --merge joins
several: the shards of one run (verify --shard), which must all be there and come out in the order of the whole run, or reports of
different suites. The exit code is that of a run with these results.`,
		Example: `  lockproof report results.json --out report/
  lockproof report --merge shard-*/results.json --out report/`,
		Args: cobra.MinimumNArgs(1),
	}
	format := formatFlag(cmd)
	merge := cmd.Flags().Bool("merge", false, "join several files")
	out := cmd.Flags().String("out", "", "directory for the report in all formats")
	baselineFile := cmd.Flags().String("baseline", "", "file of known problems, which do not fail")
	writeBaseline := cmd.Flags().Bool("write-baseline", false, "write the file of --baseline from the results, and pass")
	cmd.RunE = func(cmd *cobra.Command, files []string) error {
		if len(files) > 1 && !*merge {
			return errors.New("several files are only joined with --merge")
		}
		g := &gate{format: format, baseline: *baselineFile, writeBaseline: *writeBaseline}
		baseline, _, err := g.load(cmd.Context())
		if err != nil {
			return err
		}
		report, err := loadReports(cmd.Context(), files, *merge)
		if err != nil {
			return err
		}
		report.Cover()
		report.Require()
		baseline.Apply(report)
		if *out != "" {
			output, err := folder.NewOutput(*out)
			if err != nil {
				return err
			}
			defer output.Close()
			if err := output.Write(report); err != nil {
				return err
			}
		}
		a.code = exitCode(report)
		if *writeBaseline {
			if err := a.saveBaseline(*baselineFile, report); err != nil {
				return err
			}
		}
		if *format == jsonFormat {
			return formats.WriteJSON(a.data, report)
		}
		_, err = fmt.Fprintf(a.stdout, "%s\n", report.Count())
		return err
	}
	return cmd
}

func loadReports(ctx context.Context, files []string, merge bool) (*reports.Report, error) {
	all, err := reports.LoadReports(ctx, files)
	if err != nil {
		return nil, err
	}
	if !merge {
		return all[0], nil
	}
	return reports.Merge(all)
}
