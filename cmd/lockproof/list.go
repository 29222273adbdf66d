package main

import (
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/reports/formats"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

func (a *app) list() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list [PATH | SUITE]...",
		Short: "List suites, scenarios and protocols",
		Long: `list prints the suites with their scenarios and expected verdicts, and the protocols that lockproof ships.
Without arguments it lists the built-in library.`,
		ValidArgsFunction: completeScenarios,
		Example:           "  lockproof list\n  lockproof list suites/ --format json",
	}
	format := formatFlag(cmd)
	var q scenarios.Question
	rootFlag(cmd, &q)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		scs, err := q.Resolve(cmd.Context(), args)
		if err != nil {
			return err
		}
		var protocols []scenarios.Protocol
		if len(args) == 0 {
			protocols = scenarios.Protocols()
		}
		c := answers.NewCatalogue(scs, protocols)
		if *format == jsonFormat {
			return formats.WriteCatalogueJSON(a.data, c)
		}
		return terminal.WriteCatalogue(a.stdout, c, a.style())
	}
	return cmd
}
