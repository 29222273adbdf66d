package schedule

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockproof/lockproof/driver"
)

// Every strategy that claims to be complete comes to the same outcomes as trying everything.
func TestReductionKeepsOutcomes(t *testing.T) {
	tests := []struct {
		threads string
		starts  map[string]Start
		faults  []driver.Fault
		limit   int64
	}{
		{threads: "info(vm1) x2"},
		{threads: "query(vm1), info(vm1)"},
		{threads: "info(vm1), undefine(vm1)", starts: map[string]Start{"vm1": Down}},
		{threads: "undefine(vm1) x2", starts: map[string]Start{"vm1": Down}},
		{threads: "define(vm1), undefine(vm1)", starts: map[string]Start{"vm1": Down}},
		{threads: "define(vm1) x2, info(vm1)", starts: map[string]Start{"vm1": Absent}},
		{threads: "crash(vm1), info(vm1)", starts: map[string]Start{"vm1": Undefined}},
		{threads: "crash(vm1), event(vm1)"},
		{threads: "query(vm1)", faults: []driver.Fault{driver.DomainDeath, driver.CommandError, driver.GuestShutdown, driver.WaitTimeout}},
	}
	for _, tt := range tests {
		t.Run(tt.threads, func(t *testing.T) {
			p := Driver(DriverConfig{Threads: mustParse(t, tt.threads), Starts: tt.starts})
			all := outcomes(t, p, Options{Strategy: Plain, Faults: tt.faults})
			reduced := outcomes(t, p, Options{Strategy: Exhaustive, Faults: tt.faults})
			t.Logf("plain %d runs, reduced %d", all.Runs, reduced.Runs)
			if d := cmp.Diff(keys(all.Outcomes), keys(reduced.Outcomes)); d != "" {
				t.Errorf("outcomes differ (-plain +reduced):\n%s", d)
			}
		})
	}
}

func outcomes(t *testing.T, p *Program, o Options) *Result {
	t.Helper()
	o.KeepGoing, o.Outcomes = true, true
	r, err := Search(t.Context(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Complete {
		t.Fatalf("%s did not complete: %s", o.Strategy, r.Limit)
	}
	return r
}

func keys(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }

func mustParse(t testing.TB, text string) []ThreadSpec {
	t.Helper()
	specs, err := ParseThreads(text)
	if err != nil {
		t.Fatal(err)
	}
	return specs
}
