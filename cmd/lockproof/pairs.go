package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

func (a *app) pairs() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "pairs --tree PATH",
		Short: "Run real entry points against each other, two at a time",
		Long: `pairs finds the functions of real source that others call through pointers: API functions, event handlers, workers. Each
runs alone on one domain, cut down to the protocol (lockproof slice shows what is left), and then with itself and with each
other one. It reports what only an interleaving shows: what two break together that neither breaks alone.
What each breaks alone is told as well, in one line. On stderr it says what did not run, and why.

Without --protocol it is that of libvirt's which the source follows. --resume FILE keeps what is done: the same command goes on
from there, after Ctrl-C or --timeout.`,
		Example: `  lockproof pairs --tree src/qemu --protocol libvirt-2009-12 --timeout 5m
  lockproof pairs --git . --rev v0.7.5 --tree src --protocol libvirt-2009-12`,
		Args: cobra.NoArgs,
	}
	x := a.answerFlags(cmd)
	q := &scenarios.Question{}
	treeFlags(cmd, q)
	protocolFlag(cmd, q)
	cmd.Flags().StringSliceVar(&q.Faults, "faults", []string{"wait-timeout"}, "what may go wrong for every thread")
	cmd.Flags().StringVar(&q.Threads, "with", "", "threads that run beside each, as 'event(vm1) loop'")
	limits := limitFlags(cmd)
	file := cmd.Flags().String("resume", "", "a file that keeps what is done, for a run that goes on where this one ends")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return a.runPairs(cmd.Context(), q, limits, x, *file)
	}
	return cmd
}

// runPairs finds the pairs of a question about real source, and runs those of which the file does
// not have the result.
func (a *app) runPairs(
	ctx context.Context, q *scenarios.Question, limits *limits, x *answerWriter, file string,
) (err error) {
	if err := ofItsEra(ctx, q, nil, a.stderr); err != nil {
		return err
	}
	defer collectLess()()
	p, err := q.Pairs(ctx)
	if err != nil {
		return err
	}
	if err := x.open(); err != nil {
		return err
	}
	defer x.close()
	for _, l := range p.Left {
		fmt.Fprintf(a.stderr, "does not run: %s: %s\n", l.Function, l.Why)
	}
	run := &pairing{
		a: a, x: x, p: p, alone: make([]map[broken]bool, len(p.Alone)), all: slices.Concat(p.Alone, p.Together),
	}
	if file != "" {
		of := sha256.Sum256([]byte(strings.Join([]string{
			toolVersion(), p.Text, q.Protocol, strings.Join(q.Faults, ","), q.Threads, limits.reduce,
			fmt.Sprint(limits.maxStates),
		}, "\x00")))
		if run.file, err = openPairs(file, hex.EncodeToString(of[:])); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, run.file.close()) }()
	}
	todo := slices.DeleteFunc(slices.Clone(run.all), func(sc *scenarios.Scenario) bool {
		_, done := run.file.has(sc.Name)
		return done
	})
	if n := len(run.all) - len(todo); n > 0 {
		fmt.Fprintf(a.stderr, "%s has %d of %d results\n", file, n, len(run.all))
	}
	s := a.searcher(limits, limits.workers, len(todo))
	s.checked = true // by Pairs
	err = s.run(ctx, todo, func(r *reports.Result) error {
		if err := run.earlier(r.Scenario); err != nil {
			return err
		}
		return errors.Join(run.file.keep(r), run.take(r))
	})
	if err == nil {
		err = run.earlier("")
	}
	if err != nil {
		return err
	}
	run.summary()
	return x.finish(texts(run.all)...)
}

// earlier takes the results of an earlier run that stand before a scenario.
func (r *pairing) earlier(before string) error {
	for r.done < len(r.all) && r.all[r.done].Name != before {
		got, ok := r.file.has(r.all[r.done].Name)
		if !ok {
			return nil
		}
		if err := r.take(&got); err != nil {
			return err
		}
	}
	return nil
}

// broken is what a run breaks.
type broken struct {
	verdict model.Verdict
	kind    model.Kind
}

// A shownPair is a finding of a pair, and the other pairs that show it.
type shownPair struct {
	broken
	file   string
	line   int
	pair   string
	others []string
}

// A pairing takes the results in order: those of one function alone come first.
type pairing struct {
	a     *app
	x     *answerWriter
	p     *scenarios.Pairs
	alone []map[broken]bool
	all   []*scenarios.Scenario
	file  *pairsFile // nil: nothing is kept
	done  int

	broke, found, unknown int
	shown                 []*shownPair
}

func (r *pairing) take(got *reports.Result) error {
	i := r.done
	r.done++
	if i < len(r.alone) {
		r.alone[i] = allBroken(got)
		switch {
		case got.Verdict == model.Unknown:
			r.unknown++
		case !got.Pass:
			r.broke++
			fmt.Fprintf(r.a.stdout, "alone: %s breaks %s: %s\n",
				got.Scenario, reports.VerdictOf(got.Verdict, got.Kind), got.Message)
		}
		return nil
	}
	of := r.p.Of[i-len(r.alone)]
	if got.Verdict == model.Unknown {
		r.unknown++
	}
	fresh := false
	for b := range allBroken(got) {
		fresh = fresh || !r.alone[of[0]][b] && !r.alone[of[1]][b]
	}
	if !fresh || got.Verdict == model.OK || got.Verdict == model.Unknown {
		return nil
	}
	r.found++
	for _, s := range r.shown {
		if s.verdict == got.Verdict && s.kind == got.Kind && s.file == got.File && s.line == got.Line {
			s.others = append(s.others, got.Scenario)
			return nil
		}
	}
	r.shown = append(r.shown, &shownPair{broken{got.Verdict, got.Kind}, got.File, got.Line, got.Scenario, nil})
	return r.x.give(got)
}

// allBroken is everything that a result says is broken.
func allBroken(r *reports.Result) map[broken]bool {
	m := map[broken]bool{}
	if r.Verdict != model.OK && r.Verdict != model.Unknown {
		m[broken{r.Verdict, r.Kind}] = true
	}
	for _, o := range r.Also {
		m[broken{o.Verdict, o.Kind}] = true
	}
	return m
}

// mostOthers is how many pairs are named that show what another shows.
const mostOthers = 6

func (r *pairing) summary() {
	for _, s := range r.shown {
		if n := len(s.others); n > 0 {
			names := strings.Join(s.others[:min(n, mostOthers)], ", ")
			if n > mostOthers {
				names += ", ..."
			}
			fmt.Fprintf(r.a.stdout, "%s of %s: %d more pairs show it: %s\n",
				reports.VerdictOf(s.verdict, s.kind), s.pair, n, names)
		}
	}
	fmt.Fprintf(r.a.stdout, "%d entry points; %d touch the protocol, %d of them ran: %d break a rule alone; "+
		"of %d pairs %d break one together that neither breaks alone, in %d ways",
		r.p.Entries, r.p.Touch, len(r.p.Alone), r.broke, len(r.p.Together), r.found, len(r.shown))
	if r.unknown > 0 {
		fmt.Fprintf(r.a.stdout, ", %d were not searched to the end", r.unknown)
	}
	fmt.Fprintln(r.a.stdout)
}
