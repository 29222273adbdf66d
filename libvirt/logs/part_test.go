package logs

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose"
	"pgregory.net/rapid"
)

// Any part of the log of a daemon that kept its rules breaks none, and names no fault: what came
// before it is not known, and what comes after it had no time to end. Of a log with a fault no part
// names another one.
func TestParts(t *testing.T) {
	for name, faults := range map[string][]diagnose.Cause{
		"a_single": nil, "f_shim": nil, "c_timeout": {diagnose.QEMUSilent, diagnose.LongJob}, "sample-small": {diagnose.QEMUSilent},
	} {
		lines := bytes.Split(real(t, name), []byte("\n"))
		rapid.Check(t, func(t *rapid.T) {
			from := rapid.IntRange(0, len(lines)-1).Draw(t, "from")
			to := min(len(lines), from+rapid.IntRange(1, 4000).Draw(t, "lines"))
			text := bytes.Join(lines[from:to], []byte("\n"))
			text = text[:len(text)-rapid.IntRange(0, min(len(text)/2, 300)).Draw(t, "torn")]
			d, err := Reader{}.Read(context.Background(), []diagnose.Input{{Name: "log", Reader: bytes.NewReader(text)}})
			if diagnose.IsUnreadable(err) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Findings) > 0 || d.Fault && !slices.Contains(faults, d.Cause) || !slices.Contains(append(faults, diagnose.CutOff, diagnose.CannotTell), d.Cause) {
				t.Fatalf("lines %d to %d: %s, %+v, %+v", from+1, to, d.Cause, d.Why, d.Findings)
			}
		})
	}
}

// Lines of others between those of the daemon change nothing that is said.
func TestForeignLines(t *testing.T) {
	others := []string{
		"Aug 22 04:02:11 hv1 systemd[1]: Started Daily clean-up.", "", "    at com.example.Main(Main.java:3)", "{\"level\":\"info\",\"msg\":\"hello\"}",
		"2031-04-07 09:00:00,100 INFO something else", "/usr/lib/libvirt.so.0(virDomainObjBeginJob+0x2a)[0x7f4411110000]", "<domain type='kvm'>", "\x00\x01\xff",
		"2031-04-07T09:00:00Z host dnsmasq[7]: query", strings.Repeat("x", 3000),
	}
	for name := range plainLogs {
		text, err := os.ReadFile(filepath.Join("../../cmd/lockproof/testdata/reports", name, "input.log"))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		want := said(read(t, text))
		rapid.Check(t, func(t *rapid.T) {
			mixed := slices.Clone(lines)
			for range rapid.IntRange(1, 10).Draw(t, "how many") {
				mixed = slices.Insert(mixed, rapid.IntRange(0, len(mixed)).Draw(t, "at"), rapid.SampledFrom(others).Draw(t, "line"))
			}
			if got := said(read(t, []byte(strings.Join(mixed, "\n")))); got != want {
				t.Fatalf("%s\nwant\n%s", got, want)
			}
		})
	}
}

// said is a diagnosis without its lines.
func said(d *diagnose.Diagnosis) string {
	var b strings.Builder
	fmt.Fprintln(&b, d.Format, d.Cause, d.Fault, d.Domains, d.Rules, d.CannotTell)
	for _, h := range d.Holders {
		h.At, h.Monitor = nil, ""
		fmt.Fprintln(&b, h)
	}
	for _, w := range d.Waiters {
		w.At = nil
		fmt.Fprintln(&b, w)
	}
	return b.String()
}

// Logs of two hosts whose times overlap are kept apart: the same pointer and the same thread mean
// something else there. Rotated files are one log.
func TestTwoHosts(t *testing.T) {
	source := l("01:00.000", 5, "debug", begin, "Started async job: migration out (vm=0x7f01 name=g)") + l("01:59.000", 6, "debug", "f", "x")
	target := l("01:01.000", 5, "debug", begin, "Started async job: migration in (vm=0x7f01 name=g)") +
		l("01:02.000", 5, "debug", "virThreadJobSet", "Thread 5 (rpc) is now running job remoteDispatchDomainGetInfo") + l("01:50.000", 6, "debug", "f", "x")
	reads := func(texts ...string) *diagnose.Diagnosis {
		var in []diagnose.Input
		for i, text := range texts {
			in = append(in, diagnose.Input{Name: fmt.Sprint("log", i), Reader: strings.NewReader(text)})
		}
		d, err := Reader{Timeline: true}.Read(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := reads(source, target)
	if d.Cause != diagnose.MigrationIn || d.Fault || len(d.Holders) != 2 || d.Holders[0].Async != "migration out" || d.Holders[1].Async != "migration in" || !strings.Contains(notesOf(d), "logs of 2 daemons") {
		t.Errorf("%s %+v %+v %s", d.Cause, d.Findings, d.Holders, notesOf(d))
	}
	if b := d.Timeline.Bars; len(b) != 2 || b[0].To-b[0].From != 59e9 || b[1].To-b[1].From != 49e9 {
		t.Errorf("%+v", b)
	}
	lines := strings.SplitAfter(refused("01:40.000", 77, "query, none", "modify, none", "11, 0", "")+source, "\n")
	if d := reads(lines[0], lines[1]); len(d.Waiters) != 1 || strings.Contains(notesOf(d), "daemons") {
		t.Errorf("%+v %s", d.Waiters, notesOf(d))
	}
}

// A job that is had at the end for less than 30 seconds is cut off; for longer it is one of its
// kind, though nobody waits for it.
func TestOpenAtTheEnd(t *testing.T) {
	t.Parallel()
	for job, want := range map[string]diagnose.Cause{
		"start": diagnose.LongJob, "save": diagnose.LongJob, "backup": diagnose.LeftoverAsync,
		"migration in": diagnose.MigrationIn, "migration out": diagnose.OtherHost,
	} {
		for end, cause := range map[string]diagnose.Cause{"01:29.000": diagnose.CutOff, "01:31.000": want} {
			d := read(t, []byte(l("01:00.000", 5, "debug", begin, "Started async job: %s (vm=0x7f01 name=g)", job)+
				l(end, 6, "debug", begin, "Started job: query (async=none vm=0x7f02 name=h)")+
				l(end, 6, "debug", "virDomainObjEndJob", "Stopping job: query (async=none vm=0x7f02 name=h)")))
			if d.Cause != cause || d.Fault || len(d.Holders) != 1 || len(d.Waiters) > 0 {
				t.Errorf("%s until %s: %s %+v, want %s", job, end, d.Cause, d.Holders, cause)
			}
		}
	}
}
