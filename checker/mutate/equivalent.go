package mutate

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// Bounds of the states of each of two programs that are compared: on the scenarios as they are, and
// with all faults.
const (
	maxCompared = 200_000
	maxWorse    = 20_000
)

// settle decides whether a mutant that nobody noticed is equivalent. Where it behaves as the
// original does in each scenario, it is asked with all faults too: what then makes a difference has
// survived, for a scenario with that fault could tell.
func (p *Plan) settle(
	ctx context.Context, out *Mutant, reached []original, edited map[*scenarios.Suite]*scenarios.Scenario,
) error {
	out.Status = Equivalent
	for _, o := range reached {
		c, err := p.alike(ctx, o.Scenario, p.edited(edited, o.Scenario, &out.Mutant), out, maxCompared)
		switch {
		case err != nil:
			return err
		case model.Stopped(ctx) != model.NoLimit:
			out.Status, out.Compared = Left, 0
			return nil
		case c.Limit != model.NoLimit:
			out.Status, out.Compared = Survived, 0
			out.Why = fmt.Sprintf("%s: whether it behaves otherwise was not decided (%s)", o, c.Limit)
			return nil
		case !c.Alike:
			out.survives(o.Scenario, c, false)
			return nil
		}
		out.Compared += c.States
	}
	for _, o := range reached {
		a, b := o.WithFaults(p.faults...), p.edited(edited, o.Scenario, &out.Mutant).WithFaults(p.faults...)
		c, err := p.alike(ctx, a, b, out, maxWorse)
		refused := syntax.Diagnostics(nil)
		switch {
		case errors.As(err, &refused):
		case err != nil:
			return err
		case model.Stopped(ctx) != model.NoLimit:
			out.Status, out.Compared = Left, 0
			return nil
		case !c.Alike && c.Limit == model.NoLimit:
			out.survives(o.Scenario, c, true)
			return nil
		}
	}
	return nil
}

// survives notes that a mutant is not equivalent, and where that shows.
func (m *Mutant) survives(sc *scenarios.Scenario, c comparison, faults bool) {
	m.Status, m.Compared = Survived, 0
	if m.Difference = c.Apart; m.Difference != nil {
		m.Difference.Scenario, m.Difference.Faults = sc.String(), faults
	}
}

// alike compares the original with a mutant on a scenario, or finds in the cache what came of that.
func (p *Plan) alike(ctx context.Context, a, b *scenarios.Scenario, m *Mutant, most int64) (comparison, error) {
	texts := append(slices.Clone(p.texts[a.Suite]), p.changed(a.Suite, &m.Mutant)...)
	key := p.Cache.key("compare", p.MaxStates, fmt.Sprintf("%s\n%d", about(a), most), texts)
	var c comparison
	if p.Cache.get(key, &c) {
		return c, nil
	}
	if p.Progress != nil {
		p.Progress(Progress{Mutant: m.ID, Scenario: a.String()})
	}
	c, err := p.compared(ctx, a, b, !usual(m.Operator), most)
	if err == nil && !passing(c.Limit) {
		p.Cache.put(key, c)
	}
	return c, err
}

func (p *Plan) compared(
	ctx context.Context, a, b *scenarios.Scenario, strictly bool, most int64,
) (comparison, error) {
	j := judge{maxStates: p.MaxStates}
	var programs [2]*model.Program
	for i, sc := range []*scenarios.Scenario{a, b} {
		opt := j.options(sc)
		var limit model.Limit
		var err error
		programs[i], limit, err = closed(ctx, sc, opt)
		if err != nil || programs[i] == nil {
			return comparison{Limit: limit}, err
		}
	}
	c, err := compare(ctx, programs[0], programs[1], strictly, most)
	if meter.Stopped(err) {
		return comparison{Limit: limitOf(err)}, nil
	}
	return c, err
}

// allFaults are those that a mutant is asked with which makes no difference without them. One that
// needs a function can be asked only where the C defines that.
func allFaults(functions []string) []scenarios.Fault {
	return slices.DeleteFunc(scenarios.Faults(), func(f scenarios.Fault) bool {
		needs := f.Function()
		return f == scenarios.NoSpuriousWakeup || needs != "" && !slices.Contains(functions, needs)
	})
}
