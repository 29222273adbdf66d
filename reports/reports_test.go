package reports

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// results searches the scenarios of testdata/suite.yaml; the clock is left out.
func results(t *testing.T, opt search.Options) []Result {
	t.Helper()
	suites, err := scenarios.Load(t.Context(), "testdata/suite.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := scenarios.Check(t.Context(), suites[0].Scenarios); err != nil {
		t.Fatal(err)
	}
	var rs []Result
	for _, sc := range suites[0].Scenarios {
		p, err := sc.Program(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found, err := search.Search(t.Context(), p, opt)
		if err != nil {
			t.Fatal(err)
		}
		r := New(sc, p, found)
		r.ElapsedMS = 0
		rs = append(rs, r)
	}
	return rs
}

func answerText(t *testing.T, r *Result, style Style) string {
	t.Helper()
	var b strings.Builder
	if err := WriteAnswer(&b, r, style); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriteCheck(t *testing.T) {
	for _, r := range results(t, search.Options{}) {
		for _, width := range []int{0, 130} {
			text := answerText(t, &r, Style{Width: width})
			golden(t, fmt.Sprintf("check-%s-%d.txt", r.Scenario, Style{Width: width}.width()), text)
			fits(t, text, Style{Width: width}.width())
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

// Other shapes: two domains, many threads, long names, a search that was stopped, text that is not ASCII.
func TestWriteCheckShapes(t *testing.T) {
	long := handMade(3)
	long.Threads[1] = "qemuDomainObjBeginNestedJobWithDriverAndAgent(driver, vm1, 12345)"
	long.Counterexample.Steps[1].Action = "wait on vm1.aVeryLongNameOfAConditionWithoutAnyJointInIt0123456789012345678901234567890123456789"
	long.Why = "caf\u00e9"
	stopped := handMade(2)
	stopped.Verdict, stopped.Kind, stopped.Limit, stopped.Counterexample = model.Unknown, "", model.StatesLimit, nil
	stopped.Message = verdictMessage(&stopped)
	also := handMade(2)
	also.Also = []Other{{model.Deadlock, model.LockOrder, "T1 waits for T2", 12}}
	replayed := handMade(2)
	replayed.Replayed, replayed.Verdict, replayed.Kind, replayed.Pass = true, model.Unknown, "", false
	surprising := replayed
	surprising.Verdict, surprising.Kind, surprising.Expected = model.PartialDeadlock, model.LostWakeup, "violation: use-after-release"
	listed := handMade(5)
	listed.Threads[1], listed.Why = long.Threads[1], long.Threads[1]
	listed.Counterexample.Steps[1].Action = long.Counterexample.Steps[1].Action
	listed.Counterexample.Steps[2].Action = "wake up and lock vm1.mon after vm1.mon.notify, which another thread has signalled meanwhile"
	end := listed.Counterexample.End
	end[0].Next, end[1].Asleep, end[2].WaitsFor, end[4].WaitsFor = "", true, "", ""
	explored := handMade(12)
	explored.Ref = strings.Join(explored.Threads, ", ")
	explored.Schedules = &Schedules{"exhaustive", 1}
	for name, r := range map[string]Result{
		"three": handMade(3), "five": handMade(5), "long": long, "stopped": stopped, "also": also, "replayed": replayed,
		"surprising": surprising, "listed": listed, "explored": explored,
	} {
		golden(t, "shape-"+name+".txt", answerText(t, &r, Style{}))
		for _, width := range []int{40, 60, 80, 130, 200} {
			fits(t, answerText(t, &r, Style{Width: width}), width)
		}
	}
	golden(t, "shape-listed-40.txt", answerText(t, &listed, Style{Width: 40}))
	r := handMade(2)
	golden(t, "shape-colour.txt", answerText(t, &r, Style{Colour: true}))
}

// handMade is a violation in which n threads take one step each, in libvirt's names.
func handMade(n int) Result {
	r := Result{
		Suite: "shapes", Scenario: "made-by-hand", Ref: "shapes.yaml:made-by-hand", Command: "lockproof check shapes.yaml:made-by-hand", Protocol: "mail-2009-10", Expected: "ok",
		Verdict: model.Violation, Kind: model.NoJob, Message: "T1 query(vm1) does not hold vm1.jobActive", Reductions: []string{}, Threads: []string{},
		States: 12345, Transitions: 23456, Depth: 17, Limit: model.StatesLimit, Counterexample: &Counterexample{Start: []Value{}, Replay: "1,2", Steps: []Step{}, End: []End{}},
	}
	locks := []string{"driver.lock", "vm1.lock", "vm1.mon.lock", "vm2.lock", "vm2.mon.lock"}
	for i := range n {
		lock := locks[i%len(locks)]
		r.Threads = append(r.Threads, fmt.Sprintf("query(vm%d)", i/3+1))
		s := Step{
			Thread: i + 1, Function: "qemuDomainObjEnterMonitor", Op: "lock", Operation: "virMutexLock(&x->lock)", Action: "lock " + lock,
			Object: lock, File: "a/b/mail-2009-10.c", Line: 100 + i, Held: []string{lock}, Waits: []Wait{}, Changes: map[string]Change{lock: {"free", "T1"}},
			Calls: []Place{{Function: "query", File: "bodies.c", Line: 7}, {Function: "qemuDomainObjEnterMonitor", File: "a/b/mail-2009-10.c", Line: 100 + i}},
		}
		if i == n-1 {
			s.Failed = "it does not hold the job"
		}
		r.Counterexample.Steps = append(r.Counterexample.Steps, s)
		r.Counterexample.End = append(r.Counterexample.End, End{Thread: i + 1, Next: "x", Held: s.Held, WaitsFor: locks[(i+1)%min(n, len(locks))]})
	}
	return r
}

func TestTable(t *testing.T) {
	rs := append(results(t, search.Options{}), handMade(2))
	rs[len(rs)-1].Verdict, rs[len(rs)-1].Kind = model.Unknown, ""
	var names []string
	for i := range rs {
		names = append(names, rs[i].Suite+":"+rs[i].Scenario)
	}
	var b strings.Builder
	table := NewTable(&b, names, Style{})
	for i := range rs {
		if err := table.Row(&rs[i]); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "table.txt", b.String())
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
	var rs []Result
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
		r := handMade(2)
		r.Suite, r.Scenario, r.Verdict, r.Kind, r.States, r.Pass = "exit-monitor-order", x.scenario, x.verdict, x.kind, x.states, true
		rs, names = append(rs, r), append(names, r.Suite+":"+r.Scenario)
	}
	for _, width := range []int{80, 130} {
		var b strings.Builder
		table := NewTable(&b, names, Style{Width: width})
		for i := range rs {
			if err := table.Row(&rs[i]); err != nil {
				t.Fatal(err)
			}
		}
		golden(t, fmt.Sprintf("table-names-%d.txt", width), b.String())
		fits(t, b.String(), width)
	}
}

func TestJSON(t *testing.T) {
	report := NewReport("test")
	report.Results = append(results(t, search.Options{}), handMade(3))
	report.Results = append(report.Results, results(t, search.Options{MaxStates: 3})...)
	var a, b bytes.Buffer
	if err := WriteJSON(&a, report); err != nil {
		t.Fatal(err)
	}
	again := NewReport("test")
	again.Results = append(results(t, search.Options{Workers: 3}), handMade(3))
	again.Results = append(again.Results, report.Results[6:]...)
	if err := WriteJSON(&b, again); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("equal results, different bytes")
	}
	golden(t, "report.json", a.String())
	empty := NewReport("test")
	var e bytes.Buffer
	if err := WriteJSON(&e, empty); err != nil {
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
	golden(t, "result.schema.json", string(Schema()))
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
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
		r := NewReplay(sc, p, trace, finding)
		if r.Verdict != want || r.Pass != (want == model.Deadlock) || r.Counterexample.Replay != schedule {
			t.Errorf("%q: %+v", schedule, r)
		}
		answerText(t, &r, Style{})
	}
}

func TestWrap(t *testing.T) {
	for _, tc := range []struct {
		text  string
		width int
		want  string
	}{
		{"", 10, ""},
		{"one two three", 7, "one two|three"},
		{"qemuMonitorCommand(mon)", 13, "qemuMonitor|Command(mon)"},
		{"vm1.privateData.mon", 12, "vm1.private|Data.mon"},
		{"0123456789", 4, "0123|4567|89"},
	} {
		if got := strings.Join(wrap(tc.text, tc.width), "|"); got != tc.want {
			t.Errorf("wrap(%q, %d) = %s", tc.text, tc.width, got)
		}
	}
}

func TestLetters(t *testing.T) {
	l := &letters{letter: map[string]byte{}}
	for _, name := range []string{"driver.lock", "vm1.lock", "vm1.mon.lock", "vm2.lock", "vm2.mon.lock", "vm1.jobActive", "x"} {
		l.add(name)
	}
	if got := l.legend(); got != "D=driver.lock V=vm1.lock M=vm1.mon.lock 2=vm2.lock O=vm2.mon.lock J=vm1.jobActive X=x" {
		t.Error(got)
	}
	if got := l.of([]string{"x", "driver.lock"}); got != "DX" {
		t.Error(got)
	}
	for i := range 100 {
		l.add(fmt.Sprint("lock", i))
	}
}
