package difftest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A modelled is a program as lower makes it, and what a search says about it.
type modelled struct {
	files   []*syntax.File
	program *model.Program
	result  *search.Result
}

const (
	most      = 60_000 // units of work for lower
	mostSaid  = 20_000 // states
	mostSteps = 120    // of a walk
)

// check lowers a program and searches it. What is too large is skipped: nil.
func (p *program) check() (*modelled, error) {
	ctx := context.Background()
	parser := syntax.NewParser(ctx, syntax.Options{})
	file := parser.Parse(syntax.Source{Name: "t.c", Text: []byte(p.source())})
	if err := parser.Diagnostics().Err(); err != nil {
		return nil, err
	}
	files := []*syntax.File{file}
	u, err := lower.NewUnit(ctx, files)
	if err != nil {
		return nil, err
	}
	made, err := u.Program(ctx, p.specs(), lower.Options{Work: most, Open: true})
	if meter.Stopped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	closed, limit, err := search.Close(ctx, made, search.Options{MaxStates: mostSaid})
	if meter.Stopped(err) || limit != model.NoLimit {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	result, err := search.Search(ctx, closed, search.Options{MaxStates: mostSaid})
	if err != nil {
		return nil, err
	}
	if !result.Complete {
		return nil, nil
	}
	return &modelled{files, closed, result}, nil
}

// A walk is a schedule, and what is to be seen at the start and after each step.
type walk struct {
	steps []pace
	seen  []seen
}

// A pace is who steps, and what he chooses: the thread that a signal wakes, how a sleep ends, or
// who is the serial thread of a barrier.
type pace struct{ thread, choice int }

type seen struct {
	failed  string
	threads string   // a letter for each: runs, finished, sleeps, blocked
	values  []string // "" where the model has no variable
}

func (w *walk) input(flags []bool, id int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d", id)
	for _, f := range flags {
		if f {
			b.WriteString(" 1")
		} else {
			b.WriteString(" 0")
		}
	}
	fmt.Fprintf(&b, " %d", len(w.steps))
	for _, s := range w.steps {
		fmt.Fprintf(&b, " %d %d", s.thread, s.choice)
	}
	b.WriteString("\n")
	return b.String()
}

// A walker takes walks through a program.
type walker interface {
	flags() []bool
	walks(r *rand.Rand, n int) ([]*walk, error)
}

// A follower takes walks through a machine.
type follower[S model.Words] struct {
	*modelled
	machine *model.Machine[S]
	shows   []observed
	vars    []model.VarID // by what is shown; None: no variable
}

func (m *modelled) follow(shows []observed) (walker, error) {
	make, err := model.ByWidth[func(*modelled, []observed) (walker, error)]{
		One:     newFollower[[1]uint64],
		Two:     newFollower[[2]uint64],
		Three:   newFollower[[3]uint64],
		Four:    newFollower[[4]uint64],
		Six:     newFollower[[6]uint64],
		Eight:   newFollower[[8]uint64],
		Sixteen: newFollower[[16]uint64],
	}.Of(m.program)
	if err != nil {
		return nil, err
	}
	return make(m, shows)
}

func newFollower[S model.Words](m *modelled, shows []observed) (walker, error) {
	machine, err := model.NewMachine[S](m.program)
	f := &follower[S]{modelled: m, machine: machine, shows: shows}
	for _, o := range shows {
		id := slices.IndexFunc(m.program.Vars, func(v model.Var) bool { return v.Name == o.name })
		f.vars = append(f.vars, model.VarID(id))
	}
	return f, err
}

func (f *follower[S]) flags() (all []bool) {
	for _, v := range f.vars {
		all = append(all, v >= 0)
	}
	return all
}

func (f *follower[S]) look(s *S) seen {
	var x seen
	for t := range f.machine.Program.Threads {
		n := f.machine.At(s, t)
		switch {
		case n.Op == model.OpFinish:
			x.threads += "f"
		case n.Op == model.OpSleep:
			x.threads += "s"
		case len(f.machine.StepsOf(s, t, nil)) > 0:
			x.threads += "r"
		default:
			x.threads += "b"
		}
	}
	for i, v := range f.vars {
		x.values = append(x.values, f.value(s, v, &f.shows[i]))
	}
	return x
}

func (f *follower[S]) value(s *S, v model.VarID, o *observed) string {
	switch {
	case v < 0:
		return ""
	case !o.pointer:
		return fmt.Sprint(f.machine.Value(s, v))
	case !f.machine.Program.Vars[v].Pointer:
		return ""
	}
	n := f.machine.Value(s, v)
	switch n {
	case 0:
		return "-1"
	case model.Unset:
		return fmt.Sprint(n)
	}
	at := slices.Index(o.targets, f.machine.Program.Objects[n-1].Name)
	if at < 0 {
		at = -2
	}
	return fmt.Sprint(at)
}

// pace is how the compiled program is told to take a step.
func (f *follower[S]) pace(s *S, next model.Succ[S]) pace {
	step := f.machine.Step(next.Rule)
	p := pace{thread: step.Thread}
	n := f.machine.At(s, step.Thread)
	switch {
	case n.Op == model.OpSignal:
		p.choice = step.Woken
	case step.Label == model.TimedOut:
		p.choice = 1
	case step.Label == model.Spuriously:
		p.choice = 2
	case n.Op == model.OpUpdate && strings.HasPrefix(n.Text, "pthread_barrier_wait"):
		if n.Var >= 0 && next.Failed == nil {
			before, after := f.machine.Value(s, n.Var), f.machine.Value(&next.State, n.Var)
			p.choice = told(before, after)
		}
	}
	return p
}

// told reads from the value of a barrier before and after a step whether the one who leaves is told
// that he is the serial thread: 1 or 0. There is one bit for that, and who comes last sets it.
func told(before, after int64) int {
	inside := func(n int64) int64 { return n >> 2 & 63 }
	count, open, serial := before>>8, before&2 != 0, before&1 != 0
	if !open {
		if inside(before)+1 < count {
			return 0 // he comes
		}
		serial = true
	}
	if serial && after&1 == 0 {
		return 1
	}
	return 0
}

// take appends a step to a walk. It returns the state, and false when nothing follows.
func (f *follower[S]) take(w *walk, s S, next model.Succ[S]) (S, bool) {
	w.steps = append(w.steps, f.pace(&s, next))
	kind := model.Kind("")
	if next.Failed != nil {
		kind = next.Failed.Kind
	} else if f.machine.Leaks(next.Rule) {
		kind = f.machine.Leak(&next.State, next.Rule)
	}
	if kind != "" {
		w.seen = append(w.seen, seen{failed: string(kind)})
		return next.State, false
	}
	w.seen = append(w.seen, f.look(&next.State))
	return next.State, true
}

// walks are some random ones, and the way to what the search found.
func (f *follower[S]) walks(r *rand.Rand, n int) ([]*walk, error) {
	var all []*walk
	for range n {
		s := f.machine.Initial(r.IntN(f.machine.Initials()))
		w := &walk{seen: []seen{f.look(&s)}}
		for len(w.steps) < mostSteps {
			next := f.machine.Successors(&s, nil)
			if len(next) == 0 {
				break
			}
			x := next[r.IntN(len(next))]
			if x.Failed != nil && (x.Failed.Kind == model.RangeExceeded || x.Failed.Kind == model.Unexplored) {
				break
			}
			if f.machine.Optional(x.Rule) && r.IntN(3) > 0 {
				x = next[r.IntN(len(next))]
			}
			var goes bool
			if s, goes = f.take(w, s, x); !goes {
				if f.result.Verdict != model.Violation {
					failed := w.seen[len(w.seen)-1].failed
					return nil, fmt.Errorf("a walk ends with %s, and the search says %s", failed, f.result.Verdict)
				}
				break
			}
		}
		all = append(all, w)
	}
	for i := range f.result.Findings {
		if w := f.trace(&f.result.Findings[i].Trace); w != nil {
			all = append(all, w)
		}
	}
	return all, nil
}

// trace is the walk of a counterexample.
func (f *follower[S]) trace(t *search.Trace) *walk {
	if t.Cut {
		return nil
	}
	s := f.machine.Initial(t.Initial)
	w := &walk{seen: []seen{f.look(&s)}}
	for _, step := range t.Steps {
		next := f.machine.StepsOf(&s, step.Thread, nil)
		if step.Choice >= len(next) {
			return nil
		}
		x := next[step.Choice]
		if x.Failed != nil && (x.Failed.Kind == model.RangeExceeded || x.Failed.Kind == model.Unexplored) {
			break
		}
		var goes bool
		if s, goes = f.take(w, s, x); !goes {
			break
		}
	}
	return w
}
