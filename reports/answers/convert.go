package answers

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
)

// New reports what a search of the scenario's program found.
func New(sc *scenarios.Scenario, p *model.Program, r *search.Result) reports.Result {
	out := header(sc, p)
	out.Verdict, out.Kind, out.Pass = r.Verdict, r.Kind, sc.Expect.Matches(r.Verdict, r.Kind)
	out.States, out.Transitions, out.Depth = r.Stats.States, r.Stats.Transitions, r.Stats.Depth
	out.Complete, out.Limit, out.ElapsedMS = r.Complete, r.Limit, r.Stats.Elapsed.Milliseconds()
	out.Reductions = append(out.Reductions, r.Reductions...)
	out.Omission = r.Stats.Omission
	out.AtLeast = r.AtLeast
	out.Notes, out.Race = notes(p), race(p, r.Race)
	if r.Verdict == model.OK {
		out.Assumes = fairness
	}
	out.Message = verdictMessage(&out, r.Beyond)
	out.Coverage = coverage(sc, p, r)
	for i := range r.Findings {
		f := &r.Findings[i]
		if i > 0 {
			out.Also = append(out.Also, reports.Other{
				Verdict: f.Verdict, Kind: f.Kind, Message: f.Message, Steps: len(f.Trace.Steps),
			})
			continue
		}
		blame(&out, p, f)
	}
	return out
}

// blame fills in how a finding comes about, and the line at which a reader looks first.
func blame(out *reports.Result, p *model.Program, f *search.Finding) {
	out.Counterexample, out.Closed = counterexample(p, f), closed(f.Closed)
	out.Message, out.File, out.Line = f.Message, f.Pos.File, f.Pos.Line
	at := out.Blamed()
	if len(at) == 0 || f.Kind == model.MemoryLeak { // a leak is about where memory comes from
		return
	}
	out.File, out.Line = at[0].File, at[0].Line
	if f.Verdict == model.Violation {
		out.Message += fmt.Sprintf(" (%s:%d)", at[0].File, at[0].Line)
	}
}

func race(p *model.Program, f *search.Finding) *reports.Race {
	if f == nil {
		return nil
	}
	return &reports.Race{Message: f.Message, File: f.Pos.File, Line: f.Pos.Line, Counterexample: counterexample(p, f)}
}

// fairness is what a pass takes for granted.
const fairness = "fairness: every thread can always finish, if the scheduler lets it"

func closed(c *search.Closed) *reports.Closed {
	if c == nil {
		return nil
	}
	out := &reports.Closed{States: c.States, Luck: c.Luck, Waits: []reports.ClosedWait{}}
	for _, w := range c.Waits {
		out.Waits = append(out.Waits, reports.ClosedWait{
			Thread: w.Thread + 1, For: w.For, Asleep: w.Asleep, States: w.States,
		})
	}
	return out
}

// maxOmitted is how many omissions are told one by one.
const maxOmitted = 8

// notes lists what was left out of real source, and the waits that have a deadline which never
// comes, because the scenario has no fault that lets it.
func notes(p *model.Program) []reports.Place {
	var out []reports.Place
	for i, o := range p.Omitted {
		if i == maxOmitted {
			more := fmt.Sprintf("and %d more places like these", len(p.Omitted)-i)
			out = append(out, reports.Place{File: o.Pos.File, Line: o.Pos.Line, Message: more})
			break
		}
		out = append(out, reports.Place{File: o.Pos.File, Line: o.Pos.Line, Message: "left out: " + o.Text})
	}
	for t := range p.Threads {
		for i := range p.Threads[t].Nodes {
			n := &p.Threads[t].Nodes[i]
			timesOut := func(o model.Outcome) bool { return o.Label == model.TimedOut }
			if n.Op != model.OpSleep || !n.Timed || slices.ContainsFunc(n.Out, timesOut) {
				continue
			}
			at := reports.Place{
				Function: n.Function(), File: n.Pos.File, Line: n.Pos.Line,
				Message: n.Text + " has a deadline, which never comes here: " +
					"add `faults: [wait-timeout]` to see what happens when it does",
			}
			if !slices.Contains(out, at) {
				out = append(out, at)
			}
		}
	}
	return out
}

