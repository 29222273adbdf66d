package main

import (
	"fmt"

	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

func (a *app) init() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a commented suite and its C to start from, or the file that runs the gate in CI",
		Long: `init writes example.yaml and example.c into DIR (default: here). With --ci it writes the file that runs
lockproof verify in CI instead: .github/workflows/lockproof.yml, or lockproof.gitlab-ci.yml to be included, with the version of
lockproof that writes it, or that of --pin. It overwrites nothing.`,
		Example: "  lockproof init my-suite && lockproof verify my-suite/\n  lockproof init --ci github",
		Args:    cobra.MaximumNArgs(1),
	}
	ci := word{of: reports.CISystems()}
	cmd.Flags().Var(&ci, "ci", "write the file for this CI system")
	pin := cmd.Flags().String("pin", toolVersion(), "version of lockproof, or commit, that CI runs")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		dir := "."
		if len(args) > 0 {
			dir = args[0]
		}
		if ci.value != "" {
			file, err := reports.WriteCI(dir, ci.value, *pin)
			if err == nil {
				fmt.Fprintln(a.stdout, "wrote", file)
			}
			return err
		}
		files, err := scenarios.WriteStarter(dir)
		for _, f := range files {
			fmt.Fprintln(a.stdout, "wrote", f)
		}
		return err
	}
	return cmd
}
