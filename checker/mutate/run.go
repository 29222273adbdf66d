package mutate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/checker/batch"
	"github.com/lockproof/lockproof/checker/mutate/operator"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// Options say what is changed, and bound the work.
type Options struct {
	Helpers   []string // nil: all but the environment, what faults call
	Operators []string // nil: all that need not be named
	Workers   int      // mutants at once
	MaxStates int64    // of one search; 0: no bound
	Cache     *Cache   // nil: nothing is known from before
	// Progress, when set, is called by several goroutines.
	Progress func(Progress)
}

// Progress is what a run can tell.
type Progress struct {
	Mutant   string // "": the helpers without a mistake
	Scenario string
	States   int64
}

// Plan is what a run is about to do: the mutants of a target. The error says what is wrong with its
// C.
type Plan struct {
	*Target
	Options
	Helpers []string
	Mutants []operator.Mutant

	texts  map[*scenarios.Suite][]syntax.Source
	faults []scenarios.Fault // all that there are
}

// NewPlan finds the mutants of a target.
func NewPlan(ctx context.Context, t *Target, o Options) (*Plan, error) {
	p := &Plan{Target: t, Options: o, texts: map[*scenarios.Suite][]syntax.Source{}}
	trees, err := t.Scenarios[0].Suite.C(ctx)
	if err != nil {
		return nil, err
	}
	files := t.files()
	all := operator.Helpers(trees, files)
	p.faults = allFaults(all)
	for _, name := range o.Helpers {
		if !slices.Contains(all, name) {
			return nil, &UnknownHelper{Name: name, Target: t.Name, Near: scenarios.Hint(name, all)}
		}
	}
	named := func(list []string, usual func(string) bool) func(string) bool {
		return func(name string) bool {
			if len(list) == 0 {
				return usual(name)
			}
			return slices.Contains(list, name)
		}
	}
	p.Mutants = operator.Find(trees, files,
		named(o.Helpers, isHelper), named(o.Operators, usual))
	for i := range p.Mutants {
		if name := p.Mutants[i].Helper; !slices.Contains(p.Helpers, name) {
			p.Helpers = append(p.Helpers, name)
		}
	}
	for _, s := range t.suites() {
		p.texts[s] = s.Texts()
	}
	return p, nil
}

// usual reports whether an operator need not be named.
func usual(name string) bool {
	return slices.ContainsFunc(operator.Operators(), func(o operator.Operator) bool { return o.Name == name && !o.Asked })
}

// UnknownHelper is the error for a helper that a target does not have.
type UnknownHelper struct{ Name, Target, Near string }

func (e *UnknownHelper) Error() string {
	near := ""
	if e.Near != "" {
		near = " (" + e.Near + ")"
	}
	return fmt.Sprintf("%s has no helper %q%s", e.Target, e.Name, near)
}

