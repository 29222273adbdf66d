package jobs

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/model"
)

// verbs are the events of a trace: "5 begins query" is thread 5.
var verbs = map[string]Kind{
	"asks": Ask, "waits": WaitJob, "waits-async": WaitAsync, "begins": Grant, "begins-async": GrantAsync, "begins-agent": GrantAgent, "ends": End,
	"ends-async": EndAsync, "ends-agent": EndAgent, "releases": Release, "enters": Enter, "exits": Exit, "calls": CallBegins, "returns": CallEnds, "fails": Failed,
	"warned": NotNested, "eof": EOF, "starts": Start,
}

// replay runs a trace of one domain: events with semicolons between them, a second apart. An event
// may say what its line prints of the domain's jobs, as "5 asks query now modify/snapshot".
func replay(t testing.TB, trace string) *Replay {
	t.Helper()
	r := New()
	for i, line := range strings.Split(trace, "; ") {
		words := strings.Fields(line)
		e := Event{VM: 0x7f01, Domain: "g", At: diagnose.Moment{Clock: diagnose.Instant, Nanos: int64(i) * 1e9}, Place: diagnose.Place{File: "f", Line: i + 1}, Mon: 0x7f02, HasMon: true}
		if _, err := fmt.Sscan(words[0], &e.Thread); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		kind, ok := verbs[words[1]]
		if !ok {
			t.Fatalf("%q", line)
		}
		e.Kind = kind
		rest := strings.Join(words[2:], " ")
		if what, now, ok := strings.Cut(rest, "now "); ok {
			e.HasNow = true
			rest = strings.TrimSpace(what)
			e.NowJob, e.NowAsync, _ = strings.Cut(now, "/")
		}
		if rest == "nil" {
			rest, e.Mon = "", 0
		}
		switch kind {
		case GrantAsync, EndAsync, Release:
			e.Async = rest
		case GrantAgent, EndAgent:
			e.Agent = rest
		case CallBegins, CallEnds:
			e.API = rest
		case Ask:
			if what, ok := strings.CutPrefix(rest, "async:"); ok {
				e.Async = what
			} else {
				e.Job = rest
			}
		default:
			e.Job = rest
		}
		r.Add(&e)
	}
	return r
}

// Each rule has a trace that breaks it and one beside it that does not.
func TestRules(t *testing.T) {
	for _, tt := range []struct {
		trace string
		want  []model.Kind
	}{
		{"1 begins query; 1 enters; 1 exits; 1 ends query; 2 begins modify; 2 ends modify", nil},
		{"1 begins query; 2 begins modify", []model.Kind{model.NoJob}},
		{"1 begins-async save; 1 ends-async save; 1 begins query; 1 ends query; 2 enters", []model.Kind{model.NoJob}},
		{"1 begins query; 1 ends query; 2 enters", nil}, // it may have an async job
		{"2 enters; 2 exits", nil}, // what it had before the log began is not known
		{"1 begins query; 2 enters", []model.Kind{model.NoJob}},
		{"1 begins query; 1 enters nil", []model.Kind{model.StaleLiveness}},
		{"1 begins query; 1 enters; 1 exits nil", nil},
		{"1 begins query; 1 ends query; 1 ends query", []model.Kind{model.JobUnbalanced}},
		{"1 begins query; 2 ends query", []model.Kind{model.JobUnbalanced}},
		{"1 begins query; 1 ends modify", []model.Kind{model.JobUnbalanced}},
		{"1 ends query", nil},
		{"1 begins query; 1 enters; 1 ends query", []model.Kind{model.MonitorUnbalanced}},
		{"1 begins query; 1 enters; 1 enters", []model.Kind{model.MonitorUnbalanced}},
		{"1 begins query; 1 enters; 1 exits; 1 exits", []model.Kind{model.MonitorUnbalanced}},
		{"1 begins query; 1 exits", []model.Kind{model.MonitorUnbalanced}}, // it entered after it had begun
		{"1 begins query; 2 exits", nil},                                   // it may have entered before the log began
		{"1 begins query; 1 enters; 2 exits", []model.Kind{model.MonitorUnbalanced}},
		{"1 begins-async save; 1 begins async nested; 1 enters; 1 exits; 1 ends async nested; 1 ends-async save", nil},
		{"1 begins-async save; 2 begins async nested", []model.Kind{model.AsyncNesting}},
		{"1 begins-async save; 1 ends-async save; 1 begins async nested", []model.Kind{model.AsyncNesting}},
		{"1 begins query; 1 ends query; 1 begins-async save; 1 enters", []model.Kind{model.AsyncNesting}},
		{"1 begins query; 1 ends query; 1 begins-async save; 1 warned; 1 enters", []model.Kind{model.AsyncNesting}}, // once
		{"1 begins-async save; 2 begins query; 2 enters; 2 exits; 2 ends query", nil},
		{"1 begins-async save; 2 begins-async dump", []model.Kind{model.NoJob}},
		{"1 begins-async save; 2 ends-async save", []model.Kind{model.JobUnbalanced}},
		{"1 begins-async backup; 1 calls x; 2 ends-async backup", nil}, // it outlives its call
		{"1 begins-async migration in; 1 returns x; 2 ends-async migration in", nil},
		{"1 begins-async migration in; 1 releases migration in; 2 begins async nested; 2 ends async nested", nil},
		{"1 begins-async save; 1 returns x", []model.Kind{model.JobLeak}},
		{"1 calls x; 1 begins query; 1 returns x", []model.Kind{model.JobLeak}},
		{"1 calls x; 1 begins query; 1 ends query; 1 returns x", nil},
		{"1 begins query; 1 calls y", []model.Kind{model.JobLeak}},
		{"1 begins-agent query; 2 begins modify; 2 ends modify; 1 ends-agent query", nil},
		{"1 begins-agent query; 2 begins-agent query", []model.Kind{model.NoJob}},
		{"1 begins query; 2 asks modify now query/none; 2 waits; 1 ends query; 2 begins modify; 2 ends modify", nil},
		{"1 begins query; 2 asks modify now none/none", []model.Kind{model.JobUnbalanced}},
		{"1 begins query; 1 ends query; 2 asks modify now query/none", []model.Kind{model.JobUnbalanced}},
		{"1 asks modify now query/save; 2 asks query now query/save; 3 ends query", nil},
		{"1 begins-async save; 2 asks modify now none/none", []model.Kind{model.JobUnbalanced}},
		{"1 begins query; 1 starts; 2 begins query", nil}, // another daemon
	} {
		r := replay(t, tt.trace)
		var got []model.Kind
		for _, f := range r.findings {
			got = append(got, f.Rule)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.trace, got, tt.want)
		}
		for _, f := range r.findings {
			if f.At.Line != strings.Count(tt.trace, ";")+1 && !strings.Contains(tt.trace, "warned") {
				t.Errorf("%s: found in line %d", tt.trace, f.At.Line)
			}
		}
	}
}

