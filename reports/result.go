package reports

import "github.com/lockproof/lockproof/model"

// Version is the version of the JSON format. It changes when a field changes its meaning or goes
// away.
const Version = 1

// A Report is everything one run of the tool has found out.
type Report struct {
	Version   int             `json:"version" jsonschema:"version of this format"`
	Tool      Tool            `json:"tool"`
	Directory string          `json:"directory,omitempty" jsonschema:"in which lockproof ran, seen from the root of its repository"`
	Shard     *Shard          `json:"shard,omitempty" jsonschema:"which part of the scenarios this report answers for; absent: all"`
	Results   []Result        `json:"results" jsonschema:"one for each scenario, in the order of the suites"`
	Findings  []Finding       `json:"findings" jsonschema:"what was found in source code or in a log"`
	Lint      *Lint           `json:"lint,omitempty" jsonschema:"of a lint of source code: what was looked at, and what was not understood"`
	Diagnosis *Diagnosis      `json:"diagnosis,omitempty" jsonschema:"of a log, stacks or a trace: why the daemon hangs"`
	Diagnoses []Diagnosis     `json:"diagnoses,omitempty" jsonschema:"of further inputs that do not belong to the first"`
	Mutations []Mutation      `json:"mutations,omitempty" jsonschema:"which mistakes in helpers the scenarios would notice"`
	Coverage  []SuiteCoverage `json:"coverage,omitempty" jsonschema:"what of the C of each suite was reached"`
	Sources   []Source        `json:"sources,omitempty" jsonschema:"the lines of C that the results point to, with some around them"`
}

// A Shard is a part of the scenarios of a run: every Of-th, from the Index-th on.
type Shard struct {
	Index int `json:"index" jsonschema:"from 1"`
	Of    int `json:"of"`
}

// A Source is what a report quotes of a file.
type Source struct {
	File  string `json:"file"`
	Lines []Line `json:"lines" jsonschema:"ascending"`
}

// A Line is a line of a file.
type Line struct {
	Number int    `json:"number"`
	Text   string `json:"text"`
}

// A Tool names the program that wrote a report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// A Result is the answer for one scenario.
type Result struct {
	Suite    string   `json:"suite"`
	Title    string   `json:"title,omitempty" jsonschema:"of the suite: the question that it asks"`
	Scenario string   `json:"scenario"`
	Ref      string   `json:"ref" jsonschema:"the scenario as the command takes it"`
	Command  string   `json:"command" jsonschema:"the command line that asks again"`
	Protocol string   `json:"protocol"`
	Why      string   `json:"why,omitempty" jsonschema:"why this verdict is expected, as the suite says"`
	Threads  []string `json:"threads" jsonschema:"T1, T2, ... as calls"`

	Verdict  model.Verdict `json:"verdict"`
	Kind     model.Kind    `json:"kind" jsonschema:"the broken rule; empty when there is none or none in particular"`
	Message  string        `json:"message" jsonschema:"one sentence"`
	Details  []string      `json:"details,omitempty" jsonschema:"who holds what, and who waits for what, a sentence each"`
	Stack    string        `json:"stack,omitempty" jsonschema:"of a panic in the driver"`
	File     string        `json:"file,omitempty" jsonschema:"where the rule is broken"`
	Line     int           `json:"line,omitempty"`
	Asked    bool          `json:"asked,omitempty" jsonschema:"a command line asked, and nobody expects anything: ok passes"`
	Expected string        `json:"expected" jsonschema:"verdict, or verdict: kind"`
	Pass     bool          `json:"pass" jsonschema:"the verdict is the expected one, and no edge points up in the expected order"`
	Known    bool          `json:"known,omitempty" jsonschema:"it does not pass, but the baseline knows all that is wrong with it"`

	States      int64       `json:"states" jsonschema:"reachable states that were visited"`
	Transitions int64       `json:"transitions"`
	Depth       int         `json:"depth" jsonschema:"the longest of the shortest paths from the start"`
	Complete    bool        `json:"complete" jsonschema:"every reachable state was visited"`
	Limit       model.Limit `json:"limit" jsonschema:"why the search stopped early; empty when it did not"`
	Reductions  []string    `json:"reductions"`
	AtLeast     int64       `json:"at_least,omitempty" jsonschema:"so many states are reachable at least, where fewer were visited and that is known"`
	Omission    float64     `json:"omission,omitempty" jsonschema:"with fingerprints: at most this probable that a state was left out"`
	ElapsedMS   int64       `json:"elapsed_ms"`

	Replayed       bool            `json:"replayed,omitempty" jsonschema:"the answer for one given schedule, not for all"`
	Counterexample *Counterexample `json:"counterexample,omitempty"`
	Race           *Race           `json:"race,omitempty" jsonschema:"a data race, where one is no violation but a warning"`
	Loop           *Loop           `json:"loop,omitempty" jsonschema:"of starvation: the steps of the counterexample that may go on for ever"`
	Closed         *Closed         `json:"closed,omitempty" jsonschema:"of a partial deadlock: the states that its end leads to, which nothing leads out of"`
	Also           []Other         `json:"also,omitempty" jsonschema:"further broken rules, each with another shortest counterexample"`

	Schedules   *Schedules   `json:"schedules,omitempty" jsonschema:"of runs under the controlled scheduler"`
	Conformance *Conformance `json:"conformance,omitempty" jsonschema:"of the comparison of the driver with the model"`
	Load        *Load        `json:"load,omitempty" jsonschema:"of a load on the driver"`
	History     *History     `json:"history,omitempty" jsonschema:"of a recorded history"`

	Liveness *Liveness `json:"liveness,omitempty" jsonschema:"what was asked about those who could be passed over for ever"`

	Assumes string  `json:"assumes,omitempty" jsonschema:"of a pass: what it takes for granted of the scheduler"`
	Notes   []Place `json:"notes,omitempty" jsonschema:"what the scenario leaves out that the C can do"`

	Order       []string   `json:"order,omitempty" jsonschema:"the hierarchy that the suite expects: classes of locks, outermost first"`
	OrderBroken []Place    `json:"order_broken,omitempty" jsonschema:"where threads ask for a lock against that order"`
	LockOrder   *LockOrder `json:"lock_order,omitempty"`

	Coverage *Coverage `json:"coverage,omitempty" jsonschema:"what of the C the search reached"`
}

