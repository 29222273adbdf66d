package driver

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
)

// Many clients, few domains, faults everywhere: nothing hangs, no rule is broken, and Close leaves
// nothing. With -race, no data race either.
func TestLoad(t *testing.T) {
	for name, h := range hypervisors {
		t.Run(name, func(t *testing.T) {
			var mutex sync.Mutex
			random := rand.New(rand.NewPCG(1, 2))
			rt := RealWithFaults(func(_ string, faults []Fault) Fault {
				mutex.Lock()
				defer mutex.Unlock()
				if f := faults[random.IntN(len(faults))]; random.IntN(30) == 0 && f != SlowAnswer {
					return f
				}
				return NoFault
			})
			d := New(rt, Options{Hypervisor: h(rt)})
			var clients sync.WaitGroup
			for i := range 6 {
				clients.Go(func() { client(d, uint64(i), 500) })
			}
			clients.Wait()
			d.Close()
		})
	}
}

func client(d *Driver, seed uint64, calls int) {
	random := rand.New(rand.NewPCG(seed, 3))
	c := d.Connect(fmt.Sprint("client ", seed))
	for range calls {
		call := Call{Op: Op(random.IntN(int(OpWait))), Domain: fmt.Sprint("vm", random.IntN(3)), Arg: 1 + random.Int64N(2)}
		if random.IntN(4) > 0 { // most of the time bring domains to life
			call.Op = []Op{OpDefine, OpStart, OpQuery}[random.IntN(3)]
		}
		if crasher, ok := d.opts.Hypervisor.(Crasher); ok && random.IntN(50) == 0 {
			crasher.Crash(call.Domain)
		}
		if call.Op == OpLongJob {
			call.Arg = 1
		}
		c.Do(call)
	}
}

// BenchmarkQuery is one call on a free domain.
func BenchmarkQuery(b *testing.B) {
	for name, h := range hypervisors {
		b.Run(name, func(b *testing.B) {
			rt := Real()
			d := New(rt, Options{Hypervisor: h(rt)})
			defer d.Close()
			c := d.Connect("bench")
			must(b, c.Define("vm1", 1024))
			must(b, c.Start("vm1"))
			for b.Loop() {
				if _, err := c.Query("vm1"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
