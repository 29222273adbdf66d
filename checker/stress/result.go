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
	Operations int               `json:"operations"`
	Elapsed    time.Duration     `json:"elapsed_ns"`
	Calls      map[string]uint64 `json:"calls"`
	Codes      map[string]uint64 `json:"results"`
	Struck     map[string]uint64 `json:"faults"`
	Findings   []Finding         `json:"findings,omitempty"`
	Check      *linear.Report    `json:"-"`
	Overhead   *Overhead         `json:"overhead,omitempty"`
	Complete   bool              `json:"complete"` // false if it was interrupted, or ended by a finding
	Replay     string            `json:"replay"`
}

// Overhead is what recording costs.
type Overhead struct {
	Operations int           `json:"operations"`
	Without    time.Duration `json:"without_ns"` // the best of several runs, as With
	With       time.Duration `json:"with_ns"`
	Ratio      float64       `json:"ratio"`
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
