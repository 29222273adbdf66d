package logs

import (
	"bytes"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose/diagnosetest"
	"github.com/lockproof/lockproof/checker/diagnose/jobs"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// TestAnswers writes each event of the logs that people send, and of some of our own in other words
// and wrappers, and compares them with what was read when somebody last looked.
func TestAnswers(t *testing.T) {
	var got strings.Builder
	for _, pattern := range []string{"testdata/variants/*.log", "../../cmd/lockproof/testdata/reports/*/input.log"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) < 18 {
			t.Fatal(pattern, files, err)
		}
		for _, file := range files {
			text := diagnosetest.Content(t, file)
			fmt.Fprintf(&got, "== %s recognised %d starts %s\n", file, Reader{}.Recognise(text), Reader{}.Start(text))
			s := newScanner(func(e *jobs.Event) {
				fmt.Fprintf(&got, "%d at %s line %d thread %d vm %#x mon %#x %v %q echo %v job %q/%q/%q now %v %q/%q/%q api %q worker %q\n",
					e.Kind, e.At, e.Place.Line, e.Thread, e.VM, e.Mon, e.HasMon, e.Domain, e.Echo, e.Job, e.Async, e.Agent,
					e.HasNow, e.NowJob, e.NowAsync, e.NowAgent, e.API, e.Worker)
				if e.Kind == jobs.Refused || e.Kind == jobs.TimedOut || e.Kind == jobs.ClientError || e.Kind == jobs.QueueFull {
					fmt.Fprintf(&got, "  owners %v printed %v apis %v other hypervisor %v held by %q agent %q full %v\n",
						e.Owners, e.Printed, e.HasAPIs, e.NoQEMU, e.HeldBy, e.HeldByAgent, e.Full)
				}
				if e.Text != "" {
					fmt.Fprintf(&got, "  %q\n", e.Text)
				}
			})
			s.begin(file)
			for line := range bytes.Lines(text) {
				s.scan(bytes.TrimSuffix(line, []byte("\n")))
			}
			s.close()
			fmt.Fprintf(&got, "%s %v\n", s.format(), s.seen)
		}
	}
	diagnosetest.Golden(t, got.String(), *update)
}
