package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/spf13/cobra"
)

func (a *app) history() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "history FILE",
		Short: "Check a recorded history: jobs, linearizability, who blocked whom",
		Long: `history reads what stress --history wrote, plain or compressed (.zst), and checks it: every job has one owner at a time and
comes to its end, and an order of the calls explains what the callers saw. Then it lists the longest waits for a job, and who had the job
meanwhile.

--patience is for windows that are hard to decide: how long each of them may take, and how long those together that remain undecided, with what it
takes to cut down what nothing explains. --timeout is for everything.

A history is read up to 1,048,576 records at a time, which is the most between two cuts; a line has at most 64 KiB. Compressed data may come to a
hundred times its size, or to 64 MiB.

--out writes the report in all formats; its page leads to porcupine's drawing of each piece that nothing explains.

Exit code: 0 all is explained; 1 it is not; 2 bad input; 3 a limit was hit, or the recorded run was not complete.`,
		Example: `  lockproof stress --operations 100000 --faults all --history load.jsonl.zst
  lockproof history load.jsonl.zst --waits 20`,
		Args: exactly("a FILE"),
	}
	x := a.answerFlags(cmd)
	var opts linear.Options
	cmd.Flags().IntVar(&opts.Waits, "waits", 10, "how many of the longest waits to list")
	cmd.Flags().DurationVar(&opts.Patience, "patience", time.Minute, "how long windows of a history may take that cannot be decided")
	memory, timeout := size(2<<30), time.Duration(0)
	cmd.Flags().Var(&memory, "max-memory", "how much a window of a history may need")
	cmd.Flags().DurationVar(&timeout, "timeout", 0, "stop after this long, as 30s or 5m (0: no limit)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case opts.Waits < 1 || opts.Waits > mostWaits:
			return fmt.Errorf("--waits is from 1 to %d, not %d", mostWaits, opts.Waits)
		case opts.Patience <= 0:
			return fmt.Errorf("--patience must be positive, not %v", opts.Patience)
		case memory == 0:
			return errors.New("--max-memory must be positive")
		case timeout < 0:
			return fmt.Errorf("--timeout must not be negative, as %v is", timeout)
		}
		ctx, cancel := endingAfter(cmd.Context(), timeout)
		defer cancel()
		opts.Memory = int64(memory)
		if err := x.open(); err != nil {
			return err
		}
		defer x.close()
		header, complete, report, err := checkHistory(ctx, args[0], opts)
		if err != nil {
			return err
		}
		result := answers.NewHistory(args[0], header, complete, report)
		if err := x.give(&result); err != nil {
			return err
		}
		return x.finish()
	}
	return cmd
}

// mostWaits is how many waits are listed at most: for each of them all jobs are looked at.
const mostWaits = 1000

// checkHistory reads and checks a file, piece by piece. When the context ends, what was checked by
// then is the answer.
func checkHistory(ctx context.Context, name string, opts linear.Options) (linear.Header, bool, *linear.Report, error) {
	f, err := files.Stream(ctx, name)
	if err != nil && ctx.Err() != nil { // a pipe to which nobody writes
		return linear.Header{}, false, linear.NewChecker(opts).Finish(ctx, false), nil
	}
	if err != nil {
		return linear.Header{}, false, nil, err
	}
	defer f.Close()
	in, closeInput, err := expand(ctx, name, f)
	if err != nil {
		return linear.Header{}, false, nil, fmt.Errorf("%s: %w", name, err)
	}
	defer closeInput()
	r, c := linear.NewReader(name, in), linear.NewChecker(opts)
	for sound := true; ; {
		h, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return r.Header(), r.Complete(), c.Finish(ctx, r.Complete()), nil
		case err != nil && ctx.Err() != nil && !r.Broken():
			return r.Header(), false, c.Finish(ctx, false), nil
		case err != nil:
			var problems *linear.Problems
			if errors.As(err, &problems) {
				return linear.Header{}, false, nil, err
			}
			return linear.Header{}, false, nil, fmt.Errorf("%s: %w", name, err)
		}
		if sound = sound && !r.Broken(); sound {
			c.Add(ctx, h)
		}
	}
}
