package reports

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/model"
)

// A History is whether an order of its steps explains what was recorded, and who waited for whom. Times are nanoseconds, or steps, since the start
// of the recorded run.
type History struct {
	API        HistoryLayer  `json:"api" jsonschema:"calls, by domain"`
	Jobs       HistoryLayer  `json:"jobs" jsonschema:"jobs, by domain object"`
	Operations int           `json:"operations" jsonschema:"calls in all; a layer that is illegal was not checked further"`
	JobCount   int           `json:"job_count"`
	Refused    int           `json:"jobs_refused"`
	Took       int64         `json:"took_ns" jsonschema:"for checking"`
	Violations []Unexplained `json:"violations" jsonschema:"pieces of the history that no order explains, the shortest of their kind"`
	Breaches   []Breach      `json:"breaches" jsonschema:"jobs and calls that do not fit together"`
	Waits      []JobWait     `json:"waits" jsonschema:"the longest waits for a job"`

	MoreViolations int         `json:"more_violations,omitempty" jsonschema:"that are not listed"`
	MoreBreaches   int         `json:"more_breaches,omitempty" jsonschema:"that are not listed"`
	Stopped        model.Limit `json:"stopped,omitempty" jsonschema:"why the history was not checked to its end"`
}

// A HistoryLayer is the outcome for calls, or for jobs.
type HistoryLayer struct {
	Verdict    string `json:"verdict" jsonschema:"ok, illegal or unknown"`
	Limit      string `json:"limit,omitempty" jsonschema:"why it is unknown"`
	Objects    int    `json:"objects"`
	Steps      int    `json:"steps"`
	Windows    int    `json:"windows" jsonschema:"in which the history was checked"`
	Situations int    `json:"most_situations" jsonschema:"at one cut between windows"`
}

// An Unexplained is a piece of a history that no order of its steps explains.
type Unexplained struct {
	Layer   string        `json:"layer" jsonschema:"api or jobs"`
	Domain  string        `json:"domain"`
	Object  int           `json:"object,omitempty" jsonschema:"which object of that name, of jobs"`
	Before  []string      `json:"before" jsonschema:"what the object may have been before the piece"`
	Steps   []HistoryStep `json:"steps" jsonschema:"in the order of their beginnings"`
	Drawing string        `json:"drawing,omitempty" jsonschema:"porcupine's picture of it, a file beside the page"`
	AsFound bool          `json:"as_found,omitempty" jsonschema:"a limit was hit before it was cut down as far as it goes"`

	draw func(io.Writer) error // nil when it was read from a file
}

// A HistoryStep is a step of such a piece.
type HistoryStep struct {
	Client string `json:"client"`
	From   int64  `json:"from"`
	To     *int64 `json:"to,omitempty" jsonschema:"absent when it is not over at the end of the piece"`
	Text   string `json:"text"`
}

// A Breach is a job that lies in no call, or a call without the job that it needs.
type Breach struct {
	Client string `json:"client"`
	At     int64  `json:"at"`
	Text   string `json:"text"`
}

// A JobWait is a job that was waited for.
type JobWait struct {
	Client   string      `json:"client"`
	Job      string      `json:"job"`
	Domain   string      `json:"domain"`
	Asked    int64       `json:"asked"`
	For      int64       `json:"for_ns"`
	Refused  bool        `json:"refused,omitempty"`
	Waiting  bool        `json:"waiting,omitempty" jsonschema:"it was not had when the record ends"`
	Blockers []JobHolder `json:"blockers" jsonschema:"who had the job meanwhile"`
}

// A JobHolder had a job for a part of a wait.
type JobHolder struct {
	Client string `json:"client"`
	Job    string `json:"job"`
	For    int64  `json:"for_ns"`
}

