package page

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/terminal"
)

//go:embed assets
var assets embed.FS

var page = template.Must(template.New("page.html").ParseFS(assets, "assets/page.html", "assets/scenario.html",
	"assets/diagnosis.html", "assets/timeline.html", "assets/mutation.html", "assets/lint.html"))

// WriteHTML writes a report as one page that needs nothing else: style, script, pictures and the
// quoted source lines are in it, and its content security policy forbids it the network. It can be
// read, printed and searched without the script, which adds the filter and the step-through. There
// are no times in it: equal results are equal bytes.
func WriteHTML(w io.Writer, r *reports.Report) error {
	if err := page.Execute(w, newPage(reports.Plain(r))); err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	return nil
}

// A pageView is what the template sees.
type pageView struct {
	Title, Version, Summary string
	Style                   template.CSS
	Script                  template.JS
	Counts                  []countView
	Suites                  []suiteView
	Findings                []reports.Finding
	Lint                    *lintView
	Data                    *pageData

	Diagnoses []diagnosisView
	Logs      []logView // the lines that they name
	Timeline  template.JS

	Mutations []mutationView
}

type countView struct {
	Outcome reports.Outcome // "": all
	Label   string
	N       int
}

type suiteView struct {
	Name      string
	Title     string // the question that it asks; "": none
	Scenarios []scenarioView
	Cover     *coverView // nil: nobody knows
}

type scenarioView struct {
	*reports.Result
	ID, Mark, Verdict, Lead string
	Compared                string // with what was expected
	Reasons                 []string
	Open                    bool
	Runs                    []runView
	Order                   template.HTML
	Cycles                  []cycleView
	Edges                   []edgeView
	Numbers, Size           string
	Answer                  string // of what is no interleaving: the text of the terminal
	Drawings                []drawingView
	Timeline                *timelineView // of a load: who had the job when
	Covered                 string        // what was reached
	Gaps                    []string      // what was not
}

// A drawingView is a file beside the page.
type drawingView struct{ File, Title string }

// A runView is an interleaving on the page.
type runView struct {
	Index   int // of pageData.Runs
	Title   string
	Lanes   template.HTML
	Legend  []legendView
	Absent  string
	Steps   []stepView
	Command string
}

type legendView struct {
	Class, Letter, Name string
}

type stepView struct {
	Number, Thread int
	Text, Place    string
}

type cycleView struct {
	Status     reports.CycleStatus
	Path, Text string
}

type edgeView struct {
	From, To string
	Up       bool
	Against  bool
	Places   []string
}

func newPage(r *reports.Report) *pageView {
	c := r.Count()
	v := &pageView{
		Title: "lockproof report", Version: r.Tool.Version, Summary: c.String(),
		Style:  template.CSS(asset("drawing.css") + asset("page.css")),
		Script: template.JS(asset("page.js")), Findings: r.Findings, Data: newPageData(r),
		Counts: []countView{
			{"", "all", len(r.Results)},
			{reports.Unexpected, "not as expected", c.Unexpected},
			{reports.Known, "known", c.Known},
			{reports.Undecided, "unknown", c.Unknown},
			{reports.Expected, "as expected", c.Expected},
		},
	}
	if v.Diagnoses, v.Logs = v.Data.diagnoses(r); len(v.Diagnoses) > 0 {
		if len(r.Results) == 0 { // the script needs no lines: they stand on the page
			v.Summary = v.Diagnoses[0].Meaning
			clear(v.Data.Sources)
		}
	}
	if v.Mutations = mutations(r); len(v.Mutations) > 0 && len(r.Results)+len(v.Diagnoses) == 0 {
		v.Title, v.Summary = "lockproof mutants", v.Mutations[0].Summary
	}
	if v.Lint = lintOf(r); v.Lint != nil {
		v.Style += template.CSS(asset("lint.css"))
		v.Findings = nil
		if len(r.Results) == 0 {
			v.Summary = v.Lint.Summary
			clear(v.Data.Sources)
		}
	}
	for i := range r.Results {
		x := &r.Results[i]
		if n := len(v.Suites); n == 0 || v.Suites[n-1].Name != x.Suite {
			v.Suites = append(v.Suites, suiteView{Name: x.Suite, Title: x.Title})
		}
		s := &v.Suites[len(v.Suites)-1]
		s.Scenarios = append(s.Scenarios, v.Data.scenario(x))
	}
	if len(v.Data.Timelines) > 0 {
		v.Timeline = template.JS(asset("timeline.js"))
		v.Style += template.CSS(asset("timeline.css"))
	}
	for i := range v.Suites {
		v.Suites[i].Cover = newCoverView(v.Suites[i].Name, r)
	}
	return v
}

func asset(name string) string {
	text, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic("reports: an embedded file cannot be read: " + err.Error())
	}
	return string(text)
}

