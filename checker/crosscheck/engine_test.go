package crosscheck

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

func TestReadPan(t *testing.T) {
	const tail = "State-vector 84 byte, depth reached 122, errors: 2\n  1176898 states, stored\n  1281091 states, matched\n"
	for name, tc := range map[string]struct {
		out      string
		verdict  model.Verdict
		kinds    []model.Kind
		deadlock bool
		states   int64
		limit    string
		exact    bool
	}{
		"ok": {out: "invalid end states\t+\n" + tail, verdict: model.OK, states: 1176898, exact: true},
		"both": {
			out:     "pan:1: assertion violated (16&&0) (at depth 37)\npan:2: invalid end state (at depth 7)\npan:3: assertion violated (3&&0) (at depth 9)\n" + tail,
			verdict: model.Violation, kinds: []model.Kind{model.NoJob, model.UseAfterRelease}, deadlock: true, states: 1176898, exact: true,
		},
		"leak": {
			out:     "pan:1: assertion violated ( (15)&&((vm1_refs==0)||(vm1_refs==1))) (at depth 3)\n" + tail,
			verdict: model.Violation, kinds: []model.Kind{model.RefCount}, states: 1176898, exact: true,
		},
		"depth":  {out: "error: max search depth too small\n" + tail, verdict: model.Unknown, states: 1176898, limit: "depth", exact: true},
		"memory": {out: "pan: out of memory\n" + tail, verdict: model.Unknown, states: 1176898, limit: "max-memory", exact: true},
		"range":  {out: fmt.Sprintf("pan:1: assertion violated (%d&&0)\n", len(model.Kinds())+1) + tail, verdict: model.Unknown, states: 1176898, limit: "value-range", exact: true},
		"many":   {out: "1.2345678e+09 states, stored\n", verdict: model.OK, states: 1234567800},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := readPan(tc.out)
			if err != nil {
				t.Fatal(err)
			}
			if o.Verdict != tc.verdict || !slices.Equal(o.Kinds, tc.kinds) || o.Deadlock != tc.deadlock || o.States != tc.states ||
				o.Limit != tc.limit || o.Comparable != tc.exact {
				t.Errorf("got %+v", o)
			}
		})
	}
	for _, out := range []string{"", "sh: ./pan: not found", "assertion violated (77&&0)\n" + tail} {
		if o, err := readPan(out); err == nil {
			t.Errorf("%q is understood as %+v", out, o)
		}
	}
}

func TestReadTLC(t *testing.T) {
	for out, code := range map[string]int{
		"": 0,
		"Error: Parsing or semantic analysis failed.\n":                                                          150,
		"9 states generated, 7 distinct states found, 0 states left on queue.\n":                                 12,
		"9 states generated, 7 distinct states found, 2 states left on queue.\n":                                 0,
		"<<\"lockproof\", \"novelty\">>\n9 states generated, 7 distinct states found, 0 states left on queue.\n": 0,
	} {
		if o, _, err := readTLC(out, code); err == nil {
			t.Errorf("%q is understood as %+v", out, o)
		}
	}
	o, found, err := readTLC("<<\"lockproof\", \"deadlock\">>\n<<\"lockproof\", \"no-job\">>\n"+
		"1,234 states generated, 1,007 distinct states found, 0 states left on queue.\n", 0)
	if err != nil || !o.Deadlock || !found[model.NoJob] || len(found) != 1 || o.States != 1007 {
		t.Errorf("got %+v, %v, %v", o, found, err)
	}
}

// OwnSuites are the suites of testdata, which are loaded once.
var OwnSuites = sync.OnceValues(func() ([]*scenarios.Suite, error) {
	return scenarios.Load(context.Background(), "testdata")
})

