package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/lockproof/lockproof/checker/crosscheck"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports/staging"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/spf13/cobra"
)

// A language is one that scenarios are exported to.
type language string

const (
	promela language = "promela"
	tlaplus language = "tla"
)

func (l *language) String() string { return string(*l) }
func (l *language) Type() string   { return "promela|tla" }

func (l *language) Set(s string) error {
	if language(s) != promela && language(s) != tlaplus {
		return errors.New("the languages are promela and tla")
	}
	*l = language(s)
	return nil
}

func (a *app) export() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export --to promela|tla SUITE:SCENARIO | FILE.c",
		Short: "Write a scenario as a model for SPIN or TLC",
		Long: `export writes one scenario as a Promela model or a TLA+ module, with comments that lead back to the C. The model means
exactly what lockproof checks: the same steps, the same reachable states. How to run it stands at its top.

With -o FILE.tla, the configuration for TLC is written beside it, as FILE.cfg, and the module is called FILE.`,
		Example: `  lockproof export --to promela event-loop:with-query -o query.pml
  lockproof export --to tla event-loop:with-query -o query.tla`,
		Args:              exactly("a SUITE:SCENARIO or a FILE.c"),
		ValidArgsFunction: completeScenarios,
	}
	var to language
	cmd.Flags().Var(&to, "to", "the language")
	separate := cmd.Flags().Bool("separate", false, "promela: a process type for each thread, which SPIN's -swarm needs")
	q := questionFlags(cmd)
	out := cmd.Flags().StringP("output", "o", "", "file to write (default: standard output)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if to == "" {
			return errors.New("export needs --to promela or --to tla")
		}
		scs, err := resolve(cmd.Context(), cmd, q, args)
		if err != nil {
			return err
		}
		if len(scs) != 1 {
			return fmt.Errorf("export needs one scenario, and %s has %d: SUITE:SCENARIO", args[0], len(scs))
		}
		p, err := whole(cmd.Context(), scs[0], search.Options{
			Workers: runtime.NumCPU(),
			Reduce:  search.Reduction{Auto: true},
		})
		if err != nil {
			return err
		}
		opt := crosscheck.Options{Scenario: scs[0].String(), File: scs[0].Suite.File, Separate: *separate}
		if *out == "" {
			return to.write(a.source(), p, opt)
		}
		return to.save(*out, p, opt)
	}
	return cmd
}

// source is stdout for a model: as it is, except on a terminal.
func (a *app) source() io.Writer {
	if terminal.IsTerminal(a.data) {
		return printable.NewWriter(a.data, printable.Controls)
	}
	return a.data
}

func (l language) write(w io.Writer, p *model.Program, opt crosscheck.Options) error {
	if l == promela {
		return crosscheck.Promela(w, p, opt)
	}
	return crosscheck.TLA(w, p, opt)
}

// save writes the model, and what TLC needs besides it.
func (l language) save(file string, p *model.Program, opt crosscheck.Options) error {
	stem := strings.TrimSuffix(file, ".tla")
	if l == tlaplus {
		opt.Module = filepath.Base(stem)
		if stem == file || !crosscheck.IsModule(opt.Module) {
			return fmt.Errorf("%s: a TLA+ module needs a file named by letters, digits and single underscores, and .tla", file)
		}
	}
	var text, config bytes.Buffer
	if err := l.write(&text, p, opt); err != nil {
		return err
	}
	files := []staging.File{{Name: file, Text: text.Bytes()}}
	if l == tlaplus {
		if err := crosscheck.TLAConfig(&config, p); err != nil {
			return err
		}
		files = append(files, staging.File{Name: stem + ".cfg", Text: config.Bytes()})
	}
	return staging.Replace(files...)
}
