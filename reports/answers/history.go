package answers

import (
	"fmt"
	"path/filepath"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
)

// NewHistory reports what a file of the given name holds; complete says whether the recorded run
// came to its own end.
func NewHistory(file string, h linear.Header, complete bool, c *linear.Report) reports.Result {
	out := reports.Result{
		Suite: "history", Scenario: plainly(filepath.Base(file)), Ref: file,
		Command: "lockproof history " + reports.ShellWord(file), Threads: []string{},
		Expected: string(model.OK), Reductions: []string{}, Complete: complete, ElapsedMS: c.Took.Milliseconds(),
		History: newHistory(c),
	}
	if h.Replay != "" {
		out.Details = append(out.Details, "recorded by: "+h.Replay)
	}
	judged(&out, c)
	if out.Verdict == model.OK && !complete {
		out.Verdict, out.Limit, out.Pass = model.Unknown, model.InterruptLimit, false
		out.Message = "the recorded run did not come to its own end; an order of the steps explains what there is"
	}
	return out
}

// NewCalls reports what clients of libvirt saw. What must have happened besides the calls, and what
// was not looked at, are sentences.
func NewCalls(file string, domains []string, c *linear.Report, assumed, notes []string,
	t *diagnose.Timeline,
) reports.Result {
	out := NewHistory(file, linear.Header{}, c.Stopped == model.NoLimit, c)
	h := out.History
	h.Calls, h.Domains, h.Assumed, h.Notes = true, domains, assumed, notes
	if t != nil {
		sorted := t.Sorted()
		h.Timeline = timeline(&sorted)
	}
	if out.Verdict == model.OK {
		out.Message = "an order of the calls explains what the clients saw" +
			reports.Choose(len(assumed) > 0, ", under an assumption", "")
	}
	return out
}

func newHistory(c *linear.Report) *reports.History {
	h := &reports.History{
		API: historyLayer(&c.API), Jobs: historyLayer(&c.Jobs), Operations: c.Operations,
		JobCount: c.JobCount, Refused: c.Refused, Took: int64(c.Took),
		Violations: []reports.Unexplained{}, Breaches: []reports.Breach{}, Waits: []reports.JobWait{},
		MoreViolations: c.API.More + c.Jobs.More, MoreBreaches: c.MoreBreaches, Stopped: c.Stopped,
	}
	for _, v := range c.Violations() {
		x := reports.Unexplained{
			Layer: v.Layer, Domain: v.Domain, Object: v.Object, Before: list(v.Before),
			Steps: []reports.HistoryStep{}, AsFound: v.AsFound, Draw: v.Draw,
		}
		for _, s := range v.Steps {
			step := reports.HistoryStep{Client: s.Client, From: s.From, Text: s.Text, Line: s.Line}
			if s.To != linear.Never {
				step.To = &s.To
			}
			x.Steps = append(x.Steps, step)
		}
		if v.Last >= 0 {
			x.Culprit, x.Then = &x.Steps[v.Last], v.Then
		}
		h.Violations = append(h.Violations, x)
	}
	for _, x := range c.Breaches {
		h.Breaches = append(h.Breaches, reports.Breach(x))
	}
	for _, w := range c.Waits {
		x := reports.JobWait{
			Client: w.Job.Client, Job: w.Job.Type.String(), Domain: w.Job.Domain, Asked: w.Job.Asked, For: int64(w.For),
			Refused: w.Job.Refused,
			Waiting: !w.Job.Refused && w.Job.Begun == linear.Never, Blockers: []reports.JobHolder{},
		}
		for _, b := range w.Blockers {
			x.Blockers = append(x.Blockers, reports.JobHolder{Client: b.Client, Job: b.Type.String(), For: int64(b.For)})
		}
		h.Waits = append(h.Waits, x)
	}
	return h
}

func historyLayer(y *linear.Layer) reports.HistoryLayer {
	return reports.HistoryLayer{
		Verdict: y.Verdict.String(), Limit: y.Limit, Objects: y.Objects, Steps: y.Steps,
		Windows: y.Windows, Situations: y.Widest,
	}
}

// illegal says in one sentence what is illegal.
func illegal(h *reports.History) string {
	if len(h.Violations) == 0 {
		return h.Breaches[0].Client + ": " + h.Breaches[0].Text
	}
	v := &h.Violations[0]
	if v.Culprit != nil {
		return fmt.Sprintf("%s: line %d: %s", reports.UnexplainedTitle(v), v.Culprit.Line, v.Culprit.Text)
	}
	return fmt.Sprintf("%s: %s", reports.UnexplainedTitle(v), v.Steps[len(v.Steps)-1].String())
}

// undecided says why it could not be told.
func undecided(h *reports.History) string {
	switch {
	case h.API.Limit != "":
		return "porcupine could not tell: " + h.API.Limit
	case h.Jobs.Limit != "":
		return "porcupine could not tell: " + h.Jobs.Limit
	}
	return fmt.Sprintf("the check was stopped (%s) after %d calls and %d jobs; an order of the steps explains those",
		h.Stopped, h.Operations, h.JobCount)
}
