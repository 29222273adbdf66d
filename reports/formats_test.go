package reports_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/jstemmer/go-junit-report/v2/junit"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/formats"
	"github.com/lockproof/lockproof/reports/reportstest"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func validates(t *testing.T, s *jsonschema.Schema, text []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(doc); err != nil {
		t.Error(err)
	}
}

func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("testdata/schemas/sarif-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft4)
	c.AssertFormat()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// SARIF validates against the schema of the standard, and says what a viewer needs.
func TestSARIF(t *testing.T) {
	s := sarifSchema(t)
	validates(t, s, reportstest.Written(t, formats.WriteSARIF, func() *reports.Report { return reports.NewReport("test") }))
	text := reportstest.Written(t, formats.WriteSARIF, func() *reports.Report { return reportstest.Mixed(t) })
	validates(t, s, text)
	reportstest.Golden(t, "mixed.sarif", string(text))
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID              string
				RuleIndex           int
				PartialFingerprints map[string]string
				BaselineState       string
				CodeFlows           []struct {
					ThreadFlows []struct {
						ID        string
						Locations []struct{ ExecutionOrder int }
					}
				}
				Locations []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
				}
			}
			Invocations []struct {
				ExecutionSuccessful        bool
				ToolExecutionNotifications []any
			}
		}
	}
	if err := json.Unmarshal(text, &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	// Four verdicts (one of them known), one edge against the order, two findings.
	if len(run.Results) != 7 || run.Invocations[0].ExecutionSuccessful || len(run.Invocations[0].ToolExecutionNotifications) != 1 {
		t.Errorf("%d results, %+v", len(run.Results), run.Invocations)
	}
	seen := map[string]bool{}
	for _, r := range run.Results {
		print := r.PartialFingerprints["lockproof/v1"]
		if len(print) != 32 || seen[print] {
			t.Errorf("fingerprint %q", print)
		}
		seen[print] = true
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("rule %d is not %s", r.RuleIndex, r.RuleID)
		}
		for _, l := range r.Locations {
			if uri := l.PhysicalLocation.ArtifactLocation.URI; strings.HasPrefix(uri, "/") || strings.ContainsAny(uri, " \\") {
				t.Errorf("URI %q", uri)
			}
		}
	}
	flows := run.Results[0].CodeFlows[0].ThreadFlows
	order := []int{}
	for _, f := range flows {
		for _, l := range f.Locations {
			order = append(order, l.ExecutionOrder)
		}
	}
	slices.Sort(order)
	if len(flows) != 3 || flows[1].ID != "T2" || order[0] != 1 || order[17] != 18 || order[20] != 19 {
		t.Errorf("thread flows %+v", flows)
	}
}

