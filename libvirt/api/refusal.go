package api

// A refusal is an error that says something about the domain.
type refusal struct {
	code  int // 0: any
	texts []string
	do    verb
}

// refusals are what libvirt says, and what is true then. Those that depend on the call are not
// here.
var refusals = []refusal{
	{noDomain, nil, isGone},
	{0, []string{"is already being removed"}, isRemoving},
	{0, []string{"is already being started"}, isStarting},
	{0, []string{"is already active"}, isUp},
	{0, []string{"is pmsuspended"}, isSleep},
	{0, []string{"no job is active on the domain"}, isUpIdle},
	{operationInvalid, []string{"cannot abort"}, isUpBusy},
	{0, []string{
		"cannot undefine transient domain", "managed save for transient domain",
		"transient domains do not have any persistent config",
	}, isTransient},
	{0, []string{"while domain managed save image exists"}, hasImage},
	{0, []string{"failed to remove managed save file"}, noImage},
	{unsupportedConfig, []string{"non unique alias"}, hasDevice},
	{deviceMissing, []string{"not found", "not present"}, hasNoDevice},
	{agentUnresponsive, nil, isUp},
}

var (
	notRunning = []string{
		"domain is not running", "domain is no longer running", "guest unexpectedly quit",
		"domain is not active",
	}
	monitorLost = []string{
		"end of file from qemu monitor", "unable to read from monitor", "unable to write to monitor",
		"process exited while connecting to monitor",
		"unexpectedly closed the monitor", "qemu monitor was closed",
	}
)

// failing is what a call with an error did.
func (c *Call) failing(op string) plan {
	e := c.Err
	j, isLong := long[op]
	for _, r := range refusals {
		if r.code != 0 && r.code != e.Code || r.texts != nil && !e.is(r.texts...) {
			continue
		}
		steps := one(r.do)
		if op == "save" && (r.do == isUp || r.do == isRemoving || r.do == isStarting) { // it was saved, and not restored
			steps = []step{{do: begin, job: saving}, {do: succeed, job: saving}, {do: sweep}, {do: r.do}}
		}
		return plan{steps: steps}
	}
	switch {
	case e.is("already running"):
		if op == "resume" {
			return plan{steps: one(isRunning)}
		}
		return plan{steps: one(isUpIdle)}
	case e.is(notRunning...):
		return plan{steps: c.notRunning(op)}
	case e.Code == operationAborted && isLong:
		return plan{steps: []step{{do: begin, job: j}, {do: end, job: j}}}
	case e.is(monitorLost...):
		return plan{steps: lost(op)}
	case isLong:
		steps := []step{{do: mayBegin, job: j}, {do: end, job: j}, {do: sweep}}
		if op == "createxml" || op == "restore" {
			steps = append(one(mayAdd), steps...)
		}
		return plan{steps: steps}
	}
	return plan{openly(op), true} // what it did before it failed cannot be told
}

// notRunning is a call that found no guest.
func (c *Call) notRunning(op string) []step {
	j, isLong := long[op]
	switch {
	case op == "save":
		return lost(op)
	case isLong:
		steps := []step{{do: mayBegin, job: j}, {do: fail, job: j}, {do: sweep}}
		if op == "createxml" || op == "restore" {
			steps = append(one(mayAdd), steps...)
		}
		return steps
	case op == "shutdown", op == "reboot", op == "agent", op == "guestinfo":
		return one(isDownOrPaused)
	}
	return one(isDown)
}

// lost is a call whose QEMU ended meanwhile.
func lost(op string) []step {
	j, isLong := long[op]
	switch {
	case op == "save": // it may be the save that failed, or the restore that comes after it
		return []step{
			{do: mayBegin, job: saving},
			{do: end, job: saving},
			{do: sweep},
			{do: mayAdd},
			{do: mayBegin, job: restoring},
			{do: fail, job: restoring},
			{do: sweep},
		}
	case isLong:
		steps := []step{{do: begin, job: j}, {do: fail, job: j}, {do: sweep}}
		if op == "createxml" || op == "restore" {
			steps = append(one(add), steps...)
		}
		return steps
	case op == "suspend":
		return one(lostSuspend)
	case op == "resume":
		return one(lostResume)
	case op == "attach":
		return one(lostAttach)
	}
	return one(isDying)
}
