package schedule

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/driver"
)

// An instruction of a random program works on one of a few objects. Locks nest by the numbers of
// nested instructions.
type instruction struct {
	op     string
	object int
	inside []instruction // of "with": done with the mutex held; of "call": what the call does
}

func (i instruction) String() string {
	if len(i.inside) == 0 {
		return fmt.Sprint(i.op, i.object)
	}
	return fmt.Sprint(i.op, i.object, i.inside)
}

// genThread is a block without a lock held, some of it in calls that are observed.
func genThread(t *rapid.T) []instruction {
	block := genBlock(t, 2, 3, "")
	var thread []instruction
	for len(block) > 0 {
		n := rapid.IntRange(1, len(block)).Draw(t, "share")
		if rapid.Bool().Draw(t, "call") {
			thread = append(thread, instruction{op: "call", inside: block[:n]})
		} else {
			thread = append(thread, block[:n]...)
		}
		block = block[n:]
	}
	return thread
}

func genBlock(t *rapid.T, depth, most int, held string) []instruction {
	var block []instruction
	for range rapid.IntRange(1, most).Draw(t, "length") {
		ops := []string{"with", "send", "close", "receive", "sleep", "fault"}
		if held != "" {
			ops = []string{"add", "wait", "timedwait", "signal", "broadcast", "send", "fault"}
			if depth > 0 {
				ops = append(ops, "with")
			}
		}
		i := instruction{op: rapid.SampledFrom(ops).Draw(t, "op"), object: rapid.IntRange(0, 1).Draw(t, "object")}
		if i.op == "with" {
			if depth == 0 {
				continue
			}
			i.inside = genBlock(t, depth-1, most, held+fmt.Sprint(i.object))
		} else if held != "" && i.op != "send" {
			i.object = int(held[len(held)-1] - '0')
		}
		block = append(block, i)
	}
	return block
}

// A machine has two mutexes, each with a condition and a number, and two queues.
type machine struct {
	rt      driver.Runtime
	mutexes [2]driver.Mutex
	conds   [2]driver.Cond
	values  [2]int
	queues  [2]driver.Queue
	seen    []strings.Builder
	order   orderOf
	clients []driver.Observer
}

func (m *machine) run(thread int, block []instruction) {
	log := &m.seen[thread]
	for _, i := range block {
		switch i.op {
		case "with":
			m.mutexes[i.object].Lock()
			m.run(thread, i.inside)
			m.mutexes[i.object].Unlock()
		case "call":
			c := driver.Call{Op: driver.OpInfo}
			m.clients[thread].Called(c)
			m.run(thread, i.inside)
			m.clients[thread].Returned(c, driver.Result{})
		case "add":
			fmt.Fprint(log, " ", m.values[i.object])
			m.values[i.object] = m.values[i.object]*3 + thread + 1
		case "wait":
			m.conds[i.object].Wait()
		case "timedwait":
			fmt.Fprint(log, " ", m.conds[i.object].WaitUntil(m.rt.Now().Add(time.Second)))
		case "signal":
			m.conds[i.object].Signal()
		case "broadcast":
			m.conds[i.object].Broadcast()
		case "send":
			fmt.Fprint(log, " ", m.queues[i.object].Send([]byte{byte('a' + thread)}))
		case "close":
			m.queues[i.object].Close()
		case "receive":
			if thread == i.object { // one receiver each
				text, ok := m.queues[i.object].Receive()
				fmt.Fprint(log, " ", string(text), ok)
			}
		case "sleep":
			m.rt.Sleep(time.Second)
		case "fault":
			fmt.Fprint(log, " ", m.rt.Choose("here", []driver.Fault{driver.DomainDeath, driver.Garbage}))
		}
	}
}

func randomProgram(threads [][]instruction) *Program {
	p := &Program{}
	for i := range threads {
		p.Threads = append(p.Threads, fmt.Sprint("t", i+1))
	}
	p.New = func(rt driver.Runtime) Instance {
		m := &machine{rt: rt, seen: make([]strings.Builder, len(threads))}
		in := Instance{Permanent: []string{"m0", "m1"}}
		for i := range 2 {
			m.mutexes[i] = rt.NewMutex(fmt.Sprint("m", i))
			m.conds[i] = rt.NewCond(fmt.Sprint("c", i), m.mutexes[i])
			m.queues[i] = rt.NewQueue(fmt.Sprint("q", i))
		}
		observe := rt.(*world).watched(m.order.observe)
		for i, block := range threads {
			m.clients = append(m.clients, observe(p.Threads[i]))
			in.Bodies = append(in.Bodies, func() { m.run(i, block) })
		}
		in.Outcome = func() string {
			text := fmt.Sprint(m.values)
			for i := range m.seen {
				text += "|" + m.seen[i].String()
			}
			return text + m.order.String()
		}
		return in
	}
	return p
}

// violates reports whether some run broke a rule.
func violates(outcomes map[string]int) bool {
	for o := range outcomes {
		if strings.HasPrefix(o, string(Violation)) {
			return true
		}
	}
	return false
}

// Reduction keeps every outcome, deadlocks included, of random programs in which no run breaks a
// rule, and some broken rule of the others.
func TestReductionOnRandomPrograms(t *testing.T) {
	compared, deadlocks, saved := 0, 0, int64(0)
	rapid.Check(t, func(t *rapid.T) {
		var threads [][]instruction
		for range rapid.IntRange(2, 3).Draw(t, "threads") {
			threads = append(threads, genThread(t))
		}
		p := randomProgram(threads)
		var faults []driver.Fault
		for _, f := range []driver.Fault{driver.WaitTimeout, driver.SpuriousWake, driver.DomainDeath} {
			if rapid.Bool().Draw(t, string(f)) {
				faults = append(faults, f)
			}
		}
		o := Options{Strategy: Plain, Faults: faults, KeepGoing: true, Outcomes: true, AsFound: true, Schedules: 10_000}
		all, err := Search(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		if !all.Complete {
			return
		}
		o.Strategy = Exhaustive
		reduced, err := Search(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		if !reduced.Complete {
			t.Fatalf("the reduced search is not complete: %s after %d runs of %d", reduced.Limit, reduced.Runs, all.Runs)
		}
		if violates(all.Outcomes) {
			// A broken rule ends the run for all threads, so it can hide what others would have
			// come to.
			if !violates(reduced.Outcomes) {
				t.Fatalf("the reduced search misses every broken rule of %v", keys(all.Outcomes))
			}
		} else if d := cmp.Diff(keys(all.Outcomes), keys(reduced.Outcomes)); d != "" {
			t.Fatalf("outcomes differ (-plain +reduced):\n%s", d)
		}
		compared++
		saved += all.Runs - reduced.Runs
		if all.Failures > 0 {
			deadlocks++
		}
	})
	t.Logf("%d programs compared, %d of them with failures; %d runs saved", compared, deadlocks, saved)
}
