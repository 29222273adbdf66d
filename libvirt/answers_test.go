package libvirt_test

import (
	"bytes"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/checker/diagnose/diagnosetest"
	"github.com/lockproof/lockproof/libvirt"
	"github.com/lockproof/lockproof/libvirt/logs"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// TestAnswers writes all that is said of what is no log, and compares it with what was said when
// somebody last looked.
func TestAnswers(t *testing.T) {
	t.Parallel()
	var inputs []string
	for _, name := range []string{"input.log", "backtrace.txt"} {
		found, err := filepath.Glob("../cmd/lockproof/testdata/reports/*/" + name)
		if err != nil || len(found) < 20 {
			t.Fatalf("%d of %s: %v", len(found), name, err)
		}
		inputs = append(inputs, found...)
	}
	inputs = append(inputs, "locktrace/testdata/excerpt.csv.zst")
	var got strings.Builder
	for _, file := range inputs {
		text := diagnosetest.Content(t, file)
		r, err := diagnose.Choose(libvirt.Readers(libvirt.Options{}), file, text[:min(len(text), diagnose.HeadSize)])
		if err != nil {
			continue
		}
		if _, isLog := r.(logs.Reader); isLog { // checker/diagnose/jobs looks at those
			continue
		}
		d, err := r.Read(t.Context(), []diagnose.Input{{Name: "x", Reader: bytes.NewReader(text)}})
		if err != nil && !diagnose.IsUnreadable(err) {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "== %s\n", filepath.Base(filepath.Dir(file)))
		if err == nil {
			diagnosetest.Tell(&got, d)
		}
	}
	diagnosetest.Golden(t, got.String(), *update)
}
