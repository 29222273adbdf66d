package reports

import (
	"github.com/lockproof/lockproof/checker/stress"
)

// A Load is what many goroutines did to the real driver. Times are in nanoseconds, as the names that end in _ns say.
type Load struct {
	Operations int               `json:"operations"`
	Elapsed    int64             `json:"elapsed_ns" jsonschema:"how long the calls took, checking not included"`
	Calls      map[string]uint64 `json:"calls" jsonschema:"how many of each kind"`
	Codes      map[string]uint64 `json:"codes" jsonschema:"how they came out"`
	Faults     map[string]uint64 `json:"faults" jsonschema:"how often each struck"`
	Findings   []stress.Finding  `json:"findings" jsonschema:"what the load noticed on the way"`
	Overhead   *stress.Overhead  `json:"overhead,omitempty" jsonschema:"what recording costs"`
}
