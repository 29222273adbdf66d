// Package locktrace reads traces of locks: every lock and unlock of a libvirtd, a line each, in one
// order of all threads. docs/history.md says how to record one with public tools.
//
// A trace is what really happened: which lock was asked for while which was held, at which place in
// the code, for how long each was held and waited for, and who held what at the end. Memory grows
// with the places in the code and with what is locked at one time, not with the trace.
package locktrace

import (
	"slices"
	"strconv"
	"strings"
)

// Header is the first line of a trace.
const Header = "seq,ns,tid,op,class,obj,arg_or_callsite"

// A record is one line.
type record struct {
	seq  int64
	ns   int64
	tid  int64
	op   op
	lock lockID
	arg  string // where in the code, or an argument
	line int
}

// A lockID is a lock: an object with its class. Addresses are used again.
type lockID struct {
	class  string
	object string
}

// An op is what was done.
type op int

const (
	ignored    op = iota
	from          // where the next lock call of the thread is
	unlockFrom    // where the next unlock is
	asks          // for the lock alone
	asksToRead    //
	has           // got it
	unlocks       //
	sleeps        // on a condition: lets go of the lock
	wakes         // has it again
	beginsJob     //
	hasJob        // or failed: the argument says
	endsJob       //
	isNew         // an object, perhaps at the address of an old one
)

var ops = map[string]op{
	"objlock_from": from, "objunlock_from": unlockFrom, "lockreq": asks, "locked": has, "unlock": unlocks,
	"rdreq": asksToRead, "rdlocked": has, "wrreq": asks, "wrlocked": has, "rwunlock": unlocks,
	"condwait_release": sleeps, "condwait_reacquired": wakes,
	"BeginJob": beginsJob, "BeginAsyncJob": beginsJob, "BeginNestedJob": beginsJob, "BeginAgentJob": beginsJob,
	"BeginJob_ret": hasJob, "BeginAsyncJob_ret": hasJob, "BeginNestedJob_ret": hasJob, "BeginAgentJob_ret": hasJob,
	"EndJob": endsJob, "EndAsyncJob": endsJob, "EndAgentJob": endsJob, "new": isNew,
}

// kinds are the kinds of jobs.
var kinds = [...]string{"job", "async", "agent"}

// jobKind is the kind of job of an operation.
func jobKind(name string) string {
	switch {
	case strings.Contains(name, "Async"):
		return "async"
	case strings.Contains(name, "Agent"):
		return "agent"
	}
	return "job"
}

// nested is how libvirt prints a job within an async job.
const nested = "async nested"

// enumerators are the jobs as libvirt prints them, by their numbers, which all releases share.
var enumerators = map[string][]string{
	"job": {
		"none", "query", "destroy", "suspend", "modify", "abort", "migration operation", "async", nested,
	},
	"async": {"none", "migration out", "migration in", "save", "dump", "snapshot", "start", "backup"},
	"agent": {"none", "query", "modify"},
}

// names are a job as libvirt prints it; what is not known is left empty.
func (j *jobHeld) names() (job, async, agent string) {
	name := ""
	switch n, err := strconv.Atoi(j.arg); {
	case j.nested:
		name = nested
	case slices.Contains(enumerators[j.kind], j.arg):
		name = j.arg
	case err != nil:
	case n > 0 && n < len(enumerators[j.kind]):
		name = enumerators[j.kind][n]
	}
	switch j.kind {
	case "async":
		return "", name, ""
	case "agent":
		return "", "", name
	}
	return name, "", ""
}

// parse reads a line; false where it is none.
func parse(n int, line string) (record, string, bool) {
	f := strings.SplitN(line, ",", 8)
	if len(f) != 7 {
		return record{}, "", false
	}
	r := record{line: n, lock: lockID{f[4], f[5]}, arg: f[6]}
	var err [3]error
	r.seq, err[0] = strconv.ParseInt(f[0], 10, 64)
	r.ns, err[1] = strconv.ParseInt(f[1], 10, 64)
	r.tid, err[2] = strconv.ParseInt(f[2], 10, 64)
	for _, e := range err {
		if e != nil {
			return record{}, "", false
		}
	}
	if len(f[4]) > 64 || len(f[5]) > 32 || len(f[6]) > 200 || len(f[3]) > 32 {
		return record{}, "", false
	}
	known, ok := ops[f[3]]
	if ok {
		r.op = known
	}
	return r, f[3], true
}
