package linear

import (
	"errors"
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/driver"
)

// A Judge is for many short runs of one program, in each of which one goroutine at a time does anything. Most of them come to a history
// that an earlier one has come to, so a judge remembers what it has found explained: 30 bytes a history. One run at a time uses it.
type Judge struct {
	explained map[signature]struct{}
	signer    signer
}

// NewJudge makes a judge that has seen nothing.
func NewJudge() *Judge { return &Judge{explained: map[signature]struct{}{}} }

// mostExplained bounds what a judge remembers. It then forgets everything: what it meets again is checked again.
const mostExplained = 1 << 22

// Run begins a run: who observes the goroutine of a name, and what is to be said of all that they saw once the run is over. Histories
// without an explanation are an error; one that was not decided is none.
func (j *Judge) Run() (observe func(name string) driver.Observer, judge func() error) {
	r := NewRecorder(Steps())
	return r.Observe, func() error {
		if !r.Quiet() {
			return nil // somebody never comes to the end of a death: a hang, which is not for a judge to find
		}
		h := r.Drain()
		s := j.signer.sign(h)
		if _, ok := j.explained[s]; ok {
			return nil
		}
		c := NewChecker(Options{})
		c.Add(h)
		report := c.Finish(true)
		switch report.Verdict() {
		case Illegal:
			return report.unexplained()
		case OK:
			if len(j.explained) == mostExplained {
				clear(j.explained)
			}
			j.explained[s] = struct{}{}
		}
		return nil
	}
}

// unexplained says in one sentence what is illegal about a history.
func (r *Report) unexplained() error {
	if len(r.Violations()) == 0 {
		return errors.New(r.Breaches[0].Client + ": " + r.Breaches[0].Text)
	}
	v := r.Violations()[0]
	var steps []string
	for _, s := range v.Steps {
		steps = append(steps, s.Client+": "+s.Text)
	}
	return fmt.Errorf("no order of these %s steps on %s explains them: %s", v.Layer, v.Domain, strings.Join(steps, "; "))
}
