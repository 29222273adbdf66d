package answers

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/reports"
)

func TestJobsTimeline(t *testing.T) {
	modify := linear.JobType(1)
	what := modify.String() + " job"
	got := jobsTimeline([]linear.Job{
		{Client: "client 1", Domain: "vm1", Type: modify, Asked: 1, Begun: 1, Ended: 9},
		{Client: "client 2", Domain: "vm1", Type: modify, Asked: 2, Begun: linear.Never, Ended: 6, Refused: true},
		{Client: "client 3", Domain: "vm1", Type: modify, Asked: 3, Begun: 9, Ended: linear.Never},
		{Client: "client 4", Domain: "vm1", Type: modify, Asked: 5, Begun: linear.Never, Ended: linear.Never},
	})
	want := []reports.Bar{
		{Domain: "vm1", Lane: jobLane, From: 1, To: 9, What: what, API: "client 1"},
		{Domain: "vm1", Lane: waitLane, From: 2, To: 6, GaveUp: true, What: what, API: "client 2"},
		{Domain: "vm1", Lane: waitLane, From: 3, To: 9, What: what, API: "client 3"},
		{Domain: "vm1", Lane: waitLane, From: 5, To: 9, Open: true, What: what, API: "client 4"},
		{Domain: "vm1", Lane: jobLane, From: 9, To: 9, Open: true, What: what, API: "client 3"},
	}
	if d := cmp.Diff(want, got.Bars); d != "" {
		t.Error(d)
	}
	if jobsTimeline(nil) != nil {
		t.Error("a timeline of nothing")
	}
}
