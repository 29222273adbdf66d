package scenarios

import (
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/model"
)

// A Fault is something that may go wrong for a thread, or for a domain.
type Fault string

// The faults. The first three strike threads that wait on a condition, and the last one takes one
// of them away.
const (
	WaitTimeout    Fault = "wait-timeout"    // a waiter that was not signalled may give up
	SignalStolen   Fault = "signal-stolen"   // a waiter that was signalled may give up too, and swallows the signal
	SpuriousWakeup Fault = "spurious-wakeup" // a waiter may wake though nobody signalled
	AllocFailure   Fault = "alloc-failure"   // malloc, calloc and VIR_ALLOC may find no memory
	DomainDeath    Fault = "domain-death"    // QEMU may die: one more thread per domain, which runs DeathFunction on it
	ClientGone     Fault = "client-gone"     // the client may have gone when the C asks: clientGone()
	DaemonRestart  Fault = "daemon-restart"  // the daemon may be restarted: RestartFunction runs then
	SlowMonitor    Fault = "slow-monitor"    // QEMU may never answer, where the C waits for it: qemuAnswers()
	// NoSpuriousWakeup switches off what a suite without a protocol has by default: that the waits of
	// pthreads, C11 and GLib may wake up though nobody signalled.
	NoSpuriousWakeup Fault = "no-spurious-wakeup"
)

// DeathFunction is what a protocol calls when QEMU is gone. The fault domain-death needs it.
const DeathFunction = "qemuProcessDied"

// RestartFunction is what the daemon does when it has been started again. The fault daemon-restart
// needs it.
const RestartFunction = "virStateInitialize"

// Function is what the C has to define for a fault, "" where it is nothing.
func (f Fault) Function() string {
	switch f {
	case DomainDeath:
		return DeathFunction
	case DaemonRestart:
		return RestartFunction
	}
	return ""
}

// Faults lists every fault.
func Faults() []Fault {
	return []Fault{
		WaitTimeout, SignalStolen, SpuriousWakeup, AllocFailure, DomainDeath, ClientGone, SlowMonitor,
		DaemonRestart, NoSpuriousWakeup,
	}
}

// A faultSet is a set of faults, each with the place that names it.
type faultSet map[Fault]model.Pos

func (s faultSet) has(f Fault) bool { _, ok := s[f]; return ok }

// add puts in the faults of another set. Those that are in already keep their place.
func (s faultSet) add(others faultSet) {
	for f, pos := range others {
		if !s.has(f) {
			s[f] = pos
		}
	}
}

// ofThreads are those faults of the set that strike threads by themselves. Where posix is set, the
// waits of pthreads, C11 and GLib may wake up spuriously, as POSIX says, unless the set says
// otherwise.
func (s faultSet) ofThreads(posix bool) lower.Faults {
	return lower.Faults{
		WaitTimeout: s.has(WaitTimeout), SignalStolen: s.has(SignalStolen), SpuriousWakeup: s.has(SpuriousWakeup),
		PosixSpurious: posix && !s.has(NoSpuriousWakeup), AllocFailure: s.has(AllocFailure),
		ClientGone: s.has(ClientGone), SlowMonitor: s.has(SlowMonitor),
	}
}