// NewReplay reports what a replayed schedule led to; f is nil when nothing is wrong at its end. The
// verdict is then [model.Unknown], for one schedule proves nothing. So it is with a data race that
// is a warning.
func NewReplay(
	sc *scenarios.Scenario, p *model.Program, t *search.Trace, f *search.Finding, races search.Races,
) reports.Result {
	out := header(sc, p)
	out.Replayed, out.Depth = true, len(t.Steps)
	if f != nil && f.Kind == model.DataRace && races == search.WarnOfRaces {
		out.Race, f = race(p, f), nil
	}
	if f == nil {
		out.Verdict = model.Unknown
		out.Message = fmt.Sprintf("nothing is wrong after these %d steps", len(t.Steps))
		if out.Race != nil {
			out.Message = fmt.Sprintf("two threads race after these %d steps", len(t.Steps))
		}
		out.Counterexample = counterexample(p, &search.Finding{Trace: *t})
		return out
	}
	out.Verdict, out.Kind, out.Pass = f.Verdict, f.Kind, sc.Expect.Matches(f.Verdict, f.Kind)
	g := *f
	g.Trace = *t
	blame(&out, p, &g)
	if f.Verdict == model.Unknown {
		out.Kind, out.Limit = "", model.Limit(f.Kind)
		out.Message = notModelled(t.Steps[len(t.Steps)-1].Failed)
	}
	return out
}

func header(sc *scenarios.Scenario, p *model.Program) reports.Result {
	out := reports.Result{
		Suite: sc.Suite.Name, Title: sc.Suite.Title, Scenario: sc.Name, Ref: sc.Ref(),
		Command: "lockproof check " + reports.ShellLine(sc.Args()...), Protocol: sc.Suite.Protocol, Why: sc.Why,
		Threads: []string{}, Expected: sc.Expect.String(), Asked: sc.Asked, Reductions: []string{},
	}
	for i := range p.Threads {
		out.Threads = append(out.Threads, p.Threads[i].Name)
	}
	if len(p.Threads) == 0 { // a limit was hit before there was a program
		for _, t := range sc.Threads {
			out.Threads = append(out.Threads, slices.Repeat([]string{t.Call}, t.Count)...)
		}
	}
	return out
}

// verdictMessage is the sentence of a verdict that no finding explains; beyond is what the program
// does that is not modelled, or nil.
func verdictMessage(r *reports.Result, beyond *model.Check) string {
	switch {
	case r.Verdict == model.OK && len(r.Reductions) > 0:
		return fmt.Sprintf("no rule is broken and every thread can always finish, in all %s", reports.StateCount(r))
	case r.Verdict == model.OK:
		return fmt.Sprintf("no rule is broken and every thread can always finish, in all %d reachable states", r.States)
	case r.Limit == model.FingerprintLimit:
		const text = "no rule is broken in all %d reachable states, but fingerprints do not tell whether " +
			"every thread can always finish"
		return fmt.Sprintf(text, r.States)
	case r.Verdict == model.Unknown && r.States == 0:
		return fmt.Sprintf("stopped (%s) before there was a state to look at", r.Limit)
	case r.Verdict == model.Unknown && beyond != nil:
		return fmt.Sprintf("%s; nothing is wrong in the %d states that were looked at", notModelled(beyond), r.States)
	case r.Verdict == model.Unknown:
		return fmt.Sprintf("the search was stopped (%s) after %d states; nothing is wrong in those", r.Limit, r.States)
	}
	return ""
}

// notModelled says how a program went beyond what is modelled.
func notModelled(c *model.Check) string {
	return fmt.Sprintf("%s (%s:%d), which is not modelled (%s)", c.Text, c.Pos.File, c.Pos.Line, c.Kind)
}

