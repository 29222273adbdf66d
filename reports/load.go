package reports

import "github.com/lockproof/lockproof/model"

// A Load is what many goroutines did to the real driver. Times are in nanoseconds, as the names
// that end in _ns say.
type Load struct {
	Operations int               `json:"operations"`
	Elapsed    int64             `json:"elapsed_ns" jsonschema:"how long the calls took, checking not included"`
	Calls      map[string]uint64 `json:"calls" jsonschema:"how many of each kind"`
	Codes      map[string]uint64 `json:"codes" jsonschema:"how they came out"`
	Faults     map[string]uint64 `json:"faults" jsonschema:"how often each struck"`
	Findings   []LoadFinding     `json:"findings" jsonschema:"what the load noticed on the way"`
	Overhead   *Overhead         `json:"overhead,omitempty" jsonschema:"what recording costs"`
	Timeline   *Timeline         `json:"-"` // the last jobs and who waited for them; only in the run that made them
}

// A LoadFinding is something that the load noticed and that breaks a rule.
type LoadFinding struct {
	Kind    model.Kind `json:"kind"`
	Message string     `json:"message"`
	Client  string     `json:"client,omitempty"`
	Call    string     `json:"call,omitempty"`
	Stack   string     `json:"stack,omitempty"`
	Hang    *Hang      `json:"hang,omitempty"`
}

// A Hang is a load that makes no progress.
type Hang struct {
	Actor string     `json:"actor"` // the one that has waited longest
	Call  string     `json:"call"`
	For   int64      `json:"for_ns"`
	Waits []HangWait `json:"waits"`
	Cycle []string   `json:"cycle,omitempty"` // the actors that wait for one another; empty if there is no cycle
}

// A HangWait is an actor of a hang: for what it waits, and who has that.
type HangWait struct {
	Actor  string `json:"actor"`
	Call   string `json:"call,omitempty"`
	Kind   string `json:"kind,omitempty"` // lock, condition, message; "" for one that waits for nothing we know
	Object string `json:"object,omitempty"`
	For    int64  `json:"for_ns"`
	Holder string `json:"holder,omitempty"`
	Since  int64  `json:"held_ns,omitempty"` // for how long the holder has been in the call, or has had the job
	Stack  string `json:"stack,omitempty"`
}

// An Overhead is what recording costs: the best of several runs without it, and with it.
type Overhead struct {
	Operations int     `json:"operations"`
	Without    int64   `json:"without_ns"`
	With       int64   `json:"with_ns"`
	Ratio      float64 `json:"ratio"`
}
