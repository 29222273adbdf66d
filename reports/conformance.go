package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/lockproof/lockproof/checker/conform"
	"github.com/lockproof/lockproof/checker/explore"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// A Conformance is what a comparison of the driver with the model came to, as JSON has it.
type Conformance struct {
	Version   int         `json:"version"`
	Tool      string      `json:"tool"`
	Scenarios []Conformed `json:"conformance"`
}

// NewConformance is an empty report.
func NewConformance(toolVersion string) *Conformance {
	return &Conformance{Version: 1, Tool: "lockproof " + toolVersion, Scenarios: []Conformed{}}
}

// Conformed is one scenario.
type Conformed struct {
	Suite    string `json:"suite"`
	Scenario string `json:"scenario"`
	Protocol string `json:"protocol"`
	// Verdict is conforms (every state and transition), followed (as far as was asked), differs, unknown (a limit was hit), or
	// not-compared.
	Verdict string `json:"verdict"`
	// Direction of a difference, and what it is; or why there was no comparison.
	Direction string `json:"direction,omitempty"`
	Message   string `json:"message,omitempty"`
	// Schedule leads to the difference, on the driver and in the model.
	Schedule    string `json:"schedule,omitempty"`
	States      int64  `json:"states"`
	Transitions int64  `json:"transitions"`
	Runs        int64  `json:"runs"`
	Steps       int64  `json:"steps"`
	Limit       string `json:"limit"`
	ElapsedMS   int64  `json:"elapsed_ms"`

	ref   string
	lanes *Result
}

// The verdicts of a comparison.
const (
	Conforms    = "conforms"
	FollowedAll = "followed"
	Differs     = "differs"
	Unfinished  = "unknown"
	NotCompared = "not-compared"
)

func conformed(sc *scenarios.Scenario) Conformed {
	return Conformed{Suite: sc.Suite.Name, Scenario: sc.Name, Protocol: sc.Suite.Protocol, ref: sc.Ref()}
}

// NewNotCompared reports a scenario that the driver cannot run.
func NewNotCompared(sc *scenarios.Scenario, why error) Conformed {
	c := conformed(sc)
	c.Verdict, c.Message = NotCompared, why.Error()
	return c
}

// NewConformed reports a comparison.
func NewConformed(sc *scenarios.Scenario, p *model.Program, r *conform.Result) Conformed {
	c := conformed(sc)
	c.States, c.Transitions, c.Runs, c.Steps, c.Limit, c.ElapsedMS = r.States, r.Transitions, r.Runs, r.Steps, r.Limit, r.Elapsed.Milliseconds()
	switch {
	case r.Mismatch != nil:
		c.differs(sc, p, r.Mismatch)
	case r.Complete:
		c.Verdict = Conforms
	case r.Limit == conform.Random:
		c.Verdict, c.Limit = FollowedAll, ""
	default:
		c.Verdict = Unfinished
	}
	return c
}

func (c *Conformed) differs(sc *scenarios.Scenario, p *model.Program, m *conform.Mismatch) {
	c.Verdict, c.Direction, c.Message, c.Schedule = Differs, string(m.Direction), m.Message, m.Schedule.String()
	c.draw(sc, p, m.Schedule)
}

// draw adds the model's interleaving.
func (c *Conformed) draw(sc *scenarios.Scenario, p *model.Program, s explore.Schedule) {
	if trace, finding, err := explore.Replay(p, s); err == nil {
		r := NewReplay(sc, p, trace, finding)
		c.lanes = &r
	}
}

// NewFollowed reports one schedule on both sides.
func NewFollowed(sc *scenarios.Scenario, p *model.Program, s explore.Schedule, f *conform.Followed) Conformed {
	c := conformed(sc)
	c.Verdict, c.Runs, c.Steps, c.Schedule = FollowedAll, 1, int64(len(s)), s.String()
	if f.Mismatch != nil {
		c.differs(sc, p, f.Mismatch)
		return c
	}
	var at []string
	for i, text := range f.Driver {
		at = append(at, fmt.Sprintf("T%d %s", i+1, text))
	}
	c.Message = "at the end, in the driver: " + strings.Join(at, "; ")
	c.draw(sc, p, s)
	if c.lanes != nil && c.lanes.Message != "" {
		c.Message += ". In the model: " + verdictOf(c.lanes.Verdict, c.lanes.Kind) + ": " + c.lanes.Message
	}
	return c
}

// WriteConformed writes one scenario: a line, and below it what there is to say.
func WriteConformed(w io.Writer, c *Conformed, style Style) error {
	var b strings.Builder
	p := colours(style.Colour)
	paint := p.good
	if c.Verdict == Differs {
		paint = p.bad
	}
	numbers := ""
	if c.Runs > 0 {
		numbers = fmt.Sprintf("%d states, %d transitions, %d runs", c.States, c.Transitions, c.Runs)
		if c.States == 0 {
			numbers = fmt.Sprintf("%d steps", c.Steps)
		}
	}
	fmt.Fprintf(&b, "%s %s  %s\n", paint(fmt.Sprintf("%-12s", c.Verdict)), c.Suite+":"+c.Scenario, numbers)
	if c.Limit != "" {
		paragraph(&b, "stopped: "+c.Limit, style)
	}
	text := c.Message
	if c.Direction != "" {
		text = c.Direction + ": " + c.Message
	}
	if text != "" {
		paragraph(&b, text, style)
	}
	if c.lanes != nil {
		b.WriteString("\n" + drawLanes(c.lanes, style))
	}
	if c.Schedule != "" {
		fmt.Fprintf(&b, "\non both:      lockproof explore --conform %s --replay '%s'\n", c.ref, c.Schedule)
		fmt.Fprintf(&b, "on the model: lockproof check %s --replay '%s'\n", c.ref, c.Schedule)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteConformance writes the report as JSON.
func WriteConformance(w io.Writer, r *Conformance) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}