func counterexample(p *model.Program, f *search.Finding) *reports.Counterexample {
	c := &reports.Counterexample{
		Start: []reports.Value{}, Steps: []reports.Step{}, End: []reports.End{},
		Replay: search.ScheduleOf(&f.Trace).String(),
	}
	if c.Replay == "" && (f.Kind == model.DataRace || f.Verdict == model.Deadlock || f.Verdict == model.PartialDeadlock) {
		c.Replay = "0" // what is wrong is wrong from the start
	}
	for _, l := range f.Trace.Start.Locks {
		c.Start = append(c.Start, reports.Value{Name: l.Name, Value: owner(l.Owner)})
	}
	for _, v := range f.Trace.Start.Vars {
		c.Start = append(c.Start, reports.Value{Name: v.Name, Value: v.Value})
	}
	last := f.Trace.Start
	for i := range f.Trace.Steps {
		s := step(&f.Trace.Steps[i], &last)
		last = f.Trace.Steps[i].After
		s.Waits = waits(&last)
		if s.Failed != "" && len(s.Read) == 0 {
			s.Read = justRead(f.Trace.Steps[:i], &f.Trace.Steps[i])
		}
		c.Steps = append(c.Steps, s)
	}
	for i, t := range last.Threads {
		c.End = append(c.End, reports.End{
			Thread: i + 1, Function: t.Function, File: t.Pos.File, Line: t.Pos.Line, Calls: calls(t.Calls),
			Next: t.Next, Held: list(t.Holds),
			WaitsFor: t.WaitsFor, Asleep: t.Op == model.OpSleep, Involved: slices.Contains(f.Threads, i),
		})
	}
	return c
}

// justRead lists what a thread has read for a condition that fails: its last steps before the one
// that fails, as far as they are loads of the same line.
func justRead(before []search.TraceStep, s *search.TraceStep) []reports.Value {
	var out []reports.Value
	for i := range slices.Backward(before) {
		x := &before[i]
		if x.Thread != s.Thread {
			continue
		}
		again := slices.ContainsFunc(out, func(v reports.Value) bool { return v.Name == x.Object })
		k := slices.IndexFunc(x.After.Vars, func(v search.VarView) bool { return v.Name == x.Object })
		if x.Op != model.OpLoad || x.Pos.File != s.Pos.File || x.Pos.Line != s.Pos.Line || again || k < 0 {
			break
		}
		out = append(out, reports.Value{Name: x.Object, Value: x.After.Vars[k].Value})
	}
	slices.Reverse(out)
	return out
}

func step(s *search.TraceStep, before *search.View) reports.Step {
	out := reports.Step{
		Thread: s.Thread + 1, Function: s.Function, Op: s.Op.String(), Operation: s.Operation,
		Action: action(s), Object: s.Object,
		File: s.Pos.File, Line: s.Pos.Line, Calls: calls(s.Calls), Changes: map[string]reports.Change{}, Held: list(nil),
	}
	for _, c := range s.Changes {
		out.Changes[c.Name] = reports.Change{Before: c.Before, After: c.After}
	}
	if s.Thread < len(s.After.Threads) {
		t := &s.After.Threads[s.Thread]
		out.Held = list(t.Holds)
		for _, l := range t.Locals {
			if out.Locals == nil {
				out.Locals = map[string]string{}
			}
			out.Locals[l.Name] = l.Value
		}
	}
	if s.Failed != nil {
		out.Failed = s.Failed.Text
		if s.Op == model.OpFail {
			for _, l := range before.Threads[s.Thread].Locals {
				out.Read = append(out.Read, reports.Value{Name: l.Name, Value: l.Value})
			}
		}
	}
	return out
}

func calls(cs []model.Call) []reports.Place {
	out := []reports.Place{}
	for _, c := range cs {
		out = append(out, reports.Place{
			Function: c.Function, File: c.Pos.File, Line: c.Pos.Line, Wrapper: c.Wrapper, Shipped: scenarios.Shipped(c.Pos.File),
		})
	}
	return out
}

// waits lists the threads that cannot go on in a state.
func waits(v *search.View) []reports.Wait {
	ws := []reports.Wait{}
	for t := range v.Threads {
		if th := &v.Threads[t]; th.WaitsFor != "" {
			ws = append(ws, reports.Wait{Thread: t + 1, For: th.WaitsFor, Holder: th.Holder + 1}) // model.None is -1
		}
	}
	return ws
}

func owner(t int) string {
	if t == model.None {
		return "free"
	}
	return fmt.Sprintf("T%d", t+1)
}

// list is a copy that JSON shows as [] when it is empty.
func list(s []string) []string { return append([]string{}, s...) }
