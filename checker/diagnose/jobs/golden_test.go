package jobs_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/checker/diagnose/diagnosetest"
	"github.com/lockproof/lockproof/libvirt/logs"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// isLog finds the facts of an input that is a log.
var isLog = regexp.MustCompile(`"format": *"(libvirtd-log|journal|journal-json|kubevirt-json|client)"`)

// TestAnswers writes all that is said of what people send, and of two logs of a daemon, and
// compares it with what was said when somebody last looked.
func TestAnswers(t *testing.T) {
	inputs, err := filepath.Glob("../../../cmd/lockproof/testdata/reports/*/input.log")
	if err != nil || len(inputs) < 18 {
		t.Fatal(inputs, err)
	}
	variants, err := filepath.Glob("../../../libvirt/logs/testdata/variants/*.log")
	if err != nil || len(variants) < 20 {
		t.Fatal(variants, err)
	}
	inputs = append(append(inputs, variants...), "../../../libvirt/logs/testdata/sample-small.log.zst", "../../../libvirt/logs/testdata/c_timeout.log.zst")
	var got strings.Builder
	for _, file := range inputs {
		if facts, err := os.ReadFile(filepath.Join(filepath.Dir(file), "facts.json")); err == nil && !isLog.Match(facts) {
			continue
		}
		d, err := logs.Reader{Timeline: true}.Read(t.Context(), []diagnose.Input{{Name: "log", Reader: bytes.NewReader(diagnosetest.Content(t, file))}})
		if diagnose.IsUnreadable(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "== %s\n", strings.TrimPrefix(strings.TrimSuffix(file, "/input.log"), "../../../"))
		diagnosetest.Tell(&got, d)
	}
	diagnosetest.Golden(t, got.String(), *update)
}
