package stress

import (
	"encoding/json"
	"io"
	"time"

	"github.com/lockproof/lockproof/checker/linear"
)

// WriteJSON writes a result as one object; tool is the version of the program. Durations are in nanoseconds, as names that
// end in _ns say.
func WriteJSON(w io.Writer, tool string, r *Result) error {
	return encode(w, struct {
		Version int    `json:"version"`
		Tool    string `json:"tool"`
		Verdict string `json:"verdict"`
		*Result
		Linearizability checkJSON `json:"linearizability"`
	}{1, tool, r.Verdict().String(), r, checkOf(r.Check)})
}

// WriteCheckJSON writes the outcome of a check as one object.
func WriteCheckJSON(w io.Writer, tool string, r *linear.Report) error {
	return encode(w, struct {
		Version         int       `json:"version"`
		Tool            string    `json:"tool"`
		Verdict         string    `json:"verdict"`
		Linearizability checkJSON `json:"linearizability"`
	}{1, tool, r.Verdict().String(), checkOf(r)})
}

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

type checkJSON struct {
	API        layerJSON       `json:"api"`
	Jobs       layerJSON       `json:"jobs"`
	JobCount   int             `json:"job_count"`
	Refused    int             `json:"jobs_refused"`
	Took       time.Duration   `json:"took_ns"`
	Violations []violationJSON `json:"violations,omitempty"`
	Breaches   []breachJSON    `json:"breaches,omitempty"`
	Waits      []waitJSON      `json:"waits,omitempty"`
}

type layerJSON struct {
	Verdict    string `json:"verdict"`
	Limit      string `json:"limit,omitempty"`
	Objects    int    `json:"objects"`
	Steps      int    `json:"steps"`
	Windows    int    `json:"windows"`
	Situations int    `json:"most_situations"`
}

type violationJSON struct {
	Layer  string     `json:"layer"`
	Domain string     `json:"domain"`
	Object int        `json:"object,omitempty"`
	Before []string   `json:"before"`
	Steps  []stepJSON `json:"steps"`
}

type stepJSON struct {
	Client string `json:"client"`
	From   int64  `json:"from"`
	To     *int64 `json:"to,omitempty"`
	Text   string `json:"text"`
}

// breachJSON has the fields of [linear.Breach].
type breachJSON struct {
	Client string `json:"client"`
	At     int64  `json:"at"`
	Text   string `json:"text"`
}

type waitJSON struct {
	Client   string        `json:"client"`
	Job      string        `json:"job"`
	Domain   string        `json:"domain"`
	Asked    int64         `json:"asked"`
	For      time.Duration `json:"for_ns"`
	Refused  bool          `json:"refused,omitempty"`
	Blockers []blockerJSON `json:"blockers"`
}

type blockerJSON struct {
	Client string        `json:"client"`
	Job    string        `json:"job"`
	For    time.Duration `json:"for_ns"`
}

func checkOf(r *linear.Report) checkJSON {
	c := checkJSON{API: layerOf(r.API), Jobs: layerOf(r.Jobs), JobCount: r.JobCount, Refused: r.Refused, Took: r.Took}
	for _, v := range r.Violations() {
		x := violationJSON{Layer: v.Layer, Domain: v.Domain, Object: v.Object, Before: v.Before}
		for _, s := range v.Steps {
			step := stepJSON{Client: s.Client, From: s.From, Text: s.Text}
			if s.To != linear.Never {
				step.To = &s.To
			}
			x.Steps = append(x.Steps, step)
		}
		c.Violations = append(c.Violations, x)
	}
	for _, x := range r.Breaches {
		c.Breaches = append(c.Breaches, breachJSON(x))
	}
	for _, w := range r.Waits {
		x := waitJSON{w.Job.Client, w.Job.Type.String(), w.Job.Domain, w.Job.Asked, w.For, w.Job.Refused, nil}
		for _, b := range w.Blockers {
			x.Blockers = append(x.Blockers, blockerJSON{b.Client, b.Type.String(), b.For})
		}
		c.Waits = append(c.Waits, x)
	}
	return c
}

func layerOf(y linear.Layer) layerJSON {
	return layerJSON{y.Verdict.String(), y.Limit, y.Objects, y.Steps, y.Windows, y.Widest}
}
