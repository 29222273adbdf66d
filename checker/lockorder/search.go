package lockorder

import (
	"context"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// A Need says how much of a lock order the caller of [Search] needs.
type Need uint8

// The needs.
const (
	NoOrder    Need = iota // only the verdict
	ShownOrder             // for a report: a part of it will do where the whole takes too much
	WholeOrder             // to be compared with what a suite expects
)

// maxShown bounds the states of a search for a lock order that only a report asks for. Such a
// search can leave nothing out: reductions pass over places where locks are asked for. It changes
// for tests only.
var maxShown int64 = 1_000_000

// Search gives the verdict about a program, and the search behind its lock order, for [New]. That
// is nil where no order is needed, and mostly it is the same search.
//
// Only a program that is too large for a search that leaves nothing out has a second one, with
// reductions, for the verdict. Its order is then that of the states which the first one has seen,
// and [Graph.Complete] says so. Who needs the whole order gets the whole search.
func Search(ctx context.Context, p *model.Program, opt search.Options, need Need) (r, order *search.Result, err error) {
	if need == NoOrder {
		r, err = search.Search(ctx, p, opt)
		return r, nil, err
	}
	plain := opt
	plain.Reduce, plain.WaitCycles = search.Reduction{}, true
	if need == WholeOrder || opt.Reduce == (search.Reduction{}) {
		order, err = search.Search(ctx, p, plain)
		return order, order, err
	}
	if opt.MaxStates == 0 || opt.MaxStates > maxShown {
		plain.MaxStates = maxShown
	}
	within, cancel := search.Half(ctx)
	defer cancel()
	if order, err = search.Search(within, p, plain); err != nil {
		return nil, nil, err
	}
	if opt.Reduce.Auto {
		if !tooLarge(ctx, order.Limit, plain.MaxStates != opt.MaxStates) {
			return order, order, nil
		}
		opt.Reduce = search.Reduction{Merge: true, Symmetry: true}
	}
	if r, err = search.Search(ctx, p, opt); err == nil && order.Limit == model.StatesLimit &&
		plain.MaxStates > r.Stats.States {
		r.AtLeast = plain.MaxStates
	}
	return r, order, err
}

// tooLarge reports whether the limit that a search without reductions has hit may leave room for
// one with them: own says that its bound of states was ours, and not the caller's.
func tooLarge(ctx context.Context, l model.Limit, own bool) bool {
	switch l {
	case model.StatesLimit:
		return own
	case model.TimeoutLimit:
		return model.Stopped(ctx) == model.NoLimit
	}
	return l == model.MemoryLimit
}
