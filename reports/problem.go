package reports

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// A Problem is one thing that makes a run fail: a verdict other than the expected one, an edge
// against the expected order, or a broken rule in source code. Writers that list what is wrong
// (JUnit, SARIF, the baseline) list problems.
type Problem struct {
	Identity
	Message  string
	File     string
	Line     int
	Severity string          // error, warning or note
	Result   *Result         // nil for a finding in source code
	Finding  *Finding        // nil for a scenario
	Trace    *Counterexample // how it comes about; nil when nobody knows
	Related  []Place
}

// An Identity is what makes two problems the same one in two runs. It holds no line number, no
// message and no path through the code: those change with every edit around a defect that stays.
//
// Place is where the rule is broken, as functions and files: "qemuDomainObjEndJob in
// scenarios/protocols/job.h" for a violation; for a hang, where each thread in it stands; for an
// edge against the order, the edge and the function that asks. Number tells apart problems with the
// same other fields, from 1.
type Identity struct {
	Suite    string        `json:"suite"`    // "" for a finding in source code
	Scenario string        `json:"scenario"` // "" for a finding in source code
	Verdict  model.Verdict `json:"verdict"`  // "" for a finding in source code
	Kind     model.Kind    `json:"kind"`
	Place    string        `json:"place"`
	Number   int           `json:"number"`
}

// Fingerprint is a short name of the identity: the first half of a SHA-256 over its fields, in hex.
func (id Identity) Fingerprint() string {
	text := fmt.Sprintf("lockproof/v1\x00%s\x00%s\x00%s\x00%s\x00%s\x00%d", id.Suite, id.Scenario, id.Verdict, id.Kind,
		id.Place, id.Number)
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// Problems lists what is wrong, in the order of the results and then of the findings. A search that
// hit a limit is no problem: it has found nothing.
func (r *Report) Problems() []Problem {
	var ps []Problem
	for i := range r.Results {
		ps = append(ps, r.Results[i].problems()...)
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		ps = append(ps, Problem{
			Identity: Identity{Kind: f.Rule, Place: where(f.Function, f.File)}, Message: f.Message, File: f.File, Line: f.Line,
			Severity: f.Severity, Finding: f, Related: f.Related,
		})
	}
	seen := map[Identity]int{}
	for i := range ps {
		seen[ps[i].Identity]++
		ps[i].Number = seen[ps[i].Identity] // the map's key has number 0
	}
	return ps
}

// Warnings lists what is no problem, and worth a look: the data races about which nobody asked.
func (r *Report) Warnings() []Problem {
	var ps []Problem
	for i := range r.Results {
		x := &r.Results[i]
		if x.Race == nil || x.Replayed {
			continue
		}
		p := Problem{
			Identity: Identity{
				Suite: x.Suite, Scenario: x.Scenario, Kind: model.DataRace,
				Place: x.Race.Counterexample.standing(), Number: 1,
			},
			Message: x.Suite + ":" + x.Scenario + ": " + x.Race.Message, File: x.Race.File, Line: x.Race.Line,
			Severity: "warning", Result: x, Trace: x.Race.Counterexample,
		}
		for _, e := range x.Race.Counterexample.End {
			if e.Involved {
				p.Related = append(p.Related, Place{File: e.File, Line: e.Line, Message: fmt.Sprintf("T%d: %s", e.Thread, e.Next)})
			}
		}
		ps = append(ps, p)
	}
	return ps
}

func (r *Result) problems() []Problem {
	var ps []Problem
	if !r.Expects() && r.Verdict != model.Unknown && !r.Replayed {
		p := Problem{
			Identity: Identity{r.Suite, r.Scenario, r.Verdict, r.Kind, r.place(), 0}, Severity: "error",
			Message: fmt.Sprintf("%s: %s, expected %s; %s", r.Suite+":"+r.Scenario, VerdictOf(r.Verdict, r.Kind),
				r.Expected, r.Message),
			File: r.File, Line: r.Line, Result: r, Trace: r.Counterexample,
		}
		if at := r.blamedOwn(); len(at) > 0 {
			p.File, p.Line, p.Related = at[0].File, at[0].Line, at[1:]
		}
		ps = append(ps, p)
	}
	for _, b := range r.OrderBroken {
		ps = append(ps, Problem{
			Identity: Identity{
				r.Suite, r.Scenario, r.Verdict, model.LockOrder, where(b.Function, b.File) + ": " + edgeOf(r, b),
				0,
			}, Severity: "error",
			Message: fmt.Sprintf("%s: %s", r.Suite+":"+r.Scenario, b.Message), File: b.File, Line: b.Line, Result: r,
		})
	}
	return ps
}

// Expects reports whether the verdict is the expected one, whatever else is wrong.
func (r *Result) Expects() bool {
	return r.Pass || r.Expected == string(r.Verdict) || r.Expected == string(r.Verdict)+": "+string(r.Kind)
}

// edgeOf is the edge of an entry of OrderBroken, by class: domains are numbered by the scenario.
func edgeOf(r *Result, b Place) string {
	class := map[string]string{}
	for _, n := range r.LockOrder.Nodes {
		class[n.Name] = n.Class
	}
	for _, e := range r.LockOrder.Edges {
		for i := range e.Witnesses {
			if at := e.Witnesses[i].Origin(); e.Against && at.File == b.File && at.Line == b.Line {
				return class[e.From] + " -> " + class[e.To]
			}
		}
	}
	return ""
}

// place is where a result's rule is broken, without lines.
func (r *Result) place() string {
	if r.Counterexample == nil {
		return ""
	}
	at := ""
	if r.Verdict != model.Violation {
		at = r.Counterexample.standing()
	}
	if n := len(r.Counterexample.Steps); at == "" && n > 0 {
		last := &r.Counterexample.Steps[n-1]
		at = where(last.Function, last.File)
	}
	return at
}

// standing is where those threads stand at the end that it is about.
func (c *Counterexample) standing() string {
	var at []string
	for _, e := range c.End {
		if e.Involved {
			at = append(at, where(e.Function, e.File))
		}
	}
	slices.Sort(at)
	return strings.Join(at, "; ")
}

func where(function, file string) string {
	switch {
	case function == "":
		return file
	case file == "":
		return function
	}
	return function + " in " + file
}

// Reasons says why a result does not pass, a sentence each.
func Reasons(r *Result) []string {
	var out []string
	if !r.Expects() {
		out = append(out, "expected "+r.Expected+"; "+r.Message)
	}
	for _, b := range r.OrderBroken {
		out = append(out, fmt.Sprintf("%s (%s:%d)", b.Message, b.File, b.Line))
	}
	return out
}
