package reports_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/reports/formats"
	"github.com/lockproof/lockproof/reports/page"
	"github.com/lockproof/lockproof/reports/reportstest"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/lockproof/lockproof/scenarios"
	"gonum.org/v1/gonum/graph/formats/dot"
)

// said is a report in which everything that can come from outside is s.
func said(s string) *reports.Report {
	place := reports.Place{Function: s, File: s, Line: 3, Message: s}
	c := &reports.Counterexample{
		Start: []reports.Value{{Name: s, Value: s}}, Replay: s,
		Steps: []reports.Step{
			{Thread: 1, Function: s, Operation: s, Action: s, Object: s, File: s, Line: 3, Calls: []reports.Place{place, place}, Changes: map[string]reports.Change{s: {Before: s, After: s}}, Held: []string{s}, Locals: map[string]string{s: s}},
			{Thread: 2, Function: s, Operation: s, Action: s, Object: s, File: s, Line: 3, Waits: []reports.Wait{{Thread: 1, For: s, Holder: 2}}, Failed: s},
		},
		End: []reports.End{{Thread: 1, Function: s, File: s, Next: s, Held: []string{s}, WaitsFor: s, Involved: true}, {Thread: 2, Next: s, WaitsFor: s, Asleep: true}},
	}
	order := &reports.LockOrder{
		Order: []string{s, "b"}, Nodes: []reports.Node{{Name: s, Class: s, Job: false}, {Name: "b", Class: "b", Job: true}},
		Edges: []reports.Edge{{From: s, To: "b", Up: true, Witnesses: []reports.Witness{{Thread: 1, Name: s, Function: s, Operation: s, File: s, Line: 3, Calls: []reports.Place{place}, Holding: []string{s}}}}},
		Cycles: []reports.Cycle{
			{Path: []string{s, "b"}, Status: reports.Real, Closing: []reports.Closing{{Thread: 1, Name: s, Holds: s, WaitsFor: s}}, Counterexample: c},
			{Path: []string{s}, Status: reports.Guarded, Guard: s},
		},
	}
	plain := reports.Result{
		Suite: s, Scenario: s, Ref: s, Command: "lockproof check " + reports.ShellWord(s), Protocol: s, Why: s, Threads: []string{s, s}, Verdict: model.Violation,
		Kind: model.AssertKind, Message: s, File: s, Line: 3, Expected: "ok", Counterexample: c, Also: []reports.Other{{Verdict: model.Deadlock, Kind: "", Message: s, Steps: 3}},
		LockOrder: order, Order: []string{s}, OrderBroken: []reports.Place{place},
	}
	history := &reports.History{
		API: reports.HistoryLayer{Verdict: s, Limit: s}, Breaches: []reports.Breach{{Client: s, At: 3, Text: s}}, Waits: []reports.JobWait{{Client: s, Job: s, Domain: s, Blockers: []reports.JobHolder{{Client: s, Job: s, For: 5}}}},
		Violations: []reports.Unexplained{{Layer: s, Domain: s, Before: []string{s, s}, Steps: []reports.HistoryStep{{Client: s, Text: s}}}},
	}
	explored, compared, loaded, recorded, listed := plain, plain, plain, plain, plain
	explored.Schedules, explored.Stack, explored.Details = &reports.Schedules{Strategy: s}, s+"\n\t"+s+"\n", []string{s}
	compared.Conformance, compared.Details = &reports.Conformance{Relation: reports.Differs}, []string{s}
	recorded.History, recorded.Details = history, []string{s}
	loaded.History = history
	loaded.Load = &reports.Load{
		Calls: map[string]uint64{s: 1}, Findings: []reports.LoadFinding{
			{Kind: model.AssertKind, Message: s, Client: s, Call: s, Stack: s},
			{Message: s, Hang: &reports.Hang{Waits: []reports.HangWait{{Actor: s, Call: s, Object: s, Holder: s, Stack: s}}}},
		},
	}
	listed.Threads = []string{s, s, s, s, s, s, s, s}
	listed.Counterexample = &reports.Counterexample{Replay: s}
	for i := range listed.Threads {
		step := c.Steps[0]
		step.Thread = i + 1
		listed.Counterexample.Steps = append(listed.Counterexample.Steps, step)
	}
	r := reports.NewReport(s)
	r.Results = []reports.Result{plain, explored, compared, recorded, loaded, listed}
	r.Findings = []reports.Finding{{Rule: model.JobLeak, Severity: "error", Function: s, File: s, Line: 3, Message: s, Related: []reports.Place{place}, Path: []reports.Place{place}}}
	r.Sources = []reports.Source{{File: s, Lines: []reports.Line{{Number: 3, Text: s}}}}
	r.Lint = &reports.Lint{
		Of: s, Before: s, Contracts: []string{s}, Gone: r.Findings, Ignored: r.Findings, Remarks: []reports.Place{place},
		Gaps: []reports.Reading{{What: s, N: 1}}, Unclear: []reports.Place{place}, Unread: []reports.Place{place},
	}
	return r
}

