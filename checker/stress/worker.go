package stress

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"github.com/lockproof/lockproof/driver"
)

// A worker is one client of a load. The seed decides its calls.
type worker struct {
	load   *load
	number int
	actor  *actor
	conn   *driver.Conn
	random *rand.Rand
	memory int64
	counts [driver.OpDied]uint64
	codes  [driver.Closed + 1]uint64
	done   int
	starts [2]int // that came up, and that failed
	last   error  // of those that failed
}

// A load is the workers on one driver.
type load struct {
	opts    *Options
	world   *world
	driver  *driver.Driver
	qemu    *keeper
	workers []*worker
	stop    atomic.Bool
	done    atomic.Int64 // calls, of all workers
	crashes atomic.Uint64
	// active counts the workers that are neither finished nor in a call of wait, which only the
	// others can end.
	active atomic.Int32
}

// newWorker begins a client. The goroutine that calls it is not the one that runs it.
func (l *load) newWorker(i int) *worker {
	return &worker{
		load: l, number: i, conn: l.driver.Connect(fmt.Sprint("client ", i+1)),
		random: rand.New(rand.NewPCG(l.opts.Seed, uint64(i))),
	}
}

// run makes n calls.
func (w *worker) run(n int) {
	l := w.load
	w.actor = l.world.actors.current()
	for range n {
		if l.stop.Load() || l.world.isOver() {
			break
		}
		w.step()
	}
	if l.active.Add(-1) == 0 {
		w.sweep()
	}
}

// step makes one call, and lets a QEMU die now and then.
func (w *worker) step() {
	l := w.load
	c := w.next()
	if l.opts.has(QEMUDeath) && w.random.Uint64N(1000) == 0 {
		if l.qemu.crash(domainName(w.random.IntN(l.opts.Domains))) {
			l.crashes.Add(1)
		}
	}
	if c.Op != driver.OpWait {
		w.call(c)
		return
	}
	if l.active.Add(-1) == 0 { // nobody would be left to stop the domain
		l.active.Add(1)
		c.Op = driver.OpInfo
		w.call(c)
		return
	}
	w.call(c)
	l.active.Add(1)
}

// next is the next call of the seed.
func (w *worker) next() driver.Call {
	c := driver.Call{Op: w.load.opts.Mix.pick(w.random.Uint64()), Domain: domainName(w.random.IntN(w.load.opts.Domains))}
	switch c.Op {
	case driver.OpDefine, driver.OpSetMemory:
		// No two calls set the same memory: whoever reads one knows whose it is.
		w.memory++
		c.Arg = 1<<20 + w.memory*int64(w.load.opts.Goroutines) + int64(w.number)
	case driver.OpLongJob:
		c.Arg = 1
		if w.random.IntN(16) == 0 {
			c.Arg = 2
		}
	}
	return c
}

func (w *worker) call(c driver.Call) {
	w.actor.begin(c.Op.String() + "(" + c.Domain + ")")
	r := w.conn.Do(c)
	w.actor.end()
	w.counts[c.Op]++
	w.codes[r.Code]++
	if c.Op == driver.OpStart && r.Code == driver.OK {
		w.starts[0]++
	} else if c.Op == driver.OpStart && isFailed(r.Code) {
		w.starts[1]++
		w.last = r.Err
	}
	w.done++
	w.load.done.Add(1)
}

// sweep stops every domain, so that those who wait for that go on, and looks at it, so that what is
// checked later begins with what is known. Nobody else makes calls.
func (w *worker) sweep() {
	for i := range w.load.opts.Domains {
		c := driver.Call{Op: driver.OpDestroy, Domain: domainName(i)}
		w.actor.begin("destroy(" + c.Domain + ") at the end of the round") // however often: a job that never ends is a hang
		for !w.load.world.isOver() && w.conn.Do(c).Code == driver.JobTimeout {
		}
		w.conn.Do(driver.Call{Op: driver.OpInfo, Domain: c.Domain})
		w.actor.end()
	}
}
