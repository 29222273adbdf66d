package linear

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/lockproof/lockproof/model"

	"github.com/lockproof/lockproof/driver"
)

// A Verdict says whether a history can be explained.
type Verdict uint8

// The verdicts.
const (
	OK      Verdict = iota
	Illegal         // no order of the steps explains the history
	Unknown         // a limit was hit before it was clear
)

func (v Verdict) String() string { return [...]string{"ok", "illegal", "unknown"}[v] }

// Options bound a check.
type Options struct {
	// Patience is how long a window may take, and how long all those together that are not decided,
	// and the cutting down of all violations; 0: a minute.
	Patience time.Duration
	// Memory is how many bytes a window may need, about; 0: 2 GiB.
	Memory int64
	// Waits is how many of the longest waits are kept; 0: 10.
	Waits int
}

// A Checker checks a run, history by history. Its memory does not grow with the run, only with what
// is open at a time.
type Checker struct {
	opts    Options
	api     *spec[domain, apiCall]
	slots   *spec[slot, jobStep]
	domains map[string]*lane[domain, apiCall]
	objects map[object]*lane[slot, jobStep]
	clients map[string]int
	names   []string // of clients, by number
	report  Report
	cut     int64
	open    []Breach // calls that have not returned
	pending int      // how many there are
	bounds  *bounds
}

// An object is one domain object: names are used again.
type object struct {
	domain string
	number int
}

// NewChecker makes a checker for a run that begins without domains.
func NewChecker(o Options) *Checker {
	o.Patience = cmp.Or(o.Patience, time.Minute)
	o.Memory = cmp.Or(o.Memory, defaultMemory)
	o.Waits = cmp.Or(o.Waits, 10)
	c := &Checker{
		opts:    o,
		domains: map[string]*lane[domain, apiCall]{},
		objects: map[object]*lane[slot, jobStep]{},
		clients: map[string]int{},
		bounds:  &bounds{patience: o.Patience, left: o.Patience, memory: o.Memory, small: smallWindow},
	}
	c.api = &spec[domain, apiCall]{
		bounds:        c.bounds,
		step:          stepDomain,
		describe:      func(a *apiCall) string { return a.String() },
		describeState: domain.String,
		silent:        isSilent,
		like:          (*apiCall).likeness,
		narrow:        underJobs,
		shows:         showsDomain,
		steady:        keepsDomain,
		sound:         func(d domain) bool { return !d.gone },
	}
	c.slots = &spec[slot, jobStep]{
		bounds:        c.bounds,
		step:          stepSlot,
		describe:      (*jobStep).describe,
		describeState: func(s slot) string { return describeSlot(s, c.names) },
		silent:        func(j *jobStep) bool { return j.action == refuseJob },
		like:          (*jobStep).likeness,
		narrow:        sinceFree,
		// Who begins and ends a job says whose it is, so nothing but what is over says what it is.
		shows:  func(*jobStep) bool { return true },
		steady: func(*jobStep) bool { return true },
		sound:  func(slot) bool { return true },
	}
	return c
}

// defaultMemory is what a window may need, if nothing else is said.
const defaultMemory = 2 << 30

// mostObjects is how many domains, and how many objects of domains with jobs that have not ended, a
// checker follows: some hundred megabytes.
const mostObjects = 1 << 20

func tooMany(what string) string { return fmt.Sprintf("more than %d %s", mostObjects, what) }

// Add checks the next history of the run.
func (c *Checker) Add(ctx context.Context, h History) {
	started := time.Now()
	c.cut = h.Cut
	c.addOperations(ctx, h)
	c.addJobs(ctx, h)
	c.report.note(h, c.opts.Waits)
	c.report.breached(breaches(h), 0)
	for i := range h.Operations {
		if o := &h.Operations[i]; o.pending() {
			if c.pending++; len(c.open) < mostBreaches {
				c.open = append(c.open, Breach{o.Client, o.From, o.String()})
			}
		}
	}
	c.report.Took += time.Since(started)
}

// Illegal reports whether something without an explanation has been found.
func (c *Checker) Illegal() bool {
	if len(c.report.Breaches) > 0 || c.report.Jobs.Verdict == Illegal {
		return true
	}
	for _, l := range c.domains {
		if l.verdict == Illegal {
			return true
		}
	}
	for _, l := range c.objects {
		if l.verdict == Illegal {
			return true
		}
	}
	return false
}

// Finish ends the run. It is complete if it came to its own end, so that every job must have ended
// and every call returned.
func (c *Checker) Finish(ctx context.Context, complete bool) *Report {
	started := time.Now()
	r := &c.report
	if complete {
		r.breached(c.open, c.pending-len(c.open))
	} else {
		r.Stopped = model.Stopped(ctx)
	}
	for _, o := range c.sortedObjects() {
		l := c.objects[o]
		if complete && l.verdict == OK {
			end := c.cut + 1
			l.add(ctx, []item[jobStep]{{from: end, to: end, client: nobody, step: &jobStep{action: idle}}}, end+1)
		}
		c.close(ctx, o, l)
	}
	names := make([]string, 0, len(c.domains))
	for name := range c.domains {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		settle(ctx, &r.API, c.domains[name], c.api, object{domain: name}, "api", c.names)
	}
	r.Took += time.Since(started)
	return r
}

