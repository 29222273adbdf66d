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

// What a step under way did is carried across the cut of a window, and a violation has every step
// that led to it.
func TestRefusedStartAcrossCut(t *testing.T) {
	const died = "died(vm1) = stale-death"
	for name, tt := range map[string]struct {
		refused int64
		want    []string // what cannot be of two deaths
	}{
		"refused before the deaths": {1000, []string{died}},
		"refused after the deaths":  {1500, []string{"start(vm1) = refused", died}},
	} {
		r := checkAll(acrossCut(tt.refused, 1))
		if r.Verdict() != OK || r.API.Windows < 3 || r.API.Widest != 2 {
			t.Errorf("%s: one death: %v in %d windows with %d situations", name, r.Verdict(), r.API.Windows, r.API.Widest)
		}
		r = checkAll(acrossCut(tt.refused, 2))
		if r.Verdict() != Illegal {
			t.Fatal(name, "and two deaths:", r.Verdict())
		}
		var steps []string
		for _, s := range r.Violations()[0].Steps {
			steps = append(steps, s.Text)
		}
		if diff := cmp.Diff(tt.want, steps); diff != "" {
			t.Error(name, diff)
		}
	}
}

// Of the situations at a cut those stay that another one does not make superfluous.
func TestDominated(t *testing.T) {
	enough := func() *budget {
		return (&bounds{patience: time.Hour, left: time.Hour, memory: 1 << 30}).budget(t.Context())
	}
	silent := func(quiet *bool) bool { return *quiet }
	yes, no := true, false
	crossing := []item[bool]{{step: &yes}, {step: &no}, {step: &yes}}
	all := []situation[int]{{1, 0b000}, {1, 0b001}, {1, 0b101}, {1, 0b011}, {1, 0b010}, {2, 0b100}, {2, 0b001}, {3, 0b000}}
	want := []situation[int]{{1, 0b101}, {1, 0b011}, {2, 0b100}, {2, 0b001}, {3, 0b000}}
	same := cmp.AllowUnexported(situation[int]{})
	if diff := cmp.Diff(want, dominated(t.Context(), all, crossing, silent, enough()), same); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(all, dominated(t.Context(), all, crossing[1:2], silent, enough()), same); diff != "" {
		t.Error(diff)
	}
	last := []situation[int]{{1, 0b000}, {1, 0b001}}
	if diff := cmp.Diff(last[1:], dominated(t.Context(), last, crossing, silent, enough()), same); diff != "" {
		t.Error(diff)
	}
	slices.Reverse(all)
	slices.Reverse(want)
	if diff := cmp.Diff(want, dominated(t.Context(), all, crossing, silent, enough()), same); diff != "" {
		t.Error(diff)
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
