package reports

import (
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// An Outcome is what a result means for the run: does the gate hold?
type Outcome string

// The outcomes, best first.
const (
	Expected   Outcome = "expected"
	Known      Outcome = "known"      // not as expected, but the baseline lists all that is wrong
	Undecided  Outcome = "unknown"    // a limit was hit, and nothing is wrong so far
	Unexpected Outcome = "unexpected" // the run fails
)

// Outcome says what a result means for the run.
func (r *Result) Outcome() Outcome {
	switch {
	case r.Pass, r.Replayed && r.Verdict == model.Unknown && r.Limit == model.NoLimit: // one schedule that breaks nothing
		return Expected
	case r.Known:
		return Known
	case r.Verdict == model.Unknown && len(r.OrderBroken) == 0:
		return Undecided
	}
	return Unexpected
}

// A Count tells how many results have which outcome.
type Count struct{ Expected, Unexpected, Unknown, Known int }

// Add counts one result.
func (c *Count) Add(r *Result) {
	switch r.Outcome() {
	case Expected:
		c.Expected++
	case Known:
		c.Known++
	case Undecided:
		c.Unknown++
	default:
		c.Unexpected++
	}
}

// Count counts the results of a report.
func (r *Report) Count() Count {
	var c Count
	for i := range r.Results {
		c.Add(&r.Results[i])
	}
	return c
}

func (c Count) String() string {
	total := c.Expected + c.Unexpected + c.Unknown + c.Known
	s := fmt.Sprintf("%d scenarios: %d as expected", total, c.Expected)
	if total == 1 {
		s = fmt.Sprintf("1 scenario: %d as expected", c.Expected)
	}
	if c.Unexpected > 0 {
		s += fmt.Sprintf(", %d NOT", c.Unexpected)
	}
	if c.Known > 0 {
		s += fmt.Sprintf(", %d known", c.Known)
	}
	if c.Unknown > 0 {
		s += fmt.Sprintf(", %d unknown", c.Unknown)
	}
	return s
}
