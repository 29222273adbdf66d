package scenarios_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/lockproof/lockproof/scenarios/smalltest"
)

var smallOnly = flag.String("small", "", "a pattern: run only the small programs whose names match")

// smallPrograms reads the archives in testdata/programs.
func smallPrograms(t *testing.T) []smalltest.Program {
	t.Helper()
	all, err := smalltest.Read("testdata/programs")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// smallSuite loads a program as a suite of one scenario.
func smallSuite(t *testing.T, p *smalltest.Program) (*scenarios.Scenario, error) {
	t.Helper()
	verdict, _, _ := strings.Cut(p.Expect, ":")
	if verdict == "violation" || verdict == "unknown" || verdict == "refused" {
		verdict = "ok" // the suite may only name what it knows; the test compares
	}
	var threads []string
	for _, call := range p.Threads {
		threads = append(threads, fmt.Sprintf("%q", call))
	}
	yaml := fmt.Sprintf(
		"suite: small\ntitle: a small program\nsources: [t.c]\nscenarios:\n  - name: s\n    threads: [%s]\n    faults: [%s]\n    expect: %q\n",
		strings.Join(threads, ", "), strings.Join(p.Faults, ", "), verdict)
	fsys := fstest.MapFS{"suite.yaml": {Data: []byte(yaml)}, "t.c": {Data: []byte(p.Source)}}
	suites, err := scenarios.LoadFS(t.Context(), fsys, ".")
	if err != nil {
		return nil, err
	}
	return suites[0].Scenarios[0], nil
}

// TestSmallPrograms holds the verdict of every small program against the one that C gives it. What
// is not modelled is refused, with a place.
func TestSmallPrograms(t *testing.T) {
	only := regexp.MustCompile(*smallOnly)
	for _, p := range smallPrograms(t) {
		if !only.MatchString(p.Name) {
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			sc, err := smallSuite(t, &p)
			var program *model.Program
			if err == nil {
				program, err = sc.Program(t.Context())
			}
			if p.Expect == "refused" {
				if err == nil || !strings.Contains(err.Error(), "t.c:") {
					t.Errorf("not refused at a place in the C: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			program, _, err = search.Close(t.Context(), program, search.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, reduce := range []search.Reduction{{}, {Merge: true, Symmetry: true}} {
				o := search.Options{MaxStates: 1_000_000, Reduce: reduce}
				if p.Races {
					o.Races = search.CheckRaces
				}
				r, err := search.Search(t.Context(), program, o)
				if err != nil {
					t.Fatal(err)
				}
				got := string(r.Verdict)
				if _, kind, ok := strings.Cut(p.Expect, ": "); ok && kind != "" {
					got += ": " + string(r.Kind)
				}
				if got != p.Expect {
					t.Errorf("%s, want %s", got, p.Expect)
				}
				for _, f := range r.Findings {
					t.Logf("%s %s: %s", f.Verdict, f.Kind, f.Message)
				}
				if r.Verdict == model.Unknown {
					t.Logf("limit %s", r.Limit)
				}
			}
		})
	}
}

// TestSmallProgramsCompiled lets the C compiler confirm the programs of one thread that end well.
func TestSmallProgramsCompiled(t *testing.T) {
	cc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("gcc is not installed")
	}
	dir := t.TempDir()
	for _, p := range smallPrograms(t) {
		if !p.Sequential {
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			base := filepath.Join(dir, strings.ReplaceAll(p.Name, "/", "-"))
			src := p.Source + "\nint main(void) { " + p.Threads[0] + "; return 0; }\n"
			if err := os.WriteFile(base+".c", []byte(src), 0o600); err != nil {
				t.Fatal(err)
			}
			args := []string{"-std=gnu11", "-w", "-O0", "-pthread", "-fsanitize=undefined", "-fno-sanitize-recover", "-o", base, base + ".c"}
			if out, err := exec.CommandContext(t.Context(), cc, args...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if out, err := exec.CommandContext(t.Context(), base).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
