package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/cmd/mutants/mutant"
	"github.com/lockproof/lockproof/cmd/mutants/trial"
)

// What is done to the tiny module.
const (
	reversed = "clamp/clamp.go:6:7:compare#2"    // n > top -> n < top: noticed
	unseen   = "clamp/clamp.go:18:3:exit#1"      // drop return -1: survives
	same     = "clamp/clamp.go:6:7:compare#1"    // n > top -> n >= top: equivalent
	endless  = "clamp/clamp.go:10:3:statement#1" // drop n++: never ends
)

// tiny is a copy of the tiny module.
func tiny(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "tiny"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// mutants runs the command in the tiny module.
func mutants(t *testing.T, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(t.Context(), dir, args, &out, &err)
	return code, out.String(), err.String()
}

func want(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s lacks %q:\n%s", what, p, text)
		}
	}
}

func TestList(t *testing.T) {
	dir := tiny(t)
	code, out, err := mutants(t, dir, "--list", "--equivalent", filepath.Join(dir, "equivalent.txt"), "./clamp")
	if code != exitOK || err != "" {
		t.Error(code, err)
	}
	want(t, "the list", out, unseen+" in Sign: drop return -1\n",
		same+" in To: n > top -> n >= top (equivalent: top is itself)\n")
	code, out, err = mutants(t, dir, "--list", "--json", "--sample", "3", "./clamp")
	var all []map[string]string
	if e := json.Unmarshal([]byte(out), &all); e != nil || code != exitOK || err != "" || len(all) != 3 {
		t.Error(e, code, err, len(all))
	}
}

// A run names the survivors with their changes, and leaves the module as it was.
func TestVerdicts(t *testing.T) {
	dir := tiny(t)
	before, err := os.ReadFile(filepath.Join(dir, "clamp", "clamp.go"))
	if err != nil {
		t.Fatal(err)
	}
	code, out, progress := mutants(t, dir, "--parallel", "2", "--at-least", "51", "--only", reversed+","+unseen, "./clamp")
	if code != exitBelow {
		t.Error("exit code", code)
	}
	want(t, "the report", out, "survived "+unseen+" in Sign: drop return -1\nclamp/clamp.go:16\n", "+ \t\tif false {\n",
		"clamp: 50.0 % noticed (1 noticed, 1 survived)\n")
	// The same, built together.
	code, together, said := mutants(t, dir, "--together", "--at-least", "51", "--only", reversed+","+unseen, "./clamp")
	if code != exitBelow || together != out {
		t.Errorf("built together: exit code %d\n%s", code, together)
	}
	want(t, "the progress of mutants that are built together", said, "2 of 2 mutants of clamp are in one build\n")
	want(t, "the progress", progress, "example.com/tiny/clamp passes in ",
		"/2 noticed "+reversed+": n > top -> n < top (example.com/tiny/clamp.TestTo/#0", "2/2 ", "; 1 survived\n")
	after, err := os.ReadFile(filepath.Join(dir, "clamp", "clamp.go"))
	if err != nil || !bytes.Equal(before, after) {
		t.Error("the module is not what it was", err)
	}
}

// Every package has to come up to --at-least, not all together.
func TestAtLeast(t *testing.T) {
	s := &selection{packages: []*mutant.Package{{Dir: "a"}, {Dir: "b"}}}
	for dir, verdicts := range map[string][]trial.Verdict{
		"a": {trial.Noticed, trial.Noticed, trial.TimedOut, trial.Equivalent},
		"b": {trial.Noticed, trial.Survived, trial.Broken},
	} {
		for _, v := range verdicts {
			m := &mutant.Mutant{Package: dir}
			s.mutants = append(s.mutants, m)
			s.results = append(s.results, &trial.Result{Mutant: m, Verdict: v})
		}
	}
	if !s.below(51) || s.below(50) {
		t.Error("the package with half of its mutants noticed is not what counts")
	}
}

// What never ends is noticed. The limit is short for the mutant alone: it has no other way to end.
func TestEndless(t *testing.T) {
	code, out, err := mutants(t, tiny(t), "--timeout", "1s", "--at-least", "100", "--only", endless, "--json", "./clamp")
	if code != exitOK {
		t.Error(code, err)
	}
	var report struct {
		Results  []trial.Result
		Packages []summary
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]summary{{Package: "clamp", TimedOut: 1, Score: 100}}, report.Packages); d != "" {
		t.Error(d)
	}
	if r := report.Results; len(r) != 1 || r[0].ID != endless || r[0].Verdict != trial.TimedOut {
		t.Errorf("%+v", r)
	}
}

// A writer that interrupts when it is told of a result.
type interrupter struct {
	bytes.Buffer
	cancel context.CancelFunc
}

func (w *interrupter) Write(p []byte) (int, error) {
	if bytes.HasPrefix(p, []byte("1/")) {
		w.cancel()
	}
	return w.Buffer.Write(p)
}

