package reports

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// A Diagnosis is what a log, stacks or a trace say about a daemon that hangs.
type Diagnosis struct {
	Inputs     []string     `json:"inputs" jsonschema:"that were read together, in that order"`
	Format     string       `json:"format" jsonschema:"what the input is: libvirtd-log, journal, client, backtrace, ..."`
	Cause      string       `json:"cause" jsonschema:"one word"`
	Meaning    string       `json:"meaning" jsonschema:"what that word means"`
	Sure       string       `json:"sure" jsonschema:"of the cause: stated by lines of the input, likely, or possible"`
	Fault      bool         `json:"fault" jsonschema:"something is wrong; false where all that waits is normal, or no fault can be named"`
	Why        []Claim      `json:"why" jsonschema:"the reasons for the cause"`
	Domains    []string     `json:"domains" jsonschema:"by name; in stacks the pointer is the name"`
	Holders    []Holder     `json:"holders" jsonschema:"who holds a job or a lock at the end, or held one while somebody waited"`
	Waiters    []Waiter     `json:"waiters" jsonschema:"who waits at the end, or waited in vain"`
	Rules      []model.Kind `json:"rules" jsonschema:"that were broken"`
	CannotTell []string     `json:"cannot_tell" jsonschema:"what the input cannot tell, a word each"`
	Next       []string     `json:"next" jsonschema:"what to do or to run now"`
	Notes      []Claim      `json:"notes,omitempty"`
	Findings   int          `json:"findings" jsonschema:"how many of the report's findings are of this diagnosis: they follow one another"`
	Counts     []Reading    `json:"counts,omitempty" jsonschema:"how often something was read"`

	Timeline *Timeline `json:"-"` // who had what when; only in the run that read the input

	MoreHolders  int `json:"more_holders,omitempty" jsonschema:"that are not listed"`
	MoreWaiters  int `json:"more_waiters,omitempty" jsonschema:"that are not listed"`
	MoreFindings int `json:"more_findings,omitempty" jsonschema:"that are not listed"`
}

// AddDiagnosis adds a diagnosis. The first one is the one that matters most.
func (r *Report) AddDiagnosis(d *Diagnosis) {
	if r.Diagnosis == nil {
		r.Diagnosis = d
		return
	}
	r.Diagnoses = append(r.Diagnoses, *d)
}

// Diagnosed is every diagnosis of a report.
func (r *Report) Diagnosed() []*Diagnosis {
	var all []*Diagnosis
	if r.Diagnosis != nil {
		all = append(all, r.Diagnosis)
	}
	for i := range r.Diagnoses {
		all = append(all, &r.Diagnoses[i])
	}
	return all
}

// A Claim is a sentence with the lines of the input that it rests on.
type Claim struct {
	Text     string    `json:"text"`
	Inferred bool      `json:"inferred,omitempty" jsonschema:"the lines do not state it: it was concluded from them"`
	Lines    []InputAt `json:"lines,omitempty"`
}

// An InputAt is a line of an input.
type InputAt struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// A Holder holds, or held, one job or one lock. What cannot be told is left out.
type Holder struct {
	Domain   string    `json:"domain,omitempty"`
	Job      string    `json:"job,omitempty" jsonschema:"as libvirt prints it: query, modify, async nested, ..."`
	Async    string    `json:"async,omitempty" jsonschema:"migration in, snapshot, ...; of a nested job, what it is nested in"`
	Agent    string    `json:"agent,omitempty"`
	Lock     string    `json:"lock,omitempty" jsonschema:"the class: driver, list, domain, monitor or agent"`
	Thread   int64     `json:"thread,omitempty" jsonschema:"the thread's own number"`
	API      string    `json:"api,omitempty"`
	Since    *Moment   `json:"since,omitempty"`
	Until    *Moment   `json:"until,omitempty"`
	Monitor  string    `json:"monitor,omitempty" jsonschema:"entered, or not entered"`
	Lines    []InputAt `json:"lines,omitempty"`
	Inferred []string  `json:"inferred,omitempty" jsonschema:"which of these fields no line states"`
}

// A Waiter waits at the end of the input, or waited in vain.
type Waiter struct {
	Thread   int64     `json:"thread,omitempty"`
	API      string    `json:"api,omitempty"`
	Domain   string    `json:"domain,omitempty"`
	Wants    string    `json:"wants,omitempty" jsonschema:"the job that it asked for"`
	Since    *Moment   `json:"since,omitempty"`
	TimedOut bool      `json:"timed_out" jsonschema:"it gave up after the fixed 30 s"`
	Refused  bool      `json:"refused,omitempty" jsonschema:"at once"`
	For      string    `json:"for,omitempty" jsonschema:"job, async, agent, agent+job, lock:CLASS, reply:qemu or reply:daemon"`
	Behind   int       `json:"behind,omitempty" jsonschema:"for which holder, from 1 in the order of the list"`
	Lines    []InputAt `json:"lines,omitempty"`
	Inferred []string  `json:"inferred,omitempty" jsonschema:"which of these fields no line states"`
}