func (d *pageData) scenario(x *reports.Result) scenarioView {
	v := scenarioView{
		Result: x, ID: x.Suite + ":" + x.Scenario, Verdict: reports.VerdictOf(x.Verdict, x.Kind),
		Open: x.Outcome() == reports.Unexpected,
		Mark: map[reports.Outcome]string{
			reports.Expected: "\u2713", reports.Known: "\u2248", reports.Undecided: "?",
			reports.Unexpected: "\u2717",
		}[x.Outcome()],
	}
	v.Compared = reports.Comparison(x)
	v.Lead = v.Verdict + reports.Choose(v.Compared != "", ", ", "") + v.Compared + "."
	v.Reasons = append(append(v.Reasons, reports.ClosedLines(x)...), reports.LivenessLines(x)...)
	if x.Race != nil {
		v.Reasons = append(v.Reasons, "Warning: data race: "+x.Race.Message)
	}
	if x.Assumes != "" {
		v.Reasons = append(v.Reasons, "Assumes "+x.Assumes)
	}
	for _, n := range x.Notes {
		v.Reasons = append(v.Reasons, fmt.Sprintf("Note: %s (%s:%d)", n.Message, n.File, n.Line))
	}
	for _, b := range x.OrderBroken {
		v.Reasons = append(v.Reasons, fmt.Sprintf("%s (%s:%d)", b.Message, b.File, b.Line))
	}
	v.Numbers, v.Size = numbers(x)
	if !x.Complete {
		v.Numbers += "; incomplete" + reports.Choose(x.Limit != "", " ("+string(x.Limit)+")", "")
	}
	if x.Coverage != nil {
		v.Covered, v.Gaps = x.Coverage.String()+" reached", gapTexts(x.Coverage)
	}
	if x.Counterexample != nil {
		v.Runs = append(v.Runs, d.run(x, x.Counterexample, ""))
	}
	if x.Race != nil && !x.Replayed {
		v.Runs = append(v.Runs, d.run(x, x.Race.Counterexample, "Two threads race"))
	}
	if x.Load != nil {
		v.Timeline = d.timeline(x.Load.Timeline)
	}
	if x.History != nil {
		if t := x.History.Timeline; t != nil {
			v.Timeline = d.timeline(t)
		}
		var text strings.Builder
		if err := terminal.WriteAnswer(&text, x, terminal.Style{Width: 100}); err != nil {
			text.WriteString(err.Error()) // a strings.Builder does not fail
		}
		v.Answer = text.String()
		for i := range x.History.Violations {
			if u := &x.History.Violations[i]; u.Drawing != "" {
				v.Drawings = append(v.Drawings, drawingView{u.Drawing, reports.UnexplainedTitle(u)})
			}
		}
	}
	o := x.LockOrder
	if o == nil {
		return v
	}
	if len(o.Edges) > 0 {
		v.Order = template.HTML(svgOrder(v.ID, o, false))
	}
	for i := range o.Cycles {
		c := &o.Cycles[i]
		v.Cycles = append(v.Cycles, cycleView{c.Status, reports.PathString(c.Path), cycleText(c)})
		if c.Counterexample != nil && (x.Counterexample == nil ||
			x.Counterexample.Replay != c.Counterexample.Replay && x.Verdict != model.Deadlock) {
			v.Runs = append(v.Runs, d.run(x, c.Counterexample, "The cycle "+reports.PathString(c.Path)+" closes"))
		}
	}
	for i := range o.Edges {
		e := &o.Edges[i]
		v.Edges = append(v.Edges, edgeView{e.From, e.To, e.Up, e.Against, reports.WitnessLines(e)})
	}
	return v
}

// numbers says how large a result is, and the same in two words.
func numbers(r *reports.Result) (all, size string) {
	switch {
	case r.Load != nil:
		size = fmt.Sprintf("%d operations", r.Load.Operations)
		return size, size
	case r.History != nil:
		size = fmt.Sprintf("%d calls", r.History.API.Steps)
		return size, size
	case r.Schedules != nil:
		return fmt.Sprintf("%d schedules (%s), %d decisions, at most %d in one", r.Schedules.Runs, r.Schedules.Strategy,
				r.Transitions, r.Depth),
			fmt.Sprintf("%d schedules", r.Schedules.Runs)
	}
	return fmt.Sprintf("%s, %d transitions, depth %d", reports.StateCount(r), r.Transitions, r.Depth),
		fmt.Sprintf("%d states", r.States)
}

// cycleText says in words what the checker knows of a cycle.
func cycleText(c *reports.Cycle) string {
	switch {
	case c.Status == reports.Unsettled:
		return "a limit was hit before the search could tell"
	case c.Counterexample == nil:
		return c.Guard
	}
	var parts []string
	for _, x := range c.Closing {
		parts = append(parts, fmt.Sprintf("T%d %s holds %s and waits for %s", x.Thread, x.Name, x.Holds, x.WaitsFor))
	}
	return fmt.Sprintf("closed after %d steps: %s", len(c.Counterexample.Steps), strings.Join(parts, "; "))
}

func (d *pageData) run(x *reports.Result, c *reports.Counterexample, title string) runView {
	v := runView{
		Index: d.add(x, c), Title: title, Lanes: template.HTML(SVGLanes(x, c)),
		Command: reports.ReplayLine(x, c),
	}
	ls := reports.LettersOf(c)
	for i, name := range ls.Names {
		v.Legend = append(v.Legend, legendView{fmt.Sprintf("k%d", i%8), ls.Of([]string{name}), name})
	}
	for i := range c.Steps {
		s := &c.Steps[i]
		text := reports.Choose(s.Failed != "", "FAILS: ", "") + s.Action +
			reports.Choose(s.Failed != "", ": "+reports.Failure(s), "")
		v.Steps = append(v.Steps, stepView{i + 1, s.Thread, text, reports.StepPlace(s, 2)})
	}
	return v
}
