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
		Suite: "stress", Scenario: fmt.Sprintf("seed-%d", r.Seed), Ref: r.Replay, Command: r.Replay, Protocol: "driver",
		Threads:  []string{},
		Expected: string(model.OK), Reductions: []string{}, Complete: r.Complete, ElapsedMS: r.Elapsed.Milliseconds(),
		History: newHistory(r.Check),
	}
	out.Load = &reports.Load{
		Operations: r.Operations, Elapsed: int64(r.Elapsed), Calls: r.Calls, Codes: r.Codes, Faults: r.Struck,
		Findings: []reports.LoadFinding{},
	}
	for i := range r.Findings {
		out.Load.Findings = append(out.Load.Findings, loadFinding(&r.Findings[i]))
	}
	if o := r.Overhead; o != nil {
		out.Load.Overhead = &reports.Overhead{
			Operations: o.Operations, Without: int64(o.Without),
			With: int64(o.With), Ratio: o.Ratio,
		}
	}
	out.Load.Timeline = jobsTimeline(r.Jobs)
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
		out.Verdict, out.Limit, out.Pass = model.Unknown, r.Limit, false
		out.Message = fmt.Sprintf("stopped (%s) after %d calls; nothing is wrong in those", r.Limit, r.Operations)
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

func loadFinding(f *stress.Finding) reports.LoadFinding {
	out := reports.LoadFinding{Kind: f.Kind, Message: f.Message, Client: f.Client, Call: f.Call, Stack: f.Stack}
	if h := f.Hang; h != nil {
		out.Hang = &reports.Hang{Actor: h.Actor, Call: h.Call, For: int64(h.For), Cycle: h.Cycle}
		for _, w := range h.Waits {
			out.Hang.Waits = append(out.Hang.Waits, reports.HangWait{
				Actor: w.Actor, Call: w.Call, Kind: w.Kind, Object: w.Object, For: int64(w.For), Holder: w.Holder,
				Since: int64(w.Since), Stack: w.Stack,
			})
		}
	}
	return out
}