// A Reading is how often something was read.
type Reading struct {
	What string `json:"what"`
	N    int64  `json:"n"`
}

// A Timeline is who had what when, and who waited.
type Timeline struct {
	Dated bool  // times are dates; else they are seconds of some clock
	Bars  []Bar // in the order of their beginnings
	Least int64 // nanoseconds: shorter ones were left out, where there were too many
	Left  int   // so many
}

// A Bar is something of a domain that went on for a while. Its times are nanoseconds since 1970 on
// the clock that the input shows, or since the 0 of its own.
type Bar struct {
	Domain   string
	Lane     int // 0 job, 1 async job, 2 agent job, 3 monitor, 4 waits, 5 calls of clients
	From, To int64
	Open     bool // it had not ended at the end of the input
	GaveUp   bool
	What     string
	Thread   int64
	API      string
	At, End  InputAt
}

// A Moment is a date and time as text, as much of it as the input gives, or seconds on the input's
// own clock.
type Moment struct {
	Stamp   string
	Seconds float64 // where Stamp is empty
}

// MarshalJSON writes a text or a number.
func (m Moment) MarshalJSON() ([]byte, error) {
	if m.Stamp != "" {
		return json.Marshal(m.Stamp)
	}
	return json.Marshal(m.Seconds)
}

// UnmarshalJSON reads a text or a number.
func (m *Moment) UnmarshalJSON(text []byte) error {
	*m = Moment{}
	if len(text) > 0 && text[0] == '"' {
		if err := json.Unmarshal(text, &m.Stamp); err != nil {
			return err
		}
		if m.Stamp == "" {
			return errors.New("an empty stamp")
		}
		return nil
	}
	return json.Unmarshal(text, &m.Seconds)
}

// String is the stamp as people read it.
func (m Moment) String() string {
	if m.Stamp == "" {
		return fmt.Sprintf("%g s", m.Seconds)
	}
	return strings.Replace(strings.TrimPrefix(m.Stamp, "--"), "T", " ", 1)
}

// String says what is held.
func (h *Holder) String() string {
	var held string
	switch {
	case h.Lock != "":
		return "the " + h.Lock + " lock"
	case h.Job != "" && h.Async != "":
		held = h.Job + " job in the async job " + h.Async
	case h.Job != "":
		held = h.Job + " job"
	case h.Async != "":
		held = "async job " + h.Async
	case h.Agent != "":
		return "agent job " + h.Agent
	default:
		return "a job"
	}
	if h.Agent != "" {
		held += ", agent job " + h.Agent
	}
	return held
}

// Sentence is all that is known of a holder.
func (h *Holder) Sentence() string {
	var parts []string
	if h.Domain != "" {
		parts = append(parts, h.Domain)
	}
	parts = append(parts, h.String())
	text := strings.Join(parts, ": ")
	if h.Thread != 0 {
		text += fmt.Sprintf(", thread %d", h.Thread)
	}
	if h.API != "" {
		text += ", " + h.API
	}
	if h.Since != nil {
		text += ", since " + h.Since.String()
	}
	if h.Until != nil {
		text += ", until " + h.Until.String()
	}
	if h.Monitor != "" {
		text += ", monitor " + h.Monitor
	}
	if len(h.Inferred) > 0 {
		text += " (inferred: " + strings.Join(h.Inferred, ", ") + ")"
	}
	return text
}

// Sentence is all that is known of a waiter.
func (w *Waiter) Sentence() string {
	var parts []string
	add := func(yes bool, format string, args ...any) {
		if yes {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	add(w.Thread != 0, "thread %d", w.Thread)
	add(w.API != "", "%s", w.API)
	add(w.Domain != "" && w.Behind == 0, "%s", w.Domain)
	add(w.Wants != "", "wants %s", w.Wants)
	add(w.For != "", "for %s", w.For)
	if w.Since != nil {
		add(true, "since %s", w.Since)
	}
	add(w.TimedOut, "gave up after 30 s")
	add(w.Refused, "refused")
	if len(parts) == 0 {
		return "somebody"
	}
	return strings.Join(parts, ", ")
}
