package linear

import (
	"testing"

	"github.com/lockproof/lockproof/driver"
)

// What is said of calls, so that less has to be tried, holds in every situation of a domain.
func TestWhatIsSaidOfCalls(t *testing.T) {
	alike := map[likeness]*apiCall{}
	everyCall(func(c *apiCall, text string) {
		other, known := alike[c.likeness()]
		if alike[c.likeness()] = c; !known {
			other = c
		}
		var shown *domain
		for _, d := range append(domainsOfInterest, domain{exists: true, persistent: true, may: shutoff, memory: 5}) {
			next, ok := stepDomain(d, c)
			if n, o := stepDomain(d, other); n != next || o != ok {
				t.Errorf("%s and %s are alike, and differ in %s", text, other, ghosts(d))
			}
			if !ok {
				continue
			}
			look := next
			look.gone, look.ghosts = false, 0
			if showsDomain(c) && shown != nil && look != *shown {
				t.Errorf("%s shows %s, and %s", text, shown, look)
			}
			shown = &look
			clearer := next.may&^d.may == 0 // in which state it is
			look.may = d.may
			before := d
			before.gone, before.ghosts = false, 0
			if keepsDomain(c) && (look != before || !clearer) {
				t.Errorf("%s makes %s of %s", text, next, d)
			}
			next.may = d.may
			if isSilent(c) && (next != d || !clearer) {
				t.Errorf("%s is silent, and makes %s of %s", text, ghosts(next), ghosts(d))
			}
		}
	})
}

// A call with a job may have taken effect without it, before everything that came meanwhile. Only
// then is the monitor there afterwards, which no info shows. A witness makes that a matter of a
// second look, whatever comes between.
func TestSecondLook(t *testing.T) {
	call := func(client string, op driver.Op, code driver.Code, from, to int64) Operation {
		return Operation{Client: client, Call: driver.Call{Op: op, Domain: "vm1"}, Code: code, From: from, To: to}
	}
	info := call("c", driver.OpInfo, driver.OK, 50, 51)
	info.Info = driver.Info{State: driver.Running, Persistent: true}
	none := call("c", driver.OpInfo, driver.NoDomain, 0, 1)
	history := func(from, begun, ended int64) History {
		return sorted(History{
			Operations: []Operation{
				none,
				call("c", driver.OpDefine, driver.OK, 2, 3),
				call("c", driver.OpStart, driver.OK, 4, 5),
				call("a", driver.OpSuspend, driver.MonitorGone, from, 40),
				call("b", driver.OpDestroy, driver.OK, 11, 20),
				call("b", driver.OpStart, driver.OK, 21, 30),
				info,
				call("c", driver.OpResume, driver.OK, 60, 61),
			},
			Jobs: []Job{{Client: "a", Domain: "vm1", Object: 1, Type: Modify, Asked: from, Begun: begun, Ended: ended}},
			Cut:  100,
		})
	}
	for name, tt := range map[string]struct {
		h     History
		want  Verdict
		again bool
	}{
		"the job is late":    {history(10, 38, 39), OK, true},
		"the job is in time": {history(10, 10, 10), OK, false},
		"the call is late":   {history(35, 38, 39), Illegal, true},
	} {
		for _, small := range []int{1, smallWindow} {
			c := NewChecker(Options{})
			c.bounds.small = small
			c.Add(t.Context(), tt.h)
			r := c.Finish(t.Context(), false)
			if r.API.Verdict != tt.want || r.API.Again > 0 != tt.again {
				t.Errorf("%s, in pieces of %d: %v, %d windows again", name, small, r.API.Verdict, r.API.Again)
			}
		}
	}
}

