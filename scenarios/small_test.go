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

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

var smallOnly = flag.String("small", "", "a pattern: run only the small programs whose names match")

// A small program is a few lines of C with the verdict that C and POSIX give it.
type small struct {
	name, source    string
	threads, expect string
	faults          string
	sequential      bool // the C compiler can run it: one thread, which ends well
	races           bool // data races are looked for
}

var firstLine = regexp.MustCompile(`^// (.*) => ([^;\n]*)(; cc)?(; races)?\n(?:// faults: (.*)\n)?`)

// smallPrograms reads the archives in testdata/programs.
func smallPrograms(t *testing.T) []small {
	t.Helper()
	var all []small
	archives, err := filepath.Glob("testdata/programs/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives of small programs", err)
	}
	for _, path := range archives {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			m := firstLine.FindStringSubmatch(string(f.Data))
			if m == nil {
				t.Fatalf("%s: %s does not begin with its threads and verdict", path, f.Name)
			}
			name := strings.TrimSuffix(filepath.Base(path), ".txtar") + "/" + strings.TrimSuffix(f.Name, ".c")
			all = append(all, small{
				name: name, source: string(f.Data), threads: m[1], expect: m[2], sequential: m[3] != "", races: m[4] != "", faults: m[5],
			})
		}
	}
	return all
}

// suite loads a program as a suite of one scenario.
func (p *small) suite(t *testing.T) (*scenarios.Scenario, error) {
	t.Helper()
	verdict, _, _ := strings.Cut(p.expect, ":")
	if verdict == "violation" || verdict == "unknown" || verdict == "refused" {
		verdict = "ok" // the suite may only name what it knows; the test compares
	}
	yaml := fmt.Sprintf(
		"suite: small\ntitle: a small program\nsources: [t.c]\nscenarios:\n  - name: s\n    threads: [%s]\n    faults: [%s]\n    expect: %q\n",
		quoted(p.threads), p.faults, verdict)
	fsys := fstest.MapFS{"suite.yaml": {Data: []byte(yaml)}, "t.c": {Data: []byte(p.source)}}
	suites, err := scenarios.LoadFS(t.Context(), fsys, ".")
	if err != nil {
		return nil, err
	}
	return suites[0].Scenarios[0], nil
}

var call = regexp.MustCompile(`[a-z_]+\([^)]*\)( x[0-9]+)?`)

// quoted makes each thread a string of YAML.
func quoted(threads string) string {
	calls := call.FindAllString(threads, -1)
	for i, c := range calls {
		calls[i] = fmt.Sprintf("%q", c)
	}
	return strings.Join(calls, ", ")
}

// TestSmallPrograms holds the verdict of every small program against the one that C gives it. What
// is not modelled is refused, with a place.
func TestSmallPrograms(t *testing.T) {
	only := regexp.MustCompile(*smallOnly)
	for _, p := range smallPrograms(t) {
		if !only.MatchString(p.name) {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			sc, err := p.suite(t)
			var program *model.Program
			if err == nil {
				program, err = sc.Program(t.Context())
			}
			if p.expect == "refused" {
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
				if p.races {
					o.Races = search.CheckRaces
				}
				r, err := search.Search(t.Context(), program, o)
				if err != nil {
					t.Fatal(err)
				}
				got := string(r.Verdict)
				if _, kind, ok := strings.Cut(p.expect, ": "); ok && kind != "" {
					got += ": " + string(r.Kind)
				}
				if got != p.expect {
					t.Errorf("%s, want %s", got, p.expect)
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
		if !p.sequential {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			base := filepath.Join(dir, strings.ReplaceAll(p.name, "/", "-"))
			src := p.source + "\nint main(void) { " + p.threads + "; return 0; }\n"
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
