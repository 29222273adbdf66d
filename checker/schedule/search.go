package schedule

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lockproof/lockproof/model"

	"github.com/lockproof/lockproof/driver"
)

// A Strategy is a way to choose schedules.
type Strategy string

// The strategies.
const (
	Exhaustive Strategy = "exhaustive" // one interleaving of each class of equivalent ones
	Plain      Strategy = "plain"      // every interleaving
	Bounded    Strategy = "bounded"    // every interleaving with few preemptions
	Random     Strategy = "random"
	PCT        Strategy = "pct"
)

// Strategies lists the strategies.
func Strategies() []Strategy { return []Strategy{Exhaustive, Bounded, Random, PCT, Plain} }

// Options say how to search. The zero value is an exhaustive search without faults.
type Options struct {
	Strategy    Strategy
	Preemptions int    // for Bounded: how many at most
	Depth       int    // for PCT: the depth of the bugs it looks for; 0: 3
	Seed        uint64 // for Random and PCT
	Schedules   int64  // runs at most; 0: no limit, but 10,000 for Random and PCT
	// decisions of one run at most; 0: 10,000. A run that needs more makes the search incomplete
	MaxSteps        int
	Faults          []driver.Fault // that may strike
	FaultsPerThread int            // how often in one thread; 0: once
	KeepGoing       bool           // search on after a failure; the first is reported
	AsFound         bool           // do not minimise the failing schedule
	Outcomes        bool           // collect what the runs came to
	// Progress is called now and then, if it is not nil.
	Progress func(Stats)
}

func (o *Options) fill() {
	if o.Strategy == "" {
		o.Strategy = Exhaustive
	}
	if o.Depth == 0 {
		o.Depth = 3
	}
	if o.MaxSteps == 0 {
		o.MaxSteps = 10_000
	}
	if o.FaultsPerThread == 0 {
		o.FaultsPerThread = 1
	}
	if o.Schedules == 0 && (o.Strategy == Random || o.Strategy == PCT) {
		o.Schedules = 10_000
	}
}

func (o *Options) strategy() (strategy, error) {
	switch o.Strategy {
	case Exhaustive:
		return newDPOR(), nil
	case Plain:
		return newTree(-1), nil
	case Bounded:
		return newTree(o.Preemptions), nil
	case Random:
		return newWalk(o.Seed), nil
	case PCT:
		return newPCT(o.Seed, o.Depth), nil
	}
	return nil, fmt.Errorf("schedule: there is no strategy %q", o.Strategy)
}

// Stats count what a search did.
type Stats struct {
	Runs     int64 // schedules, those included that were cut short because they repeat others
	Steps    int64 // decisions in them
	Longest  int   // decisions of one run
	Failures int64
	Elapsed  time.Duration
}

// A Result is the answer of a search.
type Result struct {
	Stats
	Failure *Failure // the first; nil: none was found
	// Complete tells that every schedule was tried, or an equivalent one; with Bound, every
	// schedule within the bound.
	Complete bool
	Bound    bool           // Bounded kept schedules from being tried
	Cut      int64          // runs that a limit ended
	CutBy    model.Limit    // the first of these limits
	Limit    model.Limit    // what ended the search before it was complete
	Outcomes map[string]int // with Options.Outcomes: how many runs came to what; failures by their headline
}

// Search runs a program under the schedules that a strategy chooses. It stops at the first failure.
// An end of ctx stops it with what it has.
func Search(ctx context.Context, p *Program, o Options) (*Result, error) {
	o.fill()
	if len(p.Threads) > maxThreads {
		return nil, fmt.Errorf("schedule: %d threads are more than %d", len(p.Threads), maxThreads)
	}
	s, err := o.strategy()
	if err != nil {
		return nil, err
	}
	r := &Result{}
	if o.Outcomes {
		r.Outcomes = map[string]int{}
	}
	began := time.Now()
	e := &engine{ctx: ctx, program: p, options: &o}
	defer e.pool.Close()
	stop := r.search(e, s, began)
	r.Elapsed = time.Since(began)
	if r.Failure != nil && r.Failure.Class != Unstable {
		r.Failure = e.present(r.Failure)
	}
	stopped := r.Failure != nil && !o.KeepGoing
	r.Complete = stop == model.NoLimit && !stopped && s.complete()
	if t, ok := s.(*tree); ok {
		r.Bound = t.cut
	}
	if r.Cut > 0 && !stopped && (stop == model.NoLimit || stop == model.RunsLimit && drawn(o.Strategy)) {
		stop = r.CutBy
	}
	r.Limit = stop
	return r, nil
}

