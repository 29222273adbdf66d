package reports

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/checker/explore"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// New reports what a search of the scenario's program found.
func New(sc *scenarios.Scenario, p *model.Program, r *explore.Result) Result {
	out := header(sc, p)
	out.Verdict, out.Kind, out.Pass = r.Verdict, r.Kind, sc.Expect.Matches(r.Verdict, r.Kind)
	out.States, out.Transitions, out.Depth = r.Stats.States, r.Stats.Transitions, r.Stats.Depth
	out.Complete, out.Limit, out.ElapsedMS = r.Complete, r.Limit, r.Stats.Elapsed.Milliseconds()
	out.Reductions = append(out.Reductions, r.Reductions...)
	out.Message = verdictMessage(&out)
	for i := range r.Findings {
		f := &r.Findings[i]
		if i > 0 {
			out.Also = append(out.Also, Other{f.Verdict, f.Kind, f.Message, len(f.Trace.Steps)})
			continue
		}
		out.Message, out.File, out.Line = f.Message, f.Pos.File, f.Pos.Line
		out.Counterexample = counterexample(f)
	}
	return out
}

// NewReplay reports what a replayed schedule led to; f is nil when nothing is wrong at its end. The verdict is then
// [model.Unknown], for one schedule proves nothing.
func NewReplay(sc *scenarios.Scenario, p *model.Program, t *explore.Trace, f *explore.Finding) Result {
	out := header(sc, p)
	out.Replayed, out.Depth = true, len(t.Steps)
	if f == nil {
		out.Verdict = model.Unknown
		out.Message = fmt.Sprintf("nothing is wrong after these %d steps", len(t.Steps))
		out.Counterexample = counterexample(&explore.Finding{Trace: *t})
		return out
	}
	out.Verdict, out.Kind, out.Pass = f.Verdict, f.Kind, sc.Expect.Matches(f.Verdict, f.Kind)
	out.Message, out.File, out.Line = f.Message, f.Pos.File, f.Pos.Line
	out.Counterexample = counterexample(&explore.Finding{Trace: *t, Threads: f.Threads})
	return out
}

func header(sc *scenarios.Scenario, p *model.Program) Result {
	out := Result{
		Suite: sc.Suite.Name, Scenario: sc.Name, Ref: sc.Ref(), Protocol: sc.Suite.Protocol, Why: sc.Why,
		Threads: []string{}, Expected: sc.Expect.String(), Reductions: []string{},
	}
	for i := range p.Threads {
		out.Threads = append(out.Threads, p.Threads[i].Name)
	}
	return out
}

// verdictMessage is the sentence of a verdict that no finding explains.
func verdictMessage(r *Result) string {
	switch {
	case r.Verdict == model.OK:
		return fmt.Sprintf("no rule is broken and every thread can always finish, in all %d reachable states", r.States)
	case r.Verdict == model.Unknown:
		return fmt.Sprintf("the search was stopped (%s) after %d states; nothing is wrong in those", r.Limit, r.States)
	}
	return ""
}

func counterexample(f *explore.Finding) *Counterexample {
	c := &Counterexample{Steps: []Step{}, End: []End{}, Replay: explore.ScheduleOf(&f.Trace).String()}
	last := f.Trace.Start
	for i := range f.Trace.Steps {
		c.Steps = append(c.Steps, step(&f.Trace.Steps[i]))
		last = f.Trace.Steps[i].After
	}
	for i, t := range last.Threads {
		c.End = append(c.End, End{
			Thread: i + 1, Function: t.Function, File: t.Pos.File, Line: t.Pos.Line, Next: t.Next, Held: list(t.Holds),
			WaitsFor: t.WaitsFor, Asleep: t.Op == model.OpSleep, Involved: slices.Contains(f.Threads, i),
		})
	}
	return c
}

func step(s *explore.TraceStep) Step {
	out := Step{
		Thread: s.Thread + 1, Function: s.Function, Op: s.Op.String(), Operation: s.Operation, Action: action(s), Object: s.Object,
		File: s.Pos.File, Line: s.Pos.Line, Calls: []Place{}, Changes: map[string]Change{}, Held: list(nil),
	}
	for _, c := range s.Calls {
		out.Calls = append(out.Calls, Place{Function: c.Function, File: c.Pos.File, Line: c.Pos.Line})
	}
	for _, c := range s.Changes {
		out.Changes[c.Name] = Change{c.Before, c.After}
	}
	if s.Thread < len(s.After.Threads) {
		out.Held = list(s.After.Threads[s.Thread].Holds)
	}
	if s.Failed != nil {
		out.Failed = s.Failed.Text
	}
	return out
}

// list is a copy that JSON shows as [] when it is empty.
func list(s []string) []string { return append([]string{}, s...) }
