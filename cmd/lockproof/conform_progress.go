package main

import (
	"fmt"
	"io"
	"time"

	"github.com/lockproof/lockproof/checker/conform"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/lockproof/lockproof/scenarios"
)

// conformProgress writes a line now and then, also within one long scenario.
type conformProgress struct {
	w      io.Writer
	every  time.Duration
	total  int
	before time.Duration // what the scenarios so far took
	spent  time.Duration // in all
	shown  time.Duration
}

func (a *app) conformProgress(total int) *conformProgress {
	p := &conformProgress{w: a.stderr, every: 5 * time.Second, total: total}
	if terminal.IsTerminal(a.stderr) {
		p.every = 2 * time.Second
	}
	return p
}

// of is for the comparison of one scenario, after done others.
func (p *conformProgress) of(done int, sc *scenarios.Scenario) func(conform.Progress) {
	p.before = p.spent
	return func(x conform.Progress) {
		if p.spent = p.before + x.Elapsed; p.spent-p.shown < p.every {
			return
		}
		p.shown = p.spent
		fmt.Fprintf(p.w, "lockproof: done=%d of=%d scenario=%s states=%d frontier=%d runs=%d steps=%d seconds=%.0f\n",
			done, p.total, sc, x.States, x.Frontier, x.Runs, x.Steps, p.spent.Seconds())
	}
}
