package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// An app is one run of the tool. What it prints for people is made printable; data, which other
// programs read, goes to stdout as it is, and its writers see to it that nothing in it takes hold
// of a terminal.
type app struct {
	stdout, stderr io.Writer
	data           *sink
	code           int
}

func newApp(stdout, stderr io.Writer) *app {
	data := &sink{w: stdout}
	return &app{
		data: data, stdout: printable.NewWriter(data, printable.Both), stderr: printable.NewWriter(stderr, printable.Both),
	}
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "lockproof",
		Short: "Check C locking protocols exhaustively",
		Long: `lockproof runs C code that locks, waits and signals against every interleaving of its threads, and says
which rule breaks, on which path, and how to get there.

Exit code: 0 all as expected; 1 a finding, or a verdict other than expected; 2 bad input or usage;
3 a limit was hit and nothing worse was found.`,
		Example: `  lockproof verify                     the built-in suites
  lockproof check exit-monitor-order   one suite, with interleavings
  lockproof init my-suite              a suite to start from`,
		SilenceErrors: true,
		SilenceUsage:  true,

		Version: toolVersion(),

		PersistentPreRunE: notEmpty,
	}
	root.SetVersionTemplate(versionLine())
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		a.verify(), a.check(), a.order(), a.lint(), a.slice(), a.pairs(), a.report(), a.list(), a.show(),
		a.schema(), a.init(), a.export(),
		a.crosscheck(), a.bench(), a.version(), a.explore(), a.conform(), a.stress(), a.history(), a.explain(),
		a.man(), a.mutate(),
	)
	root.CompletionOptions.HiddenDefaultCmd = false
	root.SetHelpFunc(a.help)
	root.SetUsageFunc(a.usage)
	completeFlags(root)
	return root
}

// flagError proposes the flag that was meant.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	var flags []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			flags = append(flags, f.Name)
		}
	})
	if near := scenarios.Nearest(unknown.GetSpecifiedName(), flags); near != "" {
		return fmt.Errorf("%w (did you mean --%s?)", err, near)
	}
	return fmt.Errorf("%w (see %s --help)", err, cmd.CommandPath())
}

// exactly asks for the arguments that a command cannot do without, by name.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return fmt.Errorf("%s needs %s (see %s --help)", cmd.CommandPath(), names[len(args)], cmd.CommandPath())
		case len(args) > len(names):
			name := cmd.CommandPath()
			return fmt.Errorf("%s takes no further argument %q (see %s --help)", name, args[len(names)], name)
		}
		return nil
	}
}

// atLeast asks for one argument or more, by name.
func atLeast(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return exactly(name)(cmd, args)
		}
		return nil
	}
}

// atMost lets a command do without its argument, by name.
func atMost(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return exactly(name)(cmd, args)
		}
		return nil
	}
}

// format is the flag --format.
type format string

const (
	textFormat format = "text"
	jsonFormat format = "json"
)

func (f *format) String() string { return string(*f) }
func (f *format) Type() string   { return "text|json" }

func (f *format) Set(s string) error {
	if !slices.Contains([]format{textFormat, jsonFormat}, format(s)) {
		return fmt.Errorf("the formats are text and json")
	}
	*f = format(s)
	return nil
}

func formatFlag(cmd *cobra.Command) *format {
	f := textFormat
	cmd.Flags().Var(&f, "format", "how to write the result")
	return &f
}

// style is how text for people is laid out on stdout.
func (a *app) style() terminal.Style { return terminal.StyleOf(a.stdout) }
