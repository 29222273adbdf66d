package main

import (
	"context"

	"github.com/lockproof/lockproof/checker/explore"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// maxOrder bounds the search for a lock order that only a report asks for. Such a search can leave nothing out: reductions pass over
// places where locks are asked for.
const maxOrder = 1_000_000

// search answers for a scenario and, where it is wanted, gives the search behind its lock order, which is nil otherwise. Mostly that is
// one search. Only a scenario which is too large for a search that leaves nothing out has a second one, with reductions, for the verdict;
// its lock order is then that of the states which the first one has seen, and says so. A suite that expects an order gets
// the whole search.
func (s *searcher) search(ctx context.Context, sc *scenarios.Scenario, p *model.Program, opt explore.Options) (r, graph *explore.Result, err error) {
	expected := len(sc.Suite.Order) > 0
	if !s.order && !expected {
		r, err = explore.Search(ctx, p, opt)
		return r, nil, err
	}
	plain := opt
	plain.Reduce, plain.WaitCycles = explore.Reduction{}, true
	if bounded := opt.MaxStates == 0 || opt.MaxStates > maxOrder; bounded && !expected && opt.Reduce != (explore.Reduction{}) {
		plain.MaxStates = maxOrder
	}
	if graph, err = explore.Search(ctx, p, plain); err != nil {
		return nil, nil, err
	}
	switch {
	case expected, opt.Reduce == explore.Reduction{}:
		return graph, graph, nil
	case opt.Reduce.Auto && (graph.Limit != explore.States || plain.MaxStates == opt.MaxStates):
		return graph, graph, nil
	case opt.Reduce.Auto:
		opt.Reduce = explore.Reduction{Merge: true, Symmetry: true}
	}
	r, err = explore.Search(ctx, p, opt)
	return r, graph, err
}
