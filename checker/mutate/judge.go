package mutate

import (
	"context"
	"errors"
	"slices"

	"github.com/lockproof/lockproof/checker/lockorder"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/checker/starvation"
	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// An Answer is what a scenario says, as far as an expectation can ask for it.
type Answer struct {
	Verdict model.Verdict `json:"verdict"`
	Kind    model.Kind    `json:"kind,omitempty"`
	Against bool          `json:"against,omitempty"` // locks are asked for against the order of the suite
	Limit   model.Limit   `json:"limit,omitempty"`
	States  int64         `json:"states"`
	// Passed are the lines and columns of the C that some state passes, by file; nil where not all
	// is known. Only of the original.
	Passed map[string][][2]int `json:"passed,omitempty"`
}

// noticed reports whether the gate would fail.
func (a *Answer) noticed(sc *scenarios.Scenario) bool {
	return a.Against || a.Verdict != model.Unknown && !sc.Expect.Matches(a.Verdict, a.Kind)
}

// comesTo reports whether some run passes something between two places, both included, or that is
// not known.
func (a *Answer) comesTo(first, last model.Pos) bool {
	if a.Passed == nil {
		return true
	}
	return slices.ContainsFunc(a.Passed[first.File], func(at [2]int) bool {
		p := model.Pos{File: first.File, Line: at[0], Col: at[1]}
		return !p.Before(first) && !last.Before(p)
	})
}

// A judge asks scenarios.
type judge struct {
	maxStates int64
	progress  func(scenario string, states int64)
}

// ask answers for a scenario as the gate does. The error says what is wrong with its C; a limit is
// an answer.
func (j *judge) ask(ctx context.Context, sc *scenarios.Scenario) (Answer, error) {
	opt := j.options(sc)
	p, limit, err := closed(ctx, sc, opt)
	switch {
	case err != nil:
		return Answer{}, err
	case p == nil:
		return Answer{Verdict: model.Unknown, Limit: limit}, nil
	}
	need := lockorder.NoOrder
	if len(sc.Suite.Order) > 0 {
		need = lockorder.WholeOrder
	}
	r, order, err := lockorder.Search(ctx, p, opt, need)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Verdict: r.Verdict, Kind: r.Kind, Limit: r.Limit, States: r.Stats.States}
	if r.Complete && r.Paths != nil && p.Code != nil {
		a.Passed = passed(p.Code, r.Paths)
	}
	if order != nil {
		a.Against = len(lockorder.New(p, order).Against(sc.Suite.Order)) > 0
	}
	if f, l := sc.LivenessFor("", ""); f != "" && a.Verdict == model.OK {
		s, err := starvation.Search(ctx, p, starvation.Options{Fairness: f, Liveness: l, MaxStates: j.maxStates})
		switch {
		case err != nil:
			return Answer{}, err
		case s.Lasso != nil:
			a.Verdict = model.Starvation
		case s.Limit != model.NoLimit:
			a.Verdict, a.Limit = model.Unknown, s.Limit
		}
	}
	return a, nil
}

func (j *judge) options(sc *scenarios.Scenario) search.Options {
	opt := search.Options{Workers: 1, MaxStates: j.maxStates, Reduce: search.Reduction{Auto: true}}
	switch sc.RacesFor("") {
	case scenarios.CheckRaces:
		opt.Races = search.CheckRaces
	case scenarios.WarnOfRaces:
		opt.Races = search.WarnOfRaces
	}
	if j.progress != nil {
		opt.Progress = func(x search.Progress) { j.progress(sc.String(), x.States) }
	}
	return opt
}

// closed is the program of a scenario; nil where a limit came first.
func closed(ctx context.Context, sc *scenarios.Scenario, opt search.Options) (*model.Program, model.Limit, error) {
	p, err := sc.Program(ctx)
	limit := model.NoLimit
	if err == nil {
		p, limit, err = search.Close(ctx, p, opt)
	}
	switch {
	case meter.Stopped(err):
		return nil, limitOf(err), nil
	case err != nil:
		return nil, model.NoLimit, err
	case limit != model.NoLimit:
		return nil, limit, nil
	}
	return p, model.NoLimit, nil
}

// limitOf is the limit that ended work of the front end.
func limitOf(err error) model.Limit {
	switch {
	case errors.Is(err, meter.ErrMemory):
		return model.MemoryLimit
	case errors.Is(err, context.DeadlineExceeded):
		return model.TimeoutLimit
	}
	return model.InterruptLimit
}

// passed lists where the places are that paths pass, ascending.
func passed(c *model.Code, paths []bool) map[string][][2]int {
	all := map[string][][2]int{}
	for id, yes := range c.Passed(paths) {
		if at := c.Places[id].Pos; yes && at.IsValid() {
			all[at.File] = append(all[at.File], [2]int{at.Line, at.Col})
		}
	}
	for file, at := range all {
		slices.SortFunc(at, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
		all[file] = slices.Compact(at)
	}
	return all
}