// texts writes everything for people.
func texts(t *testing.T, s string, style terminal.Style) string {
	t.Helper()
	r := said(s)
	var b bytes.Buffer
	var all []error
	note := func(err error) { all = append(all, err) }
	table := terminal.NewTable(&b, []string{s}, style)
	for i := range r.Results {
		note(terminal.WriteAnswer(&b, &r.Results[i], style))
		note(terminal.WriteOrder(&b, &r.Results[i], style))
		note(table.Row(&r.Results[i]))
	}
	note(terminal.WriteLint(&b, r, style))
	suite := &scenarios.Suite{Name: s, Title: s, File: s, Protocol: s}
	sc := &scenarios.Scenario{Name: s, Why: s, Suite: suite, Threads: []scenarios.Thread{{Call: s, Count: 1}}}
	note(terminal.WriteCatalogue(&b, answers.NewCatalogue([]*scenarios.Scenario{sc}, []scenarios.Protocol{{Name: s, Title: s}}), style))
	note(terminal.WriteScenario(&b, sc))
	missed := reports.Missed{Function: s, File: s, Line: 1, Text: s, Number: 1}
	note(terminal.WriteCoverage(&b, []reports.SuiteCoverage{{Suite: s, Coverage: reports.Coverage{
		Functions: []reports.CoveredFunction{{Function: s, File: s, Lines: []int{1, 2}, Statements: 2, Reached: 1}}, Missed: []reports.Missed{missed},
	}}}, style))
	for _, watched := range []bool{false, true} {
		p := terminal.NewProgress(&b, watched, 0, 1)
		p.Update(terminal.Stage{Scenario: s, Phase: s, Counts: []terminal.Count{{Name: s, Value: 1}}})
		note(p.Done(func() error { return nil }))
	}
	if err := errors.Join(all...); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(b.String(), "\r\x1b[K", "\n")
}

var (
	// command is what a CI runner obeys.
	command = regexp.MustCompile(`(?im)^\s*::|##(vso|teamcity)?\[`)
	// colour is a sequence of ours.
	colour = regexp.MustCompile("\x1b\\[(32|31;1|33|1|2|0|0;22|22)m")
)

// harmless asks for text of which every rune is seen, and which no CI runner obeys.
func harmless(t *testing.T, what, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && !printable.Shown(r) {
			t.Fatalf("%s: %q in\n%q", what, r, text)
		}
	}
	if at := command.FindStringIndex(text); at != nil {
		t.Fatalf("%s: a command: %q", what, text[at[0]:min(len(text), at[1]+40)])
	}
}

// strangers are texts that take hold of what does not look at them.
func strangers() []string {
	return []string{
		reportstest.Hostile, "\x1b]0;PWNED\x07\x1b[2J", "\u009b31m\u202e\u2066", "x\n::error::y", "\r::warning::", "::add-mask::x", "##[group]", "##vso[task.setvariable]", "\x00\xff\ufffe",
		"a\\", `\N\G\"`, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ::warning::pwned", "*/ \n", "]]>", "</script>", "", "' ; rm", "{{.}}", "\x1b[1mx\x1b[22m",
		"section_start:1:a\r\x1b[0K", "\u200b\u2028\ufeff", "é", strings.Repeat("y", 500),
	}
}

