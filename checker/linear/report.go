package linear

import (
	"context"
	"io"
	"time"

	"github.com/lockproof/lockproof/model"
)

// A Report is the outcome of a check.
type Report struct {
	API, Jobs Layer
	// Breaches are jobs and calls that do not fit together.
	Breaches []Breach
	// MoreBreaches were found and are not kept.
	MoreBreaches int
	// Stopped is why the run was not added to its end, where that is the end of its context.
	Stopped model.Limit
	// Operations and JobCount are how many calls and jobs the run had; Refused of the jobs never
	// began.
	Operations, JobCount, Refused int
	// Waits are the longest waits for a job, the longest first.
	Waits []Wait
	// Took is how long it took to check.
	Took time.Duration
}

// Verdict is the worst of the layers' verdicts; a breach is as bad as a history that nothing
// explains.
func (r *Report) Verdict() Verdict {
	if len(r.Breaches) > 0 {
		return Illegal
	}
	for _, v := range []Verdict{Illegal, Unknown} {
		if r.API.Verdict == v || r.Jobs.Verdict == v {
			return v
		}
	}
	if r.Stopped != model.NoLimit {
		return Unknown
	}
	return OK
}

// Limit is what was in the way of a verdict that is Unknown.
func (r *Report) Limit() model.Limit {
	switch {
	case r.API.By != model.NoLimit:
		return r.API.By
	case r.Jobs.By != model.NoLimit:
		return r.Jobs.By
	}
	return r.Stopped
}

// why says in words what [Report.Limit] is.
func (r *Report) why() string {
	switch {
	case r.API.Limit != "":
		return r.API.Limit
	case r.Jobs.Limit != "":
		return r.Jobs.Limit
	}
	return string(r.Stopped)
}

// Violations are those of both layers.
func (r *Report) Violations() []*Violation {
	return append(append([]*Violation(nil), r.Jobs.Violations...), r.API.Violations...)
}

// A Layer is the outcome for API calls, or for jobs.
type Layer struct {
	Verdict    Verdict
	Limit      string      // why Verdict is Unknown
	By         model.Limit // which limit that is
	Objects    int         // domains, or domain objects
	Steps      int
	Windows    int
	Again      int // windows in which calls may take effect without their job, for want of another explanation
	Widest     int // most situations at a cut
	Violations []*Violation
	More       int // violations that are not kept
}

// A Violation is a piece of history that no order of its steps explains.
type Violation struct {
	Layer  string // "api" or "jobs"
	Domain string
	Object int      // 0 for the API
	Before []string // what the object may have been at the start of the piece
	Steps  []Step   // the piece, in the order of the beginnings
	// Last is the step in Steps that nothing explains, and Then what the object may have been when it
	// had to be over; -1 where that is not looked for.
	Last int
	Then []string
	// AsFound says that a limit was hit before the piece was cut down as far as it goes.
	AsFound bool
	draw    func(io.Writer) error
}

// A Step is a part of a violation.
type Step struct {
	Client   string // "" at the end of the run, which is nobody's
	From, To int64  // To is Never if it is not over at the end of the piece
	Text     string
	Line     int // of the file; 0 where it stands in none
}

// String is what happened, with who did it.
func (s Step) String() string {
	if s.Client == "" {
		return s.Text
	}
	return s.Client + ": " + s.Text
}

// Draw writes porcupine's visualisation of the piece: one HTML page.
func (v *Violation) Draw(w io.Writer) error { return v.draw(w) }

// settle adds a lane to its layer.
func settle[S comparable, O any](ctx context.Context, y *Layer, l *lane[S, O], s *spec[S, O], o object, layer string,
	clients []string,
) {
	y.Objects++
	y.Steps += l.steps
	y.Windows += l.windows
	y.Again += l.again
	y.Widest = max(y.Widest, l.widest)
	switch l.verdict {
	case Unknown:
		y.unknown(l.limit, l.why)
	case Illegal:
		y.Verdict, y.Limit, y.By = Illegal, "", model.NoLimit
		if len(y.Violations) == mostViolations {
			y.More++
			return
		}
		b := s.bounds.budget(ctx)
		w := l.failed.minimise(ctx, s, b)
		if w.judge(ctx, s, b) == OK {
			panic("linear: porcupine explains a window that has no situation at its end")
		}
		v := w.violation(s, o, layer, clients)
		if s.line != nil {
			w.blame(ctx, s, b, v)
		}
		b.close(false)
		v.AsFound = b.over != model.NoLimit
		y.Violations = append(y.Violations, v)
	}
}

// unknown notes a limit, unless there is something worse.
func (y *Layer) unknown(by model.Limit, why string) {
	if y.Verdict == OK {
		y.Verdict, y.Limit, y.By = Unknown, why, by
	}
}

// mostViolations is how many violations of a layer are kept, and mostBreaches how many breaches.
// The others are counted.
const (
	mostViolations = 100
	mostBreaches   = 10_000
)

// violation describes a window that cannot be explained.
func (w *window[S, O]) violation(s *spec[S, O], o object, layer string, clients []string) *Violation {
	v := &Violation{Layer: layer, Domain: o.domain, Object: o.number, Before: s.describeAll(w.before), Last: -1}
	for i := range len(w.crossing) + len(w.items) {
		it := w.at(i)
		step := Step{Client: clientName(clients, it.client), From: it.from, To: it.to, Text: s.describe(it.step)}
		if it.to >= w.end {
			step.To = Never
		}
		if s.line != nil {
			step.Line = s.line(it.step)
		}
		v.Steps = append(v.Steps, step)
	}
	if s.line != nil {
		v.Steps = once(v.Steps)
	}
	v.draw = func(out io.Writer) error { return w.draw(s, clients, out) }
	return v
}

// describeAll are the texts of the states of situations, each once.
func (s *spec[S, O]) describeAll(all []situation[S]) []string {
	var texts []string
	seen := map[string]bool{}
	for _, b := range all {
		if text := s.describeState(b.state); !seen[text] {
			seen[text] = true
			texts = append(texts, text)
		}
	}
	return texts
}

// breached adds breaches, and counts those beyond what is kept.
func (r *Report) breached(all []Breach, more int) {
	n := min(len(all), mostBreaches-len(r.Breaches))
	r.Breaches = append(r.Breaches, all[:n]...)
	r.MoreBreaches += len(all) - n + more
}