// JUnit XML is what Jenkins' schema allows, and counts what it holds.
func TestJUnit(t *testing.T) {
	text := reportstest.Written(t, formats.WriteJUnit, func() *reports.Report { return reportstest.Mixed(t) })
	reportstest.Golden(t, "mixed.junit.xml", string(text))
	var all junit.Testsuites
	if err := xml.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if all.Tests != 17 || all.Failures != 6 || all.Errors != 1 {
		t.Errorf("%d tests, %d failures, %d errors", all.Tests, all.Failures, all.Errors)
	}
	xmllint := reportstest.Program(t, "xmllint", "libxml2-utils")
	for name, text := range map[string][]byte{
		"mixed": text,
		"empty": reportstest.Written(t, formats.WriteJUnit, func() *reports.Report { return reports.NewReport("test") }),
		"lib":   reportstest.Written(t, formats.WriteJUnit, func() *reports.Report { return reportstest.ReportOn(t, search.Options{}, "event-loop") }),
	} {
		cmd := exec.Command(xmllint, "--noout", "--nonet", "--schema", "testdata/schemas/jenkins-junit.xsd", "-")
		cmd.Stdin = bytes.NewReader(text)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// The graphs of the library, and one with hostile names, go through Graphviz.
func TestDOT(t *testing.T) {
	r := reportstest.ReportOn(t, search.Options{}, "exit-monitor-order:driver-before-exit-with-rogue", "driver-late:alone", "driver-held:three-on-two-domains",
		"call-patterns:one-query")
	var b bytes.Buffer
	for i := range r.Results[:2] {
		if err := formats.WriteDOT(&b, r.Results[i].Scenario, r.Results[i].LockOrder); err != nil {
			t.Fatal(err)
		}
	}
	reportstest.Golden(t, "order.dot", b.String())
	evil := reportstest.HostileOrder()
	dot := reportstest.Program(t, "dot", "graphviz")
	orders := []*reports.LockOrder{evil}
	for i := range r.Results {
		orders = append(orders, r.Results[i].LockOrder)
	}
	for i, o := range orders {
		text := reportstest.Written(t, func(w io.Writer, _ *reports.Report) error { return formats.WriteDOT(w, reportstest.Hostile, o) }, func() *reports.Report { return nil })
		cmd := exec.Command(dot, "-Tsvg")
		cmd.Stdin = bytes.NewReader(text)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil || stderr.Len() > 0 || !bytes.Contains(out, []byte("</svg>")) {
			t.Errorf("graph %d: %v %s\n%s", i, err, stderr.String(), text)
		}
	}
}

func TestWriteOrder(t *testing.T) {
	r := reportstest.ReportOn(t, search.Options{}, "driver-late:with-query", "error-path-2009-12:modify-and-query", "removal:two-removals", "wake-ups:both-may-time-out")
	stopped := reportstest.ReportOn(t, search.Options{MaxStates: 120}, "call-patterns:relock-and-query")
	all := append(r.Results, stopped.Results...)
	all = append(all, reportstest.Mixed(t).Results[3])
	for _, width := range []int{80, 120} {
		var b strings.Builder
		for i := range all {
			if err := terminal.WriteOrder(&b, &all[i], terminal.Style{Width: width}); err != nil {
				t.Fatal(err)
			}
		}
		fits(t, b.String(), width)
		if width == 80 {
			reportstest.Golden(t, "order.txt", b.String())
		}
	}
}

// A data race about which nobody asked is a warning of SARIF's, and no problem.
func TestSARIFWarning(t *testing.T) {
	report := func() *reports.Report {
		r := reports.NewReport("test")
		end := []reports.End{
			{Thread: 1, Function: "put", File: "a.c", Line: 3, Next: "n = 1", Involved: true},
			{Thread: 2, Function: "get", File: "a.c", Line: 4, Next: "n", Involved: true},
			{Thread: 3, Function: "rest", File: "a.c", Line: 5},
		}
		r.Results = []reports.Result{{
			Suite: "s", Scenario: "a", Verdict: model.OK, Expected: "ok", Pass: true, Threads: []string{"put()", "get()", "rest()"}, Known: true,
			Race: &reports.Race{Message: "T1 and T2 race", File: "a.c", Line: 3, Counterexample: &reports.Counterexample{
				Steps: []reports.Step{{Thread: 2, Function: "get", Action: "lock m", File: "a.c", Line: 2}}, End: end,
			}},
		}}
		return r
	}
	text := reportstest.Written(t, formats.WriteSARIF, report)
	validates(t, sarifSchema(t), text)
	var log struct {
		Runs []struct {
			Results []struct {
				RuleID, Level, BaselineState string
				Message                      struct{ Text string }
				CodeFlows, RelatedLocations  []any
				PartialFingerprints          map[string]string
			}
		}
	}
	if err := json.Unmarshal(text, &log); err != nil {
		t.Fatal(err)
	}
	if len(log.Runs[0].Results) != 1 || len(report().Problems()) != 0 {
		t.Fatalf("%d results, %d problems", len(log.Runs[0].Results), len(report().Problems()))
	}
	x := log.Runs[0].Results[0]
	if x.RuleID != "data-race" || x.Level != "warning" || x.Message.Text != "s:a: T1 and T2 race" || x.BaselineState != "" ||
		len(x.CodeFlows) != 1 || len(x.RelatedLocations) != 2 || x.PartialFingerprints["lockproof/v1"] == "" {
		t.Errorf("%+v", x)
	}
}
