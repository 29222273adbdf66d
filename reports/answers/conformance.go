package answers

import (
	"fmt"

	"github.com/lockproof/lockproof/checker/conform"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
)

// conformed is the beginning of the answer about a scenario. Whatever verdict the suite expects,
// driver and model should have the same.
func conformed(sc *scenarios.Scenario, p *model.Program, relation reports.Relation) reports.Result {
	r := header(sc, p)
	r.Command, r.Expected, r.Verdict = "lockproof conform "+reports.ShellLine(sc.Args()...),
		string(model.OK), model.Unknown
	r.Conformance = &reports.Conformance{Relation: relation}
	return r
}

// ours is what was held against the model: the driver has the protocol of today alone, and the
// helpers of the others stand beside it.
func ours(sc *scenarios.Scenario) string {
	if conform.OfDriver(sc.Suite.Protocol) {
		return "driver"
	}
	return sc.Suite.Protocol + " in Go"
}

// NewNotCompared reports a scenario that the driver cannot run.
func NewNotCompared(sc *scenarios.Scenario, why error) reports.Result {
	r := conformed(sc, &model.Program{}, reports.NotCompared)
	r.Message = why.Error()
	return r
}

// NewConformed reports a comparison.
func NewConformed(sc *scenarios.Scenario, p *model.Program, c *conform.Result) reports.Result {
	r := conformed(sc, p, reports.Unfinished)
	r.States, r.Transitions, r.Complete, r.Limit, r.ElapsedMS = c.States, c.Transitions, c.Complete, c.Limit,
		c.Elapsed.Milliseconds()
	r.Conformance.Runs, r.Conformance.Steps = c.Runs, c.Steps
	switch {
	case c.Mismatch != nil:
		differs(&r, sc, p, c.Mismatch)
	case c.Complete:
		r.Conformance.Relation, r.Verdict, r.Pass = reports.Conforms, model.OK, true
		r.Message = fmt.Sprintf("%s and model do the same in all %d reachable states", ours(sc), c.States)
	case c.Limit == model.RunsLimit:
		r.Conformance.Relation, r.Pass = reports.FollowedAll, true
		r.Message = fmt.Sprintf("%s and model do the same in %d runs; that is no proof for others", ours(sc), c.Runs)
	default:
		r.Message = fmt.Sprintf("the comparison was stopped (%s) after %d states; nothing differs in those",
			c.Limit, c.States)
	}
	return r
}

// NewFollowed reports one schedule on both sides.
func NewFollowed(sc *scenarios.Scenario, p *model.Program, s model.Schedule, f *conform.Followed) reports.Result {
	r := conformed(sc, p, reports.FollowedAll)
	r.Replayed, r.Conformance.Runs, r.Conformance.Steps = true, 1, int64(len(s))
	if len(s) > 0 && s[0].Thread < 0 { // which picks the initial state
		r.Conformance.Steps--
	}
	if f.Mismatch != nil {
		differs(&r, sc, p, f.Mismatch)
		return r
	}
	if f.Limit != model.NoLimit {
		r.Conformance.Relation, r.Limit = reports.Unfinished, f.Limit
		r.Message = fmt.Sprintf("the schedule was not followed to its end (%s)", f.Limit)
		return r
	}
	r.Pass = true
	r.Message = ours(sc) + " and model do the same"
	for i, text := range f.Driver {
		r.Details = append(r.Details, fmt.Sprintf("in Go, T%d %s", i+1, text))
	}
	if replayed := followInModel(&r, sc, p, s); replayed != nil && replayed.Verdict != model.Unknown {
		r.Details = append(r.Details, "in the model: "+reports.VerdictOf(replayed.Verdict, replayed.Kind)+": "+
			replayed.Message)
	}
	return r
}

func differs(r *reports.Result, sc *scenarios.Scenario, p *model.Program, m *conform.Mismatch) {
	r.Conformance.Relation, r.Conformance.Direction = reports.Differs, reports.Direction(m.Direction)
	r.Verdict, r.Kind, r.Message = model.Violation, model.AssertKind, m.Error()
	followInModel(r, sc, p, m.Schedule)
}

// followInModel adds the model's interleaving, and returns what the model says of it.
func followInModel(r *reports.Result, sc *scenarios.Scenario, p *model.Program, s model.Schedule) *reports.Result {
	trace, finding, err := search.Replay(p, s)
	if err != nil {
		return nil
	}
	x := NewReplay(sc, p, trace, finding, search.IgnoreRaces)
	r.Counterexample = x.Counterexample
	return &x
}
