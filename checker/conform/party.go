package conform

import (
	"slices"

	"github.com/lockproof/lockproof/checker/conform/era"
	"github.com/lockproof/lockproof/driver"
)

// today is the name of the driver's own protocol.
const today = "today"

// Protocols are the names of the protocols that can be compared: the driver has that of today, the
// others are in package era.
func Protocols() []string { return append([]string{today}, era.Names()...) }

// OfDriver reports whether a protocol is the driver's own.
func OfDriver(protocol string) bool { return protocol == today }

// A subject is a domain: the driver's, or that of an old protocol.
type subject interface {
	comparable
	status
}

type status interface{ Status() driver.DomainStatus }

// helpers are what every protocol has. D are its domains and M its monitors.
type helpers[D subject, M comparable] interface {
	LockDriver()
	UnlockDriver()
	Find(name string) D
	RemoveInactive(D)
	Lock(D)
	Unlock(D)
	Ref(D) int
	Unref(D) int
	IsActive(D) bool
	Touch(D)
	BeginJob(D) error
	BeginJobWithDriver(D) error
	EndJob(D) int
	EnterMonitor(D) M
	ExitMonitor(D, M)
	LockMonitor(M)
	UnlockMonitor(M)
	Command(M) error
}

// helpersOf are the helpers of a thread, as those of the types that they have.
func helpersOf[D subject, M comparable](t *thread) helpers[D, M] { return t.helpers.(helpers[D, M]) }

// A party is what is held against the model: the driver, or the helpers of an old protocol.
type party struct {
	add     func(name string) *domain // one that runs
	connect func(thread string) any   // its helpers
	listed  func(name string) bool    // a look-up would find it
}

func newParty(w *world, protocol string) party {
	if protocol == today {
		return ofToday(driver.New(w, driver.Options{}))
	}
	return ofEra(era.New(w, protocol))
}

func ofToday(d *driver.Driver) party {
	return party{
		add: func(name string) *domain {
			vm, mon := d.AddAnswering(name)
			return &domain{name, vm, mon, mon.References}
		},
		connect: func(thread string) any { return d.Connect(thread).Helpers() },
		listed: func(name string) bool {
			return slices.ContainsFunc(d.Inspect(), func(s driver.DomainStatus) bool { return s.Name == name })
		},
	}
}

func ofEra(d *era.Driver) party {
	return party{
		add: func(name string) *domain {
			vm, mon := d.Add(name)
			return &domain{name, vm, mon, nil}
		},
		connect: func(thread string) any { return d.Connect(thread) },
		listed:  d.Listed,
	}
}
