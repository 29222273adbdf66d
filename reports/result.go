package reports

import (
	"github.com/lockproof/lockproof/checker/explore"
	"github.com/lockproof/lockproof/model"
)

// Version is the version of the JSON format. It changes when a field changes its meaning or goes away.
const Version = 1

// A Report is everything one run of the tool has found out.
type Report struct {
	Version  int       `json:"version" jsonschema:"version of this format"`
	Tool     Tool      `json:"tool"`
	Results  []Result  `json:"results" jsonschema:"one for each scenario, in the order of the suites"`
	Findings []Finding `json:"findings" jsonschema:"what was found in source code or in a log"`
}

// A Tool names the program that wrote a report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// A Result is the answer for one scenario.
type Result struct {
	Suite    string   `json:"suite"`
	Scenario string   `json:"scenario"`
	Ref      string   `json:"ref" jsonschema:"the scenario as lockproof check takes it"`
	Protocol string   `json:"protocol"`
	Why      string   `json:"why,omitempty" jsonschema:"why this verdict is expected, as the suite says"`
	Threads  []string `json:"threads" jsonschema:"T1, T2, ... as calls"`

	Verdict  model.Verdict `json:"verdict"`
	Kind     model.Kind    `json:"kind" jsonschema:"the broken rule; empty when there is none or none in particular"`
	Message  string        `json:"message" jsonschema:"one sentence"`
	File     string        `json:"file,omitempty" jsonschema:"where the rule is broken"`
	Line     int           `json:"line,omitempty"`
	Expected string        `json:"expected" jsonschema:"verdict, or verdict: kind"`
	Pass     bool          `json:"pass" jsonschema:"the verdict is the expected one"`

	States      int64         `json:"states" jsonschema:"reachable states that were visited"`
	Transitions int64         `json:"transitions"`
	Depth       int           `json:"depth" jsonschema:"the longest of the shortest paths from the start"`
	Complete    bool          `json:"complete" jsonschema:"every reachable state was visited"`
	Limit       explore.Limit `json:"limit" jsonschema:"why the search stopped early; empty when it did not"`
	Reductions  []string      `json:"reductions"`
	ElapsedMS   int64         `json:"elapsed_ms"`

	Replayed       bool            `json:"replayed,omitempty" jsonschema:"the answer for one given schedule, not for all"`
	Counterexample *Counterexample `json:"counterexample,omitempty"`
	Also           []Other         `json:"also,omitempty" jsonschema:"further broken rules, each with another shortest counterexample"`
}

// A Counterexample is a shortest interleaving that breaks the rule.
type Counterexample struct {
	Steps  []Step `json:"steps"`
	End    []End  `json:"end" jsonschema:"each thread after the last step"`
	Replay string `json:"replay" jsonschema:"the schedule, for lockproof check --replay"`
}

// A Step is one access of one thread to shared state.
type Step struct {
	Thread    int               `json:"thread" jsonschema:"from 1"`
	Function  string            `json:"function"`
	Op        string            `json:"op" jsonschema:"the kind of step: lock, unlock, wait, ..."`
	Operation string            `json:"operation" jsonschema:"the C text"`
	Action    string            `json:"action" jsonschema:"what it does, in a few words"`
	Object    string            `json:"object"`
	File      string            `json:"file"`
	Line      int               `json:"line"`
	Calls     []Place           `json:"calls" jsonschema:"the call stack, the thread's own function first"`
	Changes   map[string]Change `json:"changes" jsonschema:"by variable, lock, job or condition"`
	Held      []string          `json:"held" jsonschema:"locks and jobs that the thread holds after the step"`
	Failed    string            `json:"failed,omitempty" jsonschema:"the check that this step breaks"`
}

// A Change is a value before and after a step.
type Change struct {
	Before string `json:"before"`
	After  string `json:"after"`
}

// An End is a thread after the last step.
type End struct {
	Thread   int      `json:"thread" jsonschema:"from 1"`
	Function string   `json:"function"`
	File     string   `json:"file"`
	Line     int      `json:"line"`
	Next     string   `json:"next" jsonschema:"the operation that it would take next; empty when it is finished"`
	Held     []string `json:"held"`
	WaitsFor string   `json:"waits_for" jsonschema:"the lock, job or condition without which it cannot go on"`
	Asleep   bool     `json:"asleep" jsonschema:"it sleeps on a condition"`
	Involved bool     `json:"involved" jsonschema:"it takes part in what is wrong"`
}

// An Other is a further broken rule of the same scenario.
type Other struct {
	Verdict model.Verdict `json:"verdict"`
	Kind    model.Kind    `json:"kind"`
	Message string        `json:"message"`
	Steps   int           `json:"steps" jsonschema:"length of its shortest counterexample"`
}

// A Finding is a broken rule in source code or in a log.
type Finding struct {
	Rule     model.Kind `json:"rule"`
	Severity string     `json:"severity" jsonschema:"error, warning or note"`
	Function string     `json:"function"`
	File     string     `json:"file"`
	Line     int        `json:"line"`
	Message  string     `json:"message"`
	Related  []Place    `json:"related" jsonschema:"what else to look at: where it began, who else is in it"`
	Path     []Place    `json:"path" jsonschema:"the way through the code"`
}

// A Place is a line of source code, in a function, with a remark.
type Place struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Message  string `json:"message,omitempty"`
}

// NewReport is a report without contents.
func NewReport(toolVersion string) *Report {
	return &Report{Version: Version, Tool: Tool{"lockproof", toolVersion}, Results: []Result{}, Findings: []Finding{}}
}
