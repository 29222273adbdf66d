package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/ci"
	"github.com/lockproof/lockproof/reports/staging"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

func (a *app) init() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a suite and its C to start from, or the file that runs the gate in CI",
		Long: `init writes example.yaml and example.c, a commented suite, into DIR (default: here). With --from it writes a suite or a
protocol that lockproof ships instead, with the C that belongs to it, to be changed.

With --ci it writes the file that runs lockproof verify in CI: .github/workflows/lockproof.yml, or lockproof.gitlab-ci.yml to
be included, with the version of lockproof that writes it, or that of --pin. It overwrites nothing, and says what to do next.`,
		Example: `  lockproof init my-suite && lockproof verify my-suite/
  lockproof init --from mail-2009-10 mine
  lockproof init --ci github`,
		Args: atMost("DIR"),
	}
	from := cmd.Flags().String("from", "", "write this suite or protocol")
	system := word{of: ci.Systems()}
	cmd.Flags().Var(&system, "ci", "write the file for this CI system")
	pin := cmd.Flags().String("pin", toolVersion(), "version of lockproof, or commit, that CI runs")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		dir := "."
		if len(args) > 0 {
			dir = args[0]
		}
		if system.value != "" {
			file, err := ci.Write(dir, system.value, *pin)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.stdout, "wrote %s\nnext: commit it; docs/ci.md says what it does\n", file)
			return err
		}
		if *from != "" {
			return a.writeCopy(cmd.Context(), *from, dir)
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
	return a.write(dir, starter, "next:\n  lockproof verify "+reports.ShellWord(dir))
}

// writeCopy writes a suite or a protocol, or both where they have one name.
func (a *app) writeCopy(ctx context.Context, name, dir string) error {
	protocol := scenarios.CopyProtocol(name)
	suite, err := scenarios.CopySuite(ctx, name)
	if err != nil && protocol == nil {
		return err
	}
	at := func(files []syntax.Source) string { return reports.ShellWord(filepath.Join(dir, files[0].Name)) }
	next := ""
	if protocol != nil {
		next = "next: change " + at(protocol) + ", then\n  lockproof verify --protocol " + at(protocol)
	} else {
		next = "next: change " + at(suite) + ", then\n  lockproof verify " + at(suite)
	}
	return a.write(dir, append(protocol, suite...), next)
}

// write writes files and says what to do next.
func (a *app) write(dir string, sources []syntax.Source, next string) error {
	var files []staging.File
	var wrote strings.Builder
	for _, s := range sources {
		f := staging.File{Name: filepath.Join(dir, s.Name), Text: s.Text}
		files = append(files, f)
		fmt.Fprintln(&wrote, "wrote", f.Name)
	}
	if err := staging.Create(files...); err != nil {
		return err
	}
	fmt.Fprintln(&wrote, next)
	_, err := io.WriteString(a.stdout, wrote.String())
	return err
}
