package linear

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/driver"
)

// A Breach is a job that does not fit the calls of its owner, or a call without the job that it
// needs.
type Breach struct {
	Client string
	At     int64
	Text   string
}

// breaches holds the jobs of each client against its calls: a job is begun and ended inside of one
// call, on its domain, and a call that used the monitor or changed the domain under a job had one
// of its type, and was refused if its job was. A history of one layer alone says nothing about the
// other.
func breaches(h History) []Breach {
	if len(h.Operations) == 0 || len(h.Jobs) == 0 {
		return nil
	}
	calls, jobs := map[string][]*Operation{}, jobsByClient(h)
	for i := range h.Operations {
		calls[h.Operations[i].Client] = append(calls[h.Operations[i].Client], &h.Operations[i])
	}
	for _, cs := range calls { // a file may have them in another order
		slices.SortStableFunc(cs, func(x, y *Operation) int { return cmp.Compare(x.From, y.From) })
	}
	var all []Breach
	for client, js := range jobs {
		for _, j := range js {
			if !within(j, calls[client]) {
				all = append(all, Breach{client, j.Asked, fmt.Sprintf("a %s job of %s that lies in no call of %s", j.Type,
					j.Domain, client)})
			}
		}
	}
	for client, cs := range calls {
		for _, c := range cs {
			if text := breach(c, jobs[client]); text != "" {
				all = append(all, Breach{client, c.From, c.String() + text})
			}
		}
	}
	slices.SortFunc(all, func(x, y Breach) int {
		return cmp.Or(cmp.Compare(x.At, y.At), strings.Compare(x.Client, y.Client), strings.Compare(x.Text, y.Text))
	})
	return all
}

// within reports whether a job lies in one of the calls of its owner, which are in order and do not
// overlap.
func within(j *Job, calls []*Operation) bool {
	i, found := slices.BinarySearchFunc(calls, j.Asked, func(c *Operation, at int64) int {
		return cmp.Compare(c.From, at)
	})
	if !found {
		i--
	}
	if i < 0 {
		return false
	}
	c := calls[i]
	return c.Call.Domain == j.Domain && (j.Ended == Never || j.Ended <= c.To)
}

// breach says what is wrong between a call and the jobs of its client; "" if nothing is.
func breach(c *Operation, jobs []*Job) string {
	kind, takesJob := jobOf(c.Call.Op)
	if c.pending() || !takesJob {
		return ""
	}
	j := jobIn(c, jobs)
	switch {
	case j != nil && j.Type != kind:
		return fmt.Sprintf(" under a %s job", j.Type)
	case c.Code == driver.JobTimeout && (j == nil || !j.Refused):
		return " though no job was refused"
	case j != nil && j.Refused && c.Code != driver.JobTimeout:
		return " though its job was refused"
	case j == nil && needsJob(c.Code):
		return " without a job"
	}
	return ""
}

// jobOf is the type of the job that a call takes, if it takes one.
func jobOf(op driver.Op) (JobType, bool) {
	switch op {
	case driver.OpQuery:
		return Query, true
	case driver.OpDestroy:
		return Destroy, true
	case driver.OpLongJob:
		return Long, true
	case driver.OpUndefine, driver.OpStart, driver.OpSuspend, driver.OpResume, driver.OpSetMemory:
		return Modify, true
	}
	return 0, false
}

// jobIn is the job that a client asked for in a call, nil if there is none.
func jobIn(c *Operation, jobs []*Job) *Job {
	i, _ := slices.BinarySearchFunc(jobs, c.From, func(j *Job, at int64) int { return cmp.Compare(j.Asked, at) })
	if i < len(jobs) && jobs[i].Asked <= c.To {
		return jobs[i]
	}
	return nil
}

// needsJob reports whether a call that takes a job cannot have come out so without one.
func needsJob(c driver.Code) bool {
	return c == driver.OK || c == driver.Refused || c == driver.MonitorGone
}
