package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lockproof/lockproof/checker/crosscheck"
	"github.com/lockproof/lockproof/checker/measure"
	"github.com/lockproof/lockproof/model/printable"
	"github.com/spf13/cobra"
)

// benchFlags are what bench is asked for.
type benchFlags struct {
	format     *format
	mixes      []string
	threads    []int
	domains    []int
	reductions []string
	against    []string
	tools      string
	workers    int
	maxStates  int64
	maxMemory  size
	timeout    time.Duration
}

func (a *app) bench() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Time searches over threads, domains and mixes of thread bodies",
		Long: `bench searches a grid of programs on the mail's protocol, with each reduction, and prints states, transitions,
states a second, bytes a state and the time to the verdict. --against adds SPIN or TLC on the exported model, unreduced and
run right after ours. Rates depend on the machine; compare rows of one run. It exits with 3 when a limit was hit.`,
		Example: `  lockproof bench
  lockproof bench --threads 4 --domains 1 --reduce none --against spin
  lockproof bench --mix mixed --threads 9 --domains 3 --reduce all --format json`,
		Args: cobra.NoArgs,
	}
	b := &benchFlags{format: formatFlag(cmd)}
	f := cmd.Flags()
	f.StringSliceVar(&b.mixes, "mix", measure.MixNames(), "which thread bodies")
	f.IntSliceVar(&b.threads, "threads", []int{2, 4, 6}, "how many threads")
	f.IntSliceVar(&b.domains, "domains", []int{1, 2}, "how many domains")
	f.StringSliceVar(&b.reductions, "reduce", measure.Reductions, "with which reductions")
	f.StringSliceVar(&b.against, "against", nil, "other engines: spin, tlc")
	f.StringVar(&b.tools, "tla2tools", "", "tla2tools.jar, for --against tlc (default: $"+crosscheck.ToolsVariable+")")
	f.IntVar(&b.workers, "workers", 1, "how many goroutines search")
	f.Int64Var(&b.maxStates, "max-states", 0, "stop each search after about this many states (0: no limit)")
	f.Var(&b.maxMemory, "max-memory", "stop each search when its states need this much, as 512M or 4G (0: no limit)")
	f.DurationVar(&b.timeout, "timeout", time.Minute, "stop each search after this long (0: no limit)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.runBench(cmd.Context(), b) }
	return cmd
}

func (a *app) runBench(ctx context.Context, b *benchFlags) error {
	opt := measure.Options{
		Workers: b.workers, MaxStates: b.maxStates, MaxMemory: int64(b.maxMemory), Timeout: b.timeout, TLA2Tools: b.tools,
	}
	for _, name := range b.reductions {
		if _, err := measure.ParseReduction(name); err != nil {
			return fmt.Errorf("--reduce: no reduction %q: there are %s", name, strings.Join(measure.Reductions, ", "))
		}
	}
	for _, name := range b.against {
		engine := crosscheck.Engine(name)
		if !slices.Contains(crosscheck.Engines(), engine) {
			return fmt.Errorf("--against: no engine %q: there are spin and tlc", name)
		}
		if err := crosscheck.Available(engine, crosscheck.RunOptions{TLA2Tools: b.tools}); err != nil {
			return err
		}
		opt.Against = append(opt.Against, engine)
	}
	if least := min(slices.Min(append(b.threads, 1)), slices.Min(append(b.domains, 1))); least < 1 {
		return fmt.Errorf("--threads and --domains must be at least 1")
	}
	if err := checkWorkers(b.workers); err != nil {
		return err
	}
	cases, err := measure.Grid(ctx, b.mixes, b.threads, b.domains)
	if err != nil {
		return err
	}
	rows := []measure.Row{}
	emit := func(r measure.Row) error {
		rows = append(rows, r)
		if r.Limit != "" {
			a.code = exitLimit
		}
		if *b.format == jsonFormat {
			return nil
		}
		return measure.WriteRow(a.stdout, &r)
	}
	if *b.format == textFormat {
		if err := measure.WriteHeader(a.stdout); err != nil {
			return err
		}
	}
	for _, c := range cases {
		if err := measure.Run(ctx, c, b.reductions, opt, emit); err != nil {
			return err
		}
		if ctx.Err() != nil {
			a.code = exitLimit
			break
		}
	}
	if *b.format == jsonFormat {
		out := json.NewEncoder(printable.NewJSON(a.data))
		out.SetIndent("", "  ")
		return out.Encode(rows)
	}
	return nil
}
