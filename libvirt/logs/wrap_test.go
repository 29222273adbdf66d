package logs

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// A wrapping is how a line of the daemon's own file looks elsewhere.
type wrapping struct {
	name    string
	format  diagnose.Format
	threads bool // it keeps them
	stamps  diagnose.Clock
	wrap    func(p *parts) string
}

type parts struct {
	date, clock, thread, level, function, number, message string
}

func (p *parts) at() time.Time {
	at, err := time.Parse("2006-01-02 15:04:05.000", p.date+" "+p.clock)
	if err != nil {
		panic(err)
	}
	return at
}

func (p *parts) tail() string {
	return fmt.Sprintf("%s: %s : %s:%s : %s", p.thread, p.level, p.function, p.number, p.message)
}

func (p *parts) line() string { return p.date + " " + p.clock + "+0000: " + p.tail() }

func jsonLine(fields map[string]any) string {
	text, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	return string(text)
}

var priorities = map[string]string{"debug": "7", "info": "6", "warning": "4", "error": "3"}

var wrappings = []wrapping{
	{"other line numbers", diagnose.LibvirtdLog, true, diagnose.Instant, func(p *parts) string {
		p.number = "7"
		return p.line()
	}},
	{"quoted in a mail", diagnose.LibvirtdLog, true, diagnose.Instant, func(p *parts) string { return "> > " + p.line() + "\r" }},
	{"indented", diagnose.LibvirtdLog, true, diagnose.Instant, func(p *parts) string { return "    " + p.line() }},
	{"without date", diagnose.LibvirtdLog, true, diagnose.Seconds, func(p *parts) string { return p.clock + ": " + p.tail() }},
	{"without stamp", diagnose.LibvirtdLog, true, diagnose.NoClock, func(p *parts) string { return p.tail() }},
	{"container", diagnose.LibvirtdLog, true, diagnose.Instant, func(p *parts) string {
		return p.at().Format("2006-01-02T15:04:05.000000000Z") + " stderr F " + p.line()
	}},
	{"build server", diagnose.LibvirtdLog, true, diagnose.Instant, func(p *parts) string { return p.at().Format("2006-01-02T15:04:05.0000000Z ") + p.line() }},
	{"docker", diagnose.LibvirtdLog, true, diagnose.Instant, func(p *parts) string {
		return jsonLine(map[string]any{"log": p.line() + "\n", "stream": "stderr", "time": p.at()})
	}},
	{"syslog", diagnose.Journal, true, diagnose.Yearless, func(p *parts) string { return p.at().Format("Jan _2 15:04:05") + " hv1 libvirtd: " + p.tail() }},
	{"syslog of today", diagnose.Journal, true, diagnose.Instant, func(p *parts) string {
		return p.at().Format("2006-01-02T15:04:05.000000-07:00") + " hv1 virtqemud[666]: " + p.tail()
	}},
	{"journal", diagnose.Journal, false, diagnose.Yearless, func(p *parts) string { return p.at().Format("Jan _2 15:04:05") + " hv1 libvirtd[666]: " + p.message }},
	{"journal, precise", diagnose.Journal, false, diagnose.Yearless, func(p *parts) string {
		return p.at().Format("Jan 02 15:04:05.000000") + " hv1 virtqemud[666]: " + p.message
	}},
	{"journal, iso", diagnose.Journal, false, diagnose.Instant, func(p *parts) string {
		return p.at().Format("2006-01-02T15:04:05-0700") + " hv1 virtqemud[666]: " + p.message
	}},
	{"journal, full", diagnose.Journal, false, diagnose.WallTime, func(p *parts) string {
		return p.at().Format("Mon 2006-01-02 15:04:05 UTC") + " hv1 virtqemud[666]: " + p.message
	}},
	{"journal, monotonic", diagnose.Journal, false, diagnose.Seconds, func(p *parts) string {
		return fmt.Sprintf("[%12.6f] hv1 virtqemud[666]: %s", float64(p.at().UnixMilli()%1e8)/1e3, p.message)
	}},
	{"journal as JSON", diagnose.JournalJSON, false, diagnose.Instant, func(p *parts) string {
		return jsonLine(map[string]any{
			"__REALTIME_TIMESTAMP": fmt.Sprint(p.at().UnixMicro()), "PRIORITY": priorities[p.level], "SYSLOG_IDENTIFIER": "libvirtd", "_PID": "812",
			"CODE_FUNC": p.function, "CODE_LINE": p.number, "MESSAGE": p.message,
		})
	}},
	{"journal as JSON, in bytes", diagnose.JournalJSON, false, diagnose.Instant, func(p *parts) string {
		var bytes []int
		for _, c := range []byte(p.message) {
			bytes = append(bytes, int(c))
		}
		return jsonLine(map[string]any{
			"__REALTIME_TIMESTAMP": fmt.Sprint(p.at().UnixMicro()), "PRIORITY": priorities[p.level], "_COMM": "virtqemud", "_PID": "812",
			"CODE_FUNC": p.function, "MESSAGE": bytes,
		})
	}},
	{"journal as JSON, for people", diagnose.JournalJSON, false, diagnose.Instant, func(p *parts) string {
		text, err := json.MarshalIndent(map[string]any{
			"__REALTIME_TIMESTAMP": fmt.Sprint(p.at().UnixMicro()), "PRIORITY": priorities[p.level], "SYSLOG_IDENTIFIER": "libvirtd", "_PID": "812",
			"CODE_FUNC": p.function, "MESSAGE": p.message,
		}, "", "\t")
		if err != nil {
			panic(err)
		}
		return string(text)
	}},
	{"journal, verbose", diagnose.Journal, false, diagnose.Instant, func(p *parts) string {
		return p.at().Format("Mon 2006-01-02 15:04:05.000000 UTC") + " [s=a1;i=1;b=b2;m=3;t=4;x=5]\n    PRIORITY=" + priorities[p.level] +
			"\n    _COMM=virtqemud\n    _PID=812\n    CODE_FUNC=" + p.function + "\n    MESSAGE=" + p.message
	}},
	{"journal, export", diagnose.Journal, false, diagnose.Instant, func(p *parts) string {
		return fmt.Sprintf("__CURSOR=s=a1\n__REALTIME_TIMESTAMP=%d\nPRIORITY=%s\nSYSLOG_IDENTIFIER=libvirtd\n_PID=812\nCODE_FUNC=%s\nMESSAGE=%s\n",
			p.at().UnixMicro(), priorities[p.level], p.function, p.message)
	}},
	{"journal, export of what is no text", diagnose.Journal, false, diagnose.Instant, func(p *parts) string {
		return fmt.Sprintf("__CURSOR=s=a1\nMESSAGE\n%c\x01\x00\x00\x00\x00\x00\x00%s\n__REALTIME_TIMESTAMP=%d\n_COMM=libvirtd\n_PID=812\nCODE_FUNC=%s\n",
			'x', p.message, p.at().UnixMicro(), p.function)
	}},
	{"KubeVirt", diagnose.KubeVirtJSON, true, diagnose.Instant, func(p *parts) string {
		level := map[string]string{"debug": "info", "info": "info", "warning": "warning", "error": "error"}[p.level]
		return jsonLine(map[string]any{
			"component": "virt-launcher", "subcomponent": "libvirt", "level": level, "msg": p.message, "pos": p.function + ":" + p.number,
			"thread": p.thread, "timestamp": p.at().Format("2006-01-02T15:04:05.000000Z"),
		})
	}},
}

