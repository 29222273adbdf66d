package reports_test

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/reports/formats"
	"github.com/lockproof/lockproof/reports/reportstest"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func answerText(t *testing.T, r *reports.Result, style terminal.Style) string {
	t.Helper()
	var b strings.Builder
	if err := terminal.WriteAnswer(&b, r, style); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriteCheck(t *testing.T) {
	for _, r := range reportstest.Results(t, search.Options{}) {
		for _, width := range []int{0, 130} {
			text := answerText(t, &r, terminal.Style{Width: width})
			reportstest.Golden(t, fmt.Sprintf("check-%s-%d.txt", r.Scenario, cmp.Or(width, 80)), text)
			fits(t, text, cmp.Or(width, 80))
		}
	}
}

// fits allows only the line to copy to be longer than the terminal is wide.
func fits(t *testing.T, text string, width int) {
	t.Helper()
	for i, line := range strings.Split(text, "\n") {
		if len(line) > width && !strings.HasPrefix(line, "replay: ") {
			t.Errorf("line %d is %d columns wide: %s", i+1, len(line), line)
		}
		for _, c := range []byte(line) {
			if c < ' ' || c > '~' {
				t.Errorf("line %d is not ASCII: %q", i+1, line)
			}
		}
	}
}

// Other shapes: two domains, many threads, long names, a search that was stopped, text that is not
// ASCII.
func TestWriteCheckShapes(t *testing.T) {
	long := reportstest.HandMade(3)
	long.Threads[1] = "qemuDomainObjBeginNestedJobWithDriverAndAgent(driver, vm1, 12345)"
	long.Counterexample.Steps[1].Action = "wait on vm1.aVeryLongNameOfAConditionWithoutAnyJointInIt0123456789012345678901234567890123456789"
	long.Why = "caf\u00e9"
	stopped := reportstest.HandMade(2)
	stopped.Verdict, stopped.Kind, stopped.Limit, stopped.Counterexample = model.Unknown, "", model.StatesLimit, nil
	stopped.Message = "the search was stopped (max-states) after 12345 states; nothing is wrong in those"
	also := reportstest.HandMade(2)
	also.Also = []reports.Other{{Verdict: model.Deadlock, Kind: model.LockOrder, Message: "T1 waits for T2", Steps: 12}}
	replayed := reportstest.HandMade(2)
	replayed.Replayed, replayed.Verdict, replayed.Kind, replayed.Pass = true, model.Unknown, "", false
	surprising := replayed
	surprising.Verdict, surprising.Kind, surprising.Expected = model.PartialDeadlock, model.LostWakeup, "violation: use-after-release"
	listed := reportstest.HandMade(5)
	listed.Threads[1], listed.Why = long.Threads[1], long.Threads[1]
	listed.Counterexample.Steps[1].Action = long.Counterexample.Steps[1].Action
	listed.Counterexample.Steps[2].Action = "wake up and lock vm1.mon after vm1.mon.notify, which another thread has signalled meanwhile"
	end := listed.Counterexample.End
	end[0].Next, end[1].Asleep, end[2].WaitsFor, end[4].WaitsFor = "", true, "", ""
	explored := reportstest.HandMade(12)
	explored.Ref = strings.Join(explored.Threads, ", ")
	explored.Schedules = &reports.Schedules{Strategy: "exhaustive", Runs: 1}
	for name, r := range map[string]reports.Result{
		"three": reportstest.HandMade(3), "five": reportstest.HandMade(5), "long": long, "stopped": stopped, "also": also, "replayed": replayed,
		"surprising": surprising, "listed": listed, "explored": explored,
	} {
		reportstest.Golden(t, "shape-"+name+".txt", answerText(t, &r, terminal.Style{}))
		for _, width := range []int{40, 60, 80, 130, 200} {
			fits(t, answerText(t, &r, terminal.Style{Width: width}), width)
		}
	}
	reportstest.Golden(t, "shape-listed-40.txt", answerText(t, &listed, terminal.Style{Width: 40}))
	r := reportstest.HandMade(2)
	four := reportstest.HandMade(4)
	if wide := answerText(t, &four, terminal.Style{Width: 250}); !strings.Contains(wide, "\nT4 ") {
		t.Errorf("four threads have lanes:\n%s", wide)
	}
	reportstest.Golden(t, "shape-colour.txt", answerText(t, &r, terminal.Style{Colour: true}))
}

func TestTable(t *testing.T) {
	rs := append(reportstest.Results(t, search.Options{}), reportstest.HandMade(2))
	rs[len(rs)-1].Verdict, rs[len(rs)-1].Kind = model.Unknown, ""
	var names []string
	for i := range rs {
		names = append(names, rs[i].Suite+":"+rs[i].Scenario)
	}
	var b strings.Builder
	table := terminal.NewTable(&b, names, terminal.Style{})
	for i := range rs {
		if err := table.Row(&rs[i]); err != nil {
			t.Fatal(err)
		}
	}
	reportstest.Golden(t, "table.txt", b.String())
	fits(t, b.String(), 80)
	b.Reset()
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); !strings.HasPrefix(got, "\n6 scenarios: 4 as expected, 1 NOT, 1 unknown; ") {
		t.Errorf("summary %q", got)
	}
}

