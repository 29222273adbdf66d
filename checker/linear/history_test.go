package linear

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/driver"
	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A generator makes histories that a sequential domain explains. Every step takes effect at a
// moment of its own; its beginning lies before that and its end after it, so steps of different
// clients overlap.
type generator struct {
	t       *rapid.T
	now     int64
	history History
	states  map[string]domain
	free    []int64 // by client: when its last step ended
}

const second = 1000 // from one moment to the next, so that beginnings and ends fit in between

func generate(t *rapid.T, steps int) History {
	g := &generator{t: t, states: map[string]domain{}, free: make([]int64, 5)}
	for range steps {
		g.now += second
		g.step()
	}
	g.history.Cut = g.now + 10*second
	return g.history
}

// step lets one client make one call, with a job if the call needs one.
func (g *generator) step() {
	client := rapid.IntRange(0, len(g.free)-1).Draw(g.t, "client")
	if g.free[client] >= g.now-2 {
		return
	}
	o := Operation{Client: string(rune('a' + client))}
	o.Call.Domain = rapid.SampledFrom([]string{"vm1", "vm2"}).Draw(g.t, "domain")
	o.Call.Op = driver.Op(rapid.IntRange(0, int(driver.OpSetMemory)).Draw(g.t, "call"))
	o.Call.Arg = g.now
	o.From = max(g.free[client]+1, g.now-rapid.Int64Range(1, 4*second).Draw(g.t, "before"))
	o.To = g.now + rapid.Int64Range(1, 4*second).Draw(g.t, "after")
	g.free[client] = o.To
	d := g.states[o.Call.Domain]
	if d.exists {
		o.Info = driver.Info{State: stateOf(d), Memory: d.memory, Persistent: d.persistent}
	}
	for code := driver.OK; code <= driver.Transient; code++ {
		o.Code = code
		if next, ok := stepDomain(d, &apiCall{Operation: &o}); ok && code != driver.JobTimeout && code != driver.MonitorGone {
			g.states[o.Call.Domain] = next
			break
		}
	}
	o.clear()
	g.history.Operations = append(g.history.Operations, o)
	if kind, ok := jobOf(o.Call.Op); ok {
		g.history.Jobs = append(g.history.Jobs, Job{
			Client: o.Client, Domain: o.Call.Domain, Object: 1, Type: kind, Asked: o.From, Begun: g.now - 1, Ended: g.now,
		})
	}
}

func stateOf(d domain) driver.State {
	for s := driver.Shutoff; s <= driver.Paused; s++ {
		if d.may == 1<<s {
			return s
		}
	}
	return driver.Shutoff
}

func checkAll(h History) *Report {
	ctx := context.Background()
	c := NewChecker(Options{})
	c.Add(ctx, sorted(h))
	return c.Finish(ctx, true)
}

func sorted(h History) History {
	items := func(n int, from func(int) int64) []int {
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		for i := 1; i < n; i++ {
			for k := i; k > 0 && from(order[k]) < from(order[k-1]); k-- {
				order[k], order[k-1] = order[k-1], order[k]
			}
		}
		return order
	}
	x := History{Cut: h.Cut}
	for _, i := range items(len(h.Operations), func(i int) int64 { return h.Operations[i].From }) {
		x.Operations = append(x.Operations, h.Operations[i])
	}
	for _, i := range items(len(h.Jobs), func(i int) int64 { return h.Jobs[i].Asked }) {
		x.Jobs = append(x.Jobs, h.Jobs[i])
	}
	return x
}

// A history that a sequential domain explains is OK, whole or in pieces.
func TestValidHistories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := generate(t, rapid.IntRange(1, 300).Draw(t, "steps"))
		r := checkAll(h)
		if r.Verdict() != OK {
			t.Fatalf("%v: %+v %v", r.Verdict(), r.Violations(), r.Breaches)
		}
	})
}

