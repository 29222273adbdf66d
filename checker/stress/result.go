package stress

import (
	"time"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/model"
)

// A Finding is a broken rule that the load itself noticed.
type Finding struct {
	Kind    model.Kind `json:"kind"`
	Message string     `json:"message"`
	Client  string     `json:"client,omitempty"`
	Call    string     `json:"call,omitempty"`
	Stack   string     `json:"stack,omitempty"`
	Hang    *Hang      `json:"hang,omitempty"`
}

// A Result is the outcome of a load.
type Result struct {
	Seed       uint64
	Operations int
	Elapsed    time.Duration
	Calls      map[string]uint64 // by operation
	Codes      map[string]uint64 // how they came out
	Struck     map[string]uint64 // by fault
	Findings   []Finding
	Check      *linear.Report
	Jobs       []linear.Job // the last ones of the load
	Overhead   *Overhead    // nil: it was not measured
	Complete   bool         // false if it was interrupted, or ended by a finding
	Limit      model.Limit  // what ended the calls early; a finding is none
	Replay     string       // the command that runs the load again
}

// Verdict is the outcome in one word: a broken rule is as bad as a history that nothing explains.
func (r *Result) Verdict() linear.Verdict {
	switch v := r.Check.Verdict(); {
	case len(r.Findings) > 0:
		return linear.Illegal
	case v == linear.OK && !r.Complete:
		return linear.Unknown
	default:
		return v
	}
}
