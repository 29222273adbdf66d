package main

import (
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

func (a *app) schema() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of suites or of results",
		Example: `  lockproof schema suite > suite.schema.json   for an editor that completes YAML
  lockproof schema result`,
		Args: exactly("suite or result"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return exactly("suite or result")(cmd, nil)
		},
	}
	sub := func(use, short string, schema func() []byte) *cobra.Command {
		return &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
			_, err := a.data.Write(schema())
			return err
		}}
	}
	cmd.AddCommand(
		sub("suite", "The format of a suite: what *.yaml may say", scenarios.Schema),
		sub("result", "The format of --format json and results.json", reports.Schema),
	)
	return cmd
}
