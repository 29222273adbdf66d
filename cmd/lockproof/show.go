package main

import (
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/libvirt/outline"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func (a *app) show() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show PROTOCOL | SUITE[:SCENARIO] | FILE.c | --diff PROTOCOL PROTOCOL",
		Short: "Print a protocol's C, a suite with its C, or a scenario",
		Long: `show prints a protocol as one C file, a suite as one YAML file with its C in it, or what a scenario runs and expects.
Protocols and suites can be loaded again from what it prints. Of a C file with --threads it prints the suite that asks the same.

--diff takes two protocols and says what changed from the one to the other: helpers that came and went, other parameters, what they
require and do, and then the C as a unified diff. "libvirt-" may be left out of their names.`,
		Example: `  lockproof show mail-2009-10 > mine.c
  lockproof show exit-monitor-order > mine.yaml
  lockproof show exit-monitor-order:prose-order-with-rogue
  lockproof show mine.c --threads 'worker(NULL) x2' > mine.yaml
  lockproof show --diff libvirt-2011-07 libvirt-2011-08`,
		Args: func(cmd *cobra.Command, args []string) error {
			if yes, err := cmd.Flags().GetBool("diff"); err == nil && yes {
				return exactly("the older protocol", "the newer protocol")(cmd, args)
			}
			return exactly("a name")(cmd, args)
		},
		ValidArgsFunction: completeScenarios,
	}
	q := questionFlags(cmd)
	races := word{of: []string{"check", "warn", "ignore"}}
	cmd.Flags().Var(&races, "races", "of a C file: what is done about data races")
	leaks := word{of: []string{"check", "ignore"}}
	cmd.Flags().Var(&leaks, "leaks", "of a C file: what is done about memory to which nothing leads at the end")
	between := cmd.Flags().Bool("diff", false, "of two protocols: what changed from the first to the second")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if *between {
			return a.showDiff(cmd, args[0], args[1])
		}
		q.Races, q.Leaks = scenarios.Races(races.value), scenarios.Leaks(leaks.value)
		for _, p := range scenarios.Protocols() {
			if p.Name == args[0] {
				text, err := p.Standalone()
				if err != nil {
					return err
				}
				return terminal.WriteText(a.data, text)
			}
		}
		scs, err := resolve(cmd.Context(), cmd, q, args)
		if err != nil {
			return err
		}
		if strings.HasSuffix(args[0], ":"+scs[0].Name) {
			return terminal.WriteScenario(a.stdout, scs[0])
		}
		text, err := scs[0].Suite.Standalone(cmd.Context())
		if err != nil {
			fmt.Fprintf(a.stderr, "lockproof: %v\n", err)
			text = scs[0].Suite.Parts()
		}
		return terminal.WriteText(a.data, text)
	}
	return cmd
}

// showDiff prints what changed from one protocol to another.
func (a *app) showDiff(cmd *cobra.Command, old, now string) error {
	var other string
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if f.Name != "diff" && cmd.InheritedFlags().Lookup(f.Name) == nil {
			other = f.Name
		}
	})
	if other != "" {
		return fmt.Errorf("--%s is not for --diff, which compares two protocols as they are", other)
	}
	was, err := outline.Named(cmd.Context(), old)
	if err != nil {
		return err
	}
	is, err := outline.Named(cmd.Context(), now)
	if err != nil {
		return err
	}
	return terminal.WriteText(a.data, outline.Diff(was, is))
}
