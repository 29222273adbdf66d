package mutant

import (
	"context"
	"math/rand/v2"
)

// Sample takes k of the mutants that compile, all of them where k is 0. The same seed takes the
// same ones, in the same random order: the first of a sample are a smaller sample. It ends early
// when ctx does.
func (p *Package) Sample(ctx context.Context, all []*Mutant, seed uint64, k int) []*Mutant {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	if k > 0 {
		order = rand.New(rand.NewPCG(seed, 0)).Perm(len(all))
	}
	var chosen []*Mutant
	for _, i := range order {
		if k > 0 && len(chosen) == k || ctx.Err() != nil {
			break
		}
		if p.Compiles(all[i]) {
			chosen = append(chosen, all[i])
		}
	}
	return chosen
}
