package reports

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A Mutation says which mistakes in some helpers the scenarios would notice.
type Mutation struct {
	Protocol  string           `json:"protocol" jsonschema:"whose helpers were changed; without a protocol the suite"`
	Helpers   []string         `json:"helpers" jsonschema:"those that were changed"`
	Score     float64          `json:"score" jsonschema:"found mutants in percent of found, survived and unreached ones"`
	MinScore  float64          `json:"min_score,omitempty" jsonschema:"what was asked for"`
	Counts    MutantCounts     `json:"counts"`
	Limit     model.Limit      `json:"limit" jsonschema:"why the run ended before all mutants were tried; empty when it did not"`
	Scenarios []MutantJudge    `json:"scenarios" jsonschema:"which judged, in the order in which they are asked"`
	Idle      []MutantJudge    `json:"idle" jsonschema:"which did not: they are not as expected before anything is changed"`
	Mutants   []Mutant         `json:"mutants" jsonschema:"by status, those that nobody noticed first; then by helper and line"`
	Operators []MutantOperator `json:"operators" jsonschema:"the kinds of mistakes that were made"`
	Command   string           `json:"command" jsonschema:"the command line that asks again"`
	Known     int              `json:"known" jsonschema:"how many answers were known from an earlier run"`
}

// MutantCounts count mutants by status.
type MutantCounts struct {
	Survived   int `json:"survived"`
	Unreached  int `json:"unreached"`
	Found      int `json:"found"`
	Equivalent int `json:"equivalent"`
	Undecided  int `json:"undecided"`
	Unbuilt    int `json:"unbuilt"`
	Left       int `json:"left"`
}

// MutantStatus is what became of a mutant.
type MutantStatus string

// The statuses, in the order in which a reader wants them.
const (
	MutantSurvived   MutantStatus = "survived"
	MutantUnreached  MutantStatus = "unreached"
	MutantUndecided  MutantStatus = "undecided"
	MutantEquivalent MutantStatus = "equivalent"
	MutantUnbuilt    MutantStatus = "unbuilt"
	MutantLeft       MutantStatus = "left"
	MutantFound      MutantStatus = "found"
)

// MutantStatuses lists them.
func MutantStatuses() []MutantStatus {
	return []MutantStatus{
		MutantSurvived, MutantUnreached, MutantUndecided, MutantEquivalent, MutantUnbuilt, MutantLeft, MutantFound,
	}
}

// meanings say in a few words what a status is.
var meanings = map[MutantStatus]string{
	MutantSurvived:   "some scenario behaves otherwise, and none notices",
	MutantUnreached:  "no scenario comes to what is changed",
	MutantUndecided:  "a limit was hit before anybody noticed; not counted",
	MutantEquivalent: "every one of these scenarios behaves exactly as before; not counted",
	MutantUnbuilt:    "the C is refused; not counted",
	MutantLeft:       "not tried; not counted",
	MutantFound:      "a scenario is not as expected",
}

// Meaning says in a few words what the status is.
func (s MutantStatus) Meaning() string { return meanings[s] }

// A MutantOperator is a kind of mistake.
type MutantOperator struct {
	Name  string `json:"name"`
	Does  string `json:"does"`
	Made  int    `json:"made" jsonschema:"how many mutants"`
	Found int    `json:"found" jsonschema:"how many of them were found"`
}

// A MutantJudge is a scenario before anything is changed.
type MutantJudge struct {
	Scenario string        `json:"scenario" jsonschema:"SUITE:SCENARIO"`
	Expected string        `json:"expected"`
	Verdict  model.Verdict `json:"verdict"`
	Kind     model.Kind    `json:"kind"`
	Against  bool          `json:"against,omitempty" jsonschema:"locks are asked for against the order of the suite"`
	States   int64         `json:"states"`
	Found    int           `json:"found" jsonschema:"mutants that it was the first to notice"`
}

