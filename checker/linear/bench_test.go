package linear

import (
	"math/rand/v2"
	"testing"

	"github.com/lockproof/lockproof/driver"
)

// overlapping is a history of n calls on one domain by some clients whose calls overlap all the
// time, so that there is no quiescent point between them.
func overlapping(n, clients int) History {
	random := rand.New(rand.NewPCG(1, 1))
	h := History{Operations: []Operation{
		{Client: "set-up", Call: driver.Call{Op: driver.OpDefine, Domain: "vm1", Arg: 1}, From: 1, To: 2},
		{Client: "set-up", Call: driver.Call{Op: driver.OpStart, Domain: "vm1"}, From: 3, To: 4},
	}}
	memory := int64(1)
	for i := range n {
		now := int64(i+1) * 100
		o := Operation{Client: string(rune('a' + i%clients)), Call: driver.Call{Op: driver.OpInfo, Domain: "vm1"}}
		if random.IntN(3) == 0 {
			memory++
			o.Call = driver.Call{Op: driver.OpSetMemory, Domain: "vm1", Arg: memory}
		} else {
			o.Info = driver.Info{State: driver.Running, Memory: memory, Persistent: true}
		}
		// Begins after the client's last call has ended, and ends before its next begins.
		o.From, o.To = now-int64(clients)*40, now+int64(clients)*40
		h.Operations = append(h.Operations, o)
	}
	h.Cut = int64(n+clients+2) * 100
	return sorted(h)
}

func BenchmarkCheck(b *testing.B) {
	for _, x := range []struct {
		name    string
		clients int
	}{{"2 clients", 2}, {"4 clients", 4}, {"8 clients", 8}} {
		b.Run(x.name, func(b *testing.B) {
			const n = 2000
			h := overlapping(n, x.clients)
			for b.Loop() {
				c := NewChecker(Options{})
				c.Add(b.Context(), h)
				if r := c.Finish(b.Context(), true); r.Verdict() != OK {
					b.Fatal(r.Verdict(), r.API.Limit)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
}

// BenchmarkRecord is what one call with one job costs a client.
func BenchmarkRecord(b *testing.B) {
	r := NewRecorder(Monotonic())
	o := r.Observe("client 1")
	call := driver.Call{Op: driver.OpQuery, Domain: "vm1"}
	n := 0
	for b.Loop() {
		o.Called(call)
		o.Job(driver.JobEvent{Phase: driver.JobAsked, Domain: "vm1", Object: 1})
		o.Job(driver.JobEvent{Phase: driver.JobBegun, Domain: "vm1", Object: 1})
		o.Job(driver.JobEvent{Phase: driver.JobEnded, Domain: "vm1", Object: 1})
		o.Returned(call, driver.Result{})
		if n++; n%50000 == 0 {
			r.Drain()
		}
	}
}
