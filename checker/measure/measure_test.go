package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockproof/lockproof/checker/crosscheck"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// A grid has a case for every mix, number of domains and number of threads that gives each domain
// one; bodies go round.
func TestGrid(t *testing.T) {
	cases, err := Grid(t.Context(), []string{"query", "mixed"}, []int{1, 2, 5}, []int{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range cases {
		var threads []string
		for _, th := range c.Program.Threads {
			threads = append(threads, th.Name)
		}
		got = append(got, fmt.Sprintf("%s %d %d: %s", c.Mix, c.Threads, c.Domains, strings.Join(threads, " ")))
	}
	want := []string{
		"query 1 1: query(vm1)",
		"query 2 1: query(vm1) query(vm1)",
		"query 5 1: query(vm1) query(vm1) query(vm1) query(vm1) query(vm1)",
		"query 2 2: query(vm1) query(vm2)",
		"query 5 2: query(vm1) query(vm2) query(vm1) query(vm2) query(vm1)",
		"mixed 1 1: query(vm1)",
		"mixed 2 1: query(vm1) modify(vm1)",
		"mixed 5 1: query(vm1) modify(vm1) relock(vm1) query(vm1) modify(vm1)",
		"mixed 2 2: query(vm1) query(vm2)",
		"mixed 5 2: query(vm1) query(vm2) modify(vm1) modify(vm2) relock(vm1)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := Grid(t.Context(), []string{"querry"}, []int{1}, []int{1}); err == nil || err.Error() != `there is no mix "querry": there are [mixed modify query]` {
		t.Error(err)
	}
}

// rows are the rows of a measurement without what differs from run to run.
func rows(t *testing.T, ctx context.Context, opt Options, reductions ...string) ([]string, error) {
	t.Helper()
	cases, err := Grid(t.Context(), []string{"query"}, []int{2}, []int{1})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	err = Run(ctx, cases[0], reductions, opt, func(r Row) error {
		if r.Mix != "query" || r.Threads != 2 || r.Domains != 1 {
			t.Errorf("%+v", r)
		}
		if r.Engine == "lockproof" && r.Limit == "" && (r.Bytes <= 0 || r.Seconds <= 0) {
			t.Errorf("%d bytes in %v s", r.Bytes, r.Seconds)
		}
		got = append(got, fmt.Sprintf("%s %s %d workers: %s %s %d states, %d transitions", r.Engine, r.Reduction, r.Workers, r.Verdict, r.Limit, r.States, r.Transitions))
		return nil
	})
	return got, err
}

// Each search is that of its reduction, and its row has the search's figures.
func TestRun(t *testing.T) {
	cases, err := Grid(t.Context(), []string{"query"}, []int{2}, []int{1})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i, reduce := range []search.Reduction{{}, {Symmetry: true}, {Merge: true}, {Merge: true, Symmetry: true}} {
		r, err := search.Search(t.Context(), cases[0].Program, search.Options{Workers: 2, Reduce: reduce})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprintf("lockproof %s 2 workers: ok  %d states, %d transitions", Reductions[i], r.Stats.States, r.Stats.Transitions))
	}
	got, err := rows(t, t.Context(), Options{Workers: 2}, Reductions...)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if slices.Sort(want); len(slices.Compact(want)) != len(Reductions) {
		t.Error("reductions do not differ")
	}
	if _, err := rows(t, t.Context(), Options{}, "none", "some"); err == nil || err.Error() != `measure: no reduction "some": there are none, symmetry, por and all` {
		t.Error(err)
	}
}

// A limit is in the row, and what stops the emitting stops the measuring.
func TestRunLimits(t *testing.T) {
	got, err := rows(t, t.Context(), Options{MaxStates: 5}, "none")
	if err != nil || len(got) != 1 || !strings.HasPrefix(got[0], "lockproof none 1 workers: unknown max-states ") {
		t.Error(got, err)
	}
	got, err = rows(t, t.Context(), Options{Timeout: 1}, "none")
	if err != nil || len(got) != 1 || !strings.HasPrefix(got[0], "lockproof none 1 workers: unknown timeout ") {
		t.Error(got, err)
	}
	got, err = rows(t, t.Context(), Options{Timeout: 1, Against: []crosscheck.Engine{crosscheck.SPIN}})
	if err != nil || len(got) != 1 || got[0] != "spin none 1 workers: unknown timeout 0 states, 0 transitions" {
		t.Error(got, err)
	}
	cases, err := Grid(t.Context(), []string{"query"}, []int{1}, []int{1})
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("full")
	n := 0
	err = Run(t.Context(), cases[0], Reductions, Options{}, func(Row) error {
		n++
		return full
	})
	if !errors.Is(err, full) || n != 1 {
		t.Error(n, err)
	}
}

// A row is a line in the columns of its header; what is not known is a dash.
func TestWriteRow(t *testing.T) {
	var b strings.Builder
	if err := WriteHeader(&b); err != nil {
		t.Fatal(err)
	}
	for _, r := range []Row{
		{Mix: "query", Threads: 8, Domains: 2, Engine: "lockproof", Reduction: "all", Verdict: model.OK, States: 3000, Transitions: 4500, Bytes: 60000, Seconds: 1.5},
		{Mix: "modify", Threads: 3, Domains: 1, Engine: "spin", Reduction: "none", Verdict: model.Unknown, Limit: "timeout", Seconds: 0.0004},
		{Mix: "mixed", Threads: 3, Domains: 1, Engine: "tlc", Reduction: "none", Verdict: model.OK, States: 7, Seconds: 0.0009},
	} {
		if err := WriteRow(&b, &r); err != nil {
			t.Fatal(err)
		}
	}
	want := header +
		"query         8       2  lockproof  all        ok               3000         4500       2000     20.0      1.5s\n" +
		"modify        3       1  spin       none       timeout             0            -          -        -     400µs\n" +
		"mixed         3       1  tlc        none       ok                  7            -          -        -     900µs\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}
