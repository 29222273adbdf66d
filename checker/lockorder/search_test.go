package lockorder_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/lockproof/lockproof/checker/lockorder"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// One search is enough where it is allowed to leave nothing out, or comes to its end. What is too
// large for it has a second one.
func TestSearch(t *testing.T) {
	auto, all := search.Reduction{Auto: true}, search.Reduction{Merge: true, Symmetry: true}
	const plain, reduced = 35472, 94 // states of five queries
	for name, tt := range map[string]struct {
		opt     search.Options
		need    lockorder.Need
		states  int64       // of the search for the verdict; 0: any number
		limit   model.Limit // of it
		seen    int64       // states behind the order; 0: any number, -1: there is none
		partial bool        // the order has a search of its own, which was cut
		same    bool        // one search gave both
	}{
		"no order":                {opt: search.Options{Reduce: all}, states: reduced, seen: -1},
		"no order, auto":          {opt: search.Options{Reduce: auto}, states: plain, seen: -1},
		"shown":                   {need: lockorder.ShownOrder, states: plain, same: true},
		"shown, auto":             {opt: search.Options{Reduce: auto}, need: lockorder.ShownOrder, states: plain, same: true},
		"shown, all":              {opt: search.Options{Reduce: all}, need: lockorder.ShownOrder, states: reduced, seen: plain},
		"shown, little memory":    {opt: search.Options{Reduce: auto, MaxMemory: 512 << 10}, need: lockorder.ShownOrder, states: reduced, partial: true},
		"shown, few states":       {opt: search.Options{Reduce: auto, MaxStates: 1000}, need: lockorder.ShownOrder, limit: model.StatesLimit, same: true},
		"shown, all, few states":  {opt: search.Options{Reduce: all, MaxStates: 1000}, need: lockorder.ShownOrder, states: reduced, partial: true},
		"whole, all":              {opt: search.Options{Reduce: all}, need: lockorder.WholeOrder, states: plain, same: true},
		"whole, little memory":    {opt: search.Options{Reduce: auto, MaxMemory: 512 << 10}, need: lockorder.WholeOrder, limit: model.MemoryLimit, same: true},
		"whole, all, few states":  {opt: search.Options{Reduce: all, MaxStates: 1000}, need: lockorder.WholeOrder, limit: model.StatesLimit, same: true},
		"whole, auto, few states": {opt: search.Options{Reduce: auto, MaxStates: 1000}, need: lockorder.WholeOrder, limit: model.StatesLimit, same: true},
	} {
		p, err := find(t, "call-patterns:five-queries").Program(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r, order, err := lockorder.Search(t.Context(), p, tt.opt, tt.need)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if tt.states != 0 && r.Stats.States != tt.states || r.Limit != tt.limit || (order == r) != tt.same || (order == nil) != (tt.seen == -1) {
			t.Errorf("%s: %d states, limit %q; one search: %v", name, r.Stats.States, r.Limit, order == r)
			continue
		}
		if order == nil {
			continue
		}
		if tt.seen > 0 && order.Stats.States != tt.seen || len(order.Reductions) > 0 || order != r && order.Complete == tt.partial {
			t.Errorf("%s: the order is that of %d states, %v", name, order.Stats.States, order.Reductions)
		}
		if g := lockorder.New(p, order); g.Complete != (order.Limit == model.NoLimit) || len(g.Edges) == 0 {
			t.Errorf("%s: an order of %d edges, complete: %v", name, len(g.Edges), g.Complete)
		}
	}
}

// Where there are more states than are searched for an order, it is that of some of them, and the
// verdict comes from a search with reductions.
func TestSearchOfPart(t *testing.T) {
	lockorder.ShowAtMost(t, 1000)
	p, err := find(t, "call-patterns:five-queries").Program(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, reduce := range []search.Reduction{{Auto: true}, {Merge: true, Symmetry: true}} {
		r, order, err := lockorder.Search(t.Context(), p, search.Options{Reduce: reduce}, lockorder.ShownOrder)
		if err != nil || r.Stats.States != 94 || r.Verdict != model.OK || order.Limit != model.StatesLimit || order.Stats.States > 5000 {
			t.Errorf("%+v, %+v, %v", r, order, err)
		}
	}
}

// Half of the time is for the order of a report; the rest decides the verdict. Where no time is
// left, or somebody interrupts, there is no second search.
func TestSearchInTime(t *testing.T) {
	p, err := find(t, "call-patterns:five-queries").Program(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	late, end := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer end()
	ended, end := context.WithCancel(t.Context())
	end()
	for _, ctx := range []context.Context{late, ended} {
		r, order, err := lockorder.Search(ctx, p, search.Options{Reduce: search.Reduction{Auto: true}}, lockorder.ShownOrder)
		if err != nil || r != order || r.Verdict != model.Unknown || !slices.Contains([]model.Limit{model.TimeoutLimit, model.InterruptLimit}, r.Limit) {
			t.Errorf("%+v, %v", r, err)
		}
	}
}