// Porcupine calls each corrupted history illegal.
func TestCorruptedHistories(t *testing.T) {
	corruptions := map[string]func(*rapid.T, *History) bool{
		"swapped result":  swapResult,
		"lost end":        loseEnd,
		"overlapping job": overlapJob,
		"wrong owner":     wrongOwner,
	}
	for name, corrupt := range corruptions {
		t.Run(name, func(t *testing.T) {
			tried := 0
			rapid.Check(t, func(t *rapid.T) {
				h := generate(t, rapid.IntRange(20, 200).Draw(t, "steps"))
				if len(h.Jobs) == 0 || !corrupt(t, &h) {
					return
				}
				tried++
				r := checkAll(h)
				if r.Verdict() != Illegal {
					t.Fatalf("%v", r.Verdict())
				}
				if r.API.Verdict != Illegal && r.Jobs.Verdict != Illegal {
					t.Fatal("only", r.Breaches)
				}
				v := r.Violations()[0]
				if len(v.Steps) == 0 || len(v.Before) == 0 {
					t.Fatalf("nothing to show: %+v", v)
				}
				var page bytes.Buffer
				if err := v.Draw(&page); err != nil || !strings.Contains(page.String(), "</html>") {
					t.Fatal("no drawing", err)
				}
			})
			if tried < 20 {
				t.Fatal("only tried", tried)
			}
		})
	}
}

// swapResult gives an info the memory that another info saw, such that no order explains it: the
// memory is that of a call which had not begun when the info returned.
func swapResult(t *rapid.T, h *History) bool {
	var pairs [][2]int
	for i := range h.Operations {
		for k := range h.Operations {
			x, y := &h.Operations[i], &h.Operations[k]
			if x.Call.Op == driver.OpInfo && y.Call.Op == driver.OpInfo && x.Code == driver.OK && y.Code == driver.OK &&
				x.Call.Domain == y.Call.Domain && setAfter(h, y, x.To) {
				pairs = append(pairs, [2]int{i, k})
			}
		}
	}
	if len(pairs) == 0 {
		return false
	}
	p := rapid.SampledFrom(pairs).Draw(t, "pair")
	x, y := &h.Operations[p[0]], &h.Operations[p[1]]
	x.Info, y.Info = y.Info, x.Info
	return true
}

// setAfter reports whether the memory that an info saw was set by a call that began after a time.
func setAfter(h *History, info *Operation, after int64) bool {
	for i := range h.Operations {
		o := &h.Operations[i]
		if takesArgument(o.Call.Op) && o.Code == driver.OK && o.Call.Arg == info.Info.Memory && o.Call.Domain == info.Call.Domain {
			return o.From > after
		}
	}
	return false
}

func someJob(t *rapid.T, h *History) *Job {
	return &h.Jobs[rapid.IntRange(0, len(h.Jobs)-1).Draw(t, "job")]
}

func loseEnd(t *rapid.T, h *History) bool {
	someJob(t, h).Ended = Never
	return true
}

func overlapJob(t *rapid.T, h *History) bool {
	j := *someJob(t, h)
	j.Client, j.Asked = "z", j.Begun
	h.Jobs = append(h.Jobs, j)
	return true
}

func wrongOwner(t *rapid.T, h *History) bool {
	j := someJob(t, h)
	other := *j
	j.Ended = Never
	other.Client, other.Begun, other.Asked = "z", Never, other.Ended
	h.Jobs = append(h.Jobs, other)
	return true
}

// Jobs and calls that do not fit together.
func TestBreaches(t *testing.T) {
	h := History{
		Operations: []Operation{
			{Client: "a", Call: driver.Call{Op: driver.OpDefine, Domain: "vm1", Arg: 1}, From: 1, To: 2},
			{Client: "a", Call: driver.Call{Op: driver.OpStart, Domain: "vm1"}, From: 3, To: 9},
		},
		Jobs: []Job{
			{Client: "a", Domain: "vm1", Object: 1, Type: Modify, Asked: 10, Begun: 11, Ended: 12},
			{Client: "b", Domain: "vm1", Object: 1, Type: Query, Asked: 13, Begun: 14, Ended: 15},
		},
		Cut: 20,
	}
	r := checkAll(h)
	want := []Breach{
		{"a", 3, "start(vm1) = ok without a job"},
		{"a", 10, "a modify job of vm1 that lies in no call of a"},
		{"b", 13, "a query job of vm1 that lies in no call of b"},
	}
	if diff := cmp.Diff(want, r.Breaches); diff != "" || r.Verdict() != Illegal || len(r.Violations()) > 0 {
		t.Fatal(diff, r.Verdict())
	}
}

