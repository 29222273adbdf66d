package typestate

import "github.com/lockproof/lockproof/model"

// Severity says what comes of a finding.
type Severity uint8

// The severities.
const (
	Low     Severity = iota // mostly harmless
	Warning                 // wrong under conditions that may never hold
	Error                   // a rule is broken on a path that can be taken
)

// String is the severity as reports have it.
func (s Severity) String() string { return [...]string{"low", "warning", "error"}[s] }

// Confidence says how much of a finding was inferred and not read.
type Confidence uint8

// The confidences.
const (
	Guess  Confidence = iota // something on the path was assumed
	Likely                   // the state at entry, or what a callee does, was inferred
	Sure                     // all that the finding needs stands in the function or in the contract
)

// String is the confidence as reports have it.
func (c Confidence) String() string { return [...]string{"low", "medium", "high"}[c] }

// A Step is one thing that happens on the path of a finding.
type Step struct {
	Pos      model.Pos
	Function string // in which it happens
	Text     string // as a reviewer would say it: "takes the job", "the wait for the job fails"
	Depth    int    // calls between the finding's function and this one
}

// A Note is a place that a finding concerns beside its path.
type Note struct {
	Pos  model.Pos
	Text string
}

// A Finding is one broken rule, at its root.
type Finding struct {
	Kind       model.Kind
	Severity   Severity
	Confidence Confidence
	Function   string
	Pos        model.Pos // where the rule is broken
	Message    string    // one sentence without a full stop
	Object     string    // the place in the source's words: vm, vm->lock; "" when there is none
	Path       []Step    // from what began it, an acquisition or a release, to where it is broken
	Callers    []Note    // functions that inherit the finding, and other places that need the same repair

	leaves, takes handover // it may be the one half of a hand-over, or the other

	chain *origin // of what a callee needs
	need  string  // that, in words
	less  bool    // that something is not held
	sinks bool    // it stands at the end of its chain
	some  bool    // other ways through the callee break no rule
	steps int     // of Path, before those of the chain
	cause cause   // what it is one finding with
	spot  place   // about which it is, in cause.of

	otherwise *otherwise // nil where it is the same whatever callers do
}

// A Gap is something that was not understood.
type Gap struct {
	Reason   string // one of few
	Function string
	Pos      model.Pos
	Detail   string
}

// A Result is what a check found, and what it did not look at.
type Result struct {
	Findings  []Finding // in the order of their positions
	Functions int       // looked at
	Relevant  int       // of these, reach the protocol
	States    int       // at blocks of all functions
	Gaps      []Gap     // in the order of their positions, at most [MaxGaps]
	// Counts is how often something was not understood, by reason: Gaps may not list all of it.
	Counts map[string]int
}

// MaxGaps is how many places that were not understood are listed.
const MaxGaps = 10000