// Names stay whole, whatever else has to give way.
func TestTableNames(t *testing.T) {
	var rs []reports.Result
	var names []string
	for _, x := range []struct {
		scenario string
		verdict  model.Verdict
		kind     model.Kind
		states   int64
	}{
		{"one-query", model.OK, "", 16},
		{"five-queries", model.OK, "", 1234567},
		{"with-query", model.Violation, model.UseAfterRelease, 60},
		{"prose-order-with-rogue", model.Deadlock, model.LockOrder, 95},
		{"signal-swallowed-unnoticed", model.PartialDeadlock, model.LostWakeup, 3798},
		{"driver-before-exit-with-rogue", model.OK, "", 911},
		{"driver-before-exit-with-rogue-and-nobody-else", model.Deadlock, model.LockOrder, 911},
	} {
		r := reportstest.HandMade(2)
		r.Suite, r.Scenario, r.Verdict, r.Kind, r.States, r.Pass = "exit-monitor-order", x.scenario, x.verdict, x.kind, x.states, true
		rs, names = append(rs, r), append(names, r.Suite+":"+r.Scenario)
	}
	for _, width := range []int{80, 130} {
		var b strings.Builder
		table := terminal.NewTable(&b, names, terminal.Style{Width: width})
		for i := range rs {
			if err := table.Row(&rs[i]); err != nil {
				t.Fatal(err)
			}
		}
		reportstest.Golden(t, fmt.Sprintf("table-names-%d.txt", width), b.String())
		fits(t, b.String(), width)
	}
}

func TestJSON(t *testing.T) {
	report := reports.NewReport("test")
	report.Results = append(reportstest.Results(t, search.Options{}), reportstest.HandMade(3))
	report.Results = append(report.Results, reportstest.Results(t, search.Options{MaxStates: 3})...)
	var a, b bytes.Buffer
	if err := formats.WriteJSON(&a, report); err != nil {
		t.Fatal(err)
	}
	again := reports.NewReport("test")
	again.Results = append(reportstest.Results(t, search.Options{Workers: 3}), reportstest.HandMade(3))
	again.Results = append(again.Results, report.Results[6:]...)
	if err := formats.WriteJSON(&b, again); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("equal results, different bytes")
	}
	reportstest.Golden(t, "report.json", a.String())
	empty := reports.NewReport("test")
	var e bytes.Buffer
	if err := formats.WriteJSON(&e, empty); err != nil {
		t.Fatal(err)
	}
	s := compileSchema(t)
	for _, text := range [][]byte{a.Bytes(), e.Bytes()} {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Error(err)
		}
	}
}

func TestSchemaRejects(t *testing.T) {
	s := compileSchema(t)
	for _, text := range []string{
		`{}`,
		`{"version":2,"tool":{"name":"x","version":"y"},"results":[],"findings":[]}`,
		`{"version":1,"tool":{"name":"x","version":"y"},"results":null,"findings":[]}`,
		`{"version":1,"tool":{"name":"x","version":"y"},"results":[],"findings":[],"more":1}`,
	} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if s.Validate(doc) == nil {
			t.Errorf("accepted %s", text)
		}
	}
	reportstest.Golden(t, "result.schema.json", string(reports.Schema()))
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(reports.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("result.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("result.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestReplay(t *testing.T) {
	suites, err := scenarios.Load(t.Context(), "testdata/suite.yaml")
	if err != nil {
		t.Fatal(err)
	}
	sc := suites[0].Scenarios[1]
	p, err := sc.Program(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for schedule, want := range map[string]model.Verdict{"1,2": model.Deadlock, "1": model.Unknown, "": model.Unknown} {
		s, err := model.ParseSchedule(schedule)
		if err != nil {
			t.Fatal(err)
		}
		trace, finding, err := search.Replay(p, s)
		if err != nil {
			t.Fatal(err)
		}
		r := answers.NewReplay(sc, p, trace, finding, search.IgnoreRaces)
		if r.Verdict != want || r.Pass != (want == model.Deadlock) || r.Counterexample.Replay != schedule {
			t.Errorf("%q: %+v", schedule, r)
		}
		answerText(t, &r, terminal.Style{})
	}
}
