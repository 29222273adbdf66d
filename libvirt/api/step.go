package api

import "strings"

// A step is one moment at which a call looks at a domain or changes it.
type step struct {
	do    verb
	job   job   // that it begins or ends
	show  int64 // that it asks for, or whatever number belongs to the verb
	why   int64 // of that; -1: any
	owner uint8 // the number of a call with several steps
}

// A verb is what a step does.
type verb uint8

const (
	// These never change a domain.
	isGone         verb = iota // it cannot be found
	isThere                    // it can
	isUp                       // it has a QEMU
	isDown                     // it has none
	isDownOrPaused             // it does not run
	isUpIdle                   // it has a QEMU, and no job but that of a call lasts
	isUpBusy                   // an async job is under way
	isRunning                  // it runs, and nothing lasts
	isTransient
	isStarting // it is transient and has no QEMU yet
	isRemoving
	isDying   // its QEMU has just ended
	isSleep   // its guest has suspended itself
	hasImage  // there is a managed save image
	noImage   // there is none
	hasDevice // it has a QEMU with the device
	hasNoDevice
	isPersistent // show is 0 or 1
	isActive
	shownAs // the API shows show and why
	runsAs  // show is 1 if its QEMU says that it runs

	// These change it.
	define
	undefine
	redefine // as define, but for one that is being removed
	add      // a transient domain, or a persistent one that is about to start
	kill     // its QEMU may have been killed
	strike   // the same, by a destroy, which then notices the end before others do
	stop
	sweep // who is to be removed is removed
	suspend
	resume
	ask
	reset
	attach
	detach
	dropImage
	abort
	lostSuspend // the command may have come through before its QEMU ended
	lostResume
	lostAttach
	begin
	succeed   // the end of a job, as it should be
	succeeded // the end of a save into a managed image
	fail      // the end of a job whose guest is gone
	end       // the end of a job, however it was

	// These may as well do nothing.
	mayAdd
	mayBegin
	maySucceed
)

// looks reports whether a step never changes a domain.
func (y step) looks() bool { return y.do < define }

// apply appends all that a step may make of a state; nothing where it cannot happen.
func (y step) apply(s state, out []state) []state {
	if y.looks() {
		if s, ok := y.look(s); ok {
			return append(out, s)
		}
		return out
	}
	switch y.do {
	case define, redefine, undefine, add, kill, strike, stop, sweep:
		return y.change(s, out)
	case begin, succeed, succeeded, fail, end:
		return y.ofJob(s, out)
	case mayAdd:
		y.do = add
		return y.apply(s, append(out, s))
	case mayBegin:
		y.do = begin
		return y.apply(s, append(out, s))
	case maySucceed:
		if !s.owns(y.owner) {
			return append(out, s)
		}
		y.do = succeed
		return y.apply(s, out)
	case lostSuspend, lostResume, lostAttach:
		if !s.up() || !s.dying {
			return out
		}
		out = append(out, s)
		switch {
		case y.do == lostSuspend && s.show == running:
			out = append(out, s.shows(paused, user))
		case y.do == lostResume && s.show == paused:
			out = append(out, s.shows(running, unpaused))
		case y.do == lostAttach:
			s.device = attached
			out = append(out, s)
		}
		return out
	}
	return y.withQEMU(s, out)
}

// look is a step that only tells what there is.
func (y step) look(s state) (state, bool) {
	switch y.do {
	case isGone:
		return s, !s.there()
	case isThere:
		return s, s.there()
	case isUp:
		return s, s.up()
	case isDown:
		return s, s.down()
	case isDownOrPaused:
		return s, s.there() && s.show != running
	case isUpIdle:
		return s, s.up() && s.idle()
	case isUpBusy:
		return s, s.up() && !s.idle()
	case isRunning:
		return s, s.up() && s.idle() && s.show == running
	case isTransient:
		return s, s.there() && !s.persistent
	case isStarting:
		return s, s.down() && !s.persistent
	case isRemoving:
		return s, s.life == removing
	case isDying:
		return s, s.up() && s.dying
	case isSleep:
		return s, s.up() && s.show == asleep
	case hasImage:
		return s, s.there() && s.image
	case noImage:
		return s, s.there() && !s.image
	case hasDevice:
		return s, s.up() && s.device != noDevice
	case hasNoDevice:
		return s, s.up() && s.device == noDevice
	case isPersistent:
		return s, s.there() && s.persistent == (y.show == 1)
	case isActive:
		return s, s.there() && s.active == (y.show == 1)
	case runsAs:
		return s, s.up() && (!s.idle() || (s.show == running) == (y.show == 1) || y.show == 0 && s.dying)
	}
	if !s.there() || int64(s.show) != y.show {
		return s, false
	}
	if y.why >= 0 {
		if s.why != anyReason && int64(s.why) != y.why {
			return s, false
		}
		s.why = uint8(y.why)
	}
	return s, true
}

