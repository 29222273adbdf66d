package search

import (
	"maps"

	"github.com/lockproof/lockproof/model"
)

// observed is what a worker saw while a level was expanded, or what all of them saw until now.
type observed[S model.Words] struct {
	transitions int64
	deadlocks   int64
	quiet       int64    // states in which there are steps, and none that must come
	vain        found[S] // those of them of which it is not plain what they are: see noteQuiet
	races       found[S]
	errors      map[failure[S]]struct{}
	found       found[S]
	cycles      cycles[S]
	freed       bool // some step frees an object, though the plan assumes that none does
}

func nothingObserved[S model.Words]() observed[S] {
	return observed[S]{
		errors: map[failure[S]]struct{}{}, found: found[S]{}, vain: found[S]{}, races: found[S]{},
		cycles: cycles[S]{},
	}
}

// handOver returns what the worker saw since it was last asked, and forgets it.
func (w *worker[S]) handOver() observed[S] {
	saw := w.saw
	w.saw = nothingObserved[S]()
	return saw
}

// add joins what a worker saw. Neither the order of workers nor what each of them saw makes a
// difference.
func (o *observed[S]) add(saw observed[S]) {
	o.transitions += saw.transitions
	o.deadlocks += saw.deadlocks
	o.quiet += saw.quiet
	o.freed = o.freed || saw.freed
	maps.Copy(o.errors, saw.errors)
	for _, f := range saw.found {
		o.found.note(f)
	}
	for _, f := range saw.vain {
		o.vain.note(f)
	}
	for _, f := range saw.races {
		o.races.note(f)
	}
	for k, c := range saw.cycles {
		o.cycles.note(k, c)
	}
}
