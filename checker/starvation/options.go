package starvation

import (
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// Options say what is asked, and bound it.
type Options struct {
	Fairness model.Fairness
	Liveness model.Liveness
	// Only are the threads, from 0, whose completion is asked for; nil: all.
	Only []int
	// MaxStates ends the search after so many states, MaxMemory when the graph takes about so many
	// bytes. 0 is no bound.
	MaxStates, MaxMemory int64
	// Progress, when set, is called now and then.
	Progress func(search.Progress)
}

// A Result is the answer.
type Result struct {
	// Lasso is a counterexample; nil when there is none, or none was found until a limit was hit.
	Lasso *Lasso
	// Bypasses tell, by thread and job, how often who waits for the job is overtaken at most. Those of
	// threads that never wait for it are left out, and one of equal threads stands for all.
	Bypasses []Bypass
	States   int64 // without error states
	// Limit is why the search stopped early, NoLimit if it did not. Then a Lasso stands, and that
	// there is none tells nothing.
	Limit model.Limit
}

// A Lasso is a fair run in which the property does not hold.
type Lasso struct {
	// Prefix leads to the state to which Loop leads back.
	Prefix, Loop model.Schedule
	Trace        search.Trace // of both, one after the other
	Victim       int          // the thread that never completes; model.None: nobody does
	Message      string       // one sentence
	Details      []string     // what each thread does in the loop, a sentence each
}

// A Bypass says how often a waiter is overtaken.
type Bypass struct {
	Thread int    // from 0
	Job    string // vm1.jobActive
	// Bound is how often others take the job at most, from when the thread first sleeps for it until
	// it has it or gives up; Unbounded if there is no such number. Whether it can go on for ever
	// depends on fairness.
	Bound int
}

// Unbounded is the bound where there is none.
const Unbounded = -1