// A finding has the events around it: those before, and two after it.
func TestAround(t *testing.T) {
	r := replay(t, "1 begins query; 1 enters; 1 exits; 2 begins modify; 1 ends modify; 2 ends modify; 3 begins query; 3 ends query")
	got := ""
	for _, f := range r.findings {
		got += fmt.Sprintf("%d:", f.At.Line)
		for _, c := range f.Around {
			got += fmt.Sprintf(" %d", c.At[0].Line)
			if strings.HasPrefix(c.Text, "afterwards ") != (c.At[0].Line > f.At.Line) {
				t.Errorf("line %d, around line %d: %s", f.At.Line, c.At[0].Line, c.Text)
			}
		}
		got += "\n"
	}
	if want := "4: 1 2 3 5 6\n5: 1 2 3 4 6 7\n6: 1 2 3 4 5 7 8\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// Who is passed by those who came later is counted, and so are waits and spins.
func TestNotes(t *testing.T) {
	r := replay(t, "1 begins query; 2 asks modify; 2 waits; 1 ends query; 3 asks query; 3 begins query; 3 ends query; 4 asks query; 4 begins query; 4 ends query; 2 begins modify")
	if a := &r.overtaken; a.overtaken != 2 || a.thread != 2 || a.place.Line != 2 {
		t.Errorf("%+v", a)
	}
	if r.longest.took != 9*time.Second || r.longest.ask.thread != 2 || r.deepest.n != 1 {
		t.Errorf("%+v %+v", r.longest, r.deepest)
	}
	r = replay(t, "1 begins query; 2 asks destroy; 2 waits; 9 eof; 9 eof; 9 eof; 9 eof; 1 ends query; 2 begins destroy")
	if r.spun != 1 || r.spins[0].thread != 9 || r.spins[0].from.Line != 6 {
		t.Errorf("%+v", r.spins)
	}
	if r = replay(t, "1 begins query; 9 eof; 9 eof; 9 eof"); r.spun != 0 {
		t.Errorf("nobody waits to destroy it: %+v", r.spins)
	}
}

// A gap makes everything unknown again, and a pointer that is given to another domain as well.
func TestForget(t *testing.T) {
	r := replay(t, "1 begins query")
	r.Gap()
	r.Add(&Event{Kind: Grant, VM: 0x7f01, Domain: "g", Thread: 2, Job: "modify"})
	if len(r.findings) > 0 || r.domains[0x7f01].slots[normal].thread != 2 {
		t.Errorf("%+v", r.findings)
	}
	r = replay(t, "1 begins query")
	r.Add(&Event{Kind: Grant, VM: 0x7f01, Domain: "other", Thread: 2, Job: "modify"})
	if len(r.findings) > 0 || r.byName["g"] != nil {
		t.Errorf("%+v", r.findings)
	}
}

// What is kept does not grow with the log.
func TestKept(t *testing.T) {
	r := New()
	r.KeepTimeline()
	for i := range 3 * diagnose.MostBars {
		at := diagnose.Moment{Clock: diagnose.Instant, Nanos: int64(i) * 1e6}
		e := Event{Kind: Grant, VM: 0x7f01, Domain: "g", Thread: int64(i % 5), Job: "query", At: at, Place: diagnose.Place{File: "f", Line: i + 1}}
		r.Add(&e)
		e.Kind, e.At = End, at.Add(time.Duration(i%7)*time.Millisecond)
		r.Add(&e)
	}
	if len(r.domains) != 1 || len(r.threads) > 5 || len(r.pool) > 2 || len(r.timeline.Bars) > 2*diagnose.MostBars {
		t.Errorf("%d domains, %d threads, %d spare jobs, %d bars", len(r.domains), len(r.threads), len(r.pool), len(r.timeline.Bars))
	}
	d := r.Diagnose(Source{Format: diagnose.LibvirtdLog})
	if n := len(d.Timeline.Bars) + d.Timeline.Left; n != 3*diagnose.MostBars || len(d.Timeline.Bars) > diagnose.MostBars || d.Timeline.Least == 0 {
		t.Errorf("%d bars, %d left out that are shorter than %v", len(d.Timeline.Bars), d.Timeline.Left, d.Timeline.Least)
	}
	if len(r.findings) > 0 {
		t.Errorf("%+v", r.findings[0])
	}
}
