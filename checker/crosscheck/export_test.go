package crosscheck_test

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/checker/crosscheck"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/modeltest"
	"github.com/lockproof/lockproof/scenarios"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// writers are the languages by the extension of their files.
var writers = map[string]func(io.Writer, *model.Program, crosscheck.Options) error{
	".pml": crosscheck.Promela,
	".tla": crosscheck.TLA,
}

// TestEndsOthers: no language has what puts all other threads out of the run, so each writer
// refuses a restart and a fork, with one error, and writes nothing. All else is written.
func TestEndsOthers(t *testing.T) {
	refused := map[model.Op]int{model.OpRestart: 0, model.OpFork: 0}
	for _, c := range modeltest.Cases() {
		if c.Program.Source != nil {
			continue
		}
		ends := false
		for op := range refused {
			if has(c.Program, op) {
				refused[op]++
				ends = true
			}
		}
		for ext, write := range writers {
			var b bytes.Buffer
			err := write(&b, c.Program, crosscheck.Options{})
			if errors.Is(err, crosscheck.ErrEndsOthers) != ends || ends && b.Len() > 0 {
				t.Errorf("%s%s: %v, after %d bytes; ends others: %t", c.Name, ext, err, b.Len(), ends)
			}
		}
	}
	for op, n := range refused {
		if n == 0 {
			t.Errorf("no program has %s", op)
		}
	}
}

// TestGolden pins what exported models look like.
func TestGolden(t *testing.T) {
	suites, err := crosscheck.OwnSuites()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"opposite-orders", "filled-twice"} {
		sc, err := scenarios.Find(t.Context(), suites, "engines:"+name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := sc[0].Program(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for ext, write := range writers {
			t.Run(name+ext, func(t *testing.T) {
				var got, again bytes.Buffer
				opt := crosscheck.Options{Scenario: sc[0].String(), File: sc[0].Suite.File}
				if err := write(&got, p, opt); err != nil {
					t.Fatal(err)
				}
				if err := write(&again, p, opt); err != nil || !bytes.Equal(got.Bytes(), again.Bytes()) {
					t.Error("the same program gives another text")
				}
				golden := filepath.Join("testdata", name+ext)
				if *update {
					if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got.String()); diff != "" {
					t.Errorf("run with -update after looking at this:\n%s", diff)
				}
			})
		}
	}
}

// TestExportErrors lists programs that cannot be exported.
func TestExportErrors(t *testing.T) {
	big := model.Var{Name: "big", Values: []int64{0, 1 << 40}}
	end := model.Node{Op: model.OpFinish}
	start := []model.Edge{{To: 0}}
	pos := model.Pos{File: "f.c", Line: 7}
	one := func(nodes ...model.Node) model.Program {
		return model.Program{Vars: []model.Var{{Name: "v", Values: []int64{0, 1}}}, Threads: []model.Thread{{Start: start, Nodes: nodes}}}
	}
	checked := func(checks ...model.Check) model.Program {
		return one(model.Node{Op: model.OpAccess, Pos: pos, Checks: checks}, end)
	}
	long := &model.Expr{Op: model.ReadVar}
	for range 3000 {
		long = &model.Expr{Op: model.Or, X: long, Y: &model.Expr{Op: model.ReadVar}}
	}
	var many model.Program
	for range 20 {
		many.Threads = append(many.Threads, model.Thread{Start: []model.Edge{{To: 0}, {To: 1}}, Nodes: []model.Node{end, end}})
	}
	whole := model.Check{Kind: model.AssertKind, Pos: pos}
	for name, tc := range map[string]struct {
		program model.Program
		want    string
	}{
		"value":  {model.Program{Vars: []model.Var{big}, Threads: []model.Thread{{Start: start, Nodes: []model.Node{end}}}}, "32-bit"},
		"kind":   {checked(model.Check{Kind: "*/ c_code {}", Pos: pos}), "f.c:7: \"*/ c_code {}\" is not a kind"},
		"checks": {checked(slices.Repeat([]model.Check{whole}, 201)...), "f.c:7: 201 checks"},
		"terms":  {checked(model.Check{Kind: model.AssertKind, Cond: long}), "f.c:7: the checks at one step have 6001 terms"},
		"starts": {many, "more than 10000 ways"},
		"start":  {model.Program{Threads: []model.Thread{{Name: "t()", Nodes: []model.Node{end}}}}, "t() starts nowhere"},
	} {
		for ext, write := range writers {
			if err := write(io.Discard, &tc.program, crosscheck.Options{}); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s%s: error %v, want one about %q", name, ext, err, tc.want)
			}
		}
	}
}

// TestNames gives one identifier to each thing, whatever it is called.
func TestNames(t *testing.T) {
	long := strings.Repeat("long", 1000)
	p := &model.Program{Threads: []model.Thread{{
		Name: "do()", Start: []model.Edge{{To: 0}},
		Nodes: []model.Node{{Op: model.OpFinish}},
	}}}
	for _, name := range []string{
		"a.b", "a_b", "lock", "L7", "2nd", "RUN", "np", "WF", "SF_x", "", "/*", "\xff", long, long + "er", "../../x", "errno",
	} {
		p.Locks = append(p.Locks, model.Lock{Name: name})
	}
	var text bytes.Buffer
	if err := crosscheck.Promela(&text, p, crosscheck.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"a_b_", "a_b_2_", "lock_", "L7_", "x2nd_", "RUN_", "xnp_", "xWF_", "xSF_x_", "x_", "x_2_", "x_3_", long[:40] + "_", long[:40] + "_2_",
		"x_4_", "errno_",
	} {
		if !strings.Contains(text.String(), "\nbit "+want+"; ") {
			t.Errorf("no bit %q in\n%s", want, &text)
		}
	}
	if !strings.Contains(text.String(), "proctype do_()") {
		t.Errorf("no do_ in\n%s", &text)
	}
}

// TestModuleNames are names of files: nothing leads out of a directory.
func TestModuleNames(t *testing.T) {
	for scenario, want := range map[string]string{
		"error-path:2009-12":                "error_path_2009_12",
		"../../x:..":                        "x",
		"/etc/passwd":                       "etc_passwd",
		"..:..":                             "x",
		"":                                  "Scenario",
		"WF_a":                              "xWF_a",
		"\u65e5:TLC":                        "Scenario",
		strings.Repeat("a-", 5000) + ":end": strings.TrimSuffix(strings.Repeat("a_", 50), "_"),
	} {
		if got := crosscheck.ModuleName(crosscheck.Options{Scenario: scenario}); got != want {
			t.Errorf("%.40q: module %s, want %s", scenario, got, want)
		}
	}
	for _, bad := range []string{"", ".", "..", "../x", "a/b", "a-b", "-a", "1a", "_a", "a_", "a__b", "IF", "TLC", "WF_a", "a\n", "\u00e9", strings.Repeat("a", 101)} {
		if crosscheck.IsModule(bad) {
			t.Errorf("%q can be a module", bad)
		}
		p := &model.Program{Threads: []model.Thread{{Name: "t", Start: []model.Edge{{}}, Nodes: []model.Node{{}}}}}
		err := crosscheck.TLA(io.Discard, p, crosscheck.Options{Module: bad})
		if bad != "" && (err == nil || !strings.Contains(err.Error(), "cannot be the name")) {
			t.Errorf("%q: error %v", bad, err)
		}
	}
	for _, good := range []string{"five", "a_b", "A1", "Scenario"} {
		if !crosscheck.IsModule(good) {
			t.Errorf("%q cannot be a module", good)
		}
	}
}
