package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/libvirt"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/spf13/cobra"
)

func (a *app) history() *cobra.Command {
	var setup, follow bool
	cmd := &cobra.Command{
		Use:   "history FILE...",
		Short: "Explain a libvirtd that hangs from its logs or stacks; check a recorded history",
		Long: `history reads what people have when libvirtd hangs, and says who holds what, who waits behind it, what the cause is, how sure that
is, what the file cannot tell, and what to do next. It finds out itself what a file is, plain or compressed with gzip or zstd. A directory stands for its
files, as rotated logs; - is standard input. Files that belong together are read as one, in the order of time.

It also reads what clients of libvirt saw, a call a line as {"c":1,"op":"start","dom":"vm1","t0":NS,"t1":NS,"res":0,"err":null}, and says whether some
order of the calls on each domain explains it.

It also reads what stress --history wrote, and checks it: every job has one owner at a time and comes to its end, and an order of the calls explains
what the callers saw. Then it lists the longest waits for a job, and who had the job meanwhile. --waits, --patience and --max-memory are for that.

--patience is for windows that are hard to decide: how long each of them may take, and how long those together that remain undecided, with what it
takes to cut down what nothing explains. --timeout is for everything.

A history is read up to 1,048,576 records at a time, which is the most between two cuts; a line has at most 64 KiB. Compressed data may come to a
hundred times its size, or to 64 MiB.

--setup prints how to have libvirtd log what is needed, and a script for gdb that dumps its stacks with the owners of the locks. --follow goes on
reading a log that is still written. --redact makes an answer that can be shown to others.

--out writes the report in all formats; its page leads to porcupine's drawing of each piece that nothing explains.

Exit code: 0 nothing is wrong, or only normal waiting, or no fault can be named; 1 a fault is named, or a history is not explained; 2 bad input; 3 a limit was hit, or the recorded run was not complete.`,
		Example: `  lockproof history /var/log/libvirt/libvirtd.log
  journalctl -u virtqemud -o json | lockproof history -
  lockproof stress --operations 100000 --faults all --history load.jsonl.zst
  lockproof history load.jsonl.zst --waits 20`,
		Args: func(cmd *cobra.Command, args []string) error {
			if setup {
				return exactly()(cmd, args)
			}
			return atLeast("a FILE")(cmd, args)
		},
	}
	x := a.answerFlags(cmd)
	var opts linear.Options
	cmd.Flags().IntVar(&opts.Waits, "waits", 10, "how many of the longest waits to list")
	cmd.Flags().DurationVar(&opts.Patience, "patience", time.Minute,
		"how long windows of a history may take that cannot be decided")
	memory, timeout := size(2<<30), time.Duration(0)
	cmd.Flags().Var(&memory, "max-memory", "how much a window of a history may need")
	cmd.Flags().DurationVar(&timeout, "timeout", 0, "stop after this long, as 30s or 5m (0: no limit)")
	cmd.Flags().BoolVar(&setup, "setup", false,
		"print how to have libvirtd log what is needed, and how to dump its stacks")
	cmd.Flags().BoolVar(&follow, "follow", false, "go on reading a log that is still written, until a signal, and say "+
		"each time that something new is wrong")
	cmd.Flags().BoolVar(&x.redact, "redact", false,
		"replace names, UUIDs, addresses and paths in the answer, for a ticket")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case setup:
			_, err := io.WriteString(a.data, libvirt.Setup())
			return err
		case follow && len(args) > 1:
			return errors.New("--follow reads one log")
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
		if follow {
			return x.follow(ctx, args[0])
		}
		all, err := gather(args)
		if err != nil {
			return err
		}
		for _, e := range all {
			err := e.look(ctx)
			defer e.letGo()
			if err != nil && (ctx.Err() == nil || len(all) > 1 || !isRecord(e, libvirt.Readers(libvirt.Options{}))) {
				return err
			}
		}
		calls, others := apart(all)
		if len(calls) > 0 {
			if err := x.checkCalls(ctx, calls, opts); err != nil {
				return err
			}
			var err error
			if len(others) > 0 {
				err = x.diagnose(ctx, others)
			}
			if len(others) == 0 || diagnose.IsUnreadable(err) && found(others) {
				return x.end()
			}
			return err
		}
		if len(all) > 1 || !isRecord(all[0], libvirt.Readers(libvirt.Options{})) {
			return x.diagnose(ctx, all)
		}
		header, complete, report, err := all[0].check(ctx, opts)
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

// check reads and checks a history.
func (e *evidence) check(ctx context.Context, opts linear.Options) (linear.Header, bool, *linear.Report, error) {
	if e.stream != nil {
		return checkRecord(ctx, e.name, e.stream, opts)
	}
	return checkHistory(ctx, e.name, opts)
}

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
	return checkRecord(ctx, name, in, opts)
}

// checkRecord checks what a reader gives.
func checkRecord(ctx context.Context, name string, in io.Reader,
	opts linear.Options,
) (linear.Header, bool, *linear.Report, error) {
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
