package answers

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/checker/starvation"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
)

// AddLiveness adds to a pass what a search for fair loops found.
func AddLiveness(out *reports.Result, sc *scenarios.Scenario, p *model.Program, o starvation.Options,
	r *starvation.Result,
) {
	out.Liveness = &reports.Liveness{
		Fairness: o.Fairness, Property: o.Liveness, States: r.States,
		Bypasses: []reports.Bypass{},
	}
	for _, b := range r.Bypasses {
		x := reports.Bypass{Thread: b.Thread + 1, Job: b.Job}
		if b.Bound != starvation.Unbounded {
			x.Bound = &b.Bound
		}
		out.Liveness.Bypasses = append(out.Liveness.Bypasses, x)
	}
	if sc.Fairness != o.Fairness || sc.Liveness != o.Liveness { // the command line asks
		out.Command += fmt.Sprintf(" --fairness %s --liveness %s", o.Fairness, o.Liveness)
	}
	switch {
	case r.Lasso != nil:
		out.Assumes = ""
		blameLoop(out, p, r.Lasso)
		out.Pass = sc.Expect.Matches(out.Verdict, out.Kind)
	case r.Limit != model.NoLimit:
		out.Verdict, out.Limit, out.Assumes = model.Unknown, r.Limit, ""
		out.Message = fmt.Sprintf("no rule is broken in all %d reachable states, but the search for fair loops was "+
			"stopped (%s) after %d states",
			out.States, r.Limit, r.States)
		out.Pass = sc.Expect.Matches(out.Verdict, out.Kind)
	default:
		out.Message += "; " + lives[o.Liveness]
		out.Assumes = promises[o.Fairness]
	}
}

// lives is what a pass says of each property.
var lives = map[model.Liveness]string{
	model.Completion: "nobody is passed over for ever",
	model.Progress:   "somebody completes something again and again",
}

// promises are what a pass takes for granted of the scheduler.
var promises = map[model.Fairness]string{
	model.WeakFairness:   "weak fairness: a thread that can go on all the time goes on",
	model.StrongFairness: "strong fairness: a thread that can go on again and again goes on",
}

// blameLoop fills in how a loop comes about, and the line at which the thread that it starves
// waits.
func blameLoop(out *reports.Result, p *model.Program, l *starvation.Lasso) {
	victims := []int{l.Victim}
	if l.Victim == model.None {
		victims = nil
		for _, pick := range l.Loop {
			if !slices.Contains(victims, pick.Thread) {
				victims = append(victims, pick.Thread)
			}
		}
	}
	out.Verdict, out.Kind, out.Message, out.Details = model.Starvation, "", l.Message, l.Details
	out.Counterexample = counterexample(p, &search.Finding{Verdict: model.Starvation, Trace: l.Trace, Threads: victims})
	out.Counterexample.Replay = l.String()
	out.Loop = &reports.Loop{First: len(l.Trace.Steps) - len(l.Loop) + 1, Victim: l.Victim + 1}
	if at := out.Blamed(); len(at) > 0 {
		out.File, out.Line = at[0].File, at[0].Line
	}
}

// NewLoopReplay reports on a lasso that was followed.
func NewLoopReplay(sc *scenarios.Scenario, p *model.Program, o starvation.Options, l *starvation.Lasso) reports.Result {
	out := header(sc, p)
	out.Replayed, out.Depth = true, len(l.Trace.Steps)
	AddLiveness(&out, sc, p, o, &starvation.Result{Lasso: l})
	return out
}
