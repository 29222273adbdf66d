package search

import (
	"github.com/lockproof/lockproof/model"
)

// hop is one step of an interleaving: out of a state, by a rule.
type hop[S model.Words] struct {
	from S
	rule int32
}

// interleaving is a way through the program, step by step, from an initial state.
type interleaving[S model.Words] struct {
	initial int
	start   S
	hops    []hop[S]
	end     S
}

// concrete turns a path of representatives into single steps that follow one another.
func (s *search[S]) concrete(path []S) interleaving[S] {
	var x interleaving[S]
	for i := range s.m.Initials() {
		x.initial, x.start = i, s.m.Initial(i)
		if s.reduce.canonical(&x.start) == path[0] {
			break
		}
	}
	x.end = x.start
	w := s.workers[0]
	for i := range path[1:] {
		next := &path[i+1]
		for _, rule := range w.rules(&x.end, func(end *S) bool { return s.reduce.canonical(end) == *next }) {
			x.take(s.m, rule)
		}
	}
	return x
}

// take adds the step by a rule.
func (x *interleaving[S]) take(m *model.Machine[S], rule int32) {
	for _, succ := range m.StepsOf(&x.end, m.ThreadOf(rule), nil) {
		if succ.Rule == rule {
			x.hops = append(x.hops, hop[S]{x.end, rule})
			x.end = succ.State
			return
		}
	}
}

// rules lists the rules that lead along one transition of the search out of a state, to an end that
// is wanted.
func (w *worker[S]) rules(from *S, wanted func(*S) bool) []int32 {
	if w.merger != nil {
		return w.merger.rules(from, wanted)
	}
	for _, succ := range w.s.m.Successors(from, nil) {
		if succ.Failed == nil && wanted(&succ.State) {
			return []int32{succ.Rule}
		}
	}
	return nil
}

// trace makes the counterexample of a finding from a path to its state, and gives the finding the
// state and the step with which it really ends. Without a path the trace has no steps and begins
// where they would end.
func (s *search[S]) trace(f *finding[S], path []S) Trace {
	v := viewer[S]{s.m}
	if path == nil {
		return Trace{Start: v.view(&f.state), Cut: true}
	}
	x := s.concrete(path)
	if f.stuck != 0 && s.reduce.symmetry != nil {
		_, perm := s.reduce.symmetry.Permutation(&x.end)
		set := uint32(0)
		for _, t := range threadsOf(f.stuck) {
			set |= 1 << perm[t]
		}
		f.stuck = set
	}
	f.state = x.end
	if f.failed != nil {
		for _, succ := range s.m.Successors(&x.end, nil) {
			if succ.Failed != nil && succ.Failed.Kind == f.failed.Kind {
				x.hops = append(x.hops, hop[S]{x.end, succ.Rule})
				f.rule, f.failed = succ.Rule, succ.Failed
				break
			}
		}
	}
	t := Trace{Start: v.view(&x.start), Initial: x.initial}
	before := t.Start
	for _, h := range x.hops {
		step, after := v.step(&h.from, h.rule, before)
		t.Steps = append(t.Steps, step)
		before = after
	}
	return t
}

// ScheduleOf is the schedule that leads along a trace.
func ScheduleOf(t *Trace) model.Schedule {
	var s model.Schedule
	if t.Initial > 0 {
		s = append(s, model.Pick{Thread: -1, Choice: t.Initial})
	}
	for _, step := range t.Steps {
		s = append(s, model.Pick{Thread: step.Thread, Choice: step.Choice})
	}
	return s
}
