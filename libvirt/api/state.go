package api

import (
	"cmp"
	"fmt"
	"slices"
)

// A state is one thing that a domain may be like.
type state struct {
	life       life
	persistent bool
	active     bool // it has a QEMU
	show       show // what the API shows
	why        uint8
	image      bool   // a managed save image lies there
	device     device // that attach adds
	dying      bool   // its QEMU has been killed, or has ended, and that is not noticed yet
	ours       bool   // a destroy has killed it, so its end is no news
	asked      bool   // the guest was asked to shut down, and may do so at any time

	job     job
	owner   uint8 // of the job: the number of a call
	resume  bool  // the guest runs again when the job ends
	aborted bool  // somebody asked for the end of the job, or a start is failing
}

// A life says whether there is a domain.
type life uint8

const (
	absent life = iota
	removing
	present
)

// A show is a state as libvirt numbers them.
type show uint8

const (
	running  show = 1
	paused   show = 3
	shutdown show = 4
	shutoff  show = 5
	panicked show = 6
	asleep   show = 7
)

// anyReason is a reason that is not known: it may be each.
const anyReason = 31

// Reasons that libvirt gives for states.
const (
	unsaid = 0

	booted = 1
	user   = 1

	restored   = 3
	unpaused   = 5
	saveFailed = 7
	woken      = 8

	forSave     = 3
	forDump     = 4
	ioError     = 5
	watchdog    = 6
	forSnapshot = 9
	afterPanic  = 10
	startingUp  = 11

	byShutdown = 1
	destroyed  = 2
	crashed    = 3
	saved      = 5
	failed     = 6
)

// A device is the one that attach adds.
type device uint8

const (
	noDevice device = iota
	attached
	detaching // the guest was asked to give it up, and may at any time
)

// A job is an async job, as far as it shows.
type job uint8

const (
	noJob job = iota
	starting
	restoring
	saving
	dumping
	snapshotting
)

// A packed state orders and compares states.
type packed uint64

func (s state) pack() packed {
	p := packed(0)
	put := func(v uint64, bits int) { p = p<<bits | packed(v) }
	flag := func(b bool) {
		if b {
			put(1, 1)
		} else {
			put(0, 1)
		}
	}
	put(uint64(s.life), 2)
	flag(s.persistent)
	flag(s.active)
	put(uint64(s.show), 4)
	put(uint64(s.why), 5)
	flag(s.image)
	put(uint64(s.device), 2)
	flag(s.dying)
	flag(s.ours)
	flag(s.asked)
	put(uint64(s.job), 3)
	put(uint64(s.owner), 8)
	flag(s.resume)
	flag(s.aborted)
	return p
}

// idle reports whether no async job is in the way of others.
func (s state) idle() bool { return s.job == noJob }

// owns reports whether the async job is a call's.
func (s state) owns(owner uint8) bool { return s.job != noJob && s.owner == owner }

// there reports whether the domain can be found.
func (s state) there() bool { return s.life == present }

// up reports whether it has a QEMU.
func (s state) up() bool { return s.life == present && s.active }

// down reports whether it is there without a QEMU.
func (s state) down() bool { return s.life == present && !s.active }

// settled is a domain that is alone.
func (s state) settled() state {
	s.job, s.owner, s.resume, s.aborted = noJob, 0, false, false
	return s
}

// gone is what is left of a domain that is removed: perhaps its image, and for destroy that it
// failed to start.
func (s state) gone(l life) state {
	return state{life: l, image: s.image, why: s.why}
}

// stopped is a domain whose QEMU is gone for a reason. A transient one is removed next.
func (s state) stopped(why uint8) state {
	s.active, s.show, s.why = false, shutoff, why
	s.device, s.dying, s.ours, s.asked = noDevice, false, false, false
	return s
}

// shows puts a state and its reason.
func (s state) shows(x show, why uint8) state {
	s.show, s.why = x, why
	return s
}

var showNames = map[show]string{
	0: "without a state", running: "running", 2: "blocked", paused: "paused", shutdown: "being shut down",
	shutoff: "shut off", panicked: "crashed", asleep: "suspended by its guest",
}

var reasonNames = map[show][]string{
	running: {
		"", "booted", "migrated", "restored", "from a snapshot", "unpaused", "migration cancelled",
		"save cancelled", "woken", "after a crash", "post-copy", "post-copy failed",
	},
	paused: {
		"", "by a user", "for a migration", "for a save", "for a dump", "I/O error",
		"watchdog", "from a snapshot", "while it shuts down", "for a snapshot", "crashed",
		"starting up", "post-copy", "post-copy failed",
	},
	shutoff: {
		"", "shut down", "destroyed", "crashed", "migrated", "saved", "failed to start", "from a snapshot",
		"by the daemon",
	},
}

// showText is a state and its reason in words.
func showText(x show, why uint8) string {
	name, ok := showNames[x]
	if !ok {
		name = fmt.Sprintf("state %d", x)
	}
	if all := reasonNames[x]; int(why) < len(all) && all[why] != "" {
		name += " (" + all[why] + ")"
	}
	return name
}

// sorted are states in order, each once.
func sorted(all []state) []state {
	slices.SortFunc(all, func(x, y state) int { return cmp.Compare(x.pack(), y.pack()) })
	return slices.Compact(all)
}
