// Package diagnosetest is what tests of readers and of the diagnosis share.
package diagnosetest

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/lockproof/lockproof/checker/diagnose"
)

// Content is what a file holds, of one that ends in .zst when it is taken apart.
func Content(t testing.TB, file string) []byte {
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

// Golden compares what is said now with testdata/answers.golden, or writes that.
func Golden(t testing.TB, got string, update bool) {
	t.Helper()
	const golden = "testdata/answers.golden"
	if update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("-want +got, -update rewrites it:\n%s", d)
	}
}

// mostBars is how many bars of a timeline are told: the longest.
const mostBars = 12

// Tell writes everything that a diagnosis says.
func Tell(w io.Writer, d *diagnose.Diagnosis) {
	fmt.Fprintln(w, d.Format, d.Cause, d.Sure, "fault", d.Fault, d.Domains, d.Rules, d.CannotTell)
	for _, h := range d.Holders {
		fmt.Fprintf(w, "holds: %q/%q/%q/%q/%q thread %d %q %s to %s monitor %q %v [%s]\n",
			h.Domain, h.Job, h.Async, h.Agent, h.Lock, h.Thread, h.API, h.Since, h.Until, h.Monitor, h.Inferred, lines(h.At))
	}
	for _, x := range d.Waiters {
		fmt.Fprintf(w, "waits: thread %d %q %q wants %q %s timed out %v refused %v for %q behind %d %v [%s]\n",
			x.Thread, x.API, x.Domain, x.Wants, x.Since, x.TimedOut, x.Refused, x.For, x.Behind, x.Inferred, lines(x.At))
	}
	claims(w, "why", d.Why)
	claims(w, "note", d.Notes)
	for _, f := range d.Findings {
		fmt.Fprintf(w, "finding: %s warning=%v %s [%d]\n", f.Rule, f.Warning, f.Message, f.At.Line)
		claims(w, "  around", f.Around)
	}
	fmt.Fprintf(w, "next: %q\n", d.Next)
	fmt.Fprintln(w, d.Counts)
	bars := slices.Clone(d.Timeline.Bars)
	slices.SortStableFunc(bars, func(a, b diagnose.Bar) int { return int(b.To - b.From - a.To + a.From) })
	for _, b := range bars[:min(len(bars), mostBars)] {
		fmt.Fprintf(w, "bar: %s %d %s thread %d %q %.3f s open %v in vain %v [%d,%d]\n",
			b.Domain, b.Lane, b.What, b.Thread, b.API, float64(b.To-b.From)/1e9, b.Open, b.GaveUp, b.At.Line, b.End.Line)
	}
}

func claims(w io.Writer, name string, cs []diagnose.Claim) {
	for _, c := range cs {
		fmt.Fprintf(w, "%s: %s inferred=%v [%s]\n", name, c.Text, c.Inferred, lines(c.At))
	}
}

func lines(at []diagnose.Place) string {
	var out []string
	for _, p := range at {
		out = append(out, fmt.Sprint(p.Line))
	}
	return strings.Join(out, ",")
}
