package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

// questionFlags are the flags with which a command takes a C file, or other helpers, in the place
// of a suite's own.
func questionFlags(cmd *cobra.Command) *scenarios.Question {
	q := &scenarios.Question{}
	f := cmd.Flags()
	f.StringVar(&q.Threads, "threads", "",
		"of a C file: what runs at the same time, as 'f(vm1), g(vm1) x2' (x2: two of it, loop: for ever)")
	f.StringSliceVar(&q.Faults, "faults", nil, "of a C file: what may go wrong, as wait-timeout,alloc-failure")
	treeFlags(cmd, q)
	protocolFlag(cmd, q)
	return q
}

// treeFlags are the flags that name real source.
func treeFlags(cmd *cobra.Command, q *scenarios.Question) {
	q.Tree = &scenarios.Real{}
	f := cmd.Flags()
	f.StringArrayVar(&q.Tree.Paths, "tree", nil,
		"real source: a file or a directory of which --threads or a suite names functions; "+
			"with --git, in the revision")
	f.StringVar(&q.Tree.Git, "git", "", "a git repository that has the real source")
	f.StringVar(&q.Tree.Rev, "rev", "HEAD", "the revision of it")
	f.StringSliceVar(&q.Tree.Own, "own", nil, "helpers that are taken from the real source and not from the protocol")
}

// protocolFlag are the flags of those commands that take suites alone.
func protocolFlag(cmd *cobra.Command, q *scenarios.Question) {
	f := cmd.Flags()
	f.StringVar(&q.Protocol, "protocol", "",
		"the helpers: a shipped protocol, or your own C file in the place of the one that a suite names")
	rootFlag(cmd, q)
}

func rootFlag(cmd *cobra.Command, q *scenarios.Question) {
	cmd.Flags().StringVar(&q.Root, "root", "", "directory of which suites may read the C (default: their repository)")
}

// resolve finds the scenarios that a question is about. Where a C file leaves open which threads
// run, the error shows the command to use.
func resolve(
	ctx context.Context, cmd *cobra.Command, q *scenarios.Question, args []string,
) ([]*scenarios.Scenario, error) {
	scs, err := q.Resolve(ctx, args)
	var open *scenarios.NoThreads
	if errors.As(err, &open) && open.Example != "" {
		words := append([]string{args[0]}, q.Args()...)
		return nil, fmt.Errorf("%w; for example\n  %s %s --threads '%s'",
			err, cmd.CommandPath(), reports.ShellLine(words...), open.Example)
	}
	return scs, err
}
