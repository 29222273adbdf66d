package linear

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The longest waits are kept, with those that had the job meanwhile, in their order and for how
// long.
func TestWaits(t *testing.T) {
	job := func(client, domain string, object int, asked, begun, ended int64) Job {
		return Job{Client: client, Domain: domain, Object: object, Type: Query, Asked: asked, Begun: begun, Ended: ended}
	}
	long := job("a", "vm1", 1, 0, 1, 11)
	next := job("b", "vm1", 1, 2, 11, 15)
	last := job("c", "vm1", 1, 3, 16, 17)
	refused := job("d", "vm1", 1, 4, Never, 14)
	refused.Refused = true
	waiting := job("e", "vm2", 1, 12, Never, Never)
	holding := job("f", "vm2", 1, 9, 10, Never)
	alone := job("g", "vm1", 2, 0, 5, 20) // nobody else had the job
	c := NewChecker(Options{Waits: 3})
	c.Add(t.Context(), History{Jobs: []Job{long, alone, next, last, refused, holding, waiting}, Cut: 20})
	want := []Wait{
		{last, 13, []Blocker{{"a", Query, 8}, {"b", Query, 4}}},
		{refused, 10, []Blocker{{"a", Query, 7}, {"b", Query, 3}}},
		{next, 9, []Blocker{{"a", Query, 9}}},
	}
	r := c.Finish(t.Context(), false)
	if diff := cmp.Diff(want, r.Waits); diff != "" {
		t.Error(diff)
	}
	if r.JobCount != 7 || r.Refused != 1 || r.Operations != 0 {
		t.Errorf("%d jobs, %d refused, %d calls", r.JobCount, r.Refused, r.Operations)
	}

	// A later history may have a longer one; a job that is still waited for has waited until the
	// cut.
	c.Add(t.Context(), History{Jobs: []Job{job("f", "vm2", 2, 20, 21, 60), job("e", "vm2", 2, 22, Never, Never)}, Cut: 40})
	r = c.Finish(t.Context(), false)
	if w := r.Waits[0]; len(r.Waits) != 3 || w.For != 18 || w.Job.Client != "e" || len(w.Blockers) != 1 || w.Blockers[0].For != 18 {
		t.Errorf("%+v", r.Waits)
	}
}

// However many jobs there are, the longest waits are among those kept.
func TestManyWaits(t *testing.T) {
	var h History
	for i := range int64(500) {
		h.Jobs = append(h.Jobs,
			Job{Client: "a", Domain: "vm1", Object: 1, Asked: 1000 * i, Begun: 1000 * i, Ended: 1000*i + 600},
			Job{Client: "b", Domain: "vm1", Object: 1, Asked: 1000*i + 600 - i, Begun: 1000*i + 600, Ended: 1000*i + 601})
	}
	h.Cut = 1_000_000
	c := NewChecker(Options{Waits: 2})
	c.Add(t.Context(), h)
	w := c.Finish(t.Context(), true).Waits
	if len(w) != 2 || w[0].For != 499 || w[1].For != 498 {
		t.Errorf("%+v", w)
	}
}

// A long wait in which nobody had the job does not take the place of one in which somebody had it.
func TestWaitsForNobody(t *testing.T) {
	var h History
	for i := range 10 {
		h.Jobs = append(h.Jobs, Job{Client: "a", Domain: "vm1", Object: i + 10, Asked: 0, Begun: 500, Ended: 501})
	}
	h.Jobs = append(h.Jobs,
		Job{Client: "b", Domain: "vm1", Object: 1, Asked: 1, Begun: 2, Ended: 9},
		Job{Client: "c", Domain: "vm1", Object: 1, Asked: 3, Begun: 9, Ended: 10})
	h.Cut = 1000
	c := NewChecker(Options{Waits: 2})
	c.Add(t.Context(), h)
	want := []Wait{{h.Jobs[11], 6, []Blocker{{"b", Query, 6}}}}
	if diff := cmp.Diff(want, c.Finish(t.Context(), true).Waits); diff != "" {
		t.Error(diff)
	}
}

// Somebody had the job during a wait exactly if a blocker is found, who is looked for in all jobs.
func TestHoldings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h History
		for range rapid.IntRange(0, 12).Draw(t, "jobs") {
			j := Job{Domain: "vm1", Object: rapid.IntRange(1, 2).Draw(t, "object"), Asked: rapid.Int64Range(0, 20).Draw(t, "asked"), Begun: Never, Ended: Never}
			if rapid.Bool().Draw(t, "begun") {
				j.Begun = j.Asked + rapid.Int64Range(0, 10).Draw(t, "wait")
			}
			if rapid.Bool().Draw(t, "ended") {
				j.Ended = min(j.Begun, j.Asked+5) + rapid.Int64Range(0, 10).Draw(t, "hold")
				j.Refused = j.Begun == Never
			}
			h.Jobs = append(h.Jobs, j)
		}
		h.Cut = rapid.Int64Range(0, 40).Draw(t, "cut")
		held := holdings(h.Jobs)
		for i := range h.Jobs {
			j := &h.Jobs[i]
			from, to := j.wait(h.Cut)
			if got, want := held[object{j.Domain, j.Object}].during(from, to), len(blockers(h, j)) > 0; got != want {
				t.Fatalf("somebody had the job while %+v was waited for: %v", *j, got)
			}
		}
	})
}
