package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/mutate/operator"
)

// foundSome is said when mutants were found, however many since the line before.
var foundSome = regexp.MustCompile(` found=[1-9]`)

// A signal ends mutate with what is known by then, which the next run need not ask again.
func TestMutateInterrupt(t *testing.T) {
	cache := t.TempDir()
	cmd := exec.Command("lockproof", "mutate", "--cache", cache, "--workers", "1", "--progress-every", "5ms")
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	some := false
	for !some && lines.Scan() {
		some = foundSome.MatchString(lines.Text())
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
	}
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != exitLimit || !some {
		t.Errorf("exit code %d (%v)\n%s", cmd.ProcessState.ExitCode(), err, &stdout)
	}
	for _, want := range []string{" not tried\n", "stopped (interrupted): this is what is known\n", "found by "} {
		if !strings.Contains(strings.ReplaceAll(stdout.String(), "\nscenarios", " scenarios"), want) {
			t.Errorf("no %q in\n%s", want, &stdout)
		}
	}

	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"mutate", "--cache", cache, "--helpers", "qemuDriverLock", "--format", "json", "-q"}, &out, &errs)
	if code != exitOK || errs.Len() > 0 {
		t.Errorf("exit code %d\n%s", code, &errs)
	}
}

// The table of operators in docs/mutate.md is made from the operators.
func TestMutateDoc(t *testing.T) {
	var b strings.Builder
	b.WriteString("\n\n| operator | does |\n|---|---|\n")
	for _, o := range operator.Operators() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", o.Name, strings.ReplaceAll(o.Does, "|", `\|`))
	}
	const begin, end = "-update -->", "<!-- end -->"
	name := filepath.Join("..", "..", "docs", "mutate.md")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(text), begin)
	_, tail, ok := strings.Cut(rest, end)
	if !ok {
		t.Fatal("no place for the table")
	}
	want := head + begin + b.String() + end + tail
	if *updateDocs {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(text) != want {
		t.Error("docs/mutate.md is not as the operators are: run with -update")
	}
}
