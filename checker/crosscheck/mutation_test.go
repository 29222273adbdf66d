package crosscheck

import (
	"errors"
	"slices"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// each calls f on every step of a plan.
func (p *plan) each(f func(*model.Node, *step)) {
	for _, c := range p.classes {
		for i := range c.places {
			for k := range c.places[i].steps {
				f(c.places[i].node, &c.places[i].steps[k])
			}
		}
	}
}

// mutations are mistakes that an exporter could make. The comparison must notice each on its
// scenario.
var mutations = []struct {
	name, scenario string
	engine         Engine
	mutate         func(*plan)
}{
	{"a signal wakes everybody", "wake-ups:signal-swallowed", SPIN, func(p *plan) {
		p.each(func(_ *model.Node, s *step) {
			if s.wakes == anyone {
				s.wakes = everyone
			}
		})
	}},
	{"a lock is not waited for", "exit-monitor-order:prose-order-with-rogue", SPIN, func(p *plan) {
		p.each(func(n *model.Node, s *step) {
			if n.Op == model.OpLock {
				s.when = nil
			}
		})
	}},
	{"what is removed stays on its list", "removal:two-removals", SPIN, func(p *plan) {
		p.each(func(n *model.Node, s *step) {
			if n.Op == model.OpRemove {
				s.does = s.does[:1]
			}
		})
	}},
	{"nobody looks whether an object is alive", "removal:with-query", SPIN, func(p *plan) {
		for _, c := range p.classes {
			for i := range c.places {
				pl := &c.places[i]
				pl.fails = slices.DeleteFunc(pl.fails, func(f failure) bool { return f.kind == model.UseAfterRelease })
			}
		}
	}},
	{"a signal is lost", "call-patterns:two-queries", TLC, func(p *plan) {
		p.each(func(_ *model.Node, s *step) { s.wakes = nobody })
	}},
}

func TestMutations(t *testing.T) {
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			opt := RunOptions{Quick: true}
			var missing *Unavailable
			if err := Available(m.engine, opt); errors.As(err, &missing) {
				t.Skip(err)
			}
			sc, err := scenarios.Find(t.Context(), suites, m.scenario)
			if err != nil {
				t.Fatal(err)
			}
			p, err := sc[0].Program(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			ours, err := search.Search(t.Context(), p, search.Options{EveryStep: true})
			if err != nil {
				t.Fatal(err)
			}
			pl, err := newPlan(p)
			if err != nil {
				t.Fatal(err)
			}
			m.mutate(pl)
			theirs, err := pl.run(t.Context(), m.engine, opt)
			if err != nil {
				t.Fatal(err)
			}
			ms := Compare(ours, theirs)
			if len(ms) == 0 {
				t.Error("the comparison notices nothing")
			}
			t.Log(ms)
		})
	}
}
