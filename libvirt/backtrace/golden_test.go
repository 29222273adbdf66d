package backtrace_test

import (
	"bytes"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose/diagnosetest"
	"github.com/lockproof/lockproof/libvirt/backtrace"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// stacks are the stacks that people send, and some of our own.
func stacks(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"../../cmd/lockproof/testdata/reports/*/backtrace.txt", "testdata/*.txt"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) < 4 {
			t.Fatal(pattern, found, err)
		}
		all = append(all, found...)
	}
	return all
}

// TestAnswers writes every frame of all dumps, as they are and in the middle of a mail, and
// compares them with what was read when somebody last looked.
func TestAnswers(t *testing.T) {
	var got strings.Builder
	for _, file := range stacks(t) {
		text := diagnosetest.Content(t, file)
		fmt.Fprintf(&got, "== %s\n", file)
		tell(t, &got, text)
		var quoted, whole strings.Builder
		tell(t, &whole, text)
		tell(t, &quoted, []byte("> "+strings.ReplaceAll(strings.TrimSuffix(string(text), "\n"), "\n", "\r\n> ")+"\r\n"))
		if quoted.String() != whole.String() {
			t.Errorf("%s reads otherwise in a mail:\n%s", file, quoted.String())
		}
	}
	diagnosetest.Golden(t, got.String(), *update)
}

func tell(t *testing.T, w *strings.Builder, text []byte) {
	t.Helper()
	f, err := backtrace.Read(t.Context(), bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range f.Dumps {
		fmt.Fprintf(w, "dump %q host %q %s %d line %d core %v %q listed %d version %q owners %v\n",
			d.Title, d.Host, d.Process, d.PID, d.Line, d.Core, d.Signal, d.Listed, d.Version, d.Owners)
		for _, x := range d.Threads {
			fmt.Fprintf(w, "thread %d lwp %d %#x %q line %d cut %v more %d mutex %#x\n",
				x.Number, x.LWP, x.Handle, x.Name, x.Line, x.Cut, x.More, x.Mutex())
			for _, a := range x.Frames {
				fmt.Fprintf(w, "  %d %s %v %s %s %d\n", a.Level, a.Function, a.Args, a.File, a.Library, a.Line)
			}
		}
	}
}
