package scenarios

// A Fault is something that may go wrong for a thread, or for a domain.
type Fault string

// The faults. All but the last strike threads that wait on a condition.
const (
	WaitTimeout    Fault = "wait-timeout"    // a waiter that was not signalled may give up
	SignalStolen   Fault = "signal-stolen"   // a waiter that was signalled may give up too, and swallows the signal
	SpuriousWakeup Fault = "spurious-wakeup" // a waiter may wake though nobody signalled
	DomainDeath    Fault = "domain-death"    // QEMU may die: one more thread per domain, which runs DeathFunction on it
)

// DeathFunction is what a protocol calls when QEMU is gone. The fault domain-death needs it.
const DeathFunction = "qemuProcessDied"

// Faults lists every fault.
func Faults() []Fault { return []Fault{WaitTimeout, SignalStolen, SpuriousWakeup, DomainDeath} }
