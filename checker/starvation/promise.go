package starvation

import "github.com/lockproof/lockproof/model"

// A promises is a set of what fairness may owe: bit t is a step of thread t, and bit 32+t the end
// of a wait of thread t by its deadline. In a state those are due that could be kept there, by
// steps that come sooner or later; an edge keeps one or two.
type promises uint64

const (
	steps     promises = 1<<model.MaxThreads - 1
	deadlines promises = steps << model.MaxThreads
)

// kept are the promises that the step of a rule keeps. A step that may never come keeps none.
func kept(step model.Step, optional bool) promises {
	if optional {
		return 0
	}
	k := promises(1) << step.Thread
	if step.Label == model.TimedOut {
		k |= k << model.MaxThreads
	}
	return k
}

// broken are the promises that a loop breaks, of which it is known what is due in each of its
// states, what in some, and what its steps keep. Under both fairnesses a deadline comes, for who
// waits with one again and again: it is taken for a moment, not for a time that each wait begins
// anew.
func broken(f model.Fairness, always, sometimes, kept promises) promises {
	strong := strongly(f)
	return (always&^strong | sometimes&strong) &^ kept
}

// strongly are the promises that hold as soon as they are due again and again.
func strongly(f model.Fairness) promises {
	if f == model.StrongFairness {
		return steps | deadlines
	}
	return deadlines
}
