package libvirt_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/lockproof/lockproof/checker/diagnose"
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
		text := content(t, file)
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
			tell(&got, d)
		}
	}
	const golden = "testdata/answers.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); d != "" {
		t.Errorf("-want +got, -update rewrites it:\n%s", d)
	}
}

func content(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Ext(file) != ".zst" {
		return text
	}
	z, err := zstd.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if text, err = io.ReadAll(z); err != nil {
		t.Fatal(err)
	}
	return text
}

// tell writes everything.
func tell(w io.Writer, d *diagnose.Diagnosis) {
	fmt.Fprintln(w, d.Format, d.Cause, d.Sure, "fault", d.Fault, d.Domains, d.Rules, d.CannotTell)
	lines := func(at []diagnose.Place) string {
		var out []string
		for _, p := range at {
			out = append(out, fmt.Sprint(p.Line))
		}
		return strings.Join(out, ",")
	}
	claims := func(name string, cs []diagnose.Claim) {
		for _, c := range cs {
			fmt.Fprintf(w, "%s: %s inferred=%v [%s]\n", name, c.Text, c.Inferred, lines(c.At))
		}
	}
	for _, h := range d.Holders {
		fmt.Fprintf(w, "holds: %q/%q/%q/%q/%q thread %d %q %s monitor %q %v [%s]\n", h.Domain, h.Job, h.Async, h.Agent, h.Lock, h.Thread, h.API, h.Since, h.Monitor, h.Inferred, lines(h.At))
	}
	for _, x := range d.Waiters {
		fmt.Fprintf(w, "waits: thread %d %q %q wants %q %s timed out %v refused %v for %q behind %d [%s]\n", x.Thread, x.API, x.Domain, x.Wants, x.Since, x.TimedOut, x.Refused, x.For, x.Behind, lines(x.At))
	}
	claims("why", d.Why)
	claims("note", d.Notes)
	for _, f := range d.Findings {
		fmt.Fprintf(w, "finding: %s warning=%v %s [%d]\n", f.Rule, f.Warning, f.Message, f.At.Line)
		claims("  around", f.Around)
	}
	fmt.Fprintf(w, "next: %q\n", d.Next)
	fmt.Fprintln(w, d.Counts)
}