// A Mutant is the C of the helpers with one mistake.
type Mutant struct {
	ID       string       `json:"id" jsonschema:"HELPER:LINE:OPERATOR"`
	Status   MutantStatus `json:"status"`
	Helper   string       `json:"helper"`
	Operator string       `json:"operator"`
	File     string       `json:"file"`
	Line     int          `json:"line"`
	Lines    []MutantLine `json:"lines" jsonschema:"the lines that are changed"`

	By       string        `json:"by,omitempty" jsonschema:"the scenario that notices"`
	Expected string        `json:"expected,omitempty" jsonschema:"what it expects"`
	Verdict  model.Verdict `json:"verdict,omitempty" jsonschema:"what it gets"`
	Kind     model.Kind    `json:"kind,omitempty"`
	Against  bool          `json:"against,omitempty" jsonschema:"locks are asked for against the order of the suite"`

	Why     string            `json:"why,omitempty" jsonschema:"what the front end says, or which limit was hit where"`
	Asked   int               `json:"asked" jsonschema:"scenarios that ran"`
	Skipped int               `json:"skipped" jsonschema:"scenarios that do not come to what is changed"`
	Differs *MutantDifference `json:"differs,omitempty" jsonschema:"where a survivor behaves otherwise"`
	States  int64             `json:"states,omitempty" jsonschema:"of an equivalent one: states of original and mutant that were compared"`
}

// A MutantLine is a changed line, without its indentation.
type MutantLine struct {
	Number int    `json:"number"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// A MutantDifference is a run after which original and mutant are not alike.
type MutantDifference struct {
	Scenario string `json:"scenario" jsonschema:"SUITE:SCENARIO"`
	Faults   bool   `json:"faults,omitempty" jsonschema:"with all faults, which the scenario has not"`
	Replay   string `json:"replay" jsonschema:"the schedule, of the original"`
	Steps    int    `json:"steps"`
	Original string `json:"original" jsonschema:"what is so then"`
	Mutant   string `json:"mutant" jsonschema:"what is so instead"`
}

// Said is what a mutant does to the scenario that notices it, in a few words.
func (m *Mutant) Said() string {
	if m.Against {
		return "locks are asked for against the order of the suite"
	}
	return VerdictOf(m.Verdict, m.Kind) + ", expected " + m.Expected
}

// Total is how many mutants there are.
func (c MutantCounts) Total() int {
	return c.Survived + c.Unreached + c.Found + c.Equivalent + c.Undecided + c.Unbuilt + c.Left
}

// Counted is how many the score is about.
func (c MutantCounts) Counted() int { return c.Survived + c.Unreached + c.Found }

// Of is how many have a status.
func (c MutantCounts) Of(s MutantStatus) int {
	return map[MutantStatus]int{
		MutantSurvived: c.Survived, MutantUnreached: c.Unreached, MutantFound: c.Found, MutantEquivalent: c.Equivalent,
		MutantUndecided: c.Undecided, MutantUnbuilt: c.Unbuilt, MutantLeft: c.Left,
	}[s]
}

// Summary is the numbers in a sentence.
func (m *Mutation) Summary() string {
	c := m.Counts
	s := fmt.Sprintf("%s: %d of %d mutants found (%.1f %%)", m.Protocol, c.Found, c.Counted(), m.Score)
	if c.Counted() == 0 {
		s = m.Protocol + ": no mutant that counts"
	}
	for _, x := range []struct {
		n    int
		text string
	}{
		{c.Survived, "survived"},
		{c.Unreached, "not reached"},
		{c.Equivalent, "equivalent in these scenarios"},
		{c.Unbuilt, "refused"},
		{c.Undecided, "undecided"},
		{c.Left, "not tried"},
	} {
		if x.n > 0 {
			s += fmt.Sprintf(", %d %s", x.n, x.text)
		}
	}
	return s
}

// Undecided reports whether the run could not tell of all mutants.
func (m *Mutation) Undecided() bool {
	stopped := func(j MutantJudge) bool { return j.Verdict == model.Unknown }
	return m.Limit != model.NoLimit || m.Counts.Undecided > 0 || m.Counts.Left > 0 || slices.ContainsFunc(m.Idle, stopped)
}

// SortMutants puts those first that nobody noticed; else the order stays.
func (m *Mutation) SortMutants() {
	all := MutantStatuses()
	slices.SortStableFunc(m.Mutants, func(a, b Mutant) int {
		return slices.Index(all, a.Status) - slices.Index(all, b.Status)
	})
}
