// Mutants makes small mistakes in this repository's packages, one at a time, and says which of them
// no test notices.
//
//	go run ./cmd/mutants --sample 30 --resume mutants.jsonl ./csource/lower ./checker/linear
//
// The work tree is not touched. Exit code: 0, 1 if the score of a package is below --at-least, 2
// for bad usage or tests that fail without a mutant, 3 when interrupted.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/lockproof/lockproof/cmd/mutants/mutant"
	"github.com/lockproof/lockproof/cmd/mutants/trial"
)

//go:embed testdata/equivalent.txt
var knownEquivalents string

// The exit codes.
const (
	exitOK = iota
	exitBelow
	exitBad
	exitCut
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, ".", os.Args[1:], os.Stdout, os.Stderr))
}

// run is the command in a directory.
func run(ctx context.Context, dir string, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	var s *selection
	if err == nil {
		s, err = choose(ctx, dir, o)
	}
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "mutants: interrupted")
		return exitCut
	case err != nil:
		fmt.Fprintln(stderr, "mutants:", err)
		return exitBad
	}
	for _, text := range s.stale {
		fmt.Fprintln(stderr, "mutants:", text)
	}
	if o.list {
		err = s.list(stdout, o.json)
	} else {
		err = s.try(ctx, o, stderr)
		if err == nil || ctx.Err() != nil {
			err = errors.Join(err, s.report(stdout, o.json))
		}
	}
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "mutants: interrupted: this is what is known")
		return exitCut
	case err != nil:
		fmt.Fprintln(stderr, "mutants:", err)
		return exitBad
	case !o.list && s.below(o.atLeast):
		return exitBelow
	}
	return exitOK
}

// A selection is the mutants of a run, with what is known about them.
type selection struct {
	packages []*mutant.Package
	mutants  []*mutant.Mutant
	reasons  map[*mutant.Mutant]string // of the equivalent ones
	stale    []string
	results  []*trial.Result
}

// choose finds the mutants that the options are about.
func choose(ctx context.Context, dir string, o *options) (*selection, error) {
	name, text := "equivalent.txt", knownEquivalents
	if o.equivalent != "" {
		b, err := os.ReadFile(o.equivalent)
		if err != nil {
			return nil, err
		}
		name, text = o.equivalent, string(b)
	}
	known, err := mutant.ParseEquivalents(name, text)
	if err != nil {
		return nil, err
	}
	s := &selection{reasons: map[*mutant.Mutant]string{}}
	s.packages, err = mutant.Load(ctx, dir, o.patterns)
	if err != nil {
		return nil, err
	}
	var all []*mutant.Mutant
	for _, p := range s.packages {
		of := p.Mutants(mutant.Options{Printing: o.printing})
		all = append(all, of...)
		if len(o.only) == 0 {
			s.mutants = append(s.mutants, p.Sample(ctx, of, o.seed, o.sample)...)
			continue
		}
		for _, m := range of {
			if o.only[m.ID] {
				if !p.Compiles(m) {
					return nil, fmt.Errorf("%s does not compile", m.ID)
				}
				s.mutants = append(s.mutants, m)
				delete(o.only, m.ID)
			}
		}
	}
	for id := range o.only {
		return nil, fmt.Errorf("no mutant of these packages has the ID %s", id)
	}
	s.stale = known.Stale(all)
	for _, m := range s.mutants {
		if r := known.Reason(m); r != "" {
			s.reasons[m] = r
		}
	}
	return s, nil
}

// try finds the verdict of every mutant.
func (s *selection) try(ctx context.Context, o *options, stderr io.Writer) (err error) {
	if o.memory > 0 {
		if err := trial.LimitMemory(o.memory << 20); err != nil {
			return err
		}
	}
	var ledger *trial.Ledger
	if o.resume != "" {
		if ledger, err = trial.OpenLedger(o.resume); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, ledger.Close()) }()
	}
	var left []*mutant.Mutant
	for _, m := range s.mutants {
		switch r := known(ledger, m, o.again); {
		case s.reasons[m] != "" && len(o.wanted) == 0:
			s.results = append(s.results, &trial.Result{Mutant: m, Verdict: trial.Equivalent, Reason: s.reasons[m]})
		case r != nil:
			s.results = append(s.results, r)
		default:
			left = append(left, m)
		}
	}
	if len(left) == 0 {
		return nil
	}
	say := func(text string) { fmt.Fprintln(stderr, text) }
	t := &trial.Trials{Dir: s.packages[0].Root, Tests: o.tests, Skip: o.skip, Timeout: o.timeout}
	if ledger != nil && !o.again {
		t.Passed = ledger.Passed()
	}
	passes := func(p trial.Pass) error {
		say(fmt.Sprintf("%s passes in %.1f s", p.Suite, p.Seconds))
		if ledger == nil {
			return nil
		}
		return ledger.AddPassed(p)
	}
	if err := t.Prepare(ctx, packagesOf(left), passes); err != nil {
		return err
	}
	progress := progress{total: len(left), started: time.Now()}
	if o.together {
		dir, err := os.MkdirTemp("", "mutants-")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		if err := t.Together(ctx, dir, left, say); err != nil {
			return err
		}
	}
	return t.RunAll(ctx, left, o.parallel, func(r *trial.Result) error {
		say(progress.line(r))
		s.results = append(s.results, r)
		if ledger == nil {
			return nil
		}
		return ledger.Add(r)
	})
}

// known is what a ledger says about a mutant; nothing about a survivor that is to be tried again.
func known(l *trial.Ledger, m *mutant.Mutant, again bool) *trial.Result {
	if l == nil {
		return nil
	}
	r := l.Known(m)
	if r != nil && again && r.Verdict == trial.Survived {
		return nil
	}
	return r
}

func packagesOf(all []*mutant.Mutant) []string {
	var dirs []string
	seen := map[string]bool{}
	for _, m := range all {
		if !seen[m.Package] {
			seen[m.Package] = true
			dirs = append(dirs, m.Package)
		}
	}
	return dirs
}
