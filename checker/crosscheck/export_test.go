package crosscheck_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/checker/crosscheck"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// writers are the languages by the extension of their files.
var writers = map[string]func(io.Writer, *model.Program, crosscheck.Options) error{
	".pml": crosscheck.Promela,
	".tla": crosscheck.TLA,
}

// TestGolden pins what exported models look like.
func TestGolden(t *testing.T) {
	suites, err := scenarios.Load(t.Context(), "testdata")
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
	for name, tc := range map[string]struct {
		program model.Program
		want    string
	}{
		"value": {model.Program{Vars: []model.Var{big}, Threads: []model.Thread{{Start: start, Nodes: []model.Node{end}}}}, "32-bit"},
		"start": {model.Program{Threads: []model.Thread{{Name: "t()", Nodes: []model.Node{end}}}}, "t() starts nowhere"},
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
	p := &model.Program{
		Locks: []model.Lock{{Name: "a.b"}, {Name: "a_b"}, {Name: "lock"}, {Name: "L7"}, {Name: "2nd"}, {Name: "RUN"}, {Name: "REFCOUNT"}},
		Threads: []model.Thread{{
			Name: "do()", Start: []model.Edge{{To: 0}},
			Nodes: []model.Node{{Op: model.OpFinish}},
		}},
	}
	var text bytes.Buffer
	if err := crosscheck.Promela(&text, p, crosscheck.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"bit a_b;", "bit a_b_2;", "bit lock_2;", "bit L7_2;", "bit x2nd;", "bit RUN_2;", "bit REFCOUNT_2;", "proctype do_2()"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, &text)
		}
	}
	if got := crosscheck.ModuleName(crosscheck.Options{Scenario: "error-path:2009-12"}); got != "error_path_2009_12" {
		t.Errorf("module %s", got)
	}
}
