package main

import (
	"fmt"

	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

func (a *app) init() *cobra.Command {
	return &cobra.Command{
		Use:     "init [DIR]",
		Short:   "Write a commented suite and its C to start from",
		Long:    "init writes example.yaml and example.c into DIR (default: here). It overwrites nothing.",
		Example: "  lockproof init my-suite && lockproof verify my-suite/",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			files, err := scenarios.WriteStarter(dir)
			for _, f := range files {
				fmt.Fprintln(a.stdout, "wrote", f)
			}
			return err
		},
	}
}
