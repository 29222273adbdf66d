package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/lockproof/lockproof/checker/stress"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/spf13/cobra"
)

// stressFlags are the flags of stress that are not options as they stand.
type stressFlags struct {
	opts        stress.Options
	mix, faults string
	history     string
	showing
	noOverhead bool
	timeout    time.Duration
}

func (a *app) stress() *cobra.Command {
	f := &stressFlags{}
	cmd := &cobra.Command{
		Use:   "stress",
		Short: "Run the real driver under load and check its history",
		Long: `stress lets many goroutines make calls on many domains of the real driver, while QEMUs die, answer late or badly, and domains
come and go. Calls and jobs are recorded, and porcupine says whether an order of them explains what the callers saw. Locks that
are missing or held twice, objects that are freed too early or never, and hangs are found on the way: a call that makes no progress for
--hang-after ends the run with the wait-for graph. Without --faults a QEMU that does not start, goes away or falls silent is a finding.

--duration is how long calls are made, without what it takes to check them, and its end is the end of the load; --timeout is for everything, and its end leaves the answer unknown.

The seed decides the calls of each goroutine and when faults strike, not how the goroutines interleave.

--out writes the report in all formats; its page leads to porcupine's drawing of each piece of history that nothing explains.

Exit code: 0 nothing found; 1 a finding; 2 bad input; 3 interrupted, or a limit was hit.`,
		Example: `  lockproof stress --operations 1000000 --faults all
  lockproof stress --duration 30s --faults qemu-death --history load.jsonl.zst
  lockproof stress --domains 1 --mix suspend=1,resume=1,query=2 --seed 7
  lockproof stress --operations 2000 --qemu /usr/bin/qemu-system-x86_64`,
		Args: cobra.NoArgs,
	}
	x := a.answerFlags(cmd)
	f.register(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := f.parse(cmd); err != nil {
			return err
		}
		return a.runStress(cmd.Context(), f, x)
	}
	return cmd
}

func (f *stressFlags) register(cmd *cobra.Command) {
	s, o := cmd.Flags(), &f.opts
	s.IntVar(&o.Goroutines, "goroutines", 8, "how many clients make calls")
	s.IntVar(&o.Domains, "domains", 4, "how many domains there are")
	s.IntVar(&o.Operations, "operations", 0, "how many calls to make (default 20000, or no limit with --duration)")
	s.DurationVar(&o.Duration, "duration", 0, "make calls for this long, as 30s or 5m")
	s.Uint64Var(&o.Seed, "seed", 1, "decides the calls and the faults")
	s.StringVar(&f.mix, "mix", "", "how often each call occurs, as query=3,suspend=1,resume=1 (default: "+
		strings.ReplaceAll(stress.DefaultMix().String(), ",", ", ")+")")
	s.StringVar(&f.faults, "faults", "none", "what goes wrong: "+stress.FaultNames()+" with commas, or all")
	s.BoolVar(&o.Production, "production", false, "run the driver on the locks that ship, which do not know who holds "+
		"them: less is seen of what they do")
	s.StringVar(&o.QEMU, "qemu", "", "run this program for each domain instead of a QMP server of our own")
	s.DurationVar(&o.JobTimeout, "job-timeout", 0, "how long callers wait for a job (default 30s, or with the fault "+
		"job-timeout 2ms, with --qemu 200ms)")
	s.DurationVar(&o.CommandTimeout, "command-timeout", 0,
		"how long QEMU may take to answer (default 30s, or with the faults silence and late-answer 50ms, with --qemu 1s)")
	s.DurationVar(&o.Patience, "patience", time.Minute, "how long pieces of a history may take that cannot be decided")
	s.DurationVar(&o.HangAfter, "hang-after", 10*time.Second, "how long a call may make no progress")
	s.DurationVar(&f.timeout, "timeout", 0, "stop after this long, as 30s or 5m (0: no limit)")
	s.StringVar(&f.history, "history", "", "file for the history as JSONL; compressed if it ends in .zst")
	s.BoolVar(&f.noOverhead, "no-overhead", false, "do not measure what recording costs")
	f.showing.add(s)
}

// parse reads what the flags name, before anything runs.
func (f *stressFlags) parse(cmd *cobra.Command) error {
	o := &f.opts
	err := f.showing.check()
	if err != nil {
		return err
	}
	if o.Faults, err = stress.ParseFaults(f.faults); err != nil {
		return fmt.Errorf("--faults: %w", err)
	}
	if o.QEMU != "" && f.faults == "all" {
		o.Faults = stress.QEMUFaults()
	}
	if cmd.Flags().Changed("mix") {
		m, err := stress.ParseMix(f.mix)
		if err != nil {
			return fmt.Errorf("--mix: %w", err)
		}
		o.Mix = &m
	}
	if err := f.positive(cmd); err != nil {
		return err
	}
	if f.timeout < 0 {
		return fmt.Errorf("--timeout must not be negative, as %v is", f.timeout)
	}
	if o.QEMU != "" {
		if _, err := exec.LookPath(o.QEMU); err != nil {
			return fmt.Errorf("--qemu: %w (Debian: apt-get install qemu-system-x86)", err)
		}
	}
	if !f.noOverhead && o.QEMU == "" { // what a real QEMU does takes longer, and varies more, than recording it
		o.Overhead = 20000
		if o.Operations > 0 {
			o.Overhead = min(o.Overhead, o.Operations)
		}
	}
	return nil
}

// positive refuses numbers of zero or less. In [stress.Options] a zero means what is usual, which
// is not what somebody means who writes it down.
func (f *stressFlags) positive(cmd *cobra.Command) error {
	o := &f.opts
	for _, x := range []struct {
		name string
		n    int
	}{{"goroutines", o.Goroutines}, {"domains", o.Domains}, {"operations", o.Operations}} {
		if cmd.Flags().Changed(x.name) && x.n < 1 {
			return fmt.Errorf("--%s must be at least 1, not %d", x.name, x.n)
		}
	}
	for _, x := range []struct {
		name string
		d    time.Duration
	}{
		{"duration", o.Duration},
		{"hang-after", o.HangAfter},
		{"job-timeout", o.JobTimeout},
		{"command-timeout", o.CommandTimeout},
		{"patience", o.Patience},
	} {
		if cmd.Flags().Changed(x.name) && x.d <= 0 {
			return fmt.Errorf("--%s must be positive, not %v", x.name, x.d)
		}
	}
	return nil
}

func (a *app) runStress(ctx context.Context, f *stressFlags, x *answerWriter) (err error) {
	if err := f.opts.Check(); err != nil {
		return err
	}
	if err := x.open(); err != nil {
		return err
	}
	defer x.close()
	if f.history != "" {
		w, closeHistory, err2 := createHistory(f.history)
		if err2 != nil {
			return err2
		}
		defer func() { err = errors.Join(err, closeHistory()) }()
		f.opts.History = w
	}
	progress := a.progress(f.showing, 0)
	f.opts.Progress = func(x stress.Progress) { progress.Update(loading(x)) }
	ctx, cancel := endingAfter(ctx, f.timeout)
	defer cancel()
	r, err := stress.Run(ctx, f.opts)
	progress.Clear()
	if r == nil {
		return err
	}
	result := answers.NewLoad(r) // also when the history could not be written
	return errors.Join(x.give(&result), x.finish(), err)
}
