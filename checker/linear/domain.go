package linear

import (
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/driver"
)

// A domain is what the API shows of a domain: the sequential object that every history must look like.
type domain struct {
	exists     bool
	persistent bool
	// may are the states in which it can be, one bit each. There is more than one only while a suspend or resume that lost its
	// QEMU has left open whether it took effect; the domain runs in all of them or in none.
	may    uint8
	memory int64
	// ghosts are the QEMUs that were stopped on purpose, or did not come up, and whose end has not been noticed yet. It outlives
	// the domain. Without it nothing would tell a death that the driver ignored from one that was old news.
	ghosts int32
}

const (
	shutoff = 1 << driver.Shutoff
	running = 1 << driver.Running
	paused  = 1 << driver.Paused
)

func (d domain) active() bool { return d.exists && d.may&shutoff == 0 }

// stopped reports whether it is there and does not run.
func (d domain) stopped() bool { return d.exists && d.may == shutoff }

func (d domain) String() string {
	if !d.exists {
		return "absent"
	}
	var states []string
	for s := driver.Shutoff; s <= driver.Paused; s++ {
		if d.may&(1<<s) != 0 {
			states = append(states, s.String())
		}
	}
	kind := "transient"
	if d.persistent {
		kind = "defined"
	}
	return fmt.Sprintf("%s, %s, %d KiB", strings.Join(states, " or "), kind, d.memory)
}

// stop is what becomes of a domain whose QEMU is gone.
func (d domain) stop() domain {
	if !d.persistent {
		return domain{ghosts: d.ghosts}
	}
	d.may = shutoff
	return d
}

// haunted is a domain with one ghost more.
func (d domain) haunted() domain {
	d.ghosts++
	return d
}

// An apiCall is an operation as the model of a domain sees it.
type apiCall struct {
	*Operation
	// outlived says that the domain's QEMU died while the call was under way. A set-memory that QEMU has answered is noted by
	// the driver even then, and a domain that is defined keeps it.
	outlived bool
}

// stepDomain is the sequential domain: whether a call can have its result here, and what becomes of the domain. It is pure.
func stepDomain(d domain, c *apiCall) (domain, bool) {
	if c.pending() {
		next, _ := succeed(d, c)
		return next, true
	}
	switch c.Code {
	case driver.OK:
		return succeed(d, c)
	case driver.NoDomain:
		return d, !d.exists && c.Call.Op != driver.OpDefine
	case driver.NotRunning:
		return d, d.stopped()
	case driver.JobTimeout:
		return d, d.exists
	case driver.WaitExpired:
		return d, d.active() && c.Call.Op == driver.OpWait
	case driver.StaleDeath:
		d.ghosts--
		return d, c.Call.Op == driver.OpDied && d.ghosts >= 0
	case driver.Closed:
		return d, c.Call.Op == driver.OpDefine
	}
	return stepFailed(d, c)
}

// stepFailed has the codes whose meaning depends on the call.
func stepFailed(d domain, c *apiCall) (domain, bool) {
	op := c.Call.Op
	switch c.Code {
	case driver.Exists:
		return d, d.exists && d.persistent && op == driver.OpDefine
	case driver.Transient:
		return d, d.exists && !d.persistent && op == driver.OpUndefine
	case driver.AlreadyRunning:
		return d, d.active() && op == driver.OpStart
	case driver.SpawnFailed:
		return d, d.stopped() && op == driver.OpStart
	case driver.Refused:
		if op == driver.OpStart {
			return d.haunted(), d.stopped()
		}
		return d, d.active() && usesMonitor(op)
	case driver.MonitorGone:
		switch {
		case op == driver.OpStart:
			return d.haunted(), d.stopped()
		case !d.active() || !usesMonitor(op):
			return d, false
		case op == driver.OpSuspend:
			d.may |= paused
		case op == driver.OpResume:
			d.may |= running
		}
		return d, true
	}
	return d, false
}

// usesMonitor reports whether a call talks to the QEMU of a running domain.
func usesMonitor(op driver.Op) bool {
	switch op {
	case driver.OpSuspend, driver.OpResume, driver.OpQuery, driver.OpSetMemory, driver.OpLongJob:
		return true
	}
	return false
}

// succeed is a call without error.
func succeed(d domain, c *apiCall) (domain, bool) {
	switch c.Call.Op {
	case driver.OpDefine:
		switch {
		case !d.exists:
			return domain{exists: true, persistent: true, may: shutoff, memory: c.Call.Arg, ghosts: d.ghosts}, true
		case !d.persistent:
			d.persistent = true
			return d, true
		}
		return d, false
	case driver.OpUndefine:
		if !d.exists || !d.persistent {
			return d, false
		}
		d.persistent = false
		if !d.active() {
			return domain{ghosts: d.ghosts}, true
		}
		return d, true
	case driver.OpStart:
		if !d.stopped() {
			return d, false
		}
		d.may = running
		return d, true
	case driver.OpDestroy:
		if !d.active() {
			return d, false
		}
		return d.stop().haunted(), true
	case driver.OpDied:
		if !d.active() || !c.pending() && d.persistent != c.Info.Persistent {
			return d, false
		}
		return d.stop(), true
	case driver.OpWait:
		return d, c.pending() || !d.exists || d.may == shutoff
	}
	return succeedRunning(d, c)
}

// succeedRunning has the calls that need a running domain, and info.
func succeedRunning(d domain, c *apiCall) (domain, bool) {
	if c.Call.Op == driver.OpSetMemory && d.exists && (d.active() || c.outlived) {
		d.memory = c.Call.Arg
		return d, true
	}
	if c.Call.Op == driver.OpInfo {
		if c.pending() {
			return d, true
		}
		ok := d.exists && d.may&(1<<c.Info.State) != 0 && d.memory == c.Info.Memory && d.persistent == c.Info.Persistent
		if ok {
			d.may = 1 << c.Info.State
		}
		return d, ok
	}
	if !d.active() {
		return d, false
	}
	switch c.Call.Op {
	case driver.OpSuspend:
		d.may = paused
	case driver.OpResume:
		d.may = running
	case driver.OpQuery:
		if c.pending() {
			return d, true
		}
		if d.may&(1<<c.Info.State) == 0 {
			return d, false
		}
		d.may = 1 << c.Info.State
	case driver.OpLongJob:
	default:
		return d, false
	}
	return d, true
}

// String is the call with its result.
func (o *Operation) String() string {
	text := o.Call.Op.String() + "(" + o.Call.Domain
	switch o.Call.Op {
	case driver.OpDefine, driver.OpSetMemory, driver.OpLongJob:
		text += fmt.Sprintf(", %d", o.Call.Arg)
	}
	text += ")"
	switch {
	case o.pending():
		return text + " has not returned"
	case o.Code != driver.OK:
		return text + " = " + o.Code.String()
	case o.Call.Op == driver.OpQuery:
		return text + " = " + o.Info.State.String()
	case o.Call.Op == driver.OpInfo:
		kind := "transient"
		if o.Info.Persistent {
			kind = "defined"
		}
		return fmt.Sprintf("%s = %s, %s, %d KiB", text, o.Info.State, kind, o.Info.Memory)
	}
	return text + " = ok"
}