// A Counterexample is a shortest interleaving that breaks the rule.
type Counterexample struct {
	Start  []Value `json:"start" jsonschema:"locks and jobs with their owners, variables, waiter sets, before the first step"`
	Steps  []Step  `json:"steps"`
	End    []End   `json:"end" jsonschema:"each thread after the last step"`
	Replay string  `json:"replay" jsonschema:"the schedule, for --replay of the command"`
}

// A Race is two threads that access one variable side by side, one of them to change it, with
// nothing that orders the two.
type Race struct {
	Message        string          `json:"message"`
	File           string          `json:"file"`
	Line           int             `json:"line"`
	Counterexample *Counterexample `json:"counterexample" jsonschema:"a shortest interleaving that ends with both accesses side by side"`
}

// A Closed set of states is the evidence of a partial deadlock: nothing leads out of it, and in
// none of its states can the stuck threads finish. Where only luck could help them, it is what
// those steps lead to that must come sooner or later.
type Closed struct {
	States int          `json:"states" jsonschema:"how many, without reductions"`
	Luck   bool         `json:"luck,omitempty" jsonschema:"only a step that may never come leads out: a spurious wake-up, or a wait that fails without a deadline"`
	Waits  []ClosedWait `json:"waits" jsonschema:"what the stuck threads wait for there"`
}

// A ClosedWait says in how many states of a closed set a thread waits for something.
type ClosedWait struct {
	Thread int    `json:"thread" jsonschema:"from 1"`
	For    string `json:"for" jsonschema:"a lock, or the condition on which it sleeps"`
	Asleep bool   `json:"asleep" jsonschema:"it sleeps on a condition"`
	States int    `json:"states"`
}

// A Loop is the part of a counterexample that leads back to where it begins, and may be repeated
// for ever.
type Loop struct {
	First  int `json:"first" jsonschema:"its first step, from 1; the last step of the counterexample is its last"`
	Victim int `json:"victim" jsonschema:"the thread that completes nothing in it, from 1; 0: nobody completes anything"`
}

