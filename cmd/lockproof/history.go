package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/reports"
	"github.com/spf13/cobra"
)

func (a *app) history() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "history FILE",
		Short: "Check a recorded history: jobs, linearizability, who blocked whom",
		Long: `history reads what stress --history wrote, plain or compressed (.zst), and checks it: every job has one owner at a time and
comes to its end, and an order of the calls explains what the callers saw. Then it lists the longest waits for a job, and who had the job
meanwhile.

--out writes the report in all formats; its page leads to porcupine's drawing of each piece that nothing explains.

Exit code: 0 all is explained; 1 it is not; 2 bad input; 3 a limit was hit, or the recorded run was not complete.`,
		Example: `  lockproof stress --operations 100000 --faults all --history load.jsonl.zst
  lockproof history load.jsonl.zst --waits 20`,
		Args: exactly("a FILE"),
	}
	x := a.answerFlags(cmd)
	var opts linear.Options
	cmd.Flags().IntVar(&opts.Waits, "waits", 10, "how many of the longest waits to list")
	cmd.Flags().DurationVar(&opts.Patience, "patience", time.Minute, "how long one window of a history may take")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		opts.Stop = cmd.Context()
		if opts.Waits < 1 || opts.Patience <= 0 {
			return errors.New("--waits and --patience must be positive")
		}
		if err := x.open(); err != nil {
			return err
		}
		defer x.close()
		header, complete, report, err := checkHistory(args[0], opts)
		if err != nil {
			return err
		}
		result := reports.NewHistory(args[0], header, complete, report)
		if err := x.give(&result); err != nil {
			return err
		}
		return x.finish()
	}
	return cmd
}

// checkHistory reads and checks a file, piece by piece.
func checkHistory(name string, opts linear.Options) (linear.Header, bool, *linear.Report, error) {
	f, err := files.Stream(opts.Stop, name)
	if err != nil && opts.Stop.Err() != nil { // a pipe to which nobody writes
		return linear.Header{}, false, linear.NewChecker(opts).Finish(false), nil
	}
	if err != nil {
		return linear.Header{}, false, nil, err
	}
	defer f.Close()
	in, closeInput, err := expand(name, f)
	if err != nil {
		return linear.Header{}, false, nil, fmt.Errorf("%s: %w", name, err)
	}
	defer closeInput()
	r, c := linear.NewReader(name, in), linear.NewChecker(opts)
	for sound := true; ; {
		h, err := r.Next()
		switch {
		case errors.Is(err, io.EOF), err != nil && opts.Stop.Err() != nil: // interrupted: the rest is unknown
			return r.Header(), r.Complete(), c.Finish(r.Complete()), nil
		case err != nil:
			var problems *linear.Problems
			if errors.As(err, &problems) {
				return linear.Header{}, false, nil, err
			}
			return linear.Header{}, false, nil, fmt.Errorf("%s: %w", name, err)
		}
		if sound = sound && !r.Broken(); sound {
			c.Add(h)
		}
	}
}