// What cannot be, one call at a time.
func TestImpossible(t *testing.T) {
	define := Operation{Client: "a", Call: driver.Call{Op: driver.OpDefine, Domain: "vm1", Arg: 1}, From: 1, To: 2}
	start := Operation{Client: "a", Call: driver.Call{Op: driver.OpStart, Domain: "vm1"}, From: 3, To: 4}
	call := func(op driver.Op, code driver.Code, from int64) Operation {
		return Operation{Client: "a", Call: driver.Call{Op: op, Domain: "vm1"}, Code: code, From: from, To: from + 1}
	}
	job := func(kind JobType, at int64) Job {
		return Job{Client: "a", Domain: "vm1", Object: 1, Type: kind, Asked: at, Begun: at, Ended: at}
	}
	refused := Job{Client: "a", Domain: "vm1", Object: 1, Type: Query, Asked: 10, Begun: Never, Ended: 13, Refused: true}
	holder := Job{Client: "b", Domain: "vm1", Object: 1, Type: Long, Asked: 9, Begun: 9, Ended: 14}
	holding := Operation{Client: "b", Call: driver.Call{Op: driver.OpLongJob, Domain: "vm1"}, From: 9, To: 14}
	query := Operation{Client: "a", Call: driver.Call{Op: driver.OpQuery, Domain: "vm1"}, From: 10, To: 13, Code: driver.JobTimeout}
	unreturned := call(driver.OpInfo, driver.OK, 5)
	unreturned.To = Never
	for name, tt := range map[string]struct {
		h    History
		want Verdict
	}{
		"start of a stopped domain is not running": {History{Operations: []Operation{define, call(driver.OpStart, driver.NotRunning, 3)}}, Illegal},
		"info that times out":                      {History{Operations: []Operation{define, call(driver.OpInfo, driver.JobTimeout, 3)}}, Illegal},
		"undefine of what does not run":            {History{Operations: []Operation{define, call(driver.OpUndefine, driver.NotRunning, 3)}}, Illegal},
		"success on a broken monitor":              {History{Operations: []Operation{define, start, call(driver.OpSuspend, driver.MonitorGone, 5), call(driver.OpSuspend, driver.OK, 7)}}, Illegal},
		"success after its death": {History{Operations: []Operation{
			define, start, call(driver.OpSuspend, driver.MonitorGone, 5),
			{Client: "vm1.mon", Call: driver.Call{Op: driver.OpDied, Domain: "vm1"}, From: 7, To: 8, Info: driver.Info{Persistent: true}},
			call(driver.OpStart, driver.OK, 9), call(driver.OpSuspend, driver.OK, 11),
		}}, OK},
		"a call that never returned, in a complete run": {History{Operations: []Operation{define, unreturned}}, Illegal},
		"a job of another type":                         {History{Operations: []Operation{define, start}, Jobs: []Job{job(Query, 3)}}, Illegal},
		"a job of its type":                             {History{Operations: []Operation{define, start}, Jobs: []Job{job(Modify, 3)}}, OK},
		"refused":                                       {History{Operations: []Operation{define, start, holding, query}, Jobs: []Job{job(Modify, 3), holder, refused}}, OK},
		"a refusal that is no time-out":                 {History{Operations: []Operation{define, start, holding, {Client: "a", Call: query.Call, From: 10, To: 13, Info: driver.Info{State: driver.Running}}}, Jobs: []Job{job(Modify, 3), holder, refused}}, Illegal},
		"a time-out without a refusal":                  {History{Operations: []Operation{define, start, holding, query}, Jobs: []Job{job(Modify, 3), holder, job(Query, 10)}}, Illegal},
	} {
		tt.h.Cut = 20
		if got := checkAll(tt.h).Verdict(); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A file may have its lines in another order.
func TestOrderOfLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := generate(t, rapid.IntRange(1, 100).Draw(t, "steps"))
		slices.Reverse(h.Operations)
		slices.Reverse(h.Jobs)
		c := NewChecker(Options{})
		c.Add(t.Context(), h)
		if r := c.Finish(t.Context(), true); r.Verdict() != OK {
			t.Fatalf("%v: %+v %v", r.Verdict(), r.Violations(), r.Breaches)
		}
	})
}

