package reports

// A Conformance is how the driver and the model of a scenario compare. [Result.States] and
// [Result.Transitions] are what was compared.
type Conformance struct {
	Relation  Relation  `json:"relation"`
	Direction Direction `json:"direction,omitempty" jsonschema:"of a difference: which side does what the other does not"`
	Runs      int64     `json:"runs" jsonschema:"of the driver"`
	Steps     int64     `json:"steps" jsonschema:"in these runs"`
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

// A Direction says which side does what the other does not.
type Direction string

// The directions.
const (
	Forward  Direction = "the driver does what the model forbids"
	Backward Direction = "the driver never does what the model allows"
	Apart    Direction = "driver and model are in different states"
)
