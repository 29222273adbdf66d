package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports/answers"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/checker/schedule"
	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/reports"
	"github.com/spf13/cobra"
)

// exploring is what the flags of explore say.
type exploring struct {
	threads, starts, faults string
	options                 schedule.Options
	strategy                word
	history                 bool
	timeout, longer         time.Duration
	replay                  string
	showing
	answers *answerWriter
}

func (a *app) explore() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explore",
		Short: "Run the real driver under a scheduler that decides every step",
		Long: `explore runs threads on the Go implementation of the protocol, as coroutines under a scheduler that decides every lock,
wake-up, message and fault. It finds deadlocks, panics, leaks, broken rules, and histories that no order of the calls explains,
and prints the interleaving with the schedule that replays it.

Without threads it runs a battery: a fixed set of programs, each in all interleavings, one line for each with how many classes of
them there are and what the program is for. --for 5m goes on with programs and faults that are drawn.

A thread is one call, or several joined by plus, on a domain: define, undefine, start, destroy, suspend, resume, query, info,
set-memory, long-job, wait; the model's modify, relock and wdriver; crash kills the QEMU of a domain, event lets it send an event,
shutdown() closes the driver.
Domains run when the threads begin, unless --start says that they are stopped, transient or absent. Deadlines do not pass by themselves, so a
wait that only its deadline ends is a hang, a wait(vm1) that nobody ends among them; with --faults wait-timeout they may.

With --history the beginnings and ends of calls are steps: every order in time is tried. Without it there are fewer schedules.

Exit code: 0 nothing is wrong in what was asked for; 1 something is; 2 bad input; 3 a limit was hit first.`,
		Example: `  lockproof explore
  lockproof explore --for 5m --seed 7
  lockproof explore --threads 'query(vm1) x2, modify(vm1)'
  lockproof explore --threads 'query(vm1), destroy(vm1)' --start vm1=transient
  lockproof explore --threads 'query(vm1) x2' --faults domain-death,wait-timeout
  lockproof explore --threads 'query(vm1) x3' --strategy pct --schedules 100000
  lockproof explore --threads 'query(vm1) x2' --replay '1*5,2*2,3'`,
		Args: cobra.NoArgs,
	}
	e := &exploring{strategy: word{value: string(schedule.Exhaustive)}}
	for _, s := range schedule.Strategies() {
		e.strategy.of = append(e.strategy.of, string(s))
	}
	e.answers = a.answerFlags(cmd)
	f := cmd.Flags()
	e.showing.add(f)
	alias := aliasFlags(f)
	f.StringVar(&e.threads, "threads", "query(vm1) x2, modify(vm1)",
		"the threads, as in 'query(vm1) x2, destroy(vm1)+start(vm1)'")
	f.StringVar(&e.starts, "start", "",
		"how domains begin, as in 'vm1=transient,vm2=stopped' (running, stopped, transient, absent)")
	f.StringVar(&e.faults, "faults", "", "what may go wrong: a list of "+strings.Join(faultNames(), ", ")+", or all")
	f.IntVar(&e.options.FaultsPerThread, "faults-per-thread", 1, "how often in one thread")
	f.Var(&e.strategy, "strategy", "the `strategy` that chooses schedules: "+strings.Join(e.strategy.of, ", "))
	f.IntVar(&e.options.Preemptions, "preemptions", 2, "for bounded: how often a thread may be interrupted")
	f.IntVar(&e.options.Depth, "depth", 3, "for pct: how many decisions a bug may need")
	f.Int64Var(&e.options.Schedules, "schedules", 0, "stop after this many (0: no limit; random and pct: 10000)")
	f.IntVar(&e.options.MaxSteps, "max-steps", 10_000, "decisions in one schedule at most")
	f.Uint64Var(&e.options.Seed, "seed", 1, "for random, pct and --for")
	f.DurationVar(&e.longer, "for", 0,
		"go on after the battery with programs that are drawn, until so much time is over in all, as 5m")
	f.DurationVar(&e.timeout, "timeout", 0, "stop after this long, as 30s or 5m (0: no limit)")
	f.BoolVar(&e.history, "history", true, "check that an order of the calls explains what they returned")
	f.StringVar(&e.replay, "replay", "", "follow this schedule instead of searching: threads from 1, as in '1*3,2,1.1'")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		switch f := cmd.Flags(); {
		case f.Changed("conform"):
			return a.conformAlias(cmd, *alias)
		case f.Changed("max-states"), f.Changed("max-memory"):
			return errors.New("--max-states and --max-memory are for --conform; schedules are bounded by --schedules and " +
				"--max-steps")
		}
		battery, err := e.battery(cmd)
		if err == nil && !battery {
			err = e.withoutEffect(cmd)
		}
		if err := errors.Join(err, e.showing.check()); err != nil {
			return err
		}
		ctx, cancel := endingAfter(cmd.Context(), e.timeout)
		defer cancel()
		if battery {
			return a.runBattery(ctx, e)
		}
		program, err := e.program()
		if err != nil {
			return err
		}
		if err := e.answers.open(); err != nil {
			return err
		}
		defer e.answers.close()
		var r *reports.Result
		if cmd.Flags().Changed("replay") {
			r, err = e.replayed(ctx, program)
		} else {
			r, err = a.searchDriver(ctx, e, program)
		}
		if err != nil {
			return err
		}
		if err := e.answers.give(r); err != nil {
			return err
		}
		return e.answers.finish()
	}
	return cmd
}

