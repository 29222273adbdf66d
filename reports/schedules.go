package reports

// Schedules are runs of the real driver under the controlled scheduler. [Result.Transitions] are
// the decisions in them, and [Result.Depth] is the most in one.
type Schedules struct {
	Strategy string `json:"strategy" jsonschema:"how they were chosen"`
	Runs     int64  `json:"runs"`
}