// drawn reports whether a strategy draws schedules at random.
func drawn(s Strategy) bool { return s == Random || s == PCT }

// search returns the limit that was hit.
func (r *Result) search(e *engine, s strategy, began time.Time) model.Limit {
	o := e.options
	for s.begin() {
		if o.Schedules > 0 && r.Runs >= o.Schedules {
			return model.RunsLimit
		}
		w := e.run(s, false)
		if err := s.end(w); err != nil {
			w.failure = unstable(err.Error())
		}
		if stop := model.Stopped(e.ctx); stop != model.NoLimit && w.failure == nil {
			return stop
		}
		if t, ok := s.(*tree); ok && t.repeats(w) {
			continue
		}
		if w.cut != model.NoLimit && w.cut != abandoned {
			if r.Cut++; r.Cut == 1 {
				r.CutBy = w.cut
			}
		}
		r.Runs++
		r.Steps += int64(len(w.picks))
		r.Longest = max(r.Longest, len(w.picks))
		if isPowerOfTwo(r.Runs) {
			w.picks = slices.Clone(w.picks)
			if f := e.stability(w); f != nil {
				w.failure = f
			}
		}
		r.count(w)
		if w.failure != nil && !o.KeepGoing {
			return model.NoLimit
		}
		if r.Runs%256 == 0 && o.Progress != nil {
			r.Elapsed = time.Since(began)
			o.Progress(r.Stats)
		}
	}
	return model.NoLimit
}

func isPowerOfTwo(n int64) bool { return n&(n-1) == 0 }

// count notes what a run came to.
func (r *Result) count(w *world) {
	if w.failure != nil {
		r.Failures++
		w.report()
		if r.Failure == nil {
			r.Failure = w.failure
		}
	}
	if r.Outcomes == nil || w.cut != model.NoLimit {
		return
	}
	if o := w.outcome(); o != "" {
		r.Outcomes[o]++
	}
}

// report completes the failure of a run with what only the run knows.
func (w *world) report() {
	w.failure.Schedule = slices.Clone(w.picks)
	w.failure.Preemptions = w.preemptions
}

// stability runs a schedule again and compares: a program that does something else the second time
// cannot be searched.
func (e *engine) stability(w *world) *Failure {
	again := e.run(&replay{schedule: w.picks}, false)
	switch {
	case model.Stopped(e.ctx) != model.NoLimit: // perhaps in the middle of it
		return nil
	case again.digest == w.digest && again.outcome() == w.outcome():
		return nil
	}
	return unstable("a run differs from the first with its schedule")
}

// outcome is what a run came to: its failure by its headline, else what its instance says.
func (w *world) outcome() string {
	switch {
	case w.failure != nil:
		return w.failure.Headline()
	case w.instance.Outcome != nil && w.cut == model.NoLimit:
		return w.instance.Outcome()
	}
	return ""
}

func unstable(what string) *Failure {
	return &Failure{
		Class: Unstable,
		Message: what + ": the program depends on something besides the runtime, such as the order of a map, the clock, or " +
			"state that outlives a run",
	}
}

// grace is how long the last replay of a failure may take.
const grace = 30 * time.Second

// present minimises a failure and traces it.
func (e *engine) present(f *Failure) *Failure {
	if !e.options.AsFound {
		f = e.minimise(f)
	}
	// What was found is shown, also when it was the last thing before the end.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), grace)
	defer cancel()
	e.ctx = ctx
	again, err := e.replay(f.Schedule)
	if err == nil && again.Limit != model.NoLimit {
		return f // which is true all the same: only its trace is missing
	}
	if err != nil || !f.Is(again.Failure) || f.Message != again.Failure.Message {
		return &Failure{
			Class:    Unstable,
			Message:  "a failure does not come again when its schedule is replayed: " + f.Headline(),
			Schedule: f.Schedule,
		}
	}
	again.Failure.Trace = again.Trace
	return again.Failure
}
