package scenarios

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// checkOrder reports the levels of `order` that no lock or job of the suite stands at: an
// expectation about nothing would hold for ever. It is complete when every scenario has a program.
func (s *Suite) checkOrder(ctx context.Context) (ds syntax.Diagnostics, complete bool) {
	if len(s.Order) == 0 {
		return nil, false
	}
	classes := map[string]bool{}
	note := func(p *model.Program) {
		for _, r := range p.Resources() {
			classes[r.Class] = true
		}
	}
	missing := func(name string) bool { return !classes[name] }
	var late []*Scenario
	for _, sc := range s.Scenarios {
		p, err := sc.ahead(ctx)
		switch {
		case err == nil:
			note(p)
		case meter.Stopped(err) && ctx.Err() == nil:
			late = append(late, sc)
		default:
			return nil, false // reported elsewhere
		}
	}
	for _, sc := range late {
		if !slices.ContainsFunc(s.Order, missing) {
			break
		}
		p, err := sc.Program(ctx)
		if err != nil {
			return nil, false
		}
		note(p)
	}
	known := slices.Sorted(maps.Keys(classes))
	for i, name := range s.Order {
		if missing(name) && !ds.Full() {
			ds.Add(s.orderPos[i], fmt.Sprintf("no lock or job of this suite stands at level %q", name), Hint(name, known))
		}
	}
	return ds, len(late) == 0
}
