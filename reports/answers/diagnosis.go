package answers

import (
	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
)

// AddDiagnosis adds what was found in inputs to a report, with the broken rules as findings. The
// first diagnosis of a report is the one that matters most.
func AddDiagnosis(r *reports.Report, inputs []string, d *diagnose.Diagnosis) {
	out := reports.Diagnosis{
		Inputs: list(inputs), Format: string(d.Format), Cause: string(d.Cause),
		Meaning: diagnose.Meaning(diagnose.Causes(), d.Cause), Sure: string(d.Sure), Fault: d.Fault,
		Why: claims(d.Why), Domains: list(d.Domains), Holders: []reports.Holder{},
		Waiters: []reports.Waiter{}, Rules: append([]model.Kind{}, d.Rules...),
		CannotTell: []string{}, Next: list(d.Next), Notes: claims(d.Notes),
		Findings: len(d.Findings), MoreHolders: d.MoreHolders, MoreWaiters: d.MoreWaiters, MoreFindings: d.MoreFindings,
	}
	for i := range d.Holders {
		h := &d.Holders[i]
		out.Holders = append(out.Holders, reports.Holder{
			Domain: h.Domain, Job: h.Job, Async: h.Async, Agent: h.Agent, Lock: h.Lock, Thread: h.Thread, API: h.API,
			Since: moment(h.Since), Until: moment(h.Until), Monitor: h.Monitor, Lines: places(h.At), Inferred: h.Inferred,
		})
	}
	for i := range d.Waiters {
		w := &d.Waiters[i]
		out.Waiters = append(out.Waiters, reports.Waiter{
			Thread: w.Thread, API: w.API, Domain: w.Domain, Wants: w.Wants, Since: moment(w.Since), TimedOut: w.TimedOut,
			Refused: w.Refused, For: string(w.For),
			Behind: w.Behind, Lines: places(w.At), Inferred: w.Inferred,
		})
	}
	for _, u := range d.CannotTell {
		out.CannotTell = append(out.CannotTell, string(u))
	}
	for _, c := range d.Counts {
		out.Counts = append(out.Counts, reports.Reading(c))
	}
	out.Timeline = timeline(&d.Timeline)
	for i := range d.Findings {
		r.Findings = append(r.Findings, logFinding(&d.Findings[i]))
	}
	r.AddDiagnosis(&out)
}

func logFinding(f *diagnose.Finding) reports.Finding {
	out := reports.Finding{
		Rule: f.Rule, Severity: reports.Choose(f.Warning, "warning", "error"), File: f.At.File, Line: f.At.Line,
		Message: f.Message,
		Related: []reports.Place{}, Path: []reports.Place{},
	}
	for _, c := range f.Around {
		for _, at := range c.At {
			out.Path = append(out.Path, reports.Place{File: at.File, Line: at.Line, Message: c.Text})
		}
	}
	return out
}

func claims(cs []diagnose.Claim) []reports.Claim {
	out := []reports.Claim{}
	for _, c := range cs {
		out = append(out, reports.Claim{Text: c.Text, Inferred: c.Inferred, Lines: places(c.At)})
	}
	return out
}

func places(ps []diagnose.Place) []reports.InputAt {
	var out []reports.InputAt
	for _, p := range ps {
		out = append(out, reports.InputAt(p))
	}
	return out
}

func moment(m diagnose.Moment) *reports.Moment {
	switch {
	case !m.Known():
		return nil
	case m.Clock == diagnose.Seconds:
		return &reports.Moment{Seconds: m.Seconds()}
	}
	return &reports.Moment{Stamp: m.String()}
}

// timeline is what of a diagnosis can be drawn; nil where there is nothing.
func timeline(t *diagnose.Timeline) *reports.Timeline {
	if len(t.Bars) == 0 {
		return nil
	}
	out := &reports.Timeline{Dated: t.Clock != diagnose.Seconds, Least: int64(t.Least), Left: t.Left}
	zone := int64(t.Zone) * 1e9
	for i := range t.Bars {
		b := &t.Bars[i]
		out.Bars = append(out.Bars, reports.Bar{
			Domain: b.Domain, Lane: int(b.Lane), From: b.From + zone, To: b.To + zone, Open: b.Open, GaveUp: b.GaveUp,
			What: b.What, Thread: b.Thread, API: b.API,
			At: reports.InputAt(b.At), End: reports.InputAt(b.End),
		})
	}
	return out
}
