package reports

import (
	"github.com/lockproof/lockproof/checker/conform"
)

// A Conformance is how the driver and the model of a scenario compare. [Result.States] and [Result.Transitions] are what was compared.
type Conformance struct {
	Relation  Relation          `json:"relation"`
	Direction conform.Direction `json:"direction,omitempty" jsonschema:"of a difference: which side does what the other does not"`
	Runs      int64             `json:"runs" jsonschema:"of the driver"`
	Steps     int64             `json:"steps" jsonschema:"in these runs"`
}

// A Relation is what a comparison came to.
type Relation string

// The relations.
const (
	Conforms    Relation = "conforms"     // every state and every transition, in both directions
	FollowedAll Relation = "followed"     // as far as was asked
	Differs     Relation = "differs"      // one side does what the other does not
	Unfinished  Relation = "unknown"      // a limit was hit
	NotCompared Relation = "not-compared" // the driver cannot run the scenario
)

// Relations lists the relations.
func Relations() []Relation {
	return []Relation{Conforms, FollowedAll, Differs, Unfinished, NotCompared}
}
