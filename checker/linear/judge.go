package linear

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/model"

	"github.com/lockproof/lockproof/driver"
)

// A Judge is for many short runs of one program, in each of which one goroutine at a time does
// anything. Most of them come to a history that an earlier one has come to, so a judge remembers
// what it has found explained: 30 bytes a history. One run at a time uses it.
type Judge struct {
	options   Options
	explained map[signature]struct{}
	signer    signer
}

// NewJudge makes a judge that has seen nothing. The options bound the check of each history.
func NewJudge(o Options) *Judge { return &Judge{options: o, explained: map[signature]struct{}{}} }

// An Undecided history is one of which a judge could not tell in what it may spend.
type Undecided struct {
	By  model.Limit
	Why string
}

func (e *Undecided) Error() string { return "the history was not decided: " + e.Why }

// Limit is the limit that was hit.
func (e *Undecided) Limit() model.Limit { return e.By }

// mostExplained bounds what a judge remembers. It then forgets everything: what it meets again is
// checked again.
const mostExplained = 1 << 22

// Run begins a run: who observes the goroutine of a name, and what is to be said of all that they
// saw once the run is over. Histories without an explanation are an error, and so is one that was
// not decided, of type [*Undecided]. The end of the context is the end of judging.
func (j *Judge) Run() (observe func(name string) driver.Observer, judge func(context.Context) error) {
	r := NewRecorder(Steps())
	return r.Observe, func(ctx context.Context) error {
		if !r.Quiet() {
			return nil // somebody never comes to the end of a death: a hang, which is not for a judge to find
		}
		h := r.Drain()
		s := j.signer.sign(h)
		if _, ok := j.explained[s]; ok {
			return nil
		}
		c := NewChecker(j.options)
		c.Add(ctx, h)
		report := c.Finish(ctx, true)
		switch report.Verdict() {
		case Illegal:
			return report.unexplained()
		case OK:
			if len(j.explained) == mostExplained {
				clear(j.explained)
			}
			j.explained[s] = struct{}{}
		default:
			return &Undecided{report.Limit(), report.why()}
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
		steps = append(steps, s.String())
	}
	return fmt.Errorf("no order of these %s steps on %s explains them: %s", v.Layer, v.Domain, strings.Join(steps, "; "))
}
