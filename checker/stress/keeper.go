package stress

import (
	"sync"

	"github.com/lockproof/lockproof/driver"
)

// A keeper is a hypervisor that knows which QEMUs nobody has killed yet, and which connections to
// them nobody has closed. A driver that has lost one leaves goroutines that wait for it for ever.
type keeper struct {
	driver.Hypervisor
	mutex sync.Mutex
	open  map[any]func() // how to end each
}

// process is a QEMU whose end the keeper notices, and connection a connection to it.
type (
	process struct {
		driver.Process
		keeper *keeper
	}
	connection struct {
		driver.Transport
		keeper *keeper
	}
)

func newKeeper(h driver.Hypervisor) *keeper { return &keeper{Hypervisor: h, open: map[any]func(){}} }

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
func (k *keeper) Spawn(domain string, memory int64) (driver.Process, error) {
	p, err := k.Hypervisor.Spawn(domain, memory)
	if err != nil {
		return nil, err
	}
	x := &process{p, k}
	k.began(x, p.Kill)
	return x, nil
}

// Open implements [driver.Process].
func (p *process) Open() (driver.Transport, error) {
	t, err := p.Process.Open()
	if err != nil {
		return nil, err
	}
	x := &connection{t, p.keeper}
	p.keeper.began(x, t.Close)
	return x, nil
}

// Kill implements [driver.Process].
func (p *process) Kill() {
	p.keeper.ended(p)
	p.Process.Kill()
}

// Close implements [driver.Transport].
func (c *connection) Close() {
	c.keeper.ended(c)
	c.Transport.Close()
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
