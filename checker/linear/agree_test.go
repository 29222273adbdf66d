package linear

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"
	"github.com/lockproof/lockproof/driver"
)

// A maker makes histories of one domain. Each call takes effect at a moment of its own, with a
// result that is possible there, and may have had a job, at that moment or at another one.
type maker struct {
	random  *rand.Rand
	now     int64
	state   domain
	free    []int64 // by client: when its last call ended
	history History
}

func (m *maker) upTo(n int64) int64 { return m.random.Int64N(n) + 1 }

func makeHistory(random *rand.Rand) History {
	m := &maker{random: random, free: make([]int64, 2+random.IntN(4))}
	for range 1 + random.IntN(1+random.IntN(80)) {
		m.now += 10
		if random.IntN(8) == 0 { // everybody rests, so that others can see what there is
			m.now = max(m.now, slices.Max(m.free)+2)
		}
		m.call(random.IntN(len(m.free)))
	}
	for range 4 * random.IntN(2) {
		m.corrupt()
	}
	m.history.Cut = max(m.now, slices.Max(m.free)) + 100
	return sorted(m.history)
}

// often are all calls, most of them more than once: so that the domain is there and runs.
var often = []driver.Op{
	driver.OpDefine, driver.OpDefine, driver.OpDefine, driver.OpUndefine, driver.OpStart, driver.OpStart, driver.OpStart, driver.OpDestroy,
	driver.OpSuspend, driver.OpSuspend, driver.OpResume, driver.OpResume, driver.OpQuery, driver.OpInfo, driver.OpInfo, driver.OpInfo,
	driver.OpSetMemory, driver.OpSetMemory, driver.OpSetMemory, driver.OpLongJob, driver.OpWait, driver.OpDied,
}

// call lets a client make a call that takes effect now.
func (m *maker) call(client int) {
	if m.free[client] >= m.now-1 {
		return
	}
	o := Operation{Client: string(rune('a' + client)), Call: driver.Call{Op: often[m.random.IntN(len(often))], Domain: "vm1"}}
	o.Call.Arg = int64(m.random.IntN(3))
	o.From = max(m.free[client]+1, m.now-m.upTo(40))
	o.To = m.now + m.upTo(40)
	o.Info = driver.Info{State: stateOf(m.state), Memory: m.state.memory, Persistent: m.state.persistent}
	if m.random.IntN(200) == 0 {
		o.To, m.free[client] = Never, Never>>2
	} else {
		m.free[client] = o.To
	}
	codes := codesOf[o.Call.Op]
	first := m.random.IntN(2) * m.random.IntN(len(codes))
	for i := range codes {
		o.Code = codes[(first+i)%len(codes)]
		if next, ok := stepDomain(m.state, &apiCall{Operation: &o}); ok {
			m.state = next
			o.clear()
			m.history.Operations = append(m.history.Operations, o)
			m.job(&o)
			return
		}
	}
}

// clear takes out of a call what it does not return.
func (o *Operation) clear() {
	state, memory, persistent := resultFields(o.Call.Op, o.Code)
	if !state {
		o.Info.State = 0
	}
	if !memory {
		o.Info.Memory = 0
	}
	if !persistent {
		o.Info.Persistent = false
	}
	if !takesArgument(o.Call.Op) {
		o.Call.Arg = 0
	}
}

// job gives a call a job, mostly when it takes effect.
func (m *maker) job(o *Operation) {
	kind, ok := jobOf(o.Call.Op)
	if !ok || o.pending() || m.random.IntN(3) == 0 {
		return
	}
	j := Job{Client: o.Client, Domain: "vm1", Object: 1, Type: kind, Asked: o.From, Begun: m.now - 1, Ended: m.now + 1}
	if j.Begun < j.Asked || m.random.IntN(2) == 0 {
		times := []int64{o.From + m.random.Int64N(o.To-o.From), o.From + m.random.Int64N(o.To-o.From)}
		slices.Sort(times)
		j.Begun, j.Ended = times[0], times[1]
	}
	m.history.Jobs = append(m.history.Jobs, j)
}

