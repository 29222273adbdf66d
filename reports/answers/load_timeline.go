package answers

import (
	"cmp"
	"slices"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/reports"
)

// The lanes of a timeline in which jobs and those who wait for them stand.
const (
	jobLane  = 0
	waitLane = 4
)

// jobsTimeline draws who had the job of each domain when, and who waited for it; nil without jobs.
// Its times are nanoseconds after the start of the load.
func jobsTimeline(jobs []linear.Job) *reports.Timeline {
	if len(jobs) == 0 {
		return nil
	}
	end := int64(0)
	for i := range jobs {
		for _, at := range []int64{jobs[i].Asked, jobs[i].Begun, jobs[i].Ended} {
			if at != linear.Never {
				end = max(end, at)
			}
		}
	}
	t := &reports.Timeline{}
	bar := func(j *linear.Job, lane int, from, to int64) *reports.Bar {
		open := to == linear.Never
		if open {
			to = end
		}
		t.Bars = append(t.Bars, reports.Bar{
			Domain: j.Domain, Lane: lane, From: from, To: to, Open: open, What: j.Type.String() + " job", API: j.Client,
		})
		return &t.Bars[len(t.Bars)-1]
	}
	for i := range jobs {
		j := &jobs[i]
		if j.Begun != linear.Never {
			bar(j, jobLane, j.Begun, j.Ended)
		}
		if until := min(j.Begun, j.Ended); until > j.Asked {
			bar(j, waitLane, j.Asked, until).GaveUp = j.Refused
		}
	}
	slices.SortStableFunc(t.Bars, func(a, b reports.Bar) int { return cmp.Compare(a.From, b.From) })
	return t
}
