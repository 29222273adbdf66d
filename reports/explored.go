package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/lockproof/lockproof/checker/explore"
	"github.com/lockproof/lockproof/checker/schedule"
	"github.com/lockproof/lockproof/model"
)

// NewExplored reports what the schedules of a program on the real driver came to. Verdict is OK only where every interleaving
// was tried; the drawn and the bounded strategies pass without it when they did what they were asked.
func NewExplored(p *schedule.Program, o schedule.Options, r *schedule.Result) Result {
	out := Result{
		Suite: "explore", Scenario: p.Name, Ref: p.Name, Protocol: "driver", Threads: list(p.Threads), Expected: string(model.OK),
		Verdict: model.Unknown, Transitions: r.Steps, Depth: r.Longest, Complete: r.Complete, Limit: explore.Limit(r.Limit),
		Reductions: []string{}, ElapsedMS: r.Elapsed.Milliseconds(),
	}
	proves := o.Strategy == schedule.Exhaustive || o.Strategy == schedule.Plain
	if o.Strategy == schedule.Exhaustive {
		out.Reductions = append(out.Reductions, "dpor")
	}
	switch {
	case r.Failure != nil:
		explained(&out, r.Failure)
	case r.Complete && proves:
		out.Verdict, out.Pass = model.OK, true
		out.Message = fmt.Sprintf("no rule is broken and every thread finishes, in all interleavings: %d schedules stand for them", r.Runs)
	case r.Complete:
		out.Pass = true
		out.Message = fmt.Sprintf("nothing is wrong in the %d schedules with up to %d preemptions; that is no proof for others", r.Runs, o.Preemptions)
	case r.Limit == "schedules" && !proves && o.Strategy != schedule.Bounded:
		out.Pass = true
		out.Message = fmt.Sprintf("nothing is wrong in %d schedules (%s); that is no proof for others", r.Runs, o.Strategy)
	default:
		out.Message = fmt.Sprintf("the search was stopped (%s) after %d schedules; nothing is wrong in those", r.Limit, r.Runs)
	}
	return out
}

// NewReplayed reports what one schedule led to; f is nil when nothing is wrong at its end.
func NewReplayed(p *schedule.Program, f *schedule.Failure, trace []schedule.Event) Result {
	out := Result{
		Suite: "explore", Scenario: p.Name, Ref: p.Name, Protocol: "driver", Threads: list(p.Threads), Expected: string(model.OK),
		Verdict: model.Unknown, Replayed: true, Reductions: []string{},
	}
	if f == nil {
		f = &schedule.Failure{Trace: trace}
		out.Counterexample = interleaving(f)
		out.Message = "nothing is wrong at the end of the schedule"
		return out
	}
	f.Trace = trace
	explained(&out, f)
	return out
}

// explained fills in a failure. Classes that the vocabulary of kinds does not have are failed asserts, with the class in the text.
func explained(out *Result, f *schedule.Failure) {
	out.Verdict, out.Kind, out.Message = model.Violation, f.Kind, f.Message
	switch f.Class {
	case schedule.Deadlock:
		out.Verdict = model.Deadlock
	case schedule.Violation:
	default:
		out.Kind, out.Message = model.AssertKind, f.Headline()
	}
	if f.Phase != "" {
		out.Message += " (during " + f.Phase + ")"
	}
	out.Threads = out.Threads[:0]
	for _, t := range f.Threads {
		out.Threads = append(out.Threads, t.Name)
	}
	out.Counterexample = interleaving(f)
}

// interleaving is a trace without the accesses to variables and the ends of threads, which say little.
func interleaving(f *schedule.Failure) *Counterexample {
	c := &Counterexample{Start: []Value{}, Steps: []Step{}, End: []End{}, Replay: f.Schedule.String()}
	for i := range f.Trace {
		if e := &f.Trace[i]; e.Thread >= 0 && e.Operation != "read" && e.Operation != "write" && e.Operation != "end" {
			c.Steps = append(c.Steps, driverStep(e))
		}
	}
	for i, t := range f.Threads {
		c.End = append(c.End, End{
			Thread: i + 1, Next: t.Next, Held: list(t.Held), WaitsFor: t.WaitsFor, Asleep: t.Asleep, Involved: t.Involved,
		})
	}
	return c
}

func driverStep(e *schedule.Event) Step {
	s := Step{
		Thread: e.Thread + 1, Op: e.Operation, Operation: e.Operation + " " + e.Object, Action: strings.TrimSpace(e.Operation + " " + e.Object),
		Object: e.Object, Calls: []Place{}, Changes: map[string]Change{}, Held: list(e.Held), Waits: []Wait{},
	}
	for _, f := range e.Calls {
		s.Calls = append(s.Calls, Place{Function: f.Function, File: f.File, Line: f.Line})
		s.Function, s.File, s.Line = f.Function, f.File, f.Line
	}
	return s
}

// WriteExplored writes the answer: the verdict, what is wrong in one sentence, who holds and waits for what, the interleaving, and
// the command that replays it.
func WriteExplored(w io.Writer, r *Result, details []string, statistics, replay string, style Style) error {
	var b strings.Builder
	p := colours(style.Colour)
	b.WriteString(p.strong("explore: "+r.Scenario) + "\n")
	b.WriteString(mark(r, p)(verdictOf(r.Verdict, r.Kind)) + "\n\n")
	paragraph(&b, r.Message, style)
	for _, d := range details {
		paragraph(&b, d, style)
	}
	if statistics != "" {
		paragraph(&b, statistics, style)
	}
	if r.Counterexample != nil {
		b.WriteString("\n" + drawLanes(r, style))
	}
	if replay != "" {
		b.WriteString("\nreplay: " + replay + "\n")
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}