// corrupt gives a call another result, or the result of another.
func (m *maker) corrupt() {
	os := m.history.Operations
	if len(os) == 0 {
		return
	}
	x, y := &os[m.random.IntN(len(os))], &os[m.random.IntN(len(os))]
	switch m.random.IntN(4) {
	case 0:
		x.Code = codesOf[x.Call.Op][m.random.IntN(len(codesOf[x.Call.Op]))]
	case 1:
		x.Info, y.Info = y.Info, x.Info
	case 2:
		x.Info.State = driver.State(m.random.IntN(3))
	case 3:
		x.Call.Op, y.Call.Op = y.Call.Op, x.Call.Op
	}
	x.clear()
	y.clear()
}

// plainly is what porcupine says of a history of one object, whole and with all times as they are.
// Who has not returned may have taken effect, or not.
func plainly[S comparable, O any](s *spec[S, O], items []item[O], initial S) Verdict {
	m := porcupine.NondeterministicModel{
		Init: func() []any { return []any{initial} },
		Step: func(state, input, _ any) []any {
			it := input.(*item[O])
			var next []any
			if it.to == Never {
				next = append(next, state)
			}
			if x, ok := s.step(state.(S), it.step); ok {
				next = append(next, x)
			}
			return next
		},
	}
	var ops []porcupine.Operation
	for i := range items {
		it := &items[i]
		ops = append(ops, porcupine.Operation{Input: it, Call: it.from, Return: it.to})
	}
	if porcupine.CheckOperations(m.ToModel(), ops) {
		return OK
	}
	return Illegal
}

// inPieces adds a history at some of the moments at which nothing is under way.
func inPieces(c *Checker, t *testing.T, h History, random *rand.Rand) {
	type piece struct{ operations, jobs int }
	var at piece
	over := int64(-1)
	for i := range h.Operations {
		if o := &h.Operations[i]; o.From > over && i > 0 && random.IntN(2) == 0 {
			next := piece{i, at.jobs}
			for next.jobs < len(h.Jobs) && h.Jobs[next.jobs].Asked < o.From {
				next.jobs++
			}
			c.Add(t.Context(), History{h.Operations[at.operations:next.operations], h.Jobs[at.jobs:next.jobs], o.From - 1})
			at = next
		}
		over = max(over, h.Operations[i].To)
	}
	c.Add(t.Context(), History{h.Operations[at.operations:], h.Jobs[at.jobs:], h.Cut})
}

// Whatever is done to keep the search small, the verdict on calls is porcupine's on the whole.
func TestCallsAgreeWithPorcupine(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	seen, again, rescued, later := map[Verdict]int{}, 0, 0, 0
	for n := range 5000 {
		h := makeHistory(random)
		c := NewChecker(Options{})
		c.bounds.small = random.IntN(smallWindow + 1)
		var items []item[apiCall]
		for i := range h.Operations {
			o := &h.Operations[i]
			items = append(items, item[apiCall]{o.From, o.To, 0, &apiCall{Operation: o}})
		}
		markOutlived(items)
		want := plainly(c.api, items, domain{})
		seen[want]++
		inPieces(c, t, h, random)
		got := c.Finish(t.Context(), false).API.Verdict
		if l := c.domains["vm1"]; l != nil && l.again > 0 {
			again++
			if got == OK {
				rescued++
			}
			if l.windows > 2*l.again+1 {
				later++
			}
		}
		if got != want {
			t.Fatalf("history %d: %v, and porcupine says %v: %+v", n, got, want, h)
		}
	}
	t.Logf("%v, %d with a second look, %d of those explained by it, %d not from the start", seen, again, rescued, later)
	if seen[OK] < 1000 || seen[Illegal] < 1000 || again < 500 || rescued < 30 || later < 50 {
		t.Error("the histories are not of all kinds")
	}
}

