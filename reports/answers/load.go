package answers

import (
	"fmt"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/checker/stress"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
)

// NewLoad reports a load. Its history is part of the answer.
func NewLoad(r *stress.Result) reports.Result {
	out := reports.Result{
		Suite: "stress", Scenario: fmt.Sprintf("seed-%d", r.Seed), Ref: r.Replay, Command: r.Replay, Protocol: "driver", Threads: []string{},
		Expected: string(model.OK), Reductions: []string{}, Complete: r.Complete, ElapsedMS: r.Elapsed.Milliseconds(), History: newHistory(r.Check),
	}
	out.Load = &reports.Load{
		Operations: r.Operations, Elapsed: int64(r.Elapsed), Calls: r.Calls, Codes: r.Codes, Faults: r.Struck,
		Findings: append([]stress.Finding{}, r.Findings...), Overhead: r.Overhead,
	}
	switch {
	case len(r.Findings) > 0:
		f := &r.Findings[0]
		out.Verdict, out.Kind, out.Message = model.Violation, f.Kind, f.Message
		if f.Hang != nil {
			out.Verdict = model.Deadlock
		}
	default:
		judged(&out, r.Check)
		if out.Verdict == model.OK {
			out.Message = fmt.Sprintf("nothing is wrong in %d calls; that is no proof for others", r.Operations)
		}
	}
	if out.Verdict == model.OK && !r.Complete {
		out.Verdict, out.Limit, out.Pass = model.Unknown, model.InterruptLimit, false
		out.Message = fmt.Sprintf("interrupted after %d calls; nothing is wrong in those", r.Operations)
	}
	return out
}

// judged takes the verdict about a history.
func judged(r *reports.Result, c *linear.Report) {
	switch c.Verdict() {
	case linear.OK:
		r.Verdict, r.Pass = model.OK, true
		r.Message = "an order of the steps explains the history"
	case linear.Illegal:
		r.Verdict, r.Kind = model.Violation, model.AssertKind
		r.Message = illegal(r.History)
	default:
		r.Verdict, r.Limit = model.Unknown, c.Limit()
		r.Message = undecided(r.History)
	}
}
