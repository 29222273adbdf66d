package linear

import (
	"math"
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

// note counts a history and keeps the longest waits in which somebody had the job.
func (r *Report) note(h History, most int) {
	r.Operations += len(h.Operations)
	r.JobCount += len(h.Jobs)
	held := holdings(h.Jobs)
	var candidates []Wait
	for i := range h.Jobs {
		j := &h.Jobs[i]
		if j.Refused {
			r.Refused++
		}
		from, to := j.wait(h.Cut)
		if held[object{j.Domain, j.Object}].during(from, to) {
			candidates = append(candidates, Wait{Job: *j, For: time.Duration(to - from)})
		}
		if len(candidates) >= 4*most+64 {
			candidates = longest(candidates, most)
		}
	}
	candidates = longest(candidates, most)
	for i := range candidates {
		candidates[i].Blockers = blockers(h, &candidates[i].Job)
	}
	r.Waits = longest(append(r.Waits, candidates...), most)
}

func longest(waits []Wait, most int) []Wait {
	slices.SortStableFunc(waits, func(x, y Wait) int { return compare(int64(y.For), int64(x.For)) })
	return waits[:min(len(waits), most)]
}

// A holding is when the job of one object was held: the beginnings of its jobs in order, and for
// each the last end of it and all before it.
type holding struct{ begun, ended []int64 }

// holdings are those of every object.
func holdings(jobs []Job) map[object]*holding {
	byObject := map[object][]*Job{}
	for i := range jobs {
		if j := &jobs[i]; j.Begun != Never {
			o := object{j.Domain, j.Object}
			byObject[o] = append(byObject[o], j)
		}
	}
	all := make(map[object]*holding, len(byObject))
	for o, js := range byObject {
		slices.SortFunc(js, func(x, y *Job) int { return compare(x.Begun, y.Begun) })
		h, last := &holding{}, int64(math.MinInt64)
		for _, j := range js {
			last = max(last, j.Ended)
			h.begun, h.ended = append(h.begun, j.Begun), append(h.ended, last)
		}
		all[o] = h
	}
	return all
}

// during reports whether somebody had the job between two moments; nil: nobody ever had it.
func (h *holding) during(from, to int64) bool {
	if h == nil {
		return false
	}
	k, _ := slices.BinarySearch(h.begun, to) // so many begin before the end
	return k > 0 && h.ended[k-1] > from
}

// blockers are those that had the job while j was waited for, in the order in which they had it.
func blockers(h History, j *Job) []Blocker {
	from, to := j.wait(h.Cut)
	var held []*Job
	for i := range h.Jobs {
		x := &h.Jobs[i]
		if x.Object == j.Object && x.Domain == j.Domain && x.Begun < to && x.Ended > from {
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