// A run that was cut says what it knows, and goes on where it stopped.
func TestResume(t *testing.T) {
	dir := tiny(t)
	file := filepath.Join(t.TempDir(), "results.jsonl")
	args := []string{"--resume", file, "--only", reversed + "," + unseen, "./clamp"}
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	progress := &interrupter{cancel: cancel}
	if code := run(ctx, dir, args, &out, progress); code != exitCut {
		t.Error("exit code", code, progress.String())
	}
	want(t, "what is known", out.String(), "clamp: 100.0 % noticed (1 noticed, 1 not run)\n")

	whole, err := os.ReadFile(file)
	if err != nil || bytes.Count(whole, []byte("\n")) != 2 { // the suite that passes, and the mutant
		t.Fatalf("%v: %s", err, whole)
	}
	torn := append(bytes.Clone(whole), whole[:20]...)
	if err := os.WriteFile(file, torn, 0o600); err != nil {
		t.Fatal(err)
	}
	code, text, said := mutants(t, dir, args...)
	if code != exitOK {
		t.Error(code, said)
	}
	want(t, "the rest", said, "1/1 survived "+unseen)
	if strings.Contains(said, "passes in") {
		t.Error("tests that are known to pass were run without a mutant:", said)
	}
	want(t, "the report", text, "clamp: 50.0 % noticed (1 noticed, 1 survived)\n")
	both, err := os.ReadFile(file)
	if err != nil || !bytes.HasPrefix(both, whole) || bytes.Count(both, []byte("\n")) != 3 {
		t.Errorf("%v: %s", err, both)
	}

	code, text, said = mutants(t, dir, args...)
	if code != exitOK || said != "" {
		t.Error("not everything is known:", code, said)
	}
	want(t, "what is known", text, "clamp: 50.0 % noticed (1 noticed, 1 survived)\n")
	_, _, said = mutants(t, dir, append([]string{"--again"}, args...)...)
	want(t, "what is tried again", said, "passes in", "1/1 survived "+unseen)
}

// What is known to be equivalent is not run, and does not count.
func TestEquivalent(t *testing.T) {
	dir := tiny(t)
	list := filepath.Join(dir, "all.txt")
	entries := ""
	for _, fn := range []string{"To", "Sign"} {
		for _, op := range []string{"negate", "condition", "compare", "exit", "constant", "statement", "arithmetic"} {
			entries += "clamp/clamp.go " + fn + " " + op + "\n*\nfor this test\n\n"
		}
	}
	if err := os.WriteFile(list, []byte(entries), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, err := mutants(t, dir, "--equivalent", list, "--sample", "5", "--at-least", "100", "./clamp")
	if code != exitOK {
		t.Error("exit code", code)
	}
	want(t, "the report", out, "clamp: 100.0 % noticed (5 equivalent)\n")
	if strings.Contains(err, "passes in") {
		t.Error("tests were run")
	}
	want(t, "what is said", err, "clamp/clamp.go Sign: no such mutant: *")
}

func TestBadUsage(t *testing.T) {
	dir := tiny(t)
	broken := filepath.Join(dir, "broken.txt")
	if err := os.WriteFile(broken, []byte("no result\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{nil, "no package is named"},
		{[]string{"--sample", "-1", "./clamp"}, "--sample is negative"},
		{[]string{"--parallel", "0", "./clamp"}, "--parallel is less than 1"},
		{[]string{"--timeout", "-1s", "./clamp"}, "--timeout is negative"},
		{[]string{"--again", "./clamp"}, "--again needs a --resume file"},
		{[]string{"--at-least", "101", "./clamp"}, "--at-least is no percentage"},
		{[]string{"--nonsense", "./clamp"}, "flag provided but not defined: -nonsense"},
		{[]string{"./nowhere"}, "nowhere"},
		{[]string{"--only", "clamp/clamp.go:1:1:exit#1", "./clamp"}, "has the ID clamp/clamp.go:1:1:exit#1"},
		{[]string{"--only", "clamp/clamp.go:12:2:exit#1", "./clamp"}, "clamp/clamp.go:12:2:exit#1 does not compile"},
		{[]string{"--equivalent", filepath.Join(dir, "none.txt"), "./clamp"}, "none.txt"},
		{[]string{"--resume", broken, "./clamp"}, "broken.txt:1: not a result"},
		{[]string{"--tests", "./nothing", "./clamp"}, "nothing"},
	} {
		code, out, err := mutants(t, dir, c.args...)
		if code != exitBad || out != "" || !strings.Contains(err, c.says) {
			t.Errorf("%q: exit code %d, %q, %q", c.args, code, out, err)
		}
	}
}

// Tests that are skipped notice nothing, however they are built.
func TestSkip(t *testing.T) {
	for _, args := range [][]string{nil, {"--together"}} {
		code, out, err := mutants(t, tiny(t), append(args, "--skip", "^TestTo$", "--only", reversed, "./clamp")...)
		if code != exitOK {
			t.Error(code, err)
		}
		want(t, "the report", out, "survived "+reversed)
	}
}

// Tests that fail without a mutant show nothing.
func TestFailingTests(t *testing.T) {
	dir := tiny(t)
	test := "package clamp\n\nimport \"testing\"\n\nfunc TestFails(t *testing.T) { t.Error(\"always\") }\n"
	if err := os.WriteFile(filepath.Join(dir, "clamp", "fails_test.go"), []byte(test), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, err := mutants(t, dir, "--only", reversed, "./clamp")
	if code != exitBad {
		t.Error("exit code", code)
	}
	want(t, "the error", err, "example.com/tiny/clamp fails without any mutant", "always")
}
