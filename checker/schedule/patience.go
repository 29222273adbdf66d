package schedule

import (
	"strings"
	"time"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// A patience says how long threads wait with a deadline, by the ends of the names of conditions.
// The first wait of a call has its deadline so much later, one that is woken in vain goes on until
// the same deadline, and nobody waits again when his time was up.
type patience map[string]time.Duration

// How long the driver is told to wait: times that nobody can mistake for each other.
const (
	jobPatience     = 30 * time.Second
	commandPatience = 45 * time.Second
)

// ofDriver is the patience of the driver's callers.
var ofDriver = patience{".jobCond": jobPatience, ".notify": commandPatience, ".stopped": jobPatience}

// tick is how much later each decision is than the one before, so that no two moments are one.
const tick = time.Microsecond

// A timedWait is for what a thread waits in its call, or has waited.
type timedWait struct {
	cond     *cond
	deadline time.Duration // since epoch
	expired  bool
}

// waitsUntil is told of a wait with a deadline before it begins.
func (w *world) waitsUntil(c *cond, deadline time.Duration) {
	t := w.current
	for suffix, long := range w.patience {
		if !strings.HasSuffix(c.name, suffix) {
			continue
		}
		switch x := t.waitFor(c); {
		case x == nil && deadline != w.now+long:
			w.fail(model.AssertKind, "%s begins to wait %v for %s, and should wait %v", t.name, deadline-w.now, c.name, long)
		case x == nil:
			t.timed = append(t.timed, timedWait{c, deadline, false})
		case x.expired:
			w.fail(model.AssertKind, "%s waits for %s again when its time was up", t.name, c.name)
		case x.deadline != deadline:
			w.fail(model.AssertKind, "%s waits for %s until another time than when it began to", t.name, c.name)
		}
	}
}

// expired is told that the time of a wait was up.
func (t *thread) expired(c *cond) {
	if x := t.waitFor(c); x != nil {
		x.expired = true
	}
}

func (t *thread) waitFor(c *cond) *timedWait {
	for i := range t.timed {
		if t.timed[i].cond == c {
			return &t.timed[i]
		}
	}
	return nil
}

// hasExpired reports whether the time of a wait of the call was up, for a condition whose name ends
// so.
func (t *thread) hasExpired(suffix string) bool {
	for _, x := range t.timed {
		if x.expired && strings.HasSuffix(x.cond.name, suffix) {
			return true
		}
	}
	return false
}

// begins forgets the waits at conditions whose names end so: what they were for is over.
func (t *thread) begins(suffix string) {
	kept := t.timed[:0]
	for _, x := range t.timed {
		if !strings.HasSuffix(x.cond.name, suffix) {
			kept = append(kept, x)
		}
	}
	t.timed = kept
}

// A rule is what the calls of one operation may do: for what they begin a job, and how they end.
// Any may find its domain missing.
type rule struct {
	job   driver.JobType
	jobs  bool // they begin one
	codes []driver.Code
}

var (
	modifies = rule{driver.ModifyJob, true, []driver.Code{
		driver.NotRunning, driver.JobTimeout, driver.MonitorGone,
		driver.Refused,
	}}

	rules = map[driver.Op]rule{
		driver.OpDefine:   {codes: []driver.Code{driver.Exists, driver.Closed}},
		driver.OpUndefine: {driver.ModifyJob, true, []driver.Code{driver.JobTimeout, driver.Transient}},
		driver.OpStart: {driver.ModifyJob, true, []driver.Code{
			driver.AlreadyRunning, driver.JobTimeout,
			driver.MonitorGone, driver.Refused, driver.SpawnFailed,
		}},
		driver.OpDestroy:   {driver.DestroyJob, true, []driver.Code{driver.NotRunning, driver.JobTimeout}},
		driver.OpSuspend:   modifies,
		driver.OpResume:    modifies,
		driver.OpQuery:     {driver.QueryJob, true, modifies.codes},
		driver.OpInfo:      {},
		driver.OpSetMemory: modifies,
		driver.OpLongJob:   {driver.LongJob, true, modifies.codes},
		driver.OpWait:      {codes: []driver.Code{driver.NotRunning, driver.WaitExpired}},
		driver.OpDied:      {codes: []driver.Code{driver.StaleDeath}},
	}
)

// A ruled observer holds what a thread does against the rules of its call, and passes it on. It
// takes no steps.
type ruled struct {
	world *world
	next  driver.Observer // nil: nobody records
	call  driver.Call
	job   driver.JobPhase
	busy  bool // a job was asked for and is not over
}

// underRules makes sure of what an observer sees; observe may be nil.
func (w *world) underRules(observe func(name string) driver.Observer) func(name string) driver.Observer {
	return func(name string) driver.Observer {
		o := &ruled{world: w}
		if observe != nil {
			o.next = observe(name)
		}
		return o
	}
}

// Called implements [driver.Observer].
func (o *ruled) Called(c driver.Call) {
	if o.next != nil {
		o.next.Called(c)
	}
	o.call = c
	o.world.current.timed = o.world.current.timed[:0]
}

// Job implements [driver.Observer].
func (o *ruled) Job(e driver.JobEvent) {
	w, r := o.world, rules[o.call.Op]
	if w.stopping {
		return
	}
	if !r.jobs || e.Type != r.job || e.Domain != o.call.Domain {
		w.fail(model.AssertKind, "a %s job of %s is %s in a call of %s(%s)", e.Type, e.Domain, e.Phase,
			o.call.Op, o.call.Domain)
	}
	inTurn := o.busy
	switch e.Phase {
	case driver.JobAsked:
		inTurn = !o.busy
	case driver.JobBegun, driver.JobRefused:
		inTurn = inTurn && o.job == driver.JobAsked
	case driver.JobEnded:
		inTurn = inTurn && o.job == driver.JobBegun
	}
	if !inTurn {
		w.fail(model.AssertKind, "a job of %s is %s out of turn in a call of %s", e.Domain, e.Phase, o.call.Op)
	}
	if e.Phase == driver.JobRefused && !w.current.hasExpired(".jobCond") {
		w.fail(model.AssertKind, "%s is refused the job of %s before its time is up", w.current.name, e.Domain)
	}
	o.job, o.busy = e.Phase, e.Phase == driver.JobAsked || e.Phase == driver.JobBegun
	if o.next != nil {
		o.next.Job(e)
	}
}

// Returned implements [driver.Observer].
func (o *ruled) Returned(c driver.Call, r driver.Result) {
	o.check(c, r)
	if o.next != nil {
		o.next.Returned(c, r)
	}
}

func (o *ruled) check(c driver.Call, r driver.Result) {
	w := o.world
	if w.stopping {
		return
	}
	t := w.current
	allowed := r.Code == driver.OK || r.Code == driver.NoDomain && c.Op != driver.OpDefine && c.Op != driver.OpDied
	for _, code := range rules[c.Op].codes {
		allowed = allowed || r.Code == code
	}
	switch {
	case c != o.call || !allowed || (r.Err == nil) != (r.Code == driver.OK) && c.Op != driver.OpDied:
		w.fail(model.AssertKind, "%s(%s) returns from %s(%s) with the code %s and the error %v", o.call.Op, o.call.Domain,
			c.Op, c.Domain, r.Code, r.Err)
	case o.busy:
		w.fail(model.JobLeak, "%s(%s) returns with its job", c.Op, c.Domain)
	case t.hasExpired(".jobCond") != (r.Code == driver.JobTimeout):
		w.fail(model.AssertKind, "%s(%s) returns %s, and whether the time for its job was up is %v", c.Op, c.Domain, r.Code,
			t.hasExpired(".jobCond"))
	case t.hasExpired(".stopped") != (r.Code == driver.WaitExpired):
		w.fail(model.AssertKind, "%s(%s) returns %s, and whether its time was up is %v", c.Op, c.Domain, r.Code,
			t.hasExpired(".stopped"))
	}
}
