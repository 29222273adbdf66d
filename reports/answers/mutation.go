package answers

import (
	"github.com/lockproof/lockproof/checker/mutate"
	"github.com/lockproof/lockproof/checker/mutate/operator"
	"github.com/lockproof/lockproof/reports"
)

// NewMutation reports what the scenarios say about the mutants of some helpers.
func NewMutation(r *mutate.Result, command string) reports.Mutation {
	out := reports.Mutation{
		Protocol: r.Target, Helpers: list(r.Helpers), Score: r.Score(), Limit: r.Limit, Command: command, Known: r.Known,
		Scenarios: judges(r.Scenarios), Idle: judges(r.Idle), Mutants: []reports.Mutant{},
		Operators: []reports.MutantOperator{},
		Counts: reports.MutantCounts{
			Survived: r.Count(mutate.Survived), Unreached: r.Count(mutate.Unreached), Found: r.Count(mutate.Found),
			Equivalent: r.Count(mutate.Equivalent), Undecided: r.Count(mutate.Undecided), Unbuilt: r.Count(mutate.Unbuilt),
			Left: r.Count(mutate.Left),
		},
	}
	made, found := map[string]int{}, map[string]int{}
	for i := range r.Mutants {
		m := newMutant(&r.Mutants[i])
		out.Mutants = append(out.Mutants, m)
		if made[m.Operator]++; m.Status == reports.MutantFound {
			found[m.Operator]++
		}
	}
	for _, o := range operator.Operators() {
		if made[o.Name] > 0 {
			out.Operators = append(out.Operators, reports.MutantOperator{
				Name: o.Name, Does: o.Does, Made: made[o.Name], Found: found[o.Name],
			})
		}
	}
	out.SortMutants()
	return out
}

func judges(all []mutate.Judge) []reports.MutantJudge {
	out := []reports.MutantJudge{}
	for _, j := range all {
		out = append(out, reports.MutantJudge{
			Scenario: j.Scenario, Expected: j.Expected, Verdict: j.Answer.Verdict, Kind: j.Answer.Kind,
			Against: j.Answer.Against, States: j.Answer.States, Found: j.Found,
		})
	}
	return out
}

func newMutant(m *mutate.Mutant) reports.Mutant {
	out := reports.Mutant{
		ID: m.ID, Status: reports.MutantStatus(m.Status), Helper: m.Helper, Operator: m.Operator,
		File: m.Pos.File, Line: m.Pos.Line, Lines: []reports.MutantLine{},
		Why: m.Why, Asked: m.Asked, Skipped: m.Skipped, States: m.Compared,
	}
	for _, l := range m.Lines {
		out.Lines = append(out.Lines, reports.MutantLine{Number: l.Number, Before: l.Before, After: l.After})
	}
	if m.Status == mutate.Found {
		out.By, out.Expected, out.Verdict, out.Kind = m.By, m.Expected, m.Answer.Verdict, m.Answer.Kind
		out.Against = m.Answer.Against
	}
	if d := m.Difference; d != nil {
		out.Differs = &reports.MutantDifference{
			Scenario: d.Scenario, Faults: d.Faults, Replay: d.Schedule, Steps: d.Steps, Original: d.Original, Mutant: d.Mutant,
		}
	}
	return out
}
