package main

import (
	"strings"

	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

func (a *app) show() *cobra.Command {
	return &cobra.Command{
		Use:   "show PROTOCOL | SUITE[:SCENARIO]",
		Short: "Print a protocol's C, a suite with its C, or a scenario",
		Example: `  lockproof show mail-2009-10
  lockproof show exit-monitor-order
  lockproof show exit-monitor-order:prose-order-with-rogue`,
		Args:              exactly("a name"),
		ValidArgsFunction: completeScenarios,
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, p := range scenarios.Protocols() {
				if p.Name == args[0] {
					return terminal.WriteSources(a.data, p.Files)
				}
			}
			scs, err := scenarios.Resolve(cmd.Context(), args)
			if err != nil {
				return err
			}
			if strings.HasSuffix(args[0], ":"+scs[0].Name) {
				return terminal.WriteScenario(a.stdout, scs[0])
			}
			return terminal.WriteSuite(a.data, scs[0].Suite)
		},
	}
}
