package main

import (
	"fmt"

	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

func (a *app) slice() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "slice FUNCTION... --tree PATH",
		Short: "Show what is left of real functions when they run as threads",
		Long: `slice cuts functions of real source down to the protocol and prints what is left of them as C, each line with its line in
the source: calls of the protocol's helpers and of primitives, calls of functions that come to those, what the protocol's
objects hold, and the control flow around it. What is not known is a choice, written nondet(). This is what
check --tree PATH --threads 'FUNCTION(vm1) x2' runs. On stderr it says how much is left of each function, and what was
left out although it may count.`,
		Example: `  lockproof slice qemudDomainSuspend --tree src --protocol libvirt-2009-12
  lockproof slice f --git . --rev v0.7.5 --tree src --protocol libvirt-2009-12`,
		Args: atLeast("a FUNCTION"),
	}
	q := &scenarios.Question{}
	treeFlags(cmd, q)
	protocolFlag(cmd, q)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := ofItsEra(cmd.Context(), q, nil, a.stderr); err != nil {
			return err
		}
		s, err := q.Slice(cmd.Context(), args)
		if err != nil {
			return err
		}
		for _, f := range s.Functions {
			fmt.Fprintf(a.stderr, "%s: %d of %d statements, %d choices\n", f.Name, f.Kept, f.Of, f.Choices)
		}
		for _, n := range s.Left {
			fmt.Fprintf(a.stderr, "left out: %s (%s)\n", n.Text, n.Pos)
		}
		return terminal.WriteText(a.data, s.String())
	}
	return cmd
}