// change is a step that makes and removes domains and their QEMUs.
func (y step) change(s state, out []state) []state {
	switch y.do {
	case define, redefine:
		switch {
		case s.life == absent:
			s = state{life: present, show: shutoff, image: s.image}
		case s.life == removing && y.do == redefine:
			return append(out, s)
		case s.life == removing:
			return out
		}
		s.persistent = true
		return append(out, s)
	case undefine:
		if !s.there() || !s.persistent || !s.idle() {
			return out
		}
		s.persistent, s.image = false, false
		if !s.active {
			s = s.gone(removing)
		}
		return append(out, s)
	case add:
		switch {
		case s.life == absent:
			return append(out, state{life: present, show: shutoff, image: s.image})
		case s.down() && s.persistent:
			return append(out, s)
		}
		return out
	case kill, strike:
		out = append(out, s)
		if s.up() {
			s.ours = y.do == strike && (s.ours || !s.dying)
			s.dying = true
			out = append(out, s)
		}
		return out
	case stop:
		switch {
		case s.up():
			return append(out, s.stopped(destroyed))
		case !s.active && s.why == failed: // it was starting when the call looked
			return append(out, s)
		}
		return out
	}
	if s.life == removing || s.down() && !s.persistent && s.why != 0 {
		return append(out, s.gone(absent))
	}
	return append(out, s)
}

// withQEMU is a step that has something to do with a QEMU.
func (y step) withQEMU(s state, out []state) []state {
	if y.do == dropImage {
		if s.there() && s.image {
			s.image = false
			out = append(out, s)
		}
		return out
	}
	if !s.up() {
		return out
	}
	switch y.do {
	case suspend:
		if !s.idle() && s.job != snapshotting || s.show == asleep {
			return out
		}
		s.resume = false
		if s.show == running {
			s = s.shows(paused, user)
		}
		return append(out, s)
	case abort:
		if s.job != saving && s.job != dumping && s.job != snapshotting {
			return out
		}
		s.aborted = true
		return append(out, s)
	}
	if !s.idle() {
		return out
	}
	switch y.do {
	case resume:
		if s.show == running || s.show == asleep {
			return out
		}
		if s.show == paused || s.show == panicked {
			s = s.shows(running, unpaused)
		}
	case ask:
		if s.show != running {
			return out
		}
		s.asked = true
	case attach:
		if s.device != noDevice {
			return out
		}
		s.device = attached
	case detach:
		if s.device == noDevice {
			return out
		}
		s.device = detaching
	case reset:
		if s.show == panicked {
			s = s.shows(paused, afterPanic)
		}
	}
	return append(out, s)
}

// ofJob is the beginning or the end of an async job.
func (y step) ofJob(s state, out []state) []state {
	if y.do == begin {
		switch {
		case !s.there() || !s.idle():
			return out
		case y.job == starting || y.job == restoring:
			if s.active {
				return out
			}
			s.resume = true // it has not begun
			s.job, s.owner = y.job, y.owner
			out = append(out, s)
			if y.job == restoring || s.image { // what was attached when it was saved
				s.device = attached
				out = append(out, s)
			}
			return out
		case !s.active && y.job != snapshotting:
			return out
		default:
			s.resume = s.active && s.show == running
		}
		s.job, s.owner = y.job, y.owner
		return append(out, s)
	}
	own := s.owns(y.owner)
	switch y.do {
	case fail:
		starts := y.job == starting || y.job == restoring // of which nothing is left when it has failed
		if !s.active || s.dying && !(own && starts) {
			if own {
				s = s.settled()
			}
			out = append(out, s)
		}
		return out
	case end:
		if own {
			s = s.settled()
		}
		return append(out, s)
	}
	if !own {
		if !s.active && y.job != starting && y.job != restoring { // it was removed meanwhile
			s.image = s.image || y.do == succeeded
			out = append(out, s)
		}
		return out
	}
	switch s.job {
	case starting, restoring:
		if !s.active || s.aborted || s.show == paused && s.why == startingUp {
			return out
		}
		s.image = s.image && s.job == restoring
	case saving:
		if s.active {
			return out
		}
		s.image = s.image || y.do == succeeded
	case dumping, snapshotting:
		if s.active && !s.dying && s.resume && s.show != running {
			return out
		}
	}
	return append(out, s.settled())
}

// canonical is the name of an operation, whatever its spelling.
func canonical(op string) string {
	op = strings.ToLower(op)
	op = strings.TrimPrefix(op, "virdomain")
	op = strings.NewReplacer("_", "", "-", "", ".", "").Replace(op)
	if other, ok := spellings[op]; ok {
		return other
	}
	return op
}
