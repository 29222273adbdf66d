package stress

import (
	"sync"

	"github.com/lockproof/lockproof/driver"
)

// A keeper is a hypervisor that knows which of its QEMUs nobody has killed yet. A driver that has lost one leaves an event goroutine
// that waits for it for ever.
type keeper struct {
	driver.Hypervisor
	mutex sync.Mutex
	alive map[*kept]bool
}

// kept is a QEMU whose end the keeper notices.
type kept struct {
	driver.Process
	keeper *keeper
}

func newKeeper(h driver.Hypervisor) *keeper { return &keeper{Hypervisor: h, alive: map[*kept]bool{}} }

// Spawn implements [driver.Hypervisor].
func (k *keeper) Spawn(domain string, memory int64) (driver.Process, error) {
	p, err := k.Hypervisor.Spawn(domain, memory)
	if err != nil {
		return nil, err
	}
	x := &kept{p, k}
	k.mutex.Lock()
	k.alive[x] = true
	k.mutex.Unlock()
	return x, nil
}

// Kill implements [driver.Process].
func (p *kept) Kill() {
	p.keeper.mutex.Lock()
	delete(p.keeper.alive, p)
	p.keeper.mutex.Unlock()
	p.Process.Kill()
}

// crash lets the QEMU of a domain die, and reports whether there was one.
func (k *keeper) crash(domain string) bool {
	h, ok := k.Hypervisor.(driver.Crasher)
	return ok && h.Crash(domain)
}

// killAll kills what is left.
func (k *keeper) killAll() {
	k.mutex.Lock()
	var left []*kept
	for p := range k.alive {
		left = append(left, p)
	}
	k.mutex.Unlock()
	for _, p := range left {
		p.Kill()
	}
}
