package reports

import (
	"fmt"
	"io"

	"github.com/lockproof/lockproof/model"
)

// A History is whether an order of its steps explains what was recorded, and who waited for whom.
// Times are nanoseconds, or steps, since the start of the recorded run.
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

	Calls    bool      `json:"calls_only,omitempty" jsonschema:"what clients of libvirt saw; there are no jobs"`
	Assumed  []string  `json:"assumed,omitempty" jsonschema:"what must have happened besides the calls for the history to be explained, a sentence each"`
	Domains  []string  `json:"domains,omitempty" jsonschema:"of calls of clients"`
	Notes    []string  `json:"notes,omitempty" jsonschema:"what was not looked at, a sentence each"`
	Timeline *Timeline `json:"-"` // of calls of clients; only in the run that read them
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
	Culprit *HistoryStep  `json:"unexplained,omitempty" jsonschema:"of calls of clients: the one that nothing explains"`
	Then    []string      `json:"then,omitempty" jsonschema:"what the object may have been when that call had to take effect"`
	Drawing string        `json:"drawing,omitempty" jsonschema:"porcupine's picture of it, a file beside the page"`
	AsFound bool          `json:"as_found,omitempty" jsonschema:"a limit was hit before it was cut down as far as it goes"`

	Draw func(io.Writer) error `json:"-"` // nil when it was read from a file
}

// A HistoryStep is a step of such a piece.
type HistoryStep struct {
	Client string `json:"client" jsonschema:"empty for the end of the run, which is nobody's step"`
	From   int64  `json:"from"`
	To     *int64 `json:"to,omitempty" jsonschema:"absent when it is not over at the end of the piece"`
	Text   string `json:"text"`
	Line   int    `json:"line,omitempty" jsonschema:"of the input, of calls of clients"`
}

// String is what happened, with who did it.
func (s *HistoryStep) String() string {
	if s.Client == "" {
		return s.Text
	}
	return s.Client + ": " + s.Text
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

// UnexplainedTitle says whose steps have no explanation.
func UnexplainedTitle(v *Unexplained) string {
	what := "no order explains these calls of " + v.Domain
	if v.Layer == "jobs" {
		what = "no order explains these jobs of " + v.Domain
	}
	if v.Object > 0 {
		what += fmt.Sprintf(" (object %d)", v.Object)
	}
	return what
}
