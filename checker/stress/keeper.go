package stress

import (
	"io"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/lockproof/lockproof/driver"
)

// A keeper is a hypervisor that knows which QEMUs nobody has killed yet, and which connections to
// them nobody has closed: a driver that has lost one leaves goroutines that wait for it for ever.
// It knows which QEMU owes an answer, and lets faults strike that need nothing of QEMU.
type keeper struct {
	driver.Hypervisor
	world   *world
	real    bool          // its QEMUs are processes
	command time.Duration // how long QEMU may take to answer
	late    atomic.Int64  // answers so far that were
	mutex   sync.Mutex
	open    map[any]func() // how to end each
	latest  map[string]*process
}

// A process is a QEMU whose end the keeper notices.
type process struct {
	driver.Process
	keeper *keeper
	domain string
	asked  atomic.Int64 // when it was last sent something, in nanoseconds; its start counts
	heard  atomic.Int64 // when it last sent something
	silent atomic.Bool  // for it was made so
}

// A connection is one to a QEMU.
type connection struct {
	driver.Transport
	process *process
	left    int    // lines until the QEMU is gone; 0: it stays
	next    []byte // comes before what QEMU sends
}

func newKeeper(h driver.Hypervisor, w *world, o *Options) *keeper {
	return &keeper{
		Hypervisor: h, world: w, real: o.QEMU != "", command: o.CommandTimeout, open: map[any]func(){},
		latest: map[string]*process{},
	}
}

func (k *keeper) began(x any, end func()) {
	k.mutex.Lock()
	k.open[x] = end
	k.mutex.Unlock()
}

func (k *keeper) ended(x any) {
	k.mutex.Lock()
	delete(k.open, x)
	k.mutex.Unlock()
}

// Spawn implements [driver.Hypervisor].
func (k *keeper) Spawn(domain string, memory int64) (p driver.Process, err error) {
	switch f := k.world.Choose(domain+".spawn", spawnFaults); {
	case f == noSpace:
		return nil, &fs.PathError{Op: "mkdir", Path: os.TempDir(), Err: syscall.ENOSPC}
	case f == noDescriptors && !k.real:
		return nil, os.NewSyscallError("socket", syscall.EMFILE)
	case f == noDescriptors:
		withoutDescriptors(func() { p, err = k.Hypervisor.Spawn(domain, memory) })
	default:
		p, err = k.Hypervisor.Spawn(domain, memory)
	}
	if err != nil {
		return nil, err
	}
	x := &process{Process: p, keeper: k, domain: domain}
	x.asked.Store(time.Now().UnixNano())
	k.began(x, p.Kill)
	k.mutex.Lock()
	k.latest[domain] = x
	k.mutex.Unlock()
	return x, nil
}

// Open implements [driver.Process].
func (p *process) Open() (driver.Transport, error) {
	t, err := p.Process.Open()
	if err != nil {
		return nil, err
	}
	x := &connection{Transport: t, process: p}
	if p.keeper.world.Choose(p.domain+".open", openFaults) == halfStart {
		x.left = 2 // the greeting, and that it takes commands
	}
	p.keeper.began(x, t.Close)
	return x, nil
}

// Kill implements [driver.Process].
func (p *process) Kill() {
	p.keeper.ended(p)
	p.Process.Kill()
}

// Send implements [driver.Transport].
func (c *connection) Send(line []byte) error {
	c.process.asked.Store(time.Now().UnixNano())
	return c.Transport.Send(line)
}

// Receive implements [driver.Transport].
func (c *connection) Receive() ([]byte, error) {
	line, err := c.next, error(nil)
	if c.next = nil; line == nil {
		line, err = c.Transport.Receive()
	}
	if err != nil {
		return line, err
	}
	p := c.process
	switch p.keeper.world.Choose(p.domain+".line", answerFaults) {
	case silence:
		return nil, c.fallSilent()
	case lateAnswer:
		p.keeper.world.Sleep(p.keeper.command * time.Duration(9+p.keeper.late.Add(1)%3) / 10)
	case nonsense:
		c.next, line = line, []byte("\x7fELF\x02\x01\x01")
	}
	p.heard.Store(time.Now().UnixNano())
	if c.left > 0 {
		if c.left--; c.left == 0 {
			return nil, io.EOF
		}
	}
	return line, nil
}

// fallSilent keeps back whatever comes, until the connection ends. A real QEMU is stopped, so that
// it does not read either.
func (c *connection) fallSilent() error {
	c.process.silent.Store(true)
	if s, ok := c.process.keeper.Hypervisor.(stopper); ok {
		s.Stop(c.process.domain)
	}
	for {
		if _, err := c.Transport.Receive(); err != nil {
			return err
		}
	}
}

// A stopper is a hypervisor whose QEMUs can be stopped: they stay, and do nothing.
type stopper interface{ Stop(domain string) bool }

// Close implements [driver.Transport].
func (c *connection) Close() {
	c.process.keeper.ended(c)
	c.Transport.Close()
}

// owes reports whether the QEMU that a domain had last owes an answer, and whether that was asked
// for.
func (k *keeper) owes(domain string) (owes, wanted bool) {
	k.mutex.Lock()
	p := k.latest[domain]
	k.mutex.Unlock()
	if p == nil {
		return false, false
	}
	return p.asked.Load() > p.heard.Load(), p.silent.Load()
}

// crash lets the QEMU of a domain die, and reports whether there was one.
func (k *keeper) crash(domain string) bool {
	h, ok := k.Hypervisor.(driver.Crasher)
	return ok && h.Crash(domain)
}

// endAll ends what is left.
func (k *keeper) endAll() {
	k.mutex.Lock()
	var ends []func()
	for _, end := range k.open {
		ends = append(ends, end)
	}
	k.mutex.Unlock()
	for _, end := range ends {
		end()
	}
}
