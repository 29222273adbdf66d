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
	"github.com/lockproof/lockproof/checker/explore"
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
func results(t *testing.T, opt explore.Options) []Result {
	t.Helper()
	suites, err := scenarios.Load("testdata/suite.yaml")
	if err != nil {
		t.Fatal(err)
	}
	programs, err := scenarios.Programs(suites[0].Scenarios)
	if err != nil {
		t.Fatal(err)
	}
	var rs []Result
	for i, sc := range suites[0].Scenarios {
		found, err := explore.Search(t.Context(), programs[i], opt)
		if err != nil {
			t.Fatal(err)
		}
		r := New(sc, programs[i], found)
		r.ElapsedMS = 0
		rs = append(rs, r)
	}
	return rs
}

func checkText(t *testing.T, r *Result, style Style) string {
	t.Helper()
	var b strings.Builder
	if err := WriteCheck(&b, r, style); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriteCheck(t *testing.T) {
	for _, r := range results(t, explore.Options{}) {
		for _, width := range []int{0, 130} {
			text := checkText(t, &r, Style{Width: width})
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
	stopped.Verdict, stopped.Kind, stopped.Limit, stopped.Counterexample = model.Unknown, "", explore.States, nil
	stopped.Message = verdictMessage(&stopped)
	also := handMade(2)
	also.Also = []Other{{model.Deadlock, model.LockOrder, "T1 waits for T2", 12}}
	replayed := handMade(2)
	replayed.Replayed, replayed.Verdict, replayed.Kind, replayed.Pass = true, model.Unknown, "", false
	for name, r := range map[string]Result{
		"three": handMade(3), "five": handMade(5), "long": long, "stopped": stopped, "also": also, "replayed": replayed,
	} {
		text := checkText(t, &r, Style{})
		golden(t, "shape-"+name+".txt", text)
		if len(r.Threads) <= 3 {
			fits(t, text, 80)
		}
	}
	r := handMade(2)
	golden(t, "shape-colour.txt", checkText(t, &r, Style{Colour: true}))
}

// handMade is a violation in which n threads take one step each, in libvirt's names.
func handMade(n int) Result {
	r := Result{
		Suite: "shapes", Scenario: "made-by-hand", Ref: "shapes.yaml:made-by-hand", Command: "lockproof check shapes.yaml:made-by-hand", Protocol: "mail-2009-10", Expected: "ok",
		Verdict: model.Violation, Kind: model.NoJob, Message: "T1 query(vm1) does not hold vm1.jobActive", Reductions: []string{}, Threads: []string{},
		States: 12345, Transitions: 23456, Depth: 17, Limit: explore.States, Counterexample: &Counterexample{Start: []Value{}, Replay: "1,2", Steps: []Step{}, End: []End{}},
	}
	locks := []string{"driver.lock", "vm1.lock", "vm1.mon.lock", "vm2.lock", "vm2.mon.lock"}
	for i := range n {
		r.Threads = append(r.Threads, fmt.Sprintf("query(vm%d)", i/3+1))
		s := Step{
			Thread: i + 1, Function: "qemuDomainObjEnterMonitor", Op: "lock", Operation: "virMutexLock(&x->lock)", Action: "lock " + locks[i],
			Object: locks[i], File: "a/b/mail-2009-10.c", Line: 100 + i, Held: []string{locks[i]}, Waits: []Wait{}, Changes: map[string]Change{locks[i]: {"free", "T1"}},
			Calls: []Place{{Function: "query", File: "bodies.c", Line: 7}, {Function: "qemuDomainObjEnterMonitor", File: "a/b/mail-2009-10.c", Line: 100 + i}},
		}
		if i == n-1 {
			s.Failed = "it does not hold the job"
		}
		r.Counterexample.Steps = append(r.Counterexample.Steps, s)
		r.Counterexample.End = append(r.Counterexample.End, End{Thread: i + 1, Next: "x", Held: s.Held, WaitsFor: locks[(i+1)%n]})
	}
	return r
}

func TestTable(t *testing.T) {
	rs := append(results(t, explore.Options{}), handMade(2))
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
	b.Reset()
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); !strings.HasPrefix(got, "\n6 scenarios: 4 as expected, 1 NOT, 1 unknown; ") {
		t.Errorf("summary %q", got)
	}
}

func TestJSON(t *testing.T) {
	report := NewReport("test")
	report.Results = append(results(t, explore.Options{}), handMade(3))
	report.Results = append(report.Results, results(t, explore.Options{MaxStates: 3})...)
	var a, b bytes.Buffer
	if err := WriteJSON(&a, report); err != nil {
		t.Fatal(err)
	}
	again := NewReport("test")
	again.Results = append(results(t, explore.Options{Workers: 3}), handMade(3))
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
	suites, err := scenarios.Load("testdata/suite.yaml")
	if err != nil {
		t.Fatal(err)
	}
	sc := suites[0].Scenarios[1]
	p, err := sc.Program()
	if err != nil {
		t.Fatal(err)
	}
	for schedule, want := range map[string]model.Verdict{"1,2": model.Deadlock, "1": model.Unknown, "": model.Unknown} {
		s, err := explore.ParseSchedule(schedule)
		if err != nil {
			t.Fatal(err)
		}
		trace, finding, err := explore.Replay(p, s)
		if err != nil {
			t.Fatal(err)
		}
		r := NewReplay(sc, p, trace, finding)
		if r.Verdict != want || r.Pass != (want == model.Deadlock) || r.Counterexample.Replay != schedule {
			t.Errorf("%q: %+v", schedule, r)
		}
		checkText(t, &r, Style{})
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
