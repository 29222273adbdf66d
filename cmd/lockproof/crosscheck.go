package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/lockproof/lockproof/checker/crosscheck"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

func (a *app) crosscheck() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "crosscheck [PATH | SUITE[:SCENARIO]]... | FILE.c",
		Short: "Let SPIN or TLC check the same scenarios and compare",
		Long: `crosscheck searches each scenario (default: the built-in library) without reductions, lets another model checker
search the exported model, and compares verdicts, kinds of broken rules, and the number of reachable states. It exits
with 1 when they differ anywhere, and with 3 when a search had to stop before they could be compared.

spin needs the programs spin and cc. tlc needs java, and a tla2tools.jar named by --tla2tools or LOCKPROOF_TLA2TOOLS.
SPIN cannot tell a partial deadlock from ok.`,
		ValidArgsFunction: completeScenarios,
		Example: `  lockproof crosscheck
  lockproof crosscheck wake-ups --engine tlc --tla2tools tla2tools.jar
  lockproof crosscheck example.yaml:driver-kept --out models/`,
	}
	f := cmd.Flags()
	q := questionFlags(cmd)
	engine := engineFlag(crosscheck.SPIN)
	f.Var(&engine, "engine", "the other model checker")
	var opt crosscheck.RunOptions
	f.StringVar(&opt.TLA2Tools, "tla2tools", "",
		"the file tla2tools.jar (default: what "+crosscheck.ToolsVariable+" says)")
	f.StringVar(&opt.Dir, "out", "", "directory in which the models, and what the engine makes of them, are kept")
	var memory size
	var limits search.Options
	f.Int64Var(&limits.MaxStates, "max-states", 0, "stop our own searches after about this many states (0: no limit)")
	f.Var(&memory, "max-memory", "stop each search when the C, its program and its states need this much, as 512M or "+
		"4G (0: no limit)")
	timeout := f.Duration("timeout", 0, "stop after this long, as 30s or 5m (0: no limit)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if limits.MaxStates < 0 || *timeout < 0 {
			return errors.New("--max-states and --timeout must not be negative")
		}
		limits.MaxMemory, opt.MaxMemory = int64(memory), int64(memory)
		ctx := bound(cmd.Context(), *timeout, memory)
		scs, err := resolve(ctx, cmd, q, args)
		if err != nil {
			return err
		}
		if err := crosscheck.Available(crosscheck.Engine(engine), opt); err != nil {
			return err
		}
		t := newAgreements(a.stdout, scs)
		taken := map[string]bool{}
		for _, sc := range scs {
			opt.Export = crosscheck.Options{Scenario: sc.String(), File: sc.Suite.File}
			opt.Export.Module = unlike(crosscheck.ModuleName(opt.Export), taken)
			agreement, err := crosscheckOne(ctx, crosscheck.Engine(engine), sc, limits, opt)
			if errors.Is(err, crosscheck.ErrEndsOthers) && len(scs) > 1 {
				const text = "--   %s is left out: a restart of the daemon and a fork cannot be exported\n"
				if _, err := fmt.Fprintf(t.w, text, sc); err != nil {
					return err
				}
				continue
			}
			if err != nil {
				return fmt.Errorf("%s: %w", sc, err)
			}
			if err := t.row(sc, agreement); err != nil {
				return err
			}
		}
		a.code = t.code()
		return t.close(crosscheck.Engine(engine))
	}
	return cmd
}

func crosscheckOne(
	ctx context.Context, engine crosscheck.Engine, sc *scenarios.Scenario, limits search.Options,
	opt crosscheck.RunOptions,
) (*crosscheck.Agreement, error) {
	p, err := whole(ctx, sc, limits)
	if meter.Stopped(err) {
		return &crosscheck.Agreement{Ours: unsearched(err)}, nil
	}
	if err != nil {
		return nil, err
	}
	return crosscheck.Check(ctx, engine, p, limits, opt)
}

// unlike makes a name of a directory that differs from those taken, also where a file system does
// not look at case.
func unlike(name string, taken map[string]bool) string {
	other := name
	for k := 2; taken[strings.ToLower(other)]; k++ {
		other = fmt.Sprintf("%s_%d", name, k)
	}
	taken[strings.ToLower(other)] = true
	return other
}

// engineFlag is the flag --engine.
type engineFlag crosscheck.Engine

func (e *engineFlag) String() string { return string(*e) }
func (e *engineFlag) Type() string   { return "spin|tlc" }

func (e *engineFlag) Set(s string) error {
	if !slices.Contains(crosscheck.Engines(), crosscheck.Engine(s)) {
		return errors.New("the engines are spin and tlc")
	}
	*e = engineFlag(s)
	return nil
}

// agreements is the table of a crosscheck.
type agreements struct {
	w                         io.Writer
	name                      int // width of the first column
	agree, differ, open, weak int
	started                   time.Time
}

func newAgreements(w io.Writer, scs []*scenarios.Scenario) *agreements {
	t := &agreements{w: w, name: len("scenario"), started: time.Now()}
	for _, sc := range scs {
		t.name = max(t.name, len(sc.String()))
	}
	return t
}

func (t *agreements) row(sc *scenarios.Scenario, a *crosscheck.Agreement) error {
	if t.agree+t.differ+t.open == 0 {
		if err := t.line("", "scenario", "ours", "theirs", "states", "theirs"); err != nil {
			return err
		}
	}
	word := "ok"
	switch {
	case a.Undecided() != "":
		word = "?"
		t.open++
	case len(a.Mismatches) > 0:
		word = "FAIL"
		t.differ++
	default:
		t.agree++
	}
	if a.Weaker() {
		t.weak++
	}
	ours, theirs := a.Verdicts()
	states := "-"
	if a.Theirs != nil {
		states = fmt.Sprint(a.Theirs.States)
	}
	if err := t.line(word, sc.String(), ours, theirs, fmt.Sprint(a.Ours.Stats.States), states); err != nil {
		return err
	}
	for _, m := range a.Mismatches {
		if _, err := fmt.Fprintf(t.w, "     %s\n", m); err != nil {
			return err
		}
	}
	if why := a.Undecided(); why != "" {
		_, err := fmt.Fprintf(t.w, "     %s\n", why)
		return err
	}
	return nil
}

func (t *agreements) line(word, name, ours, theirs, states, theirStates string) error {
	_, err := fmt.Fprintf(t.w, "%-4s %-*s  %-30s %-30s %9s %9s\n", word, t.name, name, ours, theirs, states, theirStates)
	return err
}

// close writes the summary.
func (t *agreements) close(engine crosscheck.Engine) error {
	total, plural := t.agree+t.differ+t.open, "s"
	if total == 1 {
		plural = ""
	}
	text := fmt.Sprintf("\n%d scenario%s against %s: %d agree", total, plural, engine, t.agree)
	if t.differ > 0 {
		text += fmt.Sprintf(", %d DIFFER", t.differ)
	}
	if t.open > 0 {
		text += fmt.Sprintf(", %d not compared", t.open)
	}
	text += fmt.Sprintf("; %.1f s\n", time.Since(t.started).Seconds())
	if t.weak > 0 {
		text += fmt.Sprintf("%d partial-deadlock: %s has no word for it and says ok\n", t.weak, engine)
	}
	_, err := io.WriteString(t.w, text)
	return err
}

func (t *agreements) code() int {
	switch {
	case t.differ > 0:
		return exitFinding
	case t.open > 0:
		return exitLimit
	}
	return exitOK
}
