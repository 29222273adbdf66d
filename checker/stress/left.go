package stress

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lockproof/lockproof/model"
)

// left is what there still is of a driver that has been closed: goroutines of it, QEMUs, and
// connections and directories for them. They may take a moment to be gone.
func (s *session) left() *Finding {
	pause := time.Millisecond
	for end := time.Now().Add(s.stubborn()); ; pause *= 2 {
		what := s.leftNow()
		if what == "" || s.world.isOver() {
			return nil
		}
		if !time.Now().Before(end) {
			return &Finding{Kind: model.RefCount, Message: "the driver is closed, and there still is " + what}
		}
		time.Sleep(pause)
	}
}

func (s *session) leftNow() string {
	me := s.world.actors.current()
	for _, a := range s.world.actors.all() {
		if a != me {
			return "the goroutine " + a.name
		}
	}
	if what := s.load.qemu.left(); what != "" {
		return what
	}
	stacks := goroutineStacks()
	for _, n := range slices.Sorted(maps.Keys(stacks)) {
		if strings.Contains(stacks[n], "lockproof/driver.") && n != me.goroutine {
			return "a goroutine:\n" + stacks[n]
		}
	}
	return ""
}

// left is a QEMU that nobody has killed, a connection that nobody has closed, or a directory that
// nobody has removed; "" if there is none.
func (k *keeper) left() string {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	for x := range k.open {
		switch x := x.(type) {
		case *process:
			return "the QEMU of " + x.domain
		case *connection:
			return "a connection to the QEMU of " + x.process.domain
		}
	}
	if h, ok := k.Hypervisor.(interface{ Left() []string }); ok {
		if dirs := h.Left(); len(dirs) > 0 {
			return fmt.Sprintf("%s and %d more", dirs[0], len(dirs)-1)
		}
	}
	return ""
}
