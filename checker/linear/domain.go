package linear

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/driver"
)

// A domain is what the API shows of a domain: the sequential object that every history must look
// like.
type domain struct {
	exists     bool
	persistent bool
	// may are the states in which it can be, one bit each. There is more than one only while a
	// suspend or resume that lost its QEMU has left open whether it took effect; the domain runs in
	// all of them or in none.
	may    uint8
	memory int64
	// gone says that the connection to its QEMU broke: nothing succeeds on it until its end has
	// been noticed.
	gone bool
	// ghosts are the QEMUs that were stopped on purpose, or did not come up, and whose end has not
	// been noticed yet. It outlives the domain. Without it nothing would tell a death that the
	// driver ignored from one that was old news.
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
	text := fmt.Sprintf("%s, %s, %d KiB", strings.Join(states, " or "), kind, d.memory)
	if d.gone {
		text += ", its monitor gone"
	}
	return text
}

// stop is what becomes of a domain whose QEMU is gone.
func (d domain) stop() domain {
	if !d.persistent {
		return domain{ghosts: d.ghosts}
	}
	d.may, d.gone = shutoff, false
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
	// outlived says that the domain's QEMU died while the call was under way. A set-memory that
	// QEMU has answered is noted by the driver even then, and a domain that is defined keeps it.
	outlived bool
	// begun and ended are from when to when it had the job that it took; Never without one.
	begun, ended int64
}

// stepDomain is the sequential domain: whether a call can have its result here, and what becomes of
// the domain. It is pure.
func stepDomain(d domain, c *apiCall) (domain, bool) {
	if c.pending() {
		next, _ := succeed(d, c)
		if c.Call.Op == driver.OpStart {
			next.ghosts++ // of a QEMU that did not come up: whichever it was, its end may be old news
		}
		return next, true
	}
	if !slices.Contains(codesOf[c.Call.Op], c.Code) {
		return d, false
	}
	switch c.Code {
	case driver.OK:
		return succeed(d, c)
	case driver.NoDomain:
		return d, !d.exists
	case driver.NotRunning:
		return d, d.stopped()
	case driver.JobTimeout:
		return d, d.exists
	case driver.WaitExpired:
		return d, d.active()
	case driver.StaleDeath:
		d.ghosts--
		return d, d.ghosts >= 0
	case driver.Closed:
		return d, true
	}
	return stepFailed(d, c)
}

// stepFailed has the codes whose meaning depends on the call.
func stepFailed(d domain, c *apiCall) (domain, bool) {
	op := c.Call.Op
	switch c.Code {
	case driver.Exists:
		return d, d.exists && d.persistent
	case driver.Transient:
		return d, d.exists && !d.persistent
	case driver.AlreadyRunning:
		return d, d.active()
	case driver.SpawnFailed:
		return d, d.stopped()
	case driver.Refused:
		if op == driver.OpStart {
			return d.haunted(), d.stopped()
		}
		return d, d.active() && !d.gone
	case driver.MonitorGone:
		switch {
		case op == driver.OpStart:
			return d.haunted(), d.stopped()
		case !d.active():
			return d, false
		case op == driver.OpSuspend:
			d.may |= paused
		case op == driver.OpResume:
			d.may |= running
		}
		d.gone = true
		return d, true
	}
	return d, false
}

// codesOf are the ways in which a call can come out.
var codesOf = [...][]driver.Code{
	driver.OpDefine:   {driver.OK, driver.Exists, driver.Closed},
	driver.OpUndefine: {driver.OK, driver.NoDomain, driver.JobTimeout, driver.Transient},
	driver.OpStart: {
		driver.OK, driver.NoDomain, driver.JobTimeout, driver.AlreadyRunning, driver.SpawnFailed,
		driver.Refused, driver.MonitorGone,
	},
	driver.OpDestroy:   {driver.OK, driver.NoDomain, driver.JobTimeout, driver.NotRunning},
	driver.OpSuspend:   monitorCodes,
	driver.OpResume:    monitorCodes,
	driver.OpQuery:     monitorCodes,
	driver.OpInfo:      {driver.OK, driver.NoDomain},
	driver.OpSetMemory: monitorCodes,
	driver.OpLongJob:   monitorCodes,
	driver.OpWait:      {driver.OK, driver.NoDomain, driver.NotRunning, driver.WaitExpired},
	driver.OpDied:      {driver.OK, driver.StaleDeath},
}

// monitorCodes are those of the calls that talk to the QEMU of a running domain.
var monitorCodes = []driver.Code{
	driver.OK, driver.NoDomain, driver.JobTimeout, driver.NotRunning, driver.Refused,
	driver.MonitorGone,
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
	if c.Call.Op == driver.OpSetMemory && d.exists && (d.active() && !d.gone || c.outlived) {
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
	if !d.active() || d.gone {
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
