package main

import (
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

func (a *app) pairs() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "pairs --tree PATH --protocol PROTOCOL",
		Short: "Run real entry points against each other, two at a time",
		Long: `pairs finds the functions of real source that others call through pointers: API functions, event handlers, workers. Each
runs alone on one domain, cut down to the protocol (lockproof slice shows what is left), and then with itself and with each
other one. It reports what only an interleaving shows: what two break together that neither breaks alone.
What each breaks alone is told as well, in one line. On stderr it says what did not run, and why.`,
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
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		ctx := cmd.Context()
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
		all := append(append([]*scenarios.Scenario{}, p.Alone...), p.Together...)
		run := &pairing{a: a, x: x, p: p, alone: make([]map[broken]bool, len(p.Alone))}
		if err := a.searcher(limits, limits.workers, len(all)).run(ctx, all, run.take); err != nil {
			return err
		}
		run.summary()
		return x.finish(texts(all)...)
	}
	return cmd
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
	done  int

	broke, found, unknown int
	shown                 []*shownPair
}

func (r *pairing) take(got *reports.Result) error {
	i := r.done
	r.done++
	if i < len(r.alone) {
		r.alone[i] = all(got)
		if !got.Pass {
			r.broke++
			fmt.Fprintf(r.a.stdout, "alone: %s breaks %s: %s\n", got.Scenario, reports.VerdictOf(got.Verdict, got.Kind), got.Message)
		}
		return nil
	}
	of := r.p.Of[i-len(r.alone)]
	if got.Verdict == model.Unknown {
		r.unknown++
	}
	fresh := false
	for b := range all(got) {
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

// all is everything that a result says is broken.
func all(r *reports.Result) map[broken]bool {
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
			fmt.Fprintf(r.a.stdout, "%s of %s: %d more pairs show it: %s\n", reports.VerdictOf(s.verdict, s.kind), s.pair, n, names)
		}
	}
	fmt.Fprintf(r.a.stdout, "%d entry points; %d touch the protocol, %d of them ran: %d break a rule alone; of %d pairs %d break one together that neither breaks alone, in %d ways",
		r.p.Entries, r.p.Touch, len(r.p.Alone), r.broke, len(r.p.Together), r.found, len(r.shown))
	if r.unknown > 0 {
		fmt.Fprintf(r.a.stdout, ", %d were not searched to the end", r.unknown)
	}
	fmt.Fprintln(r.a.stdout)
}
