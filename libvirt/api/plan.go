package api

import "strings"

// spellings are other names of operations.
var spellings = map[string]string{
	"create": "start", "createwithflags": "start", "domstatsnowait": "domstats", "getinfo": "info",
	"getstate": "state", "coredump": "dump",
	"coredumpwithformat": "dump", "managedsaveremove": "msremove", "shutdownflags": "shutdown",
	"destroyflags": "destroy", "undefineflags": "undefine",
	"definexml": "define", "definexmlflags": "define", "virconnectdomainxml": "createxml",
	"setmemory": "setmem", "setmemoryflags": "setmem",
	"getjobinfo": "jobinfo", "getjobstats": "jobstats", "abortjob": "abort", "attachdevice": "attach",
	"detachdevice":      "detach",
	"snapshotcreatexml": "snapshot", "getxmldesc": "xml", "memorystats": "memstats", "injectnmi": "nmi",
	"qemumonitorcommand": "qmp",
	"qemuagentcommand":   "agent", "setblockiotune": "iotune", "getblockiotune": "getiotune",
	"getblockinfo": "blockinfo", "hasmanagedsaveimage": "hasmanagedsave",
	"virconnectlistalldomains": "list", "listalldomains": "list", "virconnectgetalldomainstats": "allstats",
	"lookupbyname": "lookup", "lookupbyuuid": "lookup",
}

// everywhere are operations that concern several domains at once, and are not looked at.
var everywhere = map[string]bool{"list": true, "allstats": true}

// plain are the operations that look at a domain, or change nothing that shows, with what they
// need.
var plain = map[string]verb{
	"lookup": isThere, "xml": isThere, "schedinfo": isThere, "blockinfo": isThere,
	"memstats": isUp, "blockstats": isUp, "getiotune": isUp, "screenshot": isUp, "agent": isUp, "guestinfo": isUp,
	"setmem": isUpIdle, "iotune": isUpIdle, "nmi": isUpIdle, "sendkey": isUpIdle,
}

// changes are the operations with one step that changes a domain.
var changes = map[string]verb{
	"define": define, "suspend": suspend, "resume": resume, "shutdown": ask, "reboot": ask, "reset": reset,
	"attach": attach, "detach": detach,
	"msremove": dropImage, "abort": abort,
}

// asks are those whose result tells something.
var asks = map[string]bool{
	"info": true, "state": true, "domstats": true, "jobinfo": true, "jobstats": true, "qmp": true,
	"isactive": true, "ispersistent": true, "hasmanagedsave": true,
}

// long are those with an async job.
var long = map[string]job{
	"start": starting, "createxml": starting, "restore": restoring, "save": saving, "managedsave": saving,
	"dump": dumping, "snapshot": snapshotting,
}

// known reports whether there is a model of an operation.
func known(op string) bool {
	_, a := plain[op]
	_, b := changes[op]
	_, c := long[op]
	return a || b || c || asks[op] || op == "undefine" || op == "destroy" || op == "kill9"
}

// A plan is what a call does, step by step, and whether it need not.
type plan struct {
	steps    []step
	optional bool
}

// plan says what a call of a known operation does. Of a client that redefines, who finds no domain
// defines it again before it goes on.
func (c *Call) plan(op string, redefines bool) plan {
	switch {
	case c.open():
		return plan{openly(op), true}
	case c.Err != nil && c.Err.Code == noDomain && redefines:
		return plan{steps: []step{{do: isGone}, {do: redefine}}}
	case c.Err != nil:
		return c.failing(op)
	}
	return plan{c.succeeding(op), false}
}

func one(v verb) []step { return []step{{do: v}} }

// openly is what a call may have done of which nobody knows.
func openly(op string) []step {
	if j, ok := long[op]; ok {
		steps := []step{{do: begin, job: j}, {do: end, job: j}, {do: sweep}}
		if op == "createxml" || op == "restore" {
			steps = append(one(add), steps...)
		}
		if op == "managedsave" {
			steps[1] = step{do: succeeded, job: j}
		}
		return steps
	}
	switch op {
	case "undefine":
		return []step{{do: undefine}, {do: sweep}}
	case "destroy":
		return []step{{do: kill}, {do: stop}, {do: sweep}}
	case "kill9":
		return one(kill)
	}
	if v, ok := changes[op]; ok {
		return one(v)
	}
	return nil
}

// succeeding is what a call without an error did.
func (c *Call) succeeding(op string) []step {
	if v, ok := plain[op]; ok {
		return one(v)
	}
	if v, ok := changes[op]; ok {
		return one(v)
	}
	if asks[op] {
		return c.asking(op)
	}
	switch op {
	case "undefine":
		return []step{{do: undefine}, {do: sweep}}
	case "destroy":
		return []step{{do: strike}, {do: stop}, {do: sweep}}
	case "kill9":
		if _, ok := c.Result.number(); ok {
			return one(kill)
		}
		return nil
	}
	j := long[op]
	steps := []step{{do: begin, job: j}, {do: succeed, job: j}}
	switch op {
	case "createxml", "restore":
		return append(one(add), steps...)
	case "managedsave":
		steps[1].do = succeeded
		return append(steps, step{do: sweep})
	case "save": // perhaps the client restores it at once
		return append(steps, step{do: sweep}, step{do: mayAdd}, step{do: mayBegin, job: restoring},
			step{do: maySucceed, job: restoring})
	}
	return steps
}

// asking is a call whose result tells something.
func (c *Call) asking(op string) []step {
	n, isNumber := c.Result.number()
	flag := func(v verb) []step {
		switch {
		case c.Result.text == "true", isNumber && n == 1:
			return []step{{do: v, show: 1}}
		case c.Result.text == "false", isNumber && n == 0:
			return []step{{do: v}}
		}
		return one(isThere)
	}
	switch op {
	case "info":
		if isNumber {
			return []step{{do: shownAs, show: n, why: -1}}
		}
		if len(c.Result.numbers) > 1 {
			return []step{{do: shownAs, show: c.Result.numbers[0], why: -1}}
		}
	case "state":
		switch len(c.Result.numbers) {
		case 1:
			return []step{{do: shownAs, show: n, why: -1}}
		case 2:
			return []step{{do: shownAs, show: c.Result.numbers[0], why: c.Result.numbers[1]}}
		}
	case "domstats":
		if isNumber && n == 0 {
			return one(isGone)
		}
	case "jobinfo":
		switch {
		case !isNumber:
			return one(isUp)
		case n == 0:
			return one(isUpIdle)
		}
		return one(isUpBusy)
	case "jobstats":
		switch {
		case !isNumber:
			return one(isUp)
		case n == 1:
			return one(isUpIdle)
		}
		return one(isUpBusy)
	case "qmp":
		switch {
		case strings.Contains(c.Result.text, `"running":true`):
			return []step{{do: runsAs, show: 1}}
		case strings.Contains(c.Result.text, `"running":false`):
			return []step{{do: runsAs}}
		}
		return one(isUp)
	case "isactive":
		return flag(isActive)
	case "ispersistent":
		return flag(isPersistent)
	case "hasmanagedsave":
		switch {
		case c.Result.text == "true", isNumber && n == 1:
			return one(hasImage)
		case c.Result.text == "false", isNumber && n == 0:
			return one(noImage)
		}
	}
	return one(isThere)
}
