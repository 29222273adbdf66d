package jobs_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/logs"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// isLog finds the facts of an input that is a log.
var isLog = regexp.MustCompile(`"format": *"(libvirtd-log|journal|journal-json|kubevirt-json|client)"`)

// TestAnswers writes all that is said of what people send, and of two logs of a daemon, and compares
// it with what was said when somebody last looked.
func TestAnswers(t *testing.T) {
	inputs, err := filepath.Glob("../../../cmd/lockproof/testdata/reports/*/input.log")
	if err != nil || len(inputs) < 18 {
		t.Fatal(inputs, err)
	}
	inputs = append(inputs, "../../../libvirt/logs/testdata/sample-small.log.zst", "../../../libvirt/logs/testdata/c_timeout.log.zst")
	var got strings.Builder
	for _, file := range inputs {
		if facts, err := os.ReadFile(filepath.Join(filepath.Dir(file), "facts.json")); err == nil && !isLog.Match(facts) {
			continue
		}
		d, err := logs.Reader{Timeline: true}.Read(t.Context(), []diagnose.Input{{Name: "log", Reader: bytes.NewReader(content(t, file))}})
		if diagnose.IsUnreadable(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "== %s\n", strings.TrimPrefix(strings.TrimSuffix(file, "/input.log"), "../../../"))
		tell(&got, d)
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
		fmt.Fprintf(w, "holds: %q/%q/%q/%q thread %d %q %s to %s monitor %q %v [%s]\n", h.Domain, h.Job, h.Async, h.Agent, h.Thread, h.API, h.Since, h.Until, h.Monitor, h.Inferred, lines(h.At))
	}
	for _, x := range d.Waiters {
		fmt.Fprintf(w, "waits: thread %d %q %q wants %q %s timed out %v refused %v for %q behind %d %v [%s]\n", x.Thread, x.API, x.Domain, x.Wants, x.Since, x.TimedOut, x.Refused, x.For, x.Behind, x.Inferred, lines(x.At))
	}
	claims("why", d.Why)
	claims("note", d.Notes)
	for _, f := range d.Findings {
		fmt.Fprintf(w, "finding: %s warning=%v %s [%d]\n", f.Rule, f.Warning, f.Message, f.At.Line)
		claims("  around", f.Around)
	}
	fmt.Fprintf(w, "next: %q\n", d.Next)
	// of the timeline the longest bars
	bars := slices.Clone(d.Timeline.Bars)
	slices.SortStableFunc(bars, func(a, b diagnose.Bar) int { return int(b.To - b.From - a.To + a.From) })
	for _, b := range bars[:min(len(bars), 12)] {
		fmt.Fprintf(w, "bar: %s %d %s thread %d %q %.3f s open %v in vain %v [%d,%d]\n", b.Domain, b.Lane, b.What, b.Thread, b.API, float64(b.To-b.From)/1e9, b.Open, b.GaveUp, b.At.Line, b.End.Line)
	}
}
