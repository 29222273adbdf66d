package main

import (
	"context"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// maxOrder bounds the search for a lock order that only a report asks for. Such a search can leave nothing out: reductions pass over
// places where locks are asked for.
const maxOrder = 1_000_000

// inShare searches with a share of the workers and of the memory, side by side with others, and
// where that is not memory enough again with all of both, alone.
func (s *searcher) inShare(ctx context.Context, sc *scenarios.Scenario, p *model.Program, opt search.Options) (r, graph *search.Result, err error) {
	s.room.RLock()
	opt.Workers, opt.MaxMemory = s.each, int64(s.maxMemory)
	if s.maxMemory > 0 {
		opt.MaxMemory = max(1, int64(s.maxMemory)/int64(s.atOnce))
	}
	r, graph, err = s.search(ctx, sc, p, opt)
	s.room.RUnlock()
	if err != nil || s.atOnce == 1 || !r.Cramped && (graph == nil || !graph.Cramped) {
		return r, graph, err
	}
	s.room.Lock()
	defer s.room.Unlock()
	opt.Workers, opt.MaxMemory = s.workers, int64(s.maxMemory)
	return s.search(ctx, sc, p, opt)
}

// search answers for a scenario and, where it is wanted, gives the search behind its lock order, which is nil otherwise. Mostly that is
// one search. Only a scenario which is too large for a search that leaves nothing out has a second one, with reductions, for the verdict;
// its lock order is then that of the states which the first one has seen, and says so. A suite that expects an order gets
// the whole search.
func (s *searcher) search(ctx context.Context, sc *scenarios.Scenario, p *model.Program, opt search.Options) (r, graph *search.Result, err error) {
	expected := len(sc.Suite.Order) > 0
	if !s.order && !expected {
		r, err = search.Search(ctx, p, opt)
		return r, nil, err
	}
	plain := opt
	plain.Reduce, plain.WaitCycles = search.Reduction{}, true
	if expected || opt.Reduce == (search.Reduction{}) {
		graph, err = search.Search(ctx, p, plain)
		return graph, graph, err
	}
	if opt.MaxStates == 0 || opt.MaxStates > maxOrder {
		plain.MaxStates = maxOrder
	}
	within, cancel := search.Half(ctx)
	defer cancel()
	if graph, err = search.Search(within, p, plain); err != nil {
		return nil, nil, err
	}
	if opt.Reduce.Auto {
		switch {
		case graph.Limit == model.StatesLimit && plain.MaxStates != opt.MaxStates:
		case graph.Limit == model.MemoryLimit, graph.Limit == model.TimeoutLimit && model.Stopped(ctx) == model.NoLimit:
		default:
			return graph, graph, nil
		}
		opt.Reduce = search.Reduction{Merge: true, Symmetry: true}
	}
	r, err = search.Search(ctx, p, opt)
	return r, graph, err
}