// makeJobs is a history of jobs of one object: of one owner at a time, and some of several.
func makeJobs(random *rand.Rand) History {
	clients := 2 + random.IntN(5)
	free := make([]int64, clients)
	var h History
	now := int64(0)
	for range 1 + random.IntN(30) {
		now += 10
		client := random.IntN(clients)
		if free[client] >= now {
			continue
		}
		j := Job{
			Client: string(rune('a' + client)), Domain: "vm1", Object: 1, Type: JobType(random.IntN(2 + 5*random.IntN(2)*random.IntN(2))),
			Asked: max(free[client]+1, now-random.Int64N(30)), Begun: now, Ended: now + 1 + random.Int64N(9),
		}
		j.Type = min(j.Type, Nested)
		switch random.IntN(40) {
		case 0, 1:
			j.Refused, j.Begun = true, Never
		case 2:
			j.Ended += random.Int64N(20)
		case 3:
			j.Begun += random.Int64N(j.Ended - j.Begun + 1)
		}
		if free[client] = j.Ended; random.IntN(100) == 0 {
			j.Ended, free[client] = Never, Never>>2
		}
		if random.IntN(100) == 0 && !j.Refused {
			j.Begun = Never
		}
		h.Jobs = append(h.Jobs, j)
	}
	h.Cut = now + 100
	return sorted(h)
}

// The same for jobs.
func TestJobsAgreeWithPorcupine(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 1))
	seen := map[Verdict]int{}
	for n := range 5000 {
		h := makeJobs(random)
		c := NewChecker(Options{})
		c.bounds.small = random.IntN(smallWindow + 1)
		var items []item[jobStep]
		for i := range h.Jobs {
			items = c.jobItems(items, &h.Jobs[i])
		}
		want := plainly(c.slots, items, slot{})
		seen[want]++
		c.Add(t.Context(), h)
		if got := c.Finish(t.Context(), false).Jobs.Verdict; got != want {
			t.Fatalf("history %d: %v, and porcupine says %v: %+v", n, got, want, h.Jobs)
		}
	}
	if t.Log(seen); seen[OK] < 1000 || seen[Illegal] < 1000 {
		t.Error("the histories are not of all kinds")
	}
}

// The same for a register, on which more calls overlap, and a witness that says anything.
func TestRegistersAgreeWithPorcupine(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 1))
	seen, rescued := map[Verdict]int{}, 0
	for n := range 5000 {
		s := register()
		s.bounds.small = 1 + random.IntN(4)
		if random.IntN(2) == 0 {
			s.narrow = func(items []item[registerStep]) ([]item[registerStep], bool) {
				narrowed := slices.Clone(items)
				for i := range narrowed {
					if it := &narrowed[i]; it.to != Never {
						it.from += random.Int64N(it.to - it.from + 1)
						it.to -= random.Int64N(it.to - it.from + 1)
					}
				}
				return narrowed, true
			}
		}
		var items []item[registerStep]
		state := 0
		for now := int64(10); len(items) < 3+n%13; now += 12 * random.Int64N(3) / 4 {
			from, to := now-random.Int64N(10), now+random.Int64N(10)
			switch random.IntN(20) {
			case 0:
				items = append(items, read(random.IntN(3), from, to))
			case 1:
				items = append(items, write(random.IntN(3), from, Never))
			case 2, 3, 4, 5, 6:
				state = random.IntN(3)
				items = append(items, write(state, from, to))
			default:
				items = append(items, read(state, from, to))
			}
		}
		sortItems(items)
		want := plainly(s, items, 0)
		seen[want]++
		l := newLane(s, 0)
		l.add(t.Context(), items, items[len(items)-1].from+100)
		if l.again > 0 && l.verdict == OK {
			rescued++
		}
		if l.verdict != want {
			t.Fatalf("history %d: %v, and porcupine says %v: %+v", n, l.verdict, want, items)
		}
	}
	if t.Log(seen, rescued); seen[OK] < 1000 || seen[Illegal] < 500 || rescued < 100 {
		t.Error("the histories are not of all kinds")
	}
}