// NewHistory reports what a file of the given name holds; complete says whether the recorded run came to its own end.
func NewHistory(file string, h linear.Header, complete bool, c *linear.Report) Result {
	out := Result{
		Suite: "history", Scenario: plainly(filepath.Base(file)), Ref: file, Command: "lockproof history " + shellWord(file), Threads: []string{},
		Expected: string(model.OK), Reductions: []string{}, Complete: complete, ElapsedMS: c.Took.Milliseconds(), History: newHistory(c),
	}
	if h.Replay != "" {
		out.Details = append(out.Details, "recorded by: "+h.Replay)
	}
	judged(&out, c)
	if out.Verdict == model.OK && !complete {
		out.Verdict, out.Limit, out.Pass = model.Unknown, model.InterruptLimit, false
		out.Message = "the recorded run did not come to its own end; an order of the steps explains what there is"
	}
	return out
}

func newHistory(c *linear.Report) *History {
	h := &History{
		API: historyLayer(&c.API), Jobs: historyLayer(&c.Jobs), Operations: c.Operations, JobCount: c.JobCount, Refused: c.Refused, Took: int64(c.Took),
		Violations: []Unexplained{}, Breaches: []Breach{}, Waits: []JobWait{},
		MoreViolations: c.API.More + c.Jobs.More, MoreBreaches: c.MoreBreaches, Stopped: c.Stopped,
	}
	for _, v := range c.Violations() {
		x := Unexplained{Layer: v.Layer, Domain: v.Domain, Object: v.Object, Before: list(v.Before), Steps: []HistoryStep{}, AsFound: v.AsFound, draw: v.Draw}
		for _, s := range v.Steps {
			step := HistoryStep{Client: s.Client, From: s.From, Text: s.Text}
			if s.To != linear.Never {
				step.To = &s.To
			}
			x.Steps = append(x.Steps, step)
		}
		h.Violations = append(h.Violations, x)
	}
	for _, x := range c.Breaches {
		h.Breaches = append(h.Breaches, Breach(x))
	}
	for _, w := range c.Waits {
		x := JobWait{
			Client: w.Job.Client, Job: w.Job.Type.String(), Domain: w.Job.Domain, Asked: w.Job.Asked, For: int64(w.For), Refused: w.Job.Refused,
			Waiting: !w.Job.Refused && w.Job.Begun == linear.Never, Blockers: []JobHolder{},
		}
		for _, b := range w.Blockers {
			x.Blockers = append(x.Blockers, JobHolder{b.Client, b.Type.String(), int64(b.For)})
		}
		h.Waits = append(h.Waits, x)
	}
	return h
}

func historyLayer(y *linear.Layer) HistoryLayer {
	return HistoryLayer{y.Verdict.String(), y.Limit, y.Objects, y.Steps, y.Windows, y.Widest}
}

// illegal says in one sentence what is illegal.
func illegal(h *History) string {
	if len(h.Violations) == 0 {
		return h.Breaches[0].Client + ": " + h.Breaches[0].Text
	}
	v := &h.Violations[0]
	return fmt.Sprintf("%s: %s", unexplainedTitle(v), v.Steps[len(v.Steps)-1].Client+": "+v.Steps[len(v.Steps)-1].Text)
}

// undecided says why it could not be told.
func undecided(h *History) string {
	switch {
	case h.API.Limit != "":
		return "porcupine could not tell: " + h.API.Limit
	case h.Jobs.Limit != "":
		return "porcupine could not tell: " + h.Jobs.Limit
	}
	return fmt.Sprintf("the check was stopped (%s) after %d calls and %d jobs; an order of the steps explains those", h.Stopped, h.Operations, h.JobCount)
}

// unexplainedTitle says whose steps have no explanation.
func unexplainedTitle(v *Unexplained) string {
	what := "no order explains these calls of " + v.Domain
	if v.Layer == "jobs" {
		what = "no order explains these jobs of " + v.Domain
	}
	if v.Object > 0 {
		what += fmt.Sprintf(" (object %d)", v.Object)
	}
	return what
}