// A look that tells in which of two states a domain is leaves it in that one.
func TestLooksDecide(t *testing.T) {
	at := func(client string, state driver.State, from, to int64) Operation {
		return Operation{
			Client: client, Call: driver.Call{Op: driver.OpInfo, Domain: "vm1"}, From: from, To: to,
			Info: driver.Info{State: state, Persistent: true},
		}
	}
	for name, tt := range map[string]struct {
		looks []Operation
		want  Verdict
	}{
		"the same twice":            {[]Operation{at("b", driver.Paused, 30, 31), at("b", driver.Paused, 32, 33)}, OK},
		"one and the other":         {[]Operation{at("b", driver.Running, 30, 31), at("b", driver.Paused, 32, 33)}, Illegal},
		"the first while it begins": {[]Operation{at("b", driver.Paused, 11, 29), at("b", driver.Running, 32, 33)}, Illegal},
		"before and after":          {[]Operation{at("b", driver.Running, 11, 29), at("b", driver.Paused, 32, 33)}, OK},
	} {
		h := History{Operations: append([]Operation{
			{Client: "a", Call: driver.Call{Op: driver.OpDefine, Domain: "vm1"}, From: 1, To: 2},
			{Client: "a", Call: driver.Call{Op: driver.OpStart, Domain: "vm1"}, From: 3, To: 4},
			{Client: "a", Call: driver.Call{Op: driver.OpSuspend, Domain: "vm1"}, Code: driver.MonitorGone, From: 10, To: 20},
		}, tt.looks...), Cut: 40}
		if got := checkAll(h).Verdict(); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// What is kept for a second look is bounded. When it is too much, the lane goes on without: it
// explains what it can, and does not call impossible what it cannot, until it knows the object
// again.
func TestWhatIsKeptIsBounded(t *testing.T) {
	s := register()
	s.sound = func(int) bool { return false }
	s.narrow = func(items []item[registerStep]) ([]item[registerStep], bool) {
		return append([]item[registerStep](nil), items...), true
	}
	s.bounds.most = 30 // too few for what overlaps
	l := newLane(s, 0)
	l.add(t.Context(), []item[registerStep]{write(7, 1, 2)}, 5)
	s.bounds.steps = mostKept // of other lanes
	l.since = append(l.since, write(1, 1, 4), write(2, 1, 4), write(3, 1, 4), write(4, 1, 4), write(7, 1, 4), read(7, 1, 4))
	l.add(t.Context(), []item[registerStep]{read(7, 6, 7)}, 10)
	if l.verdict != OK || !l.lost || l.since != nil {
		t.Fatalf("%+v", l)
	}
	l.add(t.Context(), []item[registerStep]{read(7, 11, 12)}, 15)
	if l.verdict != OK {
		t.Fatalf("%+v", l)
	}
	again := *l
	l.add(t.Context(), []item[registerStep]{read(8, 16, 17)}, 20)
	if l.verdict != Unknown || l.limit != "max-memory" || l.why == "" {
		t.Fatalf("%+v", l)
	}
	s.sound = func(int) bool { return true }
	again.add(t.Context(), []item[registerStep]{read(7, 16, 17)}, 20)
	again.add(t.Context(), []item[registerStep]{read(8, 21, 22)}, 25)
	if again.verdict != Illegal || again.lost {
		t.Fatalf("%+v", again)
	}
}

// Of jobs that exclude each other each begins once the one before it has ended; of those that wait
// the one goes first that has to begin first.
func TestSinceFree(t *testing.T) {
	begin := func(kind JobType, from, to, ended int64) item[jobStep] {
		return item[jobStep]{from: from, to: to, step: &jobStep{action: beginJob, kind: kind, job: &Job{Ended: ended}}}
	}
	for name, c := range map[string]struct {
		items []item[jobStep]
		since []int64 // they may begin
	}{
		"one after the other":    {[]item[jobStep]{begin(Query, 1, 2, 5), begin(Query, 1, 8, 9)}, []int64{1, 5}},
		"in any order":           {[]item[jobStep]{begin(Query, 1, 8, 9), begin(Query, 1, 2, 5)}, []int64{5, 1}},
		"three":                  {[]item[jobStep]{begin(Query, 1, 2, 5), begin(Query, 1, 12, 13), begin(Modify, 1, 8, 9)}, []int64{1, 9, 5}},
		"as long as it may be":   {[]item[jobStep]{begin(Query, 1, 2, 8), begin(Query, 1, 8, 9)}, []int64{1, 8}},
		"too late":               {[]item[jobStep]{begin(Query, 1, 2, 9), begin(Query, 1, 8, 9)}, []int64{1, 1}},
		"free when it asked":     {[]item[jobStep]{begin(Query, 1, 2, 5), begin(Query, 6, 8, 9)}, []int64{1, 6}},
		"an async job is beside": {[]item[jobStep]{begin(Query, 1, 2, 5), begin(Async, 1, 8, 9)}, []int64{1, 1}},
		"one that never begins":  {[]item[jobStep]{begin(Query, 1, 2, 5), begin(Query, 1, Never, Never)}, []int64{1, 1}},
	} {
		narrowed, any := sinceFree(c.items)
		for i, it := range narrowed {
			if it.from != c.since[i] || it.to != c.items[i].to {
				t.Errorf("%s: the %d. may begin from %d to %d", name, i+1, it.from, it.to)
			}
		}
		changed := false
		for i := range c.items {
			changed = changed || c.since[i] != c.items[i].from
		}
		if any != changed {
			t.Errorf("%s: narrowed: %v", name, any)
		}
	}
}