// A Liveness is a question about those who could be passed over for ever.
type Liveness struct {
	Fairness model.Fairness `json:"fairness" jsonschema:"what the scheduler promises to each thread"`
	Property model.Liveness `json:"property" jsonschema:"what must happen in every fair run"`
	States   int64          `json:"states" jsonschema:"how many were looked at, without reductions"`
	Bypasses []Bypass       `json:"bypasses" jsonschema:"how often those who wait for a job are overtaken at most; one of equal threads stands for all"`
}

// A Bypass says how often a waiter is overtaken.
type Bypass struct {
	Thread int    `json:"thread" jsonschema:"from 1"`
	Job    string `json:"job"`
	Bound  *int   `json:"bound,omitempty" jsonschema:"how often others take the job while the thread waits for it, at most; absent: there is no such number"`
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
	Locals    map[string]string `json:"locals,omitempty" jsonschema:"live local variables of the thread after the step"`
	Waits     []Wait            `json:"waits" jsonschema:"threads that cannot go on after the step"`
	Failed    string            `json:"failed,omitempty" jsonschema:"the check that this step breaks"`
	Read      []Value           `json:"read,omitempty" jsonschema:"what the condition of that check looked at, as far as it is known"`
}

// A Value is a lock or job (free, T1, T2, ...), a variable, or the waiter set of a condition ({T1
// T2}).
type Value struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A Wait is a thread that cannot go on.
type Wait struct {
	Thread int    `json:"thread" jsonschema:"from 1"`
	For    string `json:"for" jsonschema:"a lock, or the condition on which it sleeps"`
	Holder int    `json:"holder" jsonschema:"the thread that has the lock, or the job for which a sleeper waits; 0: nobody"`
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
	Calls    []Place  `json:"calls,omitempty" jsonschema:"the call stack, the thread's own function first"`
	Next     string   `json:"next" jsonschema:"the operation that it would take next; empty when it is finished"`
	Held     []string `json:"held"`
	WaitsFor string   `json:"waits_for" jsonschema:"the lock, job or condition without which it cannot go on"`
	Asleep   bool     `json:"asleep" jsonschema:"it sleeps on a condition"`
	Involved bool     `json:"involved" jsonschema:"it takes part in what is wrong"`
}

// NotInChild is what a thread does next that the child of a fork does not have.
const NotInChild = "not in the child"

// An Other is a further broken rule of the same scenario.
type Other struct {
	Verdict model.Verdict `json:"verdict"`
	Kind    model.Kind    `json:"kind"`
	Message string        `json:"message"`
	Steps   int           `json:"steps" jsonschema:"length of its shortest counterexample"`
}

// A Finding is a broken rule in source code or in a log.
type Finding struct {
	Rule       model.Kind `json:"rule"`
	Severity   string     `json:"severity" jsonschema:"error, warning or note"`
	Confidence string     `json:"confidence,omitempty" jsonschema:"of a lint: high, medium or low; how little of it was inferred"`
	Function   string     `json:"function"`
	File       string     `json:"file"`
	Line       int        `json:"line"`
	Column     int        `json:"column,omitempty" jsonschema:"from 1, in bytes"`
	Message    string     `json:"message"`
	Known      bool       `json:"known,omitempty" jsonschema:"the baseline lists it"`
	Reason     string     `json:"reason,omitempty" jsonschema:"why a comment in the source takes it back"`
	Related    []Place    `json:"related" jsonschema:"what else to look at: where it began, who else is in it"`
	Path       []Place    `json:"path" jsonschema:"the way through the code"`
}

// A Place is a line of source code, in a function, with a remark.
type Place struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column,omitempty" jsonschema:"from 1, in bytes"`
	Message  string `json:"message,omitempty"`
	Depth    int    `json:"depth,omitempty" jsonschema:"of a step on a way through the code: how many calls lie between"`
	Wrapper  bool   `json:"wrapper,omitempty" jsonschema:"of a call: its function only does, under another name, what it calls"`
	Shipped  bool   `json:"shipped,omitempty" jsonschema:"of a call: the file comes with lockproof"`
}

// NewReport is a report without contents.
func NewReport(toolVersion string) *Report {
	return &Report{Version: Version, Tool: Tool{"lockproof", toolVersion}, Results: []Result{}, Findings: []Finding{}}
}
