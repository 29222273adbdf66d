package linear

import (
	"io"
	"time"
)

// A Report is the outcome of a check.
type Report struct {
	API, Jobs Layer
	// Breaches are jobs and calls that do not fit together.
	Breaches []Breach
	// Operations and JobCount are how many calls and jobs the run had; Refused of the jobs never began.
	Operations, JobCount, Refused int
	// Waits are the longest waits for a job, the longest first.
	Waits []Wait
	// Took is how long it took to check.
	Took time.Duration
}

// Verdict is the worst of the layers' verdicts; a breach is as bad as a history that nothing explains.
func (r *Report) Verdict() Verdict {
	if len(r.Breaches) > 0 {
		return Illegal
	}
	for _, v := range []Verdict{Illegal, Unknown} {
		if r.API.Verdict == v || r.Jobs.Verdict == v {
			return v
		}
	}
	return OK
}

// Violations are those of both layers.
func (r *Report) Violations() []*Violation {
	return append(append([]*Violation(nil), r.Jobs.Violations...), r.API.Violations...)
}

// A Layer is the outcome for API calls, or for jobs.
type Layer struct {
	Verdict    Verdict
	Limit      string // why Verdict is Unknown
	Objects    int    // domains, or domain objects
	Steps      int
	Windows    int
	Widest     int // most situations at a cut
	Violations []*Violation
}

// A Violation is a piece of history that no order of its steps explains.
type Violation struct {
	Layer  string // "api" or "jobs"
	Domain string
	Object int      // 0 for the API
	Before []string // what the object may have been at the start of the piece
	Steps  []Step   // the piece, in the order of the beginnings
	draw   func(io.Writer) error
}

// A Step is a part of a violation.
type Step struct {
	Client   string
	From, To int64 // To is Never if it is not over at the end of the piece
	Text     string
}

// Draw writes porcupine's visualisation of the piece: one HTML page.
func (v *Violation) Draw(w io.Writer) error { return v.draw(w) }

// settle adds a lane to its layer.
func settle[S comparable, O any](y *Layer, l *lane[S, O], s *spec[S, O], o object, layer string, clients []string) {
	y.Objects++
	y.Steps += l.steps
	y.Windows += l.windows
	y.Widest = max(y.Widest, l.widest)
	switch l.verdict {
	case Unknown:
		if y.Verdict == OK {
			y.Verdict, y.Limit = Unknown, l.limit
		}
	case Illegal:
		y.Verdict, y.Limit = Illegal, ""
		w := l.failed.minimise(s, l.patience)
		if w.judge(s, l.patience) == OK {
			panic("linear: porcupine explains a window that has no situation at its end")
		}
		y.Violations = append(y.Violations, w.violation(s, o, layer, clients))
	}
}

// violation describes a window that cannot be explained.
func (w *window[S, O]) violation(s *spec[S, O], o object, layer string, clients []string) *Violation {
	v := &Violation{Layer: layer, Domain: o.domain, Object: o.number}
	seen := map[string]bool{}
	for _, b := range w.before {
		if text := s.describeState(b.state); !seen[text] {
			seen[text] = true
			v.Before = append(v.Before, text)
		}
	}
	for i := range len(w.crossing) + len(w.items) {
		it := w.at(i)
		step := Step{From: it.from, To: it.to, Text: s.describe(it.step)}
		if it.client < len(clients) {
			step.Client = clients[it.client]
		}
		if it.to >= w.end {
			step.To = Never
		}
		v.Steps = append(v.Steps, step)
	}
	v.draw = func(out io.Writer) error { return w.draw(s, clients, out) }
	return v
}