// Whatever comes from outside: no writer of text lets it take hold of a terminal or of a CI runner.
func FuzzTerminal(f *testing.F) {
	for _, s := range strangers() {
		f.Add(s, 80)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		if len(s) > 500 {
			return
		}
		bare := texts(t, s, terminal.Style{Width: width})
		harmless(t, "text", bare)
		if with := texts(t, s, terminal.Style{Width: width, Colour: true}); !sameWords(colour.ReplaceAllString(with, ""), bare) {
			t.Errorf("colours do more than to colour:\n%q\n%q", bare, with)
		}
	})
}

var clock = regexp.MustCompile(`seconds=\d+|\d+ s\b|in \d+\.\d s`)

// sameWords compares texts without times, and without blanks at the ends of lines.
func sameWords(a, b string) bool {
	a, b = withoutBlanks(a), withoutBlanks(b)
	return a == b || clock.ReplaceAllString(a, "") == clock.ReplaceAllString(b, "")
}

func withoutBlanks(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// Nor does a format: it can be read, and holds what was said.
func FuzzFormats(f *testing.F) {
	for _, s := range strangers() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) <= 500 {
			everyFormat(t, s)
		}
	})
}

func everyFormat(t *testing.T, s string) {
	t.Helper()
	r := said(s)
	write := func(what string, f func(w io.Writer) error) []byte {
		t.Helper()
		var b bytes.Buffer
		if err := f(&b); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		return b.Bytes()
	}
	for what, f := range map[string]func(io.Writer, *reports.Report) error{"json": formats.WriteJSON, "sarif": formats.WriteSARIF} {
		text := write(what, func(w io.Writer) error { return f(w, r) })
		harmless(t, what, string(text))
		if !json.Valid(text) {
			t.Errorf("%s is no JSON: %s", what, text)
		}
	}
	back := &reports.Report{}
	if err := json.Unmarshal(write("json", func(w io.Writer) error { return formats.WriteJSON(w, r) }), back); err != nil || back.Results[0].Message != strings.ToValidUTF8(s, "\ufffd") && !strings.ContainsFunc(s, func(r rune) bool { return r == '\ufffd' }) {
		t.Errorf("%v: %q", err, back.Results[0].Message)
	}
	order := r.Results[0].LockOrder
	for what, text := range map[string][]byte{
		"svg":   write("svg", func(w io.Writer) error { return page.WriteSVG(w, s, order) }),
		"junit": write("junit", func(w io.Writer) error { return formats.WriteJUnit(w, r) }),
		"lanes": []byte(page.SVGLanes(&r.Results[0], r.Results[0].Counterexample)),
	} {
		harmless(t, what, strings.ReplaceAll(commandless(what, string(text)), "\t", " "))
		dec := xml.NewDecoder(bytes.NewReader(text))
		for {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v\n%s", what, err, text)
			}
		}
	}
	graph := write("dot", func(w io.Writer) error { return formats.WriteDOT(w, s, order) })
	harmless(t, "dot", strings.ReplaceAll(string(graph), "\t", " "))
	parsed, err := dot.ParseBytes(graph)
	if err != nil || len(parsed.Graphs) != 1 {
		t.Errorf("%v\n%s", err, graph)
	}
	html := write("html", func(w io.Writer) error { return page.WriteHTML(w, r) })
	harmless(t, "html", strings.ReplaceAll(commandless("html", string(html)), "\t", " "))
}

// commandless takes the markers out of formats that are files and never a log.
func commandless(what, text string) string {
	if what == "svg" || what == "lanes" {
		return text
	}
	return command.ReplaceAllString(text, "")
}

// What show writes can be read again, and on a terminal it is harmless.
func TestShowSource(t *testing.T) {
	text := "/* \x1b[2J \xe9 \u202e\r\n   ::error::x ##[group]y ##vso[z */\n#define A(x) a##x[0]\n\tint a; /* a ::b */\n"
	var b bytes.Buffer
	if err := terminal.WriteText(&b, text); err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("   ::error::", "   :\\x3aerror::", "##[", `##\x5b`, "##vso[", `##vso\x5b`).Replace(text)
	if b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
