package linear

import (
	"cmp"
	"math"
	"slices"

	"github.com/lockproof/lockproof/driver"
)

// isSilent reports whether a call never changes a domain. It may tell in which of several states
// the domain is: without it more can be explained.
func isSilent(a *apiCall) bool {
	switch {
	case a.pending():
		return false
	case a.Code == driver.MonitorGone, a.Code == driver.StaleDeath,
		a.Code == driver.Refused && a.Call.Op == driver.OpStart:
		return false
	case a.Code != driver.OK:
		return true
	}
	switch a.Call.Op {
	case driver.OpInfo, driver.OpQuery, driver.OpLongJob, driver.OpWait:
		return true
	}
	return false
}

// showsDomain reports whether a call leaves no doubt about the domain after it, apart from whether
// its monitor is gone, and from ghosts, of which every explanation has as many.
func showsDomain(a *apiCall) bool {
	return !a.pending() && (a.Call.Op == driver.OpInfo && a.Code == driver.OK || a.Code == driver.NoDomain)
}

// keepsDomain reports whether what an info shows of the domain is the same after a call.
func keepsDomain(a *apiCall) bool { return isSilent(a) || !a.pending() && a.Code == driver.StaleDeath }

// likeness tells calls apart that have another effect, or another result.
func (c *apiCall) likeness() likeness {
	what := int64(c.Call.Op) | int64(c.Code)<<8 | int64(c.Info.State)<<16
	for i, flag := range []bool{c.Info.Persistent, c.outlived, c.pending()} {
		if flag {
			what |= 1 << (24 + i)
		}
	}
	return likeness{what, c.Call.Arg, c.Info.Memory}
}

// jobsByClient are the jobs of each client by the time at which they were asked for.
func jobsByClient(h History) map[string][]*Job {
	jobs := map[string][]*Job{}
	for i := range h.Jobs {
		j := &h.Jobs[i]
		jobs[j.Client] = append(jobs[j.Client], j)
	}
	for _, js := range jobs { // a file may have them in another order
		slices.SortStableFunc(js, func(x, y *Job) int { return cmp.Compare(x.Asked, y.Asked) })
	}
	return jobs
}

// findJob notes when the call had the job that it took. Who has found no domain may have had the
// job of one that was gone by then, and that another has taken the place of.
func (c *apiCall) findJob(jobs []*Job) {
	if _, takes := jobOf(c.Call.Op); !takes || c.pending() || c.Code == driver.NoDomain {
		return
	}
	j := jobIn(c.Operation, jobs)
	if j != nil && j.Domain == c.Call.Domain && !j.Refused && j.Begun != Never && j.Ended <= c.To {
		c.begun, c.ended = j.Begun, j.Ended
	}
}

// underJobs has every call that took a job take effect while it had it. That is what jobs are for.
// Of calls with a job no two then overlap, however many clients wait for one.
func underJobs(items []item[apiCall]) ([]item[apiCall], bool) {
	narrowed, any := slices.Clone(items), false
	for i := range narrowed {
		it := &narrowed[i]
		if c := it.step; c.begun != Never {
			it.from, it.to, any = c.begun, c.ended, true
		}
	}
	return narrowed, any
}

// likeness tells steps apart that have another effect.
func (j *jobStep) likeness() likeness {
	return likeness{int64(j.action) | int64(j.kind)<<8, int64(j.owner)}
}

// sinceFree has every job begin only once the one before it has ended, of those that exclude each
// other: a job has one owner at a time, so of those that have been waited for at one time only one
// is left that can begin.
func sinceFree(items []item[jobStep]) ([]item[jobStep], bool) {
	narrowed, any := slices.Clone(items), false
	var begins []*item[jobStep]
	for i := range narrowed {
		it := &narrowed[i]
		if j := it.step; j.action == beginJob && j.kind != Async && it.to != Never {
			begins = append(begins, it)
		}
	}
	slices.SortStableFunc(begins, func(x, y *item[jobStep]) int { return cmp.Compare(x.to, y.to) })
	free := int64(math.MinInt64) // since when nobody has it
	for _, it := range begins {
		if free > it.from && free <= it.to {
			it.from, any = free, true
		}
		free = max(free, it.step.job.Ended)
	}
	return narrowed, any
}