// Run asks the scenarios about the helpers as they are, then about each mutant, and calls emit with
// what became of it, in the order of the plan. The end of ctx is no error: what is not done by then
// is Left.
func (p *Plan) Run(ctx context.Context, emit func(*Mutant) error) (*Result, error) {
	r := &Result{Target: p.Name, Helpers: p.Helpers}
	before := p.Cache.Hits()
	asked, err := p.originals(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range asked {
		j := Judge{Scenario: a.String(), Answer: a.answer, Expected: a.Expect.String()}
		if a.answer.noticed(a.Scenario) || a.answer.Verdict == model.Unknown {
			r.Idle = append(r.Idle, j)
		} else {
			r.Scenarios = append(r.Scenarios, j)
		}
	}
	asked = slices.DeleteFunc(asked, func(a original) bool {
		return a.answer.noticed(a.Scenario) || a.answer.Verdict == model.Unknown
	})
	err = batch.Run(ctx, len(p.Mutants), p.Workers, func(ctx context.Context, i int) (*Mutant, error) {
		m, err := p.mutant(ctx, &p.Mutants[i], asked)
		if err != nil {
			err = fmt.Errorf("%s: %w", p.Mutants[i].ID, err)
		}
		return m, err
	}, func(_ int, m *Mutant) error {
		r.Mutants = append(r.Mutants, *m)
		for i := range r.Scenarios {
			if r.Scenarios[i].Scenario == m.By {
				r.Scenarios[i].Found++
			}
		}
		return emit(m)
	})
	r.Limit, r.Known = model.Stopped(ctx), p.Cache.Hits()-before
	return r, err
}

// isHelper tells a helper from the environment, which are the functions that faults need.
func isHelper(name string) bool {
	return !slices.ContainsFunc(scenarios.Faults(), func(f scenarios.Fault) bool { return f.Function() == name })
}

// An original is a scenario with its answer about the helpers as they are.
type original struct {
	*scenarios.Scenario
	answer Answer
}

// originals asks all scenarios, and puts the smallest first.
func (p *Plan) originals(ctx context.Context) ([]original, error) {
	var all []original
	err := batch.Run(ctx, len(p.Scenarios), p.Workers, func(ctx context.Context, i int) (Answer, error) {
		sc := p.Scenarios[i]
		a, err := p.ask(ctx, sc, p.texts[sc.Suite], "")
		if err != nil {
			err = fmt.Errorf("%s: %w", sc, err)
		}
		return a, err
	}, func(i int, a Answer) error {
		all = append(all, original{p.Scenarios[i], a})
		return nil
	})
	slices.SortStableFunc(all, func(a, b original) int { return int(a.answer.States - b.answer.States) })
	return all, err
}

// mutant finds out what becomes of one.
func (p *Plan) mutant(ctx context.Context, m *operator.Mutant, asked []original) (*Mutant, error) {
	out := &Mutant{Mutant: *m}
	edited := map[*scenarios.Suite]*scenarios.Scenario{}
	undecided := model.NoLimit
	var reached []original
	for _, o := range asked {
		if model.Stopped(ctx) != model.NoLimit {
			out.Status = Left
			return out, nil
		}
		if !o.answer.comesTo(m.Before, m.Last) {
			out.Skipped++
			continue
		}
		reached = append(reached, o)
		sc := p.edited(edited, o.Scenario, m)
		a, err := p.ask(ctx, sc, p.changed(o.Suite, m), m.ID)
		if refused := syntax.Diagnostics(nil); errors.As(err, &refused) {
			out.Status, out.Why = Unbuilt, refused[0].String()
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		out.Asked++
		switch {
		case a.noticed(o.Scenario):
			out.Status, out.By, out.Expected, out.Answer = Found, o.String(), o.Expect.String(), a
			return out, nil
		case a.Verdict == model.Unknown && undecided == model.NoLimit:
			undecided, out.Why = a.Limit, fmt.Sprintf("%s: stopped (%s)", o, a.Limit)
		}
	}
	switch {
	case model.Stopped(ctx) != model.NoLimit:
		out.Status, out.Why = Left, ""
	case undecided != model.NoLimit:
		out.Status = Undecided
	case len(reached) == 0:
		out.Status = Unreached
	default:
		if err := p.settle(ctx, out, reached, edited); err != nil {
			return nil, err
		}
		// Whether a run comes to a jump is not known where nothing shows it.
		comes := func(o original) bool { return o.answer.comesTo(m.First, m.Last) }
		if out.Status == Equivalent && !slices.ContainsFunc(reached, comes) {
			out.Status = Unreached
		}
	}
	return out, nil
}

// edited is a scenario with the mutant in the place of the helpers. Its suite is made once.
func (p *Plan) edited(
	made map[*scenarios.Suite]*scenarios.Scenario, sc *scenarios.Scenario, m *operator.Mutant,
) *scenarios.Scenario {
	first := made[sc.Suite]
	if first == nil {
		first = sc.Suite.Edited(m.Pos.File, m.Text).Scenarios[0]
		made[sc.Suite] = first
	}
	i := slices.IndexFunc(first.Suite.Scenarios, func(x *scenarios.Scenario) bool { return x.Name == sc.Name })
	return first.Suite.Scenarios[i]
}

// changed are the texts of a suite with those of a mutant among them.
func (p *Plan) changed(s *scenarios.Suite, m *operator.Mutant) []syntax.Source {
	all := slices.Clone(p.texts[s])
	for i := range all {
		if all[i].Name == m.Pos.File {
			all[i].Text = m.Text
		}
	}
	return all
}

// ask answers for a scenario, from the cache where it is known.
func (p *Plan) ask(ctx context.Context, sc *scenarios.Scenario, texts []syntax.Source, mutant string) (Answer, error) {
	key := p.Cache.key("ask", p.MaxStates, about(sc), texts)
	var a Answer
	if p.Cache.get(key, &a) && a.plausible() {
		return a, nil
	}
	j := judge{maxStates: p.MaxStates}
	if p.Progress != nil {
		p.Progress(Progress{Mutant: mutant, Scenario: sc.String()})
		j.progress = func(scenario string, states int64) {
			p.Progress(Progress{Mutant: mutant, Scenario: scenario, States: states})
		}
	}
	a, err := j.ask(ctx, sc)
	if mutant != "" {
		a.Passed = nil
	}
	if err == nil && !passing(a.Limit) {
		p.Cache.put(key, a)
	}
	return a, err
}

// passing reports whether a limit is one that another run may not hit.
func passing(l model.Limit) bool {
	return l == model.TimeoutLimit || l == model.InterruptLimit || l == model.MemoryLimit
}

// plausible reports whether an answer is one that some search could give.
func (a *Answer) plausible() bool {
	return slices.Contains(model.Verdicts(), a.Verdict) && a.States >= 0 &&
		(a.Limit == model.NoLimit || slices.Contains(model.Limits(), a.Limit)) &&
		(a.Kind == "" || slices.Contains(model.Kinds(), a.Kind))
}

// about is all of a scenario and its suite that an answer depends on, besides the C.
func about(sc *scenarios.Scenario) string {
	var b strings.Builder
	for _, t := range sc.Threads {
		fmt.Fprintf(&b, "%q %d %t %q\n", t.Call, t.Count, t.Loop, t.Faults)
	}
	fmt.Fprintf(&b, "%q %t %q %q %q %q\n",
		sc.Faults, sc.IgnoreRequires, sc.RacesFor(""), sc.Leaks, sc.Fairness, sc.Liveness)
	fmt.Fprintf(&b, "%q %q %t", sc.Suite.Order, sc.Suite.Leaks, sc.Suite.Protocol == "")
	return b.String()
}
