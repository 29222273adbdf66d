package linear

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/driver"
)

// acrossCut is a start that QEMU refuses at some time, and so many readers that windows end before
// and after. Then come deaths that are old news: one can be that of the QEMU which did not come up.
func acrossCut(refused int64, deaths int) History {
	h := History{Operations: []Operation{
		{Client: "a", Call: driver.Call{Op: driver.OpDefine, Domain: "vm1", Arg: 1}, From: 1, To: 2},
		{Client: "a", Call: driver.Call{Op: driver.OpStart, Domain: "vm1"}, From: 3, To: refused, Code: driver.Refused},
	}}
	for i := range int64(3 * largeWindow) {
		h.Operations = append(h.Operations, Operation{
			Client: "b", Call: driver.Call{Op: driver.OpInfo, Domain: "vm1"}, From: 4 + 2*i, To: 5 + 2*i,
			Info: driver.Info{Memory: 1, Persistent: true},
		})
	}
	for i := range int64(deaths) {
		h.Operations = append(h.Operations, Operation{
			Client: "vm1.mon", Call: driver.Call{Op: driver.OpDied, Domain: "vm1"}, From: 1001 + 2*i, To: 1002 + 2*i,
			Code: driver.StaleDeath,
		})
	}
	h.Cut = 2000
	return h
}

// What a step under way did is carried across the cut of a window: of two deaths that are old news
// the second is one too many, also where the start is not over.
func TestRefusedStartAcrossCut(t *testing.T) {
	const died = "died(vm1) = stale-death"
	for name, refused := range map[string]int64{"refused before the deaths": 1000, "refused after the deaths": 1500} {
		r := checkAll(acrossCut(refused, 1))
		if r.Verdict() != OK || r.API.Windows < 3 || r.API.Widest != 1 {
			t.Errorf("%s: one death: %v in %d windows with %d situations", name, r.Verdict(), r.API.Windows, r.API.Widest)
		}
		r = checkAll(acrossCut(refused, 2))
		if r.Verdict() != Illegal {
			t.Fatal(name, "and two deaths:", r.Verdict())
		}
		var steps []string
		for _, s := range r.Violations()[0].Steps {
			steps = append(steps, s.Text)
		}
		if diff := cmp.Diff([]string{died}, steps); diff != "" {
			t.Error(name, diff)
		}
	}
}

// Of the situations that are come to those stay that another one does not make superfluous.
func TestSuperfluous(t *testing.T) {
	of := func(numbers ...int) set {
		var s set
		for _, n := range numbers {
			s = s.with(n)
		}
		return s
	}
	budget := (&bounds{patience: time.Hour, left: time.Hour, memory: 1 << 30}).budget(t.Context())
	all := []situation[int]{
		{1, of(), of()},
		{1, of(), of(0)},
		{1, of(), of(0, 200)},
		{1, of(1), of(0)},
		{1, of(1), of()},
		{2, of(), of(2)},
		{2, of(), of(0)},
		{3, of(), of()},
	}
	want := []situation[int]{all[2], all[3], all[5], all[6], all[7]}
	same := cmp.AllowUnexported(situation[int]{})
	for range 2 {
		for _, fill := range []int{0, few} { // looked through one by one, and by an index
			v := &visited[int]{}
			for i := range fill {
				v.add(situation[int]{state: 100 + i})
			}
			for _, x := range all {
				v.add(x)
			}
			if diff := cmp.Diff(want, v.best(t.Context(), budget)[fill:], same); diff != "" {
				t.Error(diff)
			}
		}
		slices.Reverse(all)
		slices.Reverse(want)
	}
	v := &visited[int]{}
	if !v.add(all[2]) || v.add(all[2]) || len(v.list) != 1 {
		t.Error(v.list)
	}
}

// A set-memory is outlived if a death that took effect, or may have, overlaps with it.
func TestOutlived(t *testing.T) {
	died := func(from, to int64, code driver.Code) Operation {
		return Operation{Call: driver.Call{Op: driver.OpDied, Domain: "vm1"}, From: from, To: to, Code: code}
	}
	for name, tt := range map[string]struct {
		deaths []Operation
		want   bool
	}{
		"none":                    {nil, false},
		"before":                  {[]Operation{died(5, 9, driver.OK)}, false},
		"until it begins":         {[]Operation{died(5, 10, driver.OK)}, true},
		"during":                  {[]Operation{died(12, 14, driver.OK)}, true},
		"around":                  {[]Operation{died(5, 30, driver.OK)}, true},
		"from its end":            {[]Operation{died(20, 30, driver.OK)}, true},
		"after":                   {[]Operation{died(21, 30, driver.OK)}, false},
		"old news":                {[]Operation{died(12, 14, driver.StaleDeath)}, false},
		"under way for ever":      {[]Operation{died(12, Never, 0)}, true},
		"before and after":        {[]Operation{died(1, 2, driver.OK), died(3, 4, driver.OK), died(21, 30, driver.OK)}, false},
		"the second":              {[]Operation{died(1, 2, driver.OK), died(12, 14, driver.OK), died(21, 30, driver.OK)}, true},
		"the last of three":       {[]Operation{died(1, 2, driver.OK), died(3, 4, driver.OK), died(20, 30, driver.OK)}, true},
		"overlapping, the first":  {[]Operation{died(1, 15, driver.OK), died(2, 3, driver.OK)}, true},
		"overlapping, the last":   {[]Operation{died(1, 9, driver.OK), died(2, 3, driver.OK), died(4, 12, driver.OK)}, true},
		"overlapping, before":     {[]Operation{died(1, 9, driver.OK), died(2, 3, driver.OK), died(4, 8, driver.OK)}, false},
		"around one for ever":     {[]Operation{died(1, Never, 0), died(2, 3, driver.OK), died(30, 31, driver.OK)}, true},
		"old news, and one after": {[]Operation{died(12, 14, driver.StaleDeath), died(21, 30, driver.OK)}, false},
	} {
		set := Operation{Call: driver.Call{Op: driver.OpSetMemory, Domain: "vm1", Arg: 2}, From: 10, To: 20}
		query := Operation{Call: driver.Call{Op: driver.OpQuery, Domain: "vm1"}, From: 10, To: 20}
		var items []item[apiCall]
		for _, o := range append(tt.deaths, set, query) {
			items = append(items, item[apiCall]{from: o.From, to: o.To, step: &apiCall{Operation: &o}})
		}
		sortItems(items)
		markOutlived(items)
		for _, it := range items {
			if want := tt.want && it.step.Call.Op == driver.OpSetMemory; it.step.outlived != want {
				t.Errorf("%s: %s is outlived: %v", name, it.step, !want)
			}
		}
	}
}