// program is a scenario of testdata.
func program(t testing.TB, name string) *model.Program {
	t.Helper()
	suites, err := OwnSuites()
	if err != nil {
		t.Fatal(err)
	}
	sc, err := scenarios.Find(t.Context(), suites, "engines:"+name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := sc[0].Program(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestGraph decides partial deadlocks from graphs that TLC wrote.
func TestGraph(t *testing.T) {
	for _, tc := range []struct {
		scenario, graph string
		stuck           bool
	}{
		{"sleeps-beside-a-loop", "graph.dot", true},
		{"same-order", "finishes.dot", false},
	} {
		pl, err := newPlan(program(t, tc.scenario))
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", "tlc", tc.graph)
		if stuck, err := pl.stuck(t.Context(), file); err != nil || stuck != tc.stuck {
			t.Errorf("%s: stuck %t, %v", tc.scenario, stuck, err)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for name, bad := range map[string]string{
			"no pc":            strings.ReplaceAll(string(text), "pc = ", "cp = "),
			"another program":  strings.ReplaceAll(string(text), "pc = <<", "pc = <<0, "),
			"a state is gone":  strings.Replace(string(text), "[label=\"/", "[lable=\"/", 1),
			"a strange number": strings.ReplaceAll(string(text), "pc = <<", "pc = <<-"),
		} {
			broken := filepath.Join(t.TempDir(), "graph.dot")
			if err := os.WriteFile(broken, []byte(bad), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := pl.stuck(t.Context(), broken); err == nil {
				t.Errorf("%s: %s: no error", tc.scenario, name)
			}
		}
	}
}

// TestRunTLC runs a java that only repeats what TLC once said, so that the way around TLC is tested
// where it is not installed.
func TestRunTLC(t *testing.T) {
	here, err := filepath.Abs("testdata/tlc")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	script := "#!/bin/sh\ntest -f engines.tla && test -f engines.cfg && test -f home/.tlaplus/esc.txt || exit 1\n" +
		"cp '" + here + "/graph.dot' graph.dot && cat '" + here + "/out.txt'\n"
	if err := os.WriteFile(filepath.Join(bin, "java"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	p := program(t, "sleeps-beside-a-loop")
	opt := RunOptions{TLA2Tools: filepath.Join(bin, "java"), Export: Options{Module: "engines"}, MaxMemory: 1 << 30}
	theirs, err := Run(t.Context(), TLC, p, opt)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := search.Search(t.Context(), p, search.Options{EveryStep: true})
	if err != nil {
		t.Fatal(err)
	}
	if theirs.Verdict != model.PartialDeadlock || theirs.States != 12 || len(Compare(ours, theirs)) > 0 {
		t.Errorf("got %+v, differs in %v", theirs, Compare(ours, theirs))
	}
	opt.NoGraph = true
	if theirs, err = Run(t.Context(), TLC, p, opt); err != nil {
		t.Fatal(err)
	}
	if theirs.Verdict != model.OK || theirs.decides(model.PartialDeadlock) || len(Compare(ours, theirs)) > 0 {
		t.Errorf("without a graph: %+v, differs in %v", theirs, Compare(ours, theirs))
	}
}

// TestReduce lets SPIN reduce: verdicts and kinds stay.
func TestReduce(t *testing.T) {
	var missing *Unavailable
	if err := Available(SPIN, RunOptions{}); errors.As(err, &missing) {
		t.Skip(err)
	}
	for _, name := range []string{"polite", "filled-twice", "one-is-woken", "job-and-reference-kept"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := program(t, name)
			ours, err := search.Search(t.Context(), p, search.Options{EveryStep: true})
			if err != nil {
				t.Fatal(err)
			}
			theirs, err := Run(t.Context(), SPIN, p, RunOptions{Quick: true, Reduce: true, MaxMemory: 1 << 28})
			if err != nil {
				t.Fatal(err)
			}
			if ms := Compare(ours, theirs); len(ms) > 0 || theirs.Comparable {
				t.Errorf("%v, comparable %t", ms, theirs.Comparable)
			}
		})
	}
}

// TestSeparate counts the same states when every thread has a process type of its own.
func TestSeparate(t *testing.T) {
	var missing *Unavailable
	if err := Available(SPIN, RunOptions{}); errors.As(err, &missing) {
		t.Skip(err)
	}
	for _, name := range []string{"choice-at-the-start", "one-takes-it", "filled-twice"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opt := RunOptions{Quick: true, Export: Options{Separate: true}}
			a, err := Check(t.Context(), SPIN, program(t, name), search.Options{}, opt)
			if err != nil || len(a.Mismatches) > 0 || a.Undecided() != "" {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}

func TestAvailable(t *testing.T) {
	t.Setenv(ToolsVariable, "")
	t.Setenv("PATH", t.TempDir())
	for _, tc := range []struct {
		engine Engine
		opt    RunOptions
		want   string
	}{
		{SPIN, RunOptions{}, "spin needs the program spin"},
		{TLC, RunOptions{}, "tlc needs tla2tools.jar, named by --tla2tools or LOCKPROOF_TLA2TOOLS"},
		{TLC, RunOptions{TLA2Tools: "nowhere.jar"}, "nowhere.jar cannot be read"},
		{TLC, RunOptions{TLA2Tools: "doc.go"}, "tlc needs the program java"},
		{"nusmv", RunOptions{}, `unknown engine "nusmv"`},
	} {
		_, err := Run(t.Context(), tc.engine, program(t, "polite"), tc.opt)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want one about %s", tc.engine, err, tc.want)
		}
	}
}

// TestCancelled gives no verdict when there is no time.
func TestCancelled(t *testing.T) {
	var missing *Unavailable
	if err := Available(SPIN, RunOptions{}); errors.As(err, &missing) {
		t.Skip(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o, err := Run(ctx, SPIN, program(t, "polite"), RunOptions{})
	if err != nil || o.Verdict != model.Unknown || o.Limit == "" {
		t.Errorf("got %+v, %v", o, err)
	}
}

func TestCompare(t *testing.T) {
	ours := func(v model.Verdict, deadlocks int64, kinds ...model.Kind) *search.Result {
		r := &search.Result{Verdict: v, Complete: true, Stats: search.Stats{States: 10, Deadlocks: deadlocks}}
		for _, k := range kinds {
			r.Findings = append(r.Findings, search.Finding{Verdict: model.Violation, Kind: k})
		}
		return r
	}
	theirs := func(deadlock bool, states int64, kinds ...model.Kind) *Outcome {
		o := &Outcome{Deadlock: deadlock, States: states, Comparable: true, Decides: []model.Verdict{model.OK, model.Deadlock, model.Violation}}
		found := map[model.Kind]bool{}
		for _, k := range kinds {
			found[k] = true
		}
		o.settle(found, false)
		return o
	}
	partial := theirs(false, 10)
	partial.Decides = append(partial.Decides, model.PartialDeadlock)
	reduced := theirs(false, 7)
	reduced.Comparable = false
	stopped := theirs(false, 7)
	stopped.Limit = "timeout"
	for name, tc := range map[string]struct {
		ours   *search.Result
		theirs *Outcome
		want   string
	}{
		"agree":           {ours(model.OK, 0), theirs(false, 10), ""},
		"states":          {ours(model.OK, 0), theirs(false, 11), "states"},
		"reduced":         {ours(model.OK, 0), reduced, ""},
		"stopped":         {ours(model.OK, 0), stopped, ""},
		"verdict":         {ours(model.OK, 0), theirs(true, 10), "verdict deadlock"},
		"hidden deadlock": {ours(model.Violation, 1, model.NoJob), theirs(false, 10, model.NoJob), "deadlock"},
		"kinds":           {ours(model.Violation, 0, model.NoJob), theirs(false, 10, model.RefCount), "kinds"},
		"more kinds":      {ours(model.Violation, 0, model.NoJob, model.RefCount), theirs(false, 10, model.RefCount), "kinds"},
		"cannot decide":   {ours(model.PartialDeadlock, 0), theirs(false, 10), ""},
		"can decide":      {ours(model.PartialDeadlock, 0), partial, "verdict"},
	} {
		var what []string
		for _, m := range Compare(tc.ours, tc.theirs) {
			what = append(what, m.What)
			if m.String() == "" {
				t.Errorf("%s: a mismatch without a text", name)
			}
		}
		if got := strings.Join(what, " "); got != tc.want {
			t.Errorf("%s: mismatch in %q, want %q", name, got, tc.want)
		}
	}
}
