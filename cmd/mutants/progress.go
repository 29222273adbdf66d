package main

import (
	"fmt"
	"time"

	"github.com/lockproof/lockproof/cmd/mutants/trial"
)

// progress is how far a run has come.
type progress struct {
	total, done, survived int
	started               time.Time
}

// line says what became of a mutant, how many survived until now, and how long the rest takes if it
// goes on like this.
func (p *progress) line(r *trial.Result) string {
	p.done++
	if r.Verdict == trial.Survived {
		p.survived++
	}
	text := fmt.Sprintf("%d/%d %s %s: %s", p.done, p.total, r.Verdict, r.ID, r.Change)
	if r.Test != "" {
		text += " (" + r.Test + ")"
	}
	text += fmt.Sprintf("; %d survived", p.survived)
	if left := p.total - p.done; left > 0 {
		each := time.Since(p.started) / time.Duration(p.done)
		text += fmt.Sprintf(", about %v left", (each * time.Duration(left)).Round(time.Second))
	}
	return text
}
