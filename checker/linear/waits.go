package linear

import (
	"slices"
	"time"
)

// A Wait is a job that was waited for, and those in whose hands it was meanwhile.
type Wait struct {
	Job      Job
	For      time.Duration
	Blockers []Blocker
}

// A Blocker had the job for a part of a wait.
type Blocker struct {
	Client string
	Type   JobType
	For    time.Duration // how much of the wait it took
}

// note counts a history and keeps the longest waits.
func (r *Report) note(h History, most int) {
	r.Operations += len(h.Operations)
	r.JobCount += len(h.Jobs)
	var candidates []Wait
	for i := range h.Jobs {
		j := &h.Jobs[i]
		if j.Refused {
			r.Refused++
		}
		candidates = append(candidates, Wait{Job: *j, For: j.waited(h.Cut)})
		if len(candidates) >= 4*most+64 {
			candidates = longest(candidates, most)
		}
	}
	candidates = longest(candidates, most)
	for i := range candidates {
		candidates[i].Blockers = blockers(h, &candidates[i].Job)
	}
	candidates = slices.DeleteFunc(candidates, func(w Wait) bool { return len(w.Blockers) == 0 })
	r.Waits = longest(append(r.Waits, candidates...), most)
}

func longest(waits []Wait, most int) []Wait {
	slices.SortStableFunc(waits, func(x, y Wait) int { return compare(int64(y.For), int64(x.For)) })
	return waits[:min(len(waits), most)]
}

// blockers are those that had the job while j was waited for, in the order in which they had it.
func blockers(h History, j *Job) []Blocker {
	from, to := j.Asked, min(j.Begun, j.Ended, h.Cut)
	var held []*Job
	for i := range h.Jobs {
		x := &h.Jobs[i]
		if x.Object == j.Object && x.Domain == j.Domain && x.Begun < to && x.Ended > from && *x != *j {
			held = append(held, x)
		}
	}
	slices.SortFunc(held, func(x, y *Job) int { return compare(x.Begun, y.Begun) })
	var all []Blocker
	for _, x := range held {
		all = append(all, Blocker{x.Client, x.Type, time.Duration(min(x.Ended, to) - max(x.Begun, from))})
	}
	return all
}
