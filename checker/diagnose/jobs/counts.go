package jobs

import "github.com/lockproof/lockproof/checker/diagnose"

// What is counted, in the order in which it is shown.
const (
	asked = iota
	granted
	stopped
	grantedAsync
	stoppedAsync
	grantedAgent
	stoppedAgent
	waitedJob
	waitedAsync
	entered
	left
	leftNone
	enteredNone
	enteredAgent
	leftAgent
	cannot
	noOutcome
	aborted
	callsBegun
	callsEnded
	eofs
	nullObjects
	inversions
	pointers
	started
	counted
)

var countNames = [counted]string{
	asked: "Starting job", granted: "Started job", stopped: "Stopping job",
	grantedAsync: "Started async job", stoppedAsync: "Stopping async job",
	grantedAgent: "Started agent job", stoppedAgent: "Stopping agent job",
	waitedJob: "Waiting for job", waitedAsync: "Waiting for async job",
	entered: "Entering monitor", left: "Exited monitor", leftNone: "Exited monitor with mon=(nil)",
	enteredNone:  "Entering monitor with mon=(nil)",
	enteredAgent: "Entering agent", leftAgent: "Exited agent",
	cannot: "Cannot start job", noOutcome: "Starting without outcome",
	aborted: "Requesting abort of async job", callsBegun: "API begin (thread job)",
	callsEnded: "API end (thread job)", eofs: "Received EOF", nullObjects: "warning virObjectGetLockableObj",
	inversions: "ts inversions", pointers: "vm pointers", started: "starts of the daemon",
}

var countOf = map[Kind]int{
	Ask: asked, Grant: granted, End: stopped, GrantAsync: grantedAsync,
	EndAsync: stoppedAsync, GrantAgent: grantedAgent, EndAgent: stoppedAgent,
	WaitJob: waitedJob, WaitAsync: waitedAsync, Enter: entered, Exit: left,
	EnterAgent: enteredAgent, ExitAgent: leftAgent, Refused: cannot,
	AbortAsync: aborted, CallBegins: callsBegun, CallEnds: callsEnded, EOF: eofs, NullObject: nullObjects, Start: started,
}

var counter = func() (c [ClientError + 1]int8) {
	for i := range c {
		c[i] = -1
	}
	for k, n := range countOf {
		c[k] = int8(n)
	}
	return c
}()

func (r *Replay) count(e *Event) {
	if n := counter[e.Kind]; n >= 0 {
		r.counts[n]++
	}
	if e.HasMon && e.Mon == 0 {
		switch e.Kind {
		case Exit:
			r.counts[leftNone]++
		case Enter:
			r.counts[enteredNone]++
		}
	}
}

// Inverted notes a stamp that lies before one that came earlier.
func (r *Replay) Inverted() { r.counts[inversions]++ }

func (r *Replay) counted() []diagnose.Count {
	var out []diagnose.Count
	for i, n := range r.counts {
		if n > 0 || r.jobs {
			out = append(out, diagnose.Count{What: countNames[i], N: n})
		}
	}
	return out
}
