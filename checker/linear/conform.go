package linear

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/driver"
)

// A Breach is a job that does not fit the calls of its owner, or a call without the job that it needs.
type Breach struct {
	Client string
	At     int64
	Text   string
}

// breaches holds the jobs of each client against its calls: a job is begun and ended inside of one call, on its domain, and a
// call that used the monitor or changed the domain under a job had one. A history of one layer alone says nothing
// about the other.
func breaches(h History) []Breach {
	if len(h.Operations) == 0 || len(h.Jobs) == 0 {
		return nil
	}
	calls, jobs := map[string][]*Operation{}, map[string][]*Job{}
	for i := range h.Operations {
		calls[h.Operations[i].Client] = append(calls[h.Operations[i].Client], &h.Operations[i])
	}
	for i := range h.Jobs {
		jobs[h.Jobs[i].Client] = append(jobs[h.Jobs[i].Client], &h.Jobs[i])
	}
	var all []Breach
	for client, js := range jobs {
		for _, j := range js {
			if !within(j, calls[client]) {
				all = append(all, Breach{client, j.Asked, fmt.Sprintf("a %s job of %s that lies in no call of %s", j.Type, j.Domain, client)})
			}
		}
	}
	for client, cs := range calls {
		for _, c := range cs {
			if needsJob(c) && !hasJob(c, jobs[client]) {
				all = append(all, Breach{client, c.From, fmt.Sprintf("%s without a job", c)})
			}
		}
	}
	slices.SortFunc(all, func(x, y Breach) int {
		return cmp.Or(cmp.Compare(x.At, y.At), strings.Compare(x.Client, y.Client), strings.Compare(x.Text, y.Text))
	})
	return all
}

// within reports whether a job lies in one of the calls of its owner, which are in order and do not overlap.
func within(j *Job, calls []*Operation) bool {
	i, found := slices.BinarySearchFunc(calls, j.Asked, func(c *Operation, at int64) int { return cmp.Compare(c.From, at) })
	if !found {
		i--
	}
	if i < 0 {
		return false
	}
	c := calls[i]
	return c.Call.Domain == j.Domain && (j.Ended == Never || j.Ended <= c.To)
}

// hasJob reports whether a client had a job in a call.
func hasJob(c *Operation, jobs []*Job) bool {
	i, _ := slices.BinarySearchFunc(jobs, c.From, func(j *Job, at int64) int { return cmp.Compare(j.Asked, at) })
	return i < len(jobs) && jobs[i].Asked <= c.To && !jobs[i].Refused
}

// needsJob reports whether a call cannot have had its result without a job.
func needsJob(c *Operation) bool {
	if c.pending() || c.Code != driver.OK && c.Code != driver.Refused && c.Code != driver.MonitorGone {
		return false
	}
	switch c.Call.Op {
	case driver.OpDefine, driver.OpInfo, driver.OpWait, driver.OpDied:
		return false
	}
	return true
}
