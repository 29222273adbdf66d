package virsh_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/virsh"
)

func read(text string) (*diagnose.Diagnosis, error) {
	return virsh.Reader{}.Read(context.Background(), []diagnose.Input{{Name: "x", Reader: strings.NewReader(text)}})
}

const running = "$ virsh domjobinfo a\nJob type:         Unbounded   \nOperation:        Outgoing migration\nTime elapsed:     60000        ms\n"

func TestSessions(t *testing.T) {
	t.Parallel()
	refused := "error: Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainMigratePerform3Params)\n"
	for name, c := range map[string]struct {
		text    string
		cause   diagnose.Cause
		waiters int
		holders int
	}{
		"nothing waits":        {running, diagnose.LongJob, 0, 1},
		"refused":              {running + "$ virsh shutdown a\n" + refused, diagnose.OtherHost, 1, 1},
		"abort refused":        {running + "$ virsh domjobabort a\n" + refused, diagnose.QEMUSilent, 1, 2},
		"another domain":       {running + "$ virsh shutdown b\n" + strings.Replace(refused, "MigratePerform3Params", "SetMemory", 1), diagnose.CannotTell, 1, 2},
		"completed":            {strings.Replace(running, "Unbounded", "Completed", 1), diagnose.CannotTell, 0, 0},
		"old wording":          {"$ virsh domjobabort a\nerror: Timed out during operation: cannot acquire state change lock\n", diagnose.QEMUSilent, 1, 0},
		"no job, then refused": {"$ virsh domjobinfo a\nJob type:         None\n$ virsh shutdown a\nerror: Timed out during operation: cannot acquire state change lock (held by remoteDispatchDomainBlockStats)\n", diagnose.CannotTell, 1, 1},
		"refused, then no job": {"$ virsh shutdown a\nerror: Timed out during operation: cannot acquire state change lock\n$ virsh domjobinfo a\nJob type:         None\n", diagnose.HolderGone, 1, 0},
		"first line cut off":   {running[strings.Index(running, "\n")+1:], diagnose.LongJob, 0, 1},
		"occupied for moment":  {"$ virsh domcontrol a\noccupied (2.1s)\n", diagnose.CannotTell, 0, 0},
		"queue":                {"$ virsh shutdown a\nerror: operation failed: cannot acquire state change lock due to max_queued limit\n$ virsh domjobinfo b\n", diagnose.QueueLimit, 1, 0},
		"too many":             {running + "$ virsh shutdown a\nerror: Timed out during operation: cannot acquire state change lock due to max_queued limit\n", diagnose.OtherHost, 1, 1},
	} {
		d, err := read(c.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if name == "another domain" {
			c.cause = diagnose.LongJob // of the domain that is known to have a job
		}
		if d.Cause != c.cause || len(d.Waiters) != c.waiters || len(d.Holders) != c.holders {
			t.Errorf("%s: %s, %d waiters, %d holders, want %s, %d, %d", name, d.Cause, len(d.Waiters), len(d.Holders), c.cause, c.waiters, c.holders)
		}
		if r := (virsh.Reader{}).Recognise([]byte(c.text)); r != diagnose.Certain {
			t.Errorf("%s is not recognised", name)
		}
	}
	for _, foreign := range []string{"", "hello\n", "$ virsh list\n Id Name State\n", "2031-04-07 09:00:00.000+0000: 3: error : f:1 : cannot acquire state change lock\n"} {
		if r := (virsh.Reader{}).Recognise([]byte(foreign)); r != diagnose.Foreign {
			t.Errorf("%q is taken for a session", foreign)
		}
		if _, err := read(foreign); !diagnose.IsUnreadable(err) {
			t.Errorf("%q: %v", foreign, err)
		}
	}
}

// Whether a job gets on is told by whichever row it has.
func TestProcessed(t *testing.T) {
	t.Parallel()
	asked := func(elapsed, rows string) string {
		return "$ virsh domjobinfo a\nJob type:         Unbounded\nOperation:        Backup\nTime elapsed:     " + elapsed + " ms\n" + rows
	}
	for _, row := range []string{"Data", "File", "Memory"} {
		first := asked("60000", row+" processed:   2.000 GiB\n")
		for second, want := range map[string]string{
			row + " processed:   2.000 GiB\n": "the job of a has processed nothing in 30 s",
			row + " processed:   3.000 GiB\n": "the job of a has processed 1024 MiB in 30 s: it runs",
			"":                                "",
		} {
			d, err := read(first + asked("90000", second))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, w := range d.Why {
				if strings.Contains(w.Text, "processed") {
					got += w.Text
				}
			}
			if got != want {
				t.Errorf("%s, then %s: %q, want %q", row, second, got, want)
			}
		}
	}
}

// A log in which somebody quotes domjobinfo is a log.
func TestQuotedInLog(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("2031-04-07 09:00:00.000+0000: 3: debug : f:1 : x\n", 200) + running
	if r := (virsh.Reader{}).Recognise([]byte(text)); r != diagnose.Fits {
		t.Errorf("%d", r)
	}
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("../../cmd/lockproof/testdata/reports/*dji*/input.log")
	for _, name := range append(files, "../../cmd/lockproof/testdata/reports/28-domjobinfo/input.log") {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := read(text)
		if err != nil && !diagnose.IsUnreadable(err) || err == nil && (d.Cause == "" || d.Fault && len(d.Why) == 0) {
			t.Fatalf("%+v, %v", d, err)
		}
	})
}