func (c *Checker) client(name string) int {
	n, ok := c.clients[name]
	if !ok {
		n = len(c.names)
		c.clients[name] = n
		c.names = append(c.names, name)
	}
	return n
}

// addOperations sends every call to the lane of its domain.
func (c *Checker) addOperations(ctx context.Context, h History) {
	byDomain := map[string][]item[apiCall]{}
	calls := make([]apiCall, len(h.Operations))
	jobs := jobsByClient(h)
	for i := range h.Operations {
		o := &h.Operations[i]
		calls[i] = apiCall{Operation: o, begun: Never, ended: Never}
		calls[i].findJob(jobs[o.Client])
		byDomain[o.Call.Domain] = append(byDomain[o.Call.Domain], item[apiCall]{o.From, o.To, c.client(o.Client), &calls[i]})
	}
	for name, items := range byDomain {
		sortItems(items)
		markOutlived(items)
		l := c.domains[name]
		if l == nil {
			if len(c.domains) == mostObjects {
				c.report.API.unknown(model.PatienceLimit, tooMany("domains"))
				continue
			}
			l = newLane(c.api, domain{})
			c.domains[name] = l
		}
		l.add(ctx, items, h.Cut+1)
	}
}

// markOutlived finds the set-memory calls during which the QEMU died. The items are in the order of
// their beginnings. Deaths may overlap: a file says what it likes.
func markOutlived(items []item[apiCall]) {
	var began, ended []int64 // of each death, and the last end of it and all before it
	for i := range items {
		o := items[i].step.Operation
		if o.Call.Op != driver.OpDied || o.Code != driver.OK && !o.pending() {
			continue
		}
		last := o.To
		if n := len(ended); n > 0 {
			last = max(last, ended[n-1])
		}
		began, ended = append(began, o.From), append(ended, last)
	}
	for i := range items {
		it := &items[i]
		if it.step.Call.Op != driver.OpSetMemory {
			continue
		}
		k := sort.Search(len(began), func(k int) bool { return began[k] > it.to }) // so many begin early enough
		it.step.outlived = k > 0 && ended[k-1] >= it.from
	}
}

// addJobs sends every job to the lane of its object. A lane whose slot is free with nobody waiting
// is as good as a new one, so it is closed: the objects of a long run are many.
func (c *Checker) addJobs(ctx context.Context, h History) {
	byObject := map[object][]item[jobStep]{}
	for i := range h.Jobs {
		j := &h.Jobs[i]
		o := object{j.Domain, j.Object}
		byObject[o] = c.jobItems(byObject[o], j)
	}
	for o, items := range byObject {
		sortItems(items)
		l := c.objects[o]
		if l == nil {
			if len(c.objects) == mostObjects {
				c.report.Jobs.unknown(model.PatienceLimit, tooMany("domain objects with jobs that have not ended"))
				continue
			}
			l = newLane(c.slots, slot{})
			c.objects[o] = l
		}
		l.add(ctx, items, h.Cut+1)
		if l.free(slot{}) {
			c.close(ctx, o, l)
			delete(c.objects, o)
		}
	}
}

// jobItems appends what happened to the slot because of one job.
func (c *Checker) jobItems(items []item[jobStep], j *Job) []item[jobStep] {
	client := c.client(j.Client)
	step := func(a jobAction, from, to int64) {
		items = append(items, item[jobStep]{from, to, client, &jobStep{a, int32(client) + 1, j.Type, j}})
	}
	if j.Refused {
		step(refuseJob, j.Asked, j.Ended)
		return items
	}
	if j.Begun != Never || j.Ended == Never {
		step(beginJob, j.Asked, j.Begun)
	}
	if j.Ended != Never {
		step(endJob, j.Ended, j.Ended)
	}
	return items
}

// sortItems sorts by beginnings. Steps that begin at once are in any order: they overlap.
func sortItems[O any](items []item[O]) {
	slices.SortStableFunc(items, func(x, y item[O]) int { return cmp.Compare(x.from, y.from) })
}

func (c *Checker) sortedObjects() []object {
	all := make([]object, 0, len(c.objects))
	for o := range c.objects {
		all = append(all, o)
	}
	slices.SortFunc(all, func(x, y object) int {
		return cmp.Or(cmp.Compare(x.domain, y.domain), cmp.Compare(x.number, y.number))
	})
	return all
}

func (c *Checker) close(ctx context.Context, o object, l *lane[slot, jobStep]) {
	settle(ctx, &c.report.Jobs, l, c.slots, o, "jobs", c.names)
}
