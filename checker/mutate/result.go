package mutate

import (
	"github.com/lockproof/lockproof/checker/mutate/operator"
	"github.com/lockproof/lockproof/model"
)

// A Status is what became of a mutant.
type Status string

// The statuses: those that a reader looks at first come first.
const (
	Survived   Status = "survived"   // some scenario behaves otherwise, and none notices
	Unreached  Status = "unreached"  // no scenario comes to what is changed
	Found      Status = "found"      // a scenario is not as expected
	Equivalent Status = "equivalent" // in each scenario it behaves as the original does
	Undecided  Status = "undecided"  // a limit was hit before anybody noticed
	Unbuilt    Status = "unbuilt"    // the front end refuses it
	Left       Status = "left"       // there was no time for it
)

// Statuses lists them.
func Statuses() []Status {
	return []Status{Survived, Unreached, Found, Equivalent, Undecided, Unbuilt, Left}
}

// A Result is what the scenarios say about the mutants of a target.
type Result struct {
	Target    string
	Helpers   []string // those that were changed
	Scenarios []Judge  // in the order in which they are asked
	Idle      []Judge  // those that judge nothing, for they are not as expected
	Mutants   []Mutant // by helper, line, operator
	Limit     model.Limit
	Known     int // answers that the cache had
}

// A Judge is a scenario, on the helpers without a mistake.
type Judge struct {
	Scenario string
	Answer   Answer
	Expected string
	Found    int // mutants that it was the first to notice
}

// A Mutant is one, and what became of it.
type Mutant struct {
	operator.Mutant
	Status   Status
	By       string // Found: by which scenario
	Expected string // what that expects
	Answer   Answer // what it says instead
	Why      string // Unbuilt: what the front end says. Undecided: the limit
	Asked    int    // how many scenarios ran
	Skipped  int    // how many do not come to what is changed
	// Difference is where a survivor behaves otherwise; nil where that is not known.
	Difference *Difference
	Compared   int64 // Equivalent: states of both programs, in all scenarios
}

// A Difference is a run of a scenario after which original and mutant are not alike.
type Difference struct {
	Scenario         string
	Faults           bool   // with all faults, which the scenario has not
	Schedule         string // of the original
	Steps            int
	Original, Mutant string // what is so in one of them, and in the other
}

// Count is how many mutants have a status.
func (r *Result) Count(s Status) int {
	n := 0
	for i := range r.Mutants {
		if r.Mutants[i].Status == s {
			n++
		}
	}
	return n
}

// Score is the part of the mutants that were found, of those that count, in percent; 100 where none
// counts.
func (r *Result) Score() float64 {
	found, counted := r.Count(Found), r.Count(Found)+r.Count(Survived)+r.Count(Unreached)
	if counted == 0 {
		return 100
	}
	return 100 * float64(found) / float64(counted)
}
