package crosscheck

import (
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// What is written at a location grows with the square of the checks that stand there, and the ways
// to begin multiply by threads.
const (
	maxChecks = 200    // of one step
	maxTerms  = 5_000  // of all checks of one step
	maxStarts = 10_000 // ways in which the threads begin
)

// small reports a program whose model would be far larger than itself.
func (p *plan) small() error {
	starts := 1
	for i := range p.program.Threads {
		t := &p.program.Threads[i]
		if starts *= max(1, len(t.Start)); starts > maxStarts {
			return fmt.Errorf("crosscheck: the threads can begin in more than %d ways", maxStarts)
		}
		for k := range t.Nodes {
			n := &t.Nodes[k]
			if err := few(n.Checks, n.Pos); err != nil {
				return err
			}
		}
	}
	return nil
}

func few(checks []model.Check, at model.Pos) error {
	if len(checks) > maxChecks {
		return fmt.Errorf("crosscheck: %s: %d checks at one step are more than %d", at, len(checks), maxChecks)
	}
	sum := 0
	for i := range checks {
		sum += terms(checks[i].Cond)
	}
	if sum > maxTerms {
		return fmt.Errorf("crosscheck: %s: the checks at one step have %d terms, more than %d", at, sum, maxTerms)
	}
	return nil
}

// terms counts the operators and operands of a condition.
func terms(e *model.Expr) int {
	if e == nil {
		return 0
	}
	return 1 + terms(e.X) + terms(e.Y)
}
