package typestate

import (
	"context"

	"github.com/lockproof/lockproof/csource/tree"
)

// Options are the settings of a check.
type Options struct {
	// Contract is the protocol. Nil is one without helpers: only the vocabulary's locks are known.
	Contract *Contract
	// Workers is how many functions are looked at side by side; 0 means one for each processor.
	Workers int
	// MaxStates is how many states are kept at one block before facts are dropped; 0 means 64.
	MaxStates int
	// MaxWork is how many states one function may cost, all blocks together, before it is given up:
	// then nothing is known of what it does for callers. 0 means 20000.
	MaxWork int
	// Only says about which functions something is asked: these and all that they call are looked at,
	// with the same findings in them as if all were, but for those that two functions make which do
	// not call one another: the order of locks, locks in callbacks, jobs that are handed over. Nil
	// means all.
	Only func(*tree.Function) bool
}

// Check holds the functions of a tree to a contract. The error is that of the context.
func Check(ctx context.Context, t *tree.Tree, opt Options) (*Result, error) {
	w := newWorld(t, opt)
	w.load(opt.Contract)
	w.read()
	list, err := w.look(ctx, opt.Only)
	if err != nil {
		return nil, err
	}
	w.result.Relevant = len(list)
	w.beside(list)
	w.finish(opt.Only)
	return w.result, nil
}

// look analyses functions and all that they call, as far as that has not been done.
func (w *world) look(ctx context.Context, asked func(*tree.Function) bool) ([]*function, error) {
	list := w.reach(asked)
	w.inOrder(ctx, list)
	return list, ctx.Err()
}

func newWorld(t *tree.Tree, opt Options) *world {
	return &world{
		opt: opt, tree: t, types: newTypes(), contract: map[string]*function{}, byDef: map[*tree.Function]*function{},
		specials: map[string]*summary{}, edges: map[[2]string]edge{},
		demands: map[demand]*tally{}, taken: map[handover]bool{}, heldBack: map[heldBack]*holder{},
		flags: map[string]bool{}, recursive: map[string]bool{}, inChild: map[inChild]bool{},
		uses: map[lockOfCallee]use{}, clearers: map[*tree.Function]bool{}, wanted: map[*mention]bool{},
		result: &Result{Functions: t.Functions(), Counts: map[string]int{}},
	}
}
