package explore

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// A Schedule picks one path of a program: at each step a thread and, where that thread has several ways to go, which one.
// It prints as a short string, threads counted from 1, repetitions folded: "1*3,2*4,1,2.1" is three steps of thread 1, four of
// thread 2, one of thread 1, and thread 2 taking its second way. Where threads begin with a nondeterministic choice,
// thread 0 comes first and picks the initial state: "0.1,2*4".
type Schedule []Pick

// A Pick is one step of a [Schedule]: a thread from 0, and the index of one of its transitions; thread -1 picks the initial state.
type Pick struct{ Thread, Choice int }

// ScheduleOf is the schedule that leads along a trace.
func ScheduleOf(t *Trace) Schedule {
	var s Schedule
	if t.Initial > 0 {
		s = append(s, Pick{-1, t.Initial})
	}
	for _, step := range t.Steps {
		s = append(s, Pick{step.Thread, step.Choice})
	}
	return s
}

func (s Schedule) String() string {
	var b strings.Builder
	for i := 0; i < len(s); {
		n := 1
		for i+n < len(s) && s[i+n] == s[i] {
			n++
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(s[i].Thread + 1))
		if s[i].Choice > 0 {
			b.WriteByte('.')
			b.WriteString(strconv.Itoa(s[i].Choice))
		}
		if n > 1 {
			b.WriteByte('*')
			b.WriteString(strconv.Itoa(n))
		}
		i += n
	}
	return b.String()
}

// maxSchedule bounds the steps that a schedule string may stand for.
const maxSchedule = 1 << 20

// ParseSchedule reads what [Schedule.String] prints.
func ParseSchedule(text string) (Schedule, error) {
	var s Schedule
	if text == "" {
		return s, nil
	}
	column := 1
	for part := range strings.SplitSeq(text, ",") {
		p, n, err := parsePick(part)
		if err != nil {
			return nil, fmt.Errorf("schedule, column %d: %w", column, err)
		}
		if len(s)+n > maxSchedule {
			return nil, fmt.Errorf("schedule, column %d: more than %d steps", column, maxSchedule)
		}
		for range n {
			s = append(s, p)
		}
		if p.Thread < 0 && (column > 1 || n > 1) {
			return nil, fmt.Errorf("schedule, column %d: thread 0 picks the initial state, so it comes first and once", column)
		}
		column += len(part) + 1
	}
	return s, nil
}

func parsePick(part string) (p Pick, n int, err error) {
	rest, times, repeated := strings.Cut(part, "*")
	thread, choice, chosen := strings.Cut(rest, ".")
	n = 1
	if p.Thread, err = number(thread, 0, model.MaxThreads); err != nil {
		return p, 0, err
	}
	p.Thread--
	if chosen {
		if p.Choice, err = number(choice, 0, 1<<20); err != nil {
			return p, 0, err
		}
	}
	if repeated {
		n, err = number(times, 1, maxSchedule)
	}
	return p, n, err
}

func number(text string, lo, hi int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < lo || n > hi {
		return 0, fmt.Errorf("%q is not a number from %d to %d", text, lo, hi)
	}
	return n, nil
}

// Replay follows a schedule from the initial state. The trace ends where the schedule does, or with the step that breaks a rule;
// the finding says what is wrong with the last state, and is nil when nothing is. A pick that cannot be
// taken is an error that says where and why.
func Replay(p *model.Program, sched Schedule) (*Trace, *Finding, error) {
	width, err := model.Width(p)
	if err != nil {
		return nil, nil, err
	}
	switch width {
	case 1:
		return replayWidth[[1]uint64](p, sched)
	case 2:
		return replayWidth[[2]uint64](p, sched)
	case 3:
		return replayWidth[[3]uint64](p, sched)
	case 4:
		return replayWidth[[4]uint64](p, sched)
	case 6:
		return replayWidth[[6]uint64](p, sched)
	case 8:
		return replayWidth[[8]uint64](p, sched)
	}
	return replayWidth[[16]uint64](p, sched)
}

func replayWidth[S model.Words](p *model.Program, sched Schedule) (*Trace, *Finding, error) {
	m, err := model.NewMachine[S](p)
	if err != nil {
		return nil, nil, err
	}
	v := viewer[S]{m}
	if m.Initials() == 0 {
		t, out := v.refused()
		return t, out, nil
	}
	t := &Trace{}
	if len(sched) > 0 && sched[0].Thread < 0 {
		t.Initial, sched = sched[0].Choice, sched[1:]
	}
	if t.Initial >= m.Initials() {
		return nil, nil, fmt.Errorf("the schedule begins in initial state %d, and there are %d, from 0", t.Initial, m.Initials())
	}
	state := m.Initial(t.Initial)
	t.Start = v.view(&state)
	before := t.Start
	for i, pick := range sched {
		succ, err := v.pick(&state, pick)
		if err != nil {
			return nil, nil, fmt.Errorf("step %d of the schedule: %w", i+1, err)
		}
		step, after := v.step(&state, succ.Rule, before)
		t.Steps = append(t.Steps, step)
		if succ.Failed != nil {
			f := finding[S]{verdict: model.Violation, kind: succ.Failed.Kind, state: state, rule: succ.Rule, failed: succ.Failed}
			out := v.explain(&f, *t, forever)
			return t, &out, nil
		}
		if kind := m.Leak(&succ.State, succ.Rule); kind != "" && i == len(sched)-1 {
			f := finding[S]{verdict: model.Violation, kind: kind, state: succ.State}
			out := v.explain(&f, *t, forever)
			return t, &out, nil
		}
		state, before = succ.State, after
	}
	return t, v.judge(&state, *t), nil
}

// refused is the end of a program that cannot begin.
func (v viewer[S]) refused() (*Trace, *Finding) {
	for state, bad := range v.m.Starts() {
		t := &Trace{Start: v.view(&state)}
		f := finding[S]{verdict: model.Violation, kind: bad.Kind, state: state, rule: model.None, failed: bad}
		out := v.explain(&f, *t, forever)
		return t, &out
	}
	return &Trace{}, nil
}

// forever is a search that never has to end.
func forever(int64) bool { return false }

func (v viewer[S]) pick(s *S, p Pick) (model.Succ[S], error) {
	if p.Thread >= len(v.m.Program.Threads) {
		return model.Succ[S]{}, fmt.Errorf("there is no thread %d: the scenario has %d", p.Thread+1, len(v.m.Program.Threads))
	}
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

// judge says what is wrong with the state at the end of a trace, if anything.
func (v viewer[S]) judge(s *S, t Trace) *Finding {
	if len(v.m.Successors(s, nil)) > 0 {
		return nil
	}
	f := finding[S]{verdict: model.Deadlock, state: *s}
	if v.m.AllFinished(s) {
		if v.m.ReferenceLeak(s) == model.None {
			return nil
		}
		f.verdict, f.kind = model.Violation, model.RefCount
	}
	out := v.explain(&f, t, forever)
	return &out
}
