package stress

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/lockproof/lockproof/driver"
)

// A Fault is a class of what goes wrong under a load.
type Fault string

// The faults.
const (
	QEMUDeath   Fault = "qemu-death"   // QEMU dies, in the middle of a command or by itself
	SlowMonitor Fault = "slow-monitor" // QEMU takes its time
	JobTimeouts Fault = "job-timeout"  // callers lose their patience while they wait for a job
	Removal     Fault = "removal"      // domains are undefined, disappear, and are defined again
	BadAnswer   Fault = "bad-answer"   // QEMU refuses, does not start, or sends what is not QMP
	// QEMU says nothing any more, for longer than anybody waits: a real one is stopped
	Silence     Fault = "silence"
	LateAnswer  Fault = "late-answer"    // QEMU answers about when its caller gives it up
	Nonsense    Fault = "nonsense"       // QEMU sends one line of nonsense, and goes on
	HalfStart   Fault = "half-start"     // QEMU starts, and is gone before the start is over
	Descriptors Fault = "no-descriptors" // no file can be opened while a QEMU is started
	Space       Fault = "no-space"       // there is no room for the socket of a QEMU
)

// Faults lists every fault.
func Faults() []Fault {
	return []Fault{
		QEMUDeath, SlowMonitor, JobTimeouts, Removal, BadAnswer, Silence, LateAnswer, Nonsense, HalfStart,
		Descriptors, Space,
	}
}

// QEMUFaults lists those that a real QEMU can have.
func QEMUFaults() []Fault {
	return slices.DeleteFunc(Faults(), func(f Fault) bool { return f == SlowMonitor || f == BadAnswer })
}

// FaultNames are the names of all faults, for a text.
func FaultNames() string { return strings.ReplaceAll(joined(Faults()), ",", ", ") }

// failsStarts, and endsMonitors, are the faults of which a start that fails, and a monitor that is
// gone, come. Without any of them both are somebody's fault.
var (
	failsStarts  = []Fault{BadAnswer, Descriptors, Space}
	endsMonitors = []Fault{QEMUDeath, BadAnswer, Silence, LateAnswer, Nonsense, HalfStart, Descriptors}
)

// ParseFaults reads a list with commas; "all" and "none" stand for themselves.
func ParseFaults(text string) ([]Fault, error) {
	switch text {
	case "all":
		return Faults(), nil
	case "none", "":
		return nil, nil
	}
	var fs []Fault
	for name := range strings.SplitSeq(text, ",") {
		f := Fault(strings.TrimSpace(name))
		if !slices.Contains(Faults(), f) {
			return nil, fmt.Errorf("unknown fault %q: the faults are %s, all and none", f, joined(Faults()))
		}
		if !slices.Contains(fs, f) {
			fs = append(fs, f)
		}
	}
	return fs, nil
}

func joined(fs []Fault) string {
	names := make([]string, len(fs))
	for i, f := range fs {
		names[i] = string(f)
	}
	return strings.Join(names, ",")
}

// rates say how many of a million answers of QEMU, or starts, go wrong, and how.
var rates = []struct {
	fault Fault
	what  driver.Fault
	rate  uint64
}{
	{QEMUDeath, driver.DomainDeath, 1500},
	{QEMUDeath, driver.GuestShutdown, 1000},
	{QEMUDeath, driver.HalfLine, 500},
	{SlowMonitor, driver.SlowAnswer, 700},
	{SlowMonitor, driver.ExtraEvent, 10000},
	{BadAnswer, driver.CommandError, 5000},
	{BadAnswer, driver.Garbage, 500},
	{BadAnswer, driver.WrongID, 500},
	{BadAnswer, driver.SpawnFailure, 20000},
	{Silence, silence, 500},
	{LateAnswer, lateAnswer, 500},
	{Nonsense, nonsense, 500},
	{HalfStart, halfStart, 20000},
	{Descriptors, noDescriptors, 20000},
	{Space, noSpace, 20000},
}

// What the load itself does to QEMUs, and to the connections to them.
const (
	silence       driver.Fault = driver.Fault(Silence)
	lateAnswer    driver.Fault = driver.Fault(LateAnswer)
	nonsense      driver.Fault = driver.Fault(Nonsense)
	halfStart     driver.Fault = driver.Fault(HalfStart)
	noDescriptors driver.Fault = driver.Fault(Descriptors)
	noSpace       driver.Fault = driver.Fault(Space)
)

var (
	spawnFaults  = []driver.Fault{noDescriptors, noSpace}
	openFaults   = []driver.Fault{halfStart}
	answerFaults = []driver.Fault{silence, lateAnswer, nonsense}
)

// faults let faults strike now and then: the n-th choice of a seed always falls out the same.
type faults struct {
	enabled []Fault
	seed    uint64
	times   uint64 // as many as usual; a real QEMU is asked less
	n       atomic.Uint64
	struck  [32]atomic.Uint64 // by rate
}

func (f *faults) choose(offered []driver.Fault) driver.Fault {
	x := mix64(f.seed+f.n.Add(1)*0x9e3779b97f4a7c15) % 1e6
	for i, r := range rates {
		if !slices.Contains(f.enabled, r.fault) || !slices.Contains(offered, r.what) {
			continue
		}
		rate := r.rate
		if f.times > 1 {
			rate *= f.times
		}
		if x < rate {
			f.struck[i].Add(1)
			return r.what
		}
		x -= rate
	}
	return driver.NoFault
}

// counts tells how often each fault struck.
func (f *faults) counts() map[string]uint64 {
	all := map[string]uint64{}
	for i, r := range rates {
		if n := f.struck[i].Load(); n > 0 {
			all[string(r.what)] += n
		}
	}
	return all
}

// mix64 is the finaliser of splitmix64: every bit of the result depends on every bit of x.
func mix64(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