var plainRE = regexp.MustCompile(`^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})\+0000: (\d+): (\w+) : (\w+):(\d+) : (.*)$`)

// plainLogs are the logs of the daemon among those that people send. What only a thread tells is
// beside them.
var plainLogs = map[string]string{
	"02-migr-in-owner-ids": "", "03-leaked-job-1.2": "leaked-job", "05-query-holds-query": "", "06-snapshot-leak-20h": "", "16-restore-legal": "",
	"32-hook-recursion": "hook-recursion",
}

// Whatever is around its lines, a log says the same, but for what its wrapper takes away.
func TestWrappers(t *testing.T) {
	for name, needsThreads := range plainLogs {
		text, err := os.ReadFile(filepath.Join("../../cmd/lockproof/testdata/reports", name, "input.log"))
		if err != nil {
			t.Fatal(err)
		}
		want := read(t, text)
		for _, w := range wrappings {
			t.Run(name+"/"+w.name, func(t *testing.T) {
				lines := strings.Split(strings.TrimSpace(string(text)), "\n")
				if strings.Contains(lines[0], "libvirt version") { // it has no function
					lines = lines[1:]
				}
				for i, l := range lines {
					m := plainRE.FindStringSubmatch(l)
					if m == nil {
						t.Fatalf("%q", l)
					}
					lines[i] = w.wrap(&parts{m[1], m[2], m[3], m[4], m[5], m[6], m[7]})
				}
				got := read(t, []byte(strings.Join(lines, "\n")+"\n"))
				if got.Format != w.format {
					t.Errorf("%s, want %s", got.Format, w.format)
				}
				if got.Cause != want.Cause && (needsThreads == "" || w.threads && w.stamps != diagnose.NoClock) {
					t.Errorf("%s, want %s: %+v", got.Cause, want.Cause, got.Why)
				}
				compareHolders(t, got, want, &w)
				if len(got.Waiters) != len(want.Waiters) {
					t.Errorf("%d waiters, want %d: %+v", len(got.Waiters), len(want.Waiters), got.Waiters)
					return
				}
				for i := range got.Waiters {
					a, b := got.Waiters[i], want.Waiters[i]
					if a.Domain != b.Domain || a.TimedOut != b.TimedOut || a.For != b.For || a.Since.Clock != w.stamps {
						t.Errorf("%+v, want %+v", a, b)
					}
					if w.threads && (a.Thread != b.Thread || a.API != b.API) || !w.threads && a.Thread != 0 {
						t.Errorf("%+v, want %+v", a, b)
					}
				}
			})
		}
	}
}

func compareHolders(t *testing.T, got, want *diagnose.Diagnosis, w *wrapping) {
	t.Helper()
	if len(got.Holders) != len(want.Holders) {
		t.Fatalf("%d holders, want %d: %+v", len(got.Holders), len(want.Holders), got.Holders)
	}
	for i := range got.Holders {
		a, b := got.Holders[i], want.Holders[i]
		if a.Domain != b.Domain || a.Job != b.Job || a.Async != b.Async || a.Thread != b.Thread || w.threads && a.API != b.API {
			t.Errorf("%+v, want %+v", a, b)
		}
		if b.Since.Known() && a.Since.Clock != w.stamps {
			t.Errorf("since %+v", a.Since)
		}
	}
}