// forOthers are the flags that only some strategies look at.
var forOthers = map[string][]schedule.Strategy{
	"preemptions": {schedule.Bounded},
	"depth":       {schedule.PCT},
	"seed":        {schedule.Random, schedule.PCT},
}

// withoutEffect refuses flags that would change nothing.
func (e *exploring) withoutEffect(cmd *cobra.Command) error {
	f := cmd.Flags()
	for _, name := range []string{"strategy", "schedules", "max-steps", "timeout", "preemptions", "depth", "seed"} {
		if f.Changed("replay") && f.Changed(name) {
			return fmt.Errorf("--%s is not for --replay: the schedule says everything", name)
		}
		if of := forOthers[name]; of != nil && f.Changed(name) && !slices.Contains(of, schedule.Strategy(e.strategy.value)) {
			return fmt.Errorf("--%s is not for --strategy %s", name, e.strategy.value)
		}
	}
	return nil
}

// program reads the flags.
func (e *exploring) program() (*schedule.Program, error) {
	e.options.Strategy = schedule.Strategy(e.strategy.value)
	switch o := &e.options; {
	case o.Preemptions < 0, o.Schedules < 0, e.timeout < 0:
		return nil, errors.New("--preemptions, --schedules and --timeout must not be negative")
	case o.Depth < 1 || o.Depth > 1000:
		return nil, fmt.Errorf("--depth is from 1 to 1000, not %d", o.Depth)
	case o.MaxSteps < 1 || o.MaxSteps > 1e7:
		return nil, fmt.Errorf("--max-steps is from 1 to 10000000, not %d", o.MaxSteps)
	case o.FaultsPerThread < 1:
		return nil, errors.New("--faults-per-thread must be at least 1")
	}
	threads, err := schedule.ParseThreads(e.threads)
	if err != nil {
		return nil, fmt.Errorf("--threads: %w", err)
	}
	starts, err := schedule.ParseStarts(e.starts)
	if err != nil {
		return nil, fmt.Errorf("--start: %w", err)
	}
	if e.options.Faults, err = parseFaults(e.faults); err != nil {
		return nil, fmt.Errorf("--faults: %w", err)
	}
	c := schedule.DriverConfig{Threads: threads, Starts: starts}
	if err := c.Check(); err != nil {
		return nil, err
	}
	if e.history {
		c.History = linear.NewJudge(linear.Options{}).Run
	}
	return schedule.Driver(c), nil
}

func (a *app) searchDriver(ctx context.Context, e *exploring, p *schedule.Program) (*reports.Result, error) {
	progress := a.progress(e.showing, 0)
	e.options.Progress = func(x schedule.Stats) { progress.Update(exploringNow(x)) }
	r, err := schedule.Search(ctx, p, e.options)
	progress.Clear()
	if err != nil {
		return nil, err
	}
	if r.Failure != nil && r.Failure.Class == schedule.Unstable {
		return nil, errors.New(r.Failure.Message)
	}
	result := answers.NewExplored(p, e.command(), e.options, r)
	return &result, nil
}

// replayed follows the schedule of --replay.
func (e *exploring) replayed(ctx context.Context, p *schedule.Program) (*reports.Result, error) {
	result, err := replayed(e.replay, func(s model.Schedule) (reports.Result, error) {
		x, err := schedule.Replay(ctx, p, e.options, s)
		if err != nil {
			return reports.Result{}, err
		}
		return answers.NewReplayed(p, e.command(), s, x), nil
	})
	return &result, err
}

// command is the command line that asks about the same threads, and with --replay about one of
// their schedules.
func (e *exploring) command() string {
	line := "lockproof explore --threads '" + e.threads + "'"
	if e.starts != "" {
		line += " --start " + e.starts
	}
	if e.faults != "" {
		line += " --faults " + e.faults
	}
	if e.options.FaultsPerThread != 1 {
		line += fmt.Sprintf(" --faults-per-thread %d", e.options.FaultsPerThread)
	}
	if !e.history {
		line += " --history=false"
	}
	return line
}

// faultNames are the faults that a schedule can have.
func faultNames() []string {
	var names []string
	for _, f := range driver.Faults() {
		names = append(names, string(f))
	}
	return names
}

func parseFaults(text string) ([]driver.Fault, error) {
	switch text {
	case "":
		return nil, nil
	case "all":
		return driver.Faults(), nil
	}
	var faults []driver.Fault
	for name := range strings.SplitSeq(text, ",") {
		f := driver.Fault(strings.TrimSpace(name))
		if !slices.Contains(driver.Faults(), f) {
			return nil, fmt.Errorf("%q is none of %s", f, strings.Join(faultNames(), ", "))
		}
		faults = append(faults, f)
	}
	return faults, nil
}