// What is written is what is read.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := generate(t, rapid.IntRange(0, 50).Draw(t, "steps"))
		if len(h.Jobs) > 2 {
			h.Jobs[0] = Job{Client: "\"q\"\\", Domain: "vm é", Asked: 1, Begun: Never, Ended: 3, Refused: true}
			h.Jobs[1].Ended = Never
			h.Operations[1].To, h.Operations[1].Code, h.Operations[1].Info = Never, 0, driver.Info{}
		}
		complete := rapid.Bool().Draw(t, "complete")
		header := Header{rapid.Uint64().Draw(t, "seed"), "again"}
		var file bytes.Buffer
		w, err := NewWriter(&file, header)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Write(h), w.Close(complete)); err != nil {
			t.Fatal(err)
		}
		r := NewReader("f", &file)
		got, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(h, got); diff != "" {
			t.Fatal(diff)
		}
		if _, err := r.Next(); !errors.Is(err, io.EOF) || r.Header() != header || r.Complete() != complete {
			t.Fatal(err, r.Header(), r.Complete())
		}
	})
}

// Every mistake in a file is reported, with its place.
func TestProblems(t *testing.T) {
	const file = `{"history":2,"sed":1}
{"call":"qery","domain":"vm1","client":"c","from":5,"to":3,"code":"ok","state":"runing"}
{"call":"query","domain":"vm1","from":5,"to":3,"code":"ok","state":"runing"}
{"call":"info","domain":"vm1","client":"c","from":1,"to":3,"code":"ok","state":"running","memory":"1","persistent":true}
{"job":"modify","domain":"vm1","object":1,"client":"","asked":1,"begun":2,"ended":9}
nonsense
{"cut":5}
{"cut":6} x
{"a":1,"a":2}
`
	const want = `f:1:12: version 2 of the format is not known, only 1
f:1:20: unknown field "sed"
f:2:9: unknown call "qery"
f:3:1: the record has no "client"
f:3:46: to is before from
f:3:68: unknown state "runing"
f:4:99: memory is a whole number
f:5:52: client is empty
f:6:1: expected a JSON object
f:8:11: text after the object
f:9:12: field "a" stands here twice
f:10:1: the history is cut off: its last record is not an end`
	r := NewReader("f", strings.NewReader(file))
	var err error
	for err == nil {
		_, err = r.Next()
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff, err.Error())
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"history":1,"seed":1}
{"call":"define","domain":"vm1","client":"c","from":1,"arg":1024,"to":2,"code":"ok"}
{"job":"query","domain":"vm1","object":1,"client":"c","asked":1,"begun":2,"ended":3}
{"cut":4}
{"end":4,"complete":true}
`)
	f.Add("{\"\\u0000\":1e3}\n{")
	f.Fuzz(func(t *testing.T, text string) {
		r := NewReader("f", strings.NewReader(text))
		lines := strings.Split(text, "\n")
		c := NewChecker(Options{})
		for {
			h, err := r.Next()
			var p *Problems
			switch {
			case errors.As(err, &p):
				for _, x := range p.List {
					if x.Line < 1 || x.Line > len(lines)+1 || x.Column < 1 || x.Line <= len(lines) && x.Column > len(lines[x.Line-1])+1 {
						t.Fatalf("%+v is not in the file", x)
					}
				}
				return
			case err != nil:
				c.Finish(t.Context(), r.Complete())
				return
			case !r.Broken() && len(h.Operations)+len(h.Jobs) < 8:
				c.Add(t.Context(), h)
			}
		}
	})
}
