package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/lockproof/lockproof/reports/ci"
	"github.com/lockproof/lockproof/reports/staging"
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
	system := word{of: ci.Systems()}
	cmd.Flags().Var(&system, "ci", "write the file for this CI system")
	pin := cmd.Flags().String("pin", toolVersion(), "version of lockproof, or commit, that CI runs")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		dir := "."
		if len(args) > 0 {
			dir = args[0]
		}
		if system.value != "" {
			file, err := ci.Write(dir, system.value, *pin)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(a.stdout, "wrote", file)
			return err
		}
		return a.writeStarter(dir)
	}
	return cmd
}

func (a *app) writeStarter(dir string) error {
	starter, err := scenarios.Starter()
	if err != nil {
		return err
	}
	var files []staging.File
	var wrote strings.Builder
	for _, s := range starter {
		f := staging.File{Name: filepath.Join(dir, s.Name), Text: s.Text}
		files = append(files, f)
		fmt.Fprintln(&wrote, "wrote", f.Name)
	}
	if err := staging.Create(files...); err != nil {
		return err
	}
	_, err = io.WriteString(a.stdout, wrote.String())
	return err
}
