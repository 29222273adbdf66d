package driver

// A Protocol is a version of the contract between the helpers (begin and end of a job, entering and
// leaving the monitor) and their callers. The API calls are written against today's. The others are
// for code that brings its own callers: see [Helpers].
type Protocol uint8

// The protocols.
const (
	Today          Protocol = iota
	Mail200910              // the mail of October 2009, as its code has it
	Prose200910             // the same, as its prose has it
	Libvirt200912           // with the repairs of December 2009
	Libvirt201104           // with that of April 2011
	protocolsCount          // how many there are
)

// A contract is in what protocols differ.
type contract struct {
	name            string
	refusal         refusal
	refAfterDriver  bool // BeginJobWithDriver lets go of the driver before it takes its reference
	domainFirst     bool // ExitMonitor locks the domain before it unlocks the monitor
	driverInEnter   bool // EnterMonitor may be called with the driver locked
	domainInCommand bool // so may QEMU be asked with the domain locked
	monitorRefs     bool // who is inside a monitor has a reference of it
}

// A refusal is what the error path of BeginJobWithDriver leaves to its caller. That of BeginJob
// drops its reference, and leaves the domain locked but for unlocksDomain.
type refusal uint8

const (
	unlocksDomain       refusal = iota // driver locked, domain not: the reference that was dropped may have been the last
	keepsReference                     // domain locked, driver not, and the reference stays
	locksDriverInDomain                // both locked, the driver after the domain
	locksInOrder                       // both locked, in order
)

var contracts = [protocolsCount]contract{
	Today:         {name: "today", monitorRefs: true},
	Mail200910:    {name: "mail-2009-10", refusal: keepsReference, driverInEnter: true, domainInCommand: true},
	Prose200910:   {name: "mail-2009-10-prose", refusal: locksInOrder, refAfterDriver: true, domainFirst: true, domainInCommand: true},
	Libvirt200912: {name: "libvirt-2009-12", refusal: locksDriverInDomain, driverInEnter: true, domainInCommand: true},
	Libvirt201104: {name: "libvirt-2011-04", refusal: locksInOrder, driverInEnter: true, domainInCommand: true},
}

// String is the name under which lockproof ships the protocol as C; "today" is not among those.
func (p Protocol) String() string { return contracts[p].name }

// ProtocolNamed finds a protocol by its name.
func ProtocolNamed(name string) (Protocol, bool) {
	for p := range protocolsCount {
		if contracts[p].name == name {
			return p, true
		}
	}
	return Today, false
}
