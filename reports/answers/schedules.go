package answers

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/lockproof/lockproof/checker/schedule"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
)

// NewExplored reports what the schedules of a program on the real driver came to; command is the
// command line that asks again. Verdict is OK only where every interleaving was tried; the drawn
// and the bounded strategies pass without it when they did what they were asked.
func NewExplored(p *schedule.Program, command string, o schedule.Options, r *schedule.Result) reports.Result {
	out := onDriver("explore", p, command)
	out.Transitions, out.Depth, out.Complete, out.Limit = r.Steps, r.Longest, r.Complete, model.Limit(r.Limit)
	out.ElapsedMS = r.Elapsed.Milliseconds()
	out.Schedules = &reports.Schedules{Strategy: string(o.Strategy), Runs: r.Runs}
	proves := o.Strategy == schedule.Exhaustive || o.Strategy == schedule.Plain
	if o.Strategy == schedule.Exhaustive {
		out.Reductions = append(out.Reductions, "dpor")
	}
	switch {
	case r.Failure != nil:
		explained(&out, r.Failure)
	case r.Complete && (proves || !r.Bound):
		out.Verdict, out.Pass = model.OK, true
		out.Message = fmt.Sprintf("no rule is broken and every thread finishes, in all interleavings: %d schedules stand "+
			"for them", r.Runs)
	case r.Complete:
		out.Pass = true
		out.Message = fmt.Sprintf("nothing is wrong in the %d schedules with up to %d preemptions; that is no proof "+
			"for others", r.Runs, o.Preemptions)
	case r.Limit == model.RunsLimit && !proves && o.Strategy != schedule.Bounded:
		out.Pass = true
		out.Message = fmt.Sprintf("nothing is wrong in %d schedules (%s); that is no proof for others", r.Runs, o.Strategy)
	case r.Limit == r.CutBy && r.Cut > 0:
		out.Message = fmt.Sprintf("%d of %d schedules were ended by a limit (%s); nothing is wrong in what was seen", r.Cut,
			r.Runs, r.CutBy)
	default:
		out.Message = fmt.Sprintf("the search was stopped (%s) after %d schedules; nothing is wrong in those",
			r.Limit, r.Runs)
	}
	return out
}

// NewReplayed reports what one schedule led to.
func NewReplayed(p *schedule.Program, command string, s model.Schedule, x *schedule.Replayed) reports.Result {
	out := onDriver("explore", p, command)
	out.Replayed, out.Transitions, out.Depth = true, int64(len(s)), len(s)
	out.Schedules = &reports.Schedules{Strategy: "replay", Runs: 1}
	if x.Failure == nil {
		out.Limit = x.Limit
		traced(&out, &schedule.Failure{Trace: x.Trace, Threads: x.Threads, Schedule: s})
		out.Message = "nothing is wrong at the end of the schedule"
		switch x.Limit {
		case model.NoLimit:
		case model.PatienceLimit, model.MemoryLimit:
			out.Message = fmt.Sprintf("it could not be told (%s) whether an order of the calls explains what they returned; "+
				"nothing else is wrong", x.Limit)
		default:
			out.Message = fmt.Sprintf("the replay was stopped (%s) on its way", x.Limit)
		}
		return out
	}
	x.Failure.Trace = x.Trace
	explained(&out, x.Failure)
	return out
}

// onDriver is the beginning of an answer about threads on the driver, which should be sound.
func onDriver(suite string, p *schedule.Program, command string) reports.Result {
	return reports.Result{
		Suite: suite, Scenario: plainly(p.Name), Ref: p.Name, Command: command, Protocol: "driver", Threads: list(p.Threads),
		Expected: string(model.OK), Verdict: model.Unknown, Reductions: []string{},
	}
}

// plainly is a text as the name of a scenario.
func plainly(text string) string {
	return strings.Trim(notPlain.ReplaceAllString(text, "-"), "-._")
}

var notPlain = regexp.MustCompile("[^A-Za-z0-9._]+")

// explained fills in a failure. Classes that the vocabulary of kinds does not have are failed
// asserts, with the class in the text.
func explained(out *reports.Result, f *schedule.Failure) {
	out.Verdict, out.Kind, out.Message = model.Violation, f.Kind, f.Message
	out.Details, out.Stack = f.Details, f.Stack
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
	traced(out, f)
}

// traced takes a traced run, with the threads that the driver started in it.
func traced(r *reports.Result, f *schedule.Failure) {
	r.Threads = r.Threads[:0]
	for _, t := range f.Threads {
		r.Threads = append(r.Threads, t.Name)
	}
	r.Counterexample = interleaving(f)
}

// interleaving is a trace without the accesses to variables and the ends of threads, which say
// little.
func interleaving(f *schedule.Failure) *reports.Counterexample {
	c := &reports.Counterexample{
		Start: []reports.Value{}, Steps: []reports.Step{}, End: []reports.End{},
		Replay: f.Schedule.String(),
	}
	for i := range f.Trace {
		if e := &f.Trace[i]; e.Thread >= 0 && e.Operation != "read" && e.Operation != "write" && e.Operation != "end" {
			c.Steps = append(c.Steps, driverStep(e))
		}
	}
	for i, t := range f.Threads {
		c.End = append(c.End, reports.End{
			Thread: i + 1, Next: t.Next, Held: list(t.Held), WaitsFor: t.WaitsFor, Asleep: t.Asleep, Involved: t.Involved,
		})
	}
	return c
}

func driverStep(e *schedule.Event) reports.Step {
	s := reports.Step{
		Thread: e.Thread + 1, Op: e.Operation, Operation: e.Operation + " " + e.Object,
		Action: strings.TrimSpace(e.Operation + " " + e.Object),
		Object: e.Object, Calls: []reports.Place{}, Changes: map[string]reports.Change{}, Held: list(e.Held),
		Waits: []reports.Wait{},
	}
	for _, f := range e.Calls {
		s.Calls = append(s.Calls, reports.Place{Function: f.Function, File: f.File, Line: f.Line})
		s.Function, s.File, s.Line = f.Function, f.File, f.Line
	}
	return s
}
