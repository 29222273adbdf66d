package search

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// Replay follows a schedule from the initial state. The trace ends where the schedule does, or with
// the step that breaks a rule; the finding says what is wrong with the last state, and is nil when
// nothing is. Its verdict is [model.Unknown] where that step goes beyond what is modelled. A pick
// that cannot be taken is an error that says where and why.
func Replay(p *model.Program, sched model.Schedule) (*Trace, *Finding, error) {
	return ReplayWith(p, sched, IgnoreRaces)
}

// ReplayWith is [Replay] that also finds the data race at the end of the schedule, unless it is to
// ignore them. A race comes before what else is wrong there.
func ReplayWith(p *model.Program, sched model.Schedule, races Races) (*Trace, *Finding, error) {
	replay, err := model.ByWidth[func(*model.Program, model.Schedule, Races) (*Trace, *Finding, error)]{
		One:     replayWidth[[1]uint64],
		Two:     replayWidth[[2]uint64],
		Three:   replayWidth[[3]uint64],
		Four:    replayWidth[[4]uint64],
		Six:     replayWidth[[6]uint64],
		Eight:   replayWidth[[8]uint64],
		Sixteen: replayWidth[[16]uint64],
	}.Of(p)
	if err != nil {
		return nil, nil, err
	}
	return replay(p, sched, races)
}

func replayWidth[S model.Words](p *model.Program, sched model.Schedule, races Races) (*Trace, *Finding, error) {
	m, err := model.NewMachine[S](p)
	if err != nil {
		return nil, nil, err
	}
	if err := sched.Check(len(p.Threads), m.Initials()); err != nil {
		return nil, nil, err
	}
	v := viewer[S]{m}
	t := &Trace{}
	begun := 0 // picks before the first step
	if len(sched) > 0 && sched[0].Thread < 0 {
		t.Initial, begun = sched[0].Choice, 1
	}
	state := m.Initial(t.Initial)
	t.Start = v.view(&state)
	before := t.Start
	for i, pick := range sched[begun:] {
		succ, err := v.pick(&state, pick)
		if err != nil {
			return nil, nil, &model.PickError{At: begun + i, Step: i + 1, Err: err}
		}
		step, after := v.step(&state, succ.Rule, before)
		t.Steps = append(t.Steps, step)
		if succ.Failed != nil {
			f := finding[S]{verdict: model.Violation, kind: succ.Failed.Kind, state: state, rule: succ.Rule, failed: succ.Failed}
			if slices.Contains(model.Exceeding(), f.kind) {
				f.verdict = model.Unknown
			}
			out := v.explain(&f, *t, forever)
			return t, &out, nil
		}
		if kind := m.Leak(&succ.State, succ.Rule); kind != "" && begun+i == len(sched)-1 {
			f := finding[S]{verdict: model.Violation, kind: kind, state: succ.State}
			out := v.explain(&f, *t, forever)
			return t, &out, nil
		}
		state, before = succ.State, after
	}
	if access := p.Accesses(); races != IgnoreRaces && access != nil {
		if a, _ := v.race(&state, access); a != model.None {
			out := v.explain(&finding[S]{verdict: model.Violation, kind: model.DataRace, state: state}, *t, forever)
			return t, &out, nil
		}
	}
	return t, v.judge(&state, *t), nil
}

// forever is a search that never has to end.
func forever(int64) bool { return false }

func (v viewer[S]) pick(s *S, p model.Pick) (model.Succ[S], error) {
	succs := v.m.StepsOf(s, p.Thread, nil)
	if p.Choice < len(succs) {
		return succs[p.Choice], nil
	}
	if len(succs) > 0 {
		return model.Succ[S]{}, fmt.Errorf("%s has %d ways to go, not %d", v.name(p.Thread), len(succs), p.Choice+1)
	}
	if w := v.waitsFor(s, p.Thread); w != "" {
		return model.Succ[S]{}, fmt.Errorf("%s cannot go on: it waits for %s", v.name(p.Thread), w)
	}
	return model.Succ[S]{}, fmt.Errorf("%s is finished", v.name(p.Thread))
}

// judge says what is wrong with the state at the end of a trace, if anything: all that can be said
// of it and of what can be reached from there.
func (v viewer[S]) judge(s *S, t Trace) *Finding {
	if v.m.AllFinished(s) {
		kind := left(v.m, s)
		if kind == "" {
			return nil
		}
		out := v.explain(&finding[S]{verdict: model.Violation, kind: kind, state: *s}, t, forever)
		return &out
	}
	f := v.end(s)
	if f == nil {
		return nil
	}
	out := v.explain(f, t, forever)
	return &out
}

// end says who can never finish from a state. It says nothing where threads are only on their way
// to a violation or to a deadlock, and where there is too much ahead to look at it all.
func (v viewer[S]) end(s *S) *finding[S] {
	after := v.future(s, forever)
	if !after.whole {
		if len(v.m.Successors(s, nil)) == 0 {
			return &finding[S]{verdict: model.Deadlock, state: *s}
		}
		return nil
	}
	lost := after.losers(true)
	switch {
	case after.isDeadlock(0, lost):
		return &finding[S]{verdict: model.Deadlock, state: *s}
	case after.broken:
		return nil
	}
	for i := range after.states {
		if after.isDeadlock(i, lost) {
			return nil
		}
	}
	every := true
	if lost[0] == 0 {
		every, lost = false, after.losers(false)
	}
	if lost[0] == 0 {
		return nil
	}
	return &finding[S]{
		verdict: model.PartialDeadlock, kind: after.kind(lost, every), state: *s,
		stuck: lost[0], luck: !every,
	}
}
