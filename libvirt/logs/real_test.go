package logs

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/checker/diagnose/diagnosetest"
)

// real reads one of the logs that were taken from libvirtd 9.0.0 under load.
func real(t testing.TB, name string) []byte {
	t.Helper()
	return diagnosetest.Content(t, "testdata/"+name+".log.zst")
}

// read is what is said of a text.
func read(t interface {
	Helper()
	Fatal(...any)
}, text []byte,
) *diagnose.Diagnosis {
	t.Helper()
	d, err := Reader{}.Read(context.Background(), []diagnose.Input{{Name: "log", Reader: bytes.NewReader(text)}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// What was counted in the logs by other means, in the order of its rows.
var events = []string{
	"Starting job", "Started job", "Stopping job", "Started async job", "Stopping async job", "Started agent job", "Stopping agent job",
	"Waiting for job", "Waiting for async job", "Entering monitor", "Exited monitor", "Exited monitor with mon=(nil)", "Cannot start job",
	"Starting without outcome", "Requesting abort of async job", "API begin (thread job)", "API end (thread job)", "Received EOF",
	"warning virObjectGetLockableObj", "ts inversions", "vm pointers",
}

var counts = map[string][]int64{
	"a_single":     {2791, 2483, 2483, 274, 274, 32, 32, 25, 6, 4360, 4360, 0, 0, 1, 0, 2642, 2642, 5, 0, 0, 11},
	"b_conc8":      {13817, 12052, 12052, 1414, 1414, 171, 171, 8283, 1417, 21225, 21225, 1, 0, 161, 3, 12813, 12813, 224, 4, 217, 30},
	"c_timeout":    {1067, 894, 894, 111, 111, 19, 19, 1381, 182, 1482, 1482, 0, 12, 31, 1, 1180, 1180, 4, 0, 16, 3},
	"f_shim":       {3203, 2756, 2756, 368, 368, 40, 40, 1900, 267, 4798, 4798, 0, 0, 36, 0, 3134, 3134, 39, 0, 34, 11},
	"reset9":       {2475, 2395, 2395, 80, 80, 0, 0, 1906, 0, 3812, 3812, 115, 0, 0, 0, 2804, 2804, 250, 460, 122, 1},
	"sample-small": {161, 132, 132, 19, 19, 3, 3, 76, 17, 190, 190, 0, 4, 3, 0, 151, 151, 0, 0, 0, 2},
}

func TestCounts(t *testing.T) {
	for name, want := range counts {
		got := map[string]int64{}
		for _, c := range read(t, real(t, name)).Counts {
			got[c.What] = c.N
		}
		for i, what := range events {
			if n, ok := got[what]; !ok || n != want[i] {
				t.Errorf("%s: %d of %q, want %d", name, n, what, want[i])
			}
		}
	}
}

// What a careful reader finds in the logs is found, and nothing else is.
func TestFound(t *testing.T) {
	for name, want := range map[string]struct {
		cause   diagnose.Cause
		fault   bool
		rules   int // findings, all of them about a monitor that is NULL
		waiters int
		notes   []string
	}{
		"a_single":     {diagnose.CannotTell, false, 0, 0, nil},
		"b_conc8":      {diagnose.CannotTell, true, 1, 0, []string{"was passed by 13 that came later", "39 times an event thread was told over and over"}},
		"c_timeout":    {diagnose.QEMUSilent, true, 0, 12, []string{"at most 13 threads waited for lp1"}},
		"f_shim":       {diagnose.CannotTell, false, 0, 0, []string{"was passed by 9 that came later", "6 times an event thread"}},
		"reset9":       {diagnose.CannotTell, true, 115, 0, []string{"was passed by 14 that came later", "56 times an event thread"}},
		"sample-small": {diagnose.QEMUSilent, true, 0, 4, nil},
	} {
		d := read(t, real(t, name))
		if d.Cause != want.cause || d.Fault != want.fault || len(d.Findings) != want.rules || len(d.Waiters) != want.waiters {
			t.Errorf("%s: %s, fault %v, %d findings, %d waiters", name, d.Cause, d.Fault, len(d.Findings), len(d.Waiters))
		}
		for _, f := range d.Findings {
			if f.Rule != "stale-liveness" || len(f.Around) == 0 {
				t.Errorf("%s: %+v", name, f)
			}
		}
		for _, w := range d.Waiters {
			if !w.TimedOut || w.Behind == 0 || len(w.At) < 3 {
				t.Errorf("%s: %+v", name, w)
			}
		}
		for _, note := range want.notes {
			if !strings.Contains(notesOf(d), note) {
				t.Errorf("%s: %q is not among\n%s", name, note, notesOf(d))
			}
		}
	}
}

func notesOf(d *diagnose.Diagnosis) string {
	var b strings.Builder
	for _, n := range d.Notes {
		b.WriteString(n.Text + "\n")
	}
	return b.String()
}
