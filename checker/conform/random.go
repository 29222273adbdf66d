package conform

import (
	"math/rand/v2"

	"github.com/lockproof/lockproof/model"
)

// random takes random runs, and compares after each step.
func (k *walk[S]) random() {
	limit := k.o.MaxSteps
	if limit <= 0 {
		limit = 10_000
	}
	for i := range k.o.Walks {
		if k.limited() {
			return
		}
		k.progress(k.r.States, 0)
		if !k.randomRun(rand.New(rand.NewPCG(k.o.Seed, uint64(i))), limit) {
			return
		}
	}
	k.r.Limit = model.RunsLimit
}

func (k *walk[S]) randomRun(rng *rand.Rand, limit int) bool {
	path := k.begin(rng.IntN(k.m.Initials()))
	w := newWorld(k.c, path.chose, &k.pool, false)
	defer k.end(w)
	k.r.Runs++
	state := k.m.Initial(path.initial)
	for n := range limit {
		if k.stopped() {
			return false
		}
		if n%1000 == 999 {
			k.progress(k.r.States, 0)
		}
		succs := k.m.Successors(&state, nil)
		if len(succs) == 0 {
			return true
		}
		succ := succs[rng.IntN(len(succs))]
		t := k.m.ThreadOf(succ.Rule)
		for choice, x := range k.m.StepsOf(&state, t, nil) {
			if x.Rule == succ.Rule {
				path.moves = append(path.moves, k.move(t, choice, &succ))
			}
		}
		k.r.Steps++
		k.r.Transitions++
		k.r.States++
		if d := k.outcome(w, path.moves[len(path.moves)-1], &succ); d != nil {
			k.mismatch(d, path)
			return false
		}
		if succ.Failed != nil {
			return true
		}
		state = succ.State
	}
	return true
}
