// Package reportstest has what the writers of reports are held against: results of the library,
// results made by hand, and golden files.
package reportstest

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/checker/lockorder"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/scenarios"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Golden holds text against a file in testdata of package reports, for that package and for the
// ones below it.
func Golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if _, err := os.Stat("testdata"); err != nil {
		file = filepath.Join("..", file)
	}
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// Results searches the scenarios of testdata/suite.yaml; the clock is left out.
func Results(t *testing.T, opt search.Options) []reports.Result {
	t.Helper()
	suites, err := scenarios.Load(t.Context(), "testdata/suite.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := scenarios.Check(t.Context(), suites[0].Scenarios); err != nil {
		t.Fatal(err)
	}
	var rs []reports.Result
	for _, sc := range suites[0].Scenarios {
		p, err := sc.Program(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found, err := search.Search(t.Context(), p, opt)
		if err != nil {
			t.Fatal(err)
		}
		r := answers.New(sc, p, found)
		r.ElapsedMS = 0
		rs = append(rs, r)
	}
	return rs
}

// HandMade is a violation in which n threads take one step each, in libvirt's names.
func HandMade(n int) reports.Result {
	r := reports.Result{
		Suite: "shapes", Scenario: "made-by-hand", Ref: "shapes.yaml:made-by-hand",
		Command: "lockproof check shapes.yaml:made-by-hand", Protocol: "mail-2009-10", Expected: "ok",
		Verdict: model.Violation, Kind: model.NoJob, Message: "T1 query(vm1) does not hold vm1.jobActive",
		Reductions: []string{}, Threads: []string{},
		States: 12345, Transitions: 23456, Depth: 17, Limit: model.StatesLimit,
		Counterexample: &reports.Counterexample{
			Start: []reports.Value{}, Replay: "1,2", Steps: []reports.Step{},
			End: []reports.End{},
		},
	}
	locks := []string{"driver.lock", "vm1.lock", "vm1.mon.lock", "vm2.lock", "vm2.mon.lock"}
	for i := range n {
		lock := locks[i%len(locks)]
		r.Threads = append(r.Threads, fmt.Sprintf("query(vm%d)", i/3+1))
		s := reports.Step{
			Thread: i + 1, Function: "qemuDomainObjEnterMonitor", Op: "lock",
			Operation: "virMutexLock(&x->lock)", Action: "lock " + lock,
			Object: lock, File: "a/b/mail-2009-10.c", Line: 100 + i, Held: []string{lock},
			Waits: []reports.Wait{}, Changes: map[string]reports.Change{lock: {Before: "free", After: "T1"}},
			Calls: []reports.Place{
				{Function: "query", File: "bodies.c", Line: 7},
				{Function: "qemuDomainObjEnterMonitor", File: "a/b/mail-2009-10.c", Line: 100 + i},
			},
		}
		if i == n-1 {
			s.Failed = "it does not hold the job"
		}
		r.Counterexample.Steps = append(r.Counterexample.Steps, s)
		r.Counterexample.End = append(r.Counterexample.End,
			reports.End{Thread: i + 1, Next: "x", Held: s.Held, WaitsFor: locks[(i+1)%min(n, len(locks))]})
	}
	return r
}

// answer is a result with its lock order, and without the clock.
func answer(t *testing.T, sc *scenarios.Scenario, opt search.Options) reports.Result {
	t.Helper()
	p, err := sc.Program(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	opt.WaitCycles = true
	found, err := search.Search(context.Background(), p, opt)
	if err != nil {
		t.Fatal(err)
	}
	r := answers.New(sc, p, found)
	answers.AddLockOrder(&r, p, lockorder.New(p, found), sc.Suite.Order)
	r.ElapsedMS = 0
	return r
}

// ReportOn is what verify reports on scenarios.
func ReportOn(t *testing.T, opt search.Options, refs ...string) *reports.Report {
	t.Helper()
	scs, err := scenarios.Resolve(t.Context(), refs)
	if err != nil {
		t.Fatal(err)
	}
	r := reports.NewReport("test")
	for _, sc := range scs {
		r.Results = append(r.Results, answer(t, sc, opt))
	}
	for _, sc := range scs {
		r.Quote(sc.Suite.Texts())
	}
	return r
}

// hostile is text that breaks writers which do not escape.
const Hostile = "</script><img src=x onerror=alert(1)> & \"quoted\" 'single' ]]> \\n caf\u00e9 \x01 \u2028 {{.}}"

// Mixed is a report with every outcome, an edge against the expected order, findings in source
// code, and hostile text.
func Mixed(t *testing.T) *reports.Report {
	t.Helper()
	r := ReportOn(t, search.Options{}, "exit-monitor-order:driver-before-exit-with-rogue", "removal:with-query",
		"wake-ups:signal-swallowed-unnoticed", "call-patterns:one-relock", "event-loop:with-query")
	fails := func(i int) *reports.Result {
		x := &r.Results[i]
		x.Expected, x.Pass = "ok", false
		return x
	}
	fails(0)
	fails(1).Message = Hostile
	fails(2).Known = true
	fails(4)
	broken := &r.Results[3]
	broken.Order = []string{"driver", "domain", "monitor"}
	i := slices.IndexFunc(broken.LockOrder.Edges, func(e reports.Edge) bool { return e.Up })
	broken.LockOrder.Edges[i].Against = true
	at := broken.LockOrder.Edges[i].Witnesses[0].Origin()
	at.Message = "against the order driver, domain, monitor: T1 relock(vm1) asks for driver.lock while it holds " +
		"vm1.mon.lock"
	broken.OrderBroken, broken.Pass = []reports.Place{at}, false
	stopped := ReportOn(t, search.Options{MaxStates: 20}, "call-patterns:two-queries")
	r.Results = append(r.Results, stopped.Results...)
	r.Findings = []reports.Finding{
		{
			Rule: model.JobLeak, Severity: "error", Function: "qemudDomainSuspend", File: "src/qemu/qemu driver.c", Line: 12,
			Message: Hostile,
			Related: []reports.Place{{
				Function: "qemudDomainSuspend", File: "src/qemu/qemu driver.c", Line: 3,
				Message: "the job begins here",
			}},
			Path: []reports.Place{{
				Function: "qemudDomainSuspend", File: "src/qemu/qemu driver.c", Line: 7,
				Message: "error path",
			}},
		},
		{
			Rule: model.StaleData, Severity: "warning", Function: "f", File: "a.c", Line: 1, Message: "m",
			Related: []reports.Place{}, Path: []reports.Place{}, Known: true,
		},
	}
	r.Mutations = []reports.Mutation{mutation()}
	return r
}

// mutation has a mutant of each status.
func mutation() reports.Mutation {
	m := reports.Mutation{
		Protocol: Hostile, Helpers: []string{"f"}, Score: 50, MinScore: 60.5, Limit: model.TimeoutLimit,
		Command: "lockproof mutate x",
		Counts:  reports.MutantCounts{Survived: 1, Unreached: 1, Found: 2, Equivalent: 1, Undecided: 1, Unbuilt: 1, Left: 1},
		Scenarios: []reports.MutantJudge{
			{Scenario: "s:a", Expected: "ok", Verdict: model.OK, States: 5, Found: 1},
			{Scenario: "s:b", Expected: "deadlock", Verdict: model.Deadlock, Kind: model.LockOrder, States: 7},
		},
		Idle: []reports.MutantJudge{
			{Scenario: "s:c", Expected: "deadlock", Verdict: model.OK, States: 7, Against: true},
		},
		Operators: []reports.MutantOperator{{Name: "drop-call", Does: Hostile, Made: 8, Found: 2}},
	}
	for i, s := range reports.MutantStatuses() {
		x := reports.Mutant{
			ID: fmt.Sprintf("f:%d:drop-call", i+1), Status: s, Helper: "f", Operator: "drop-call", File: "a.c", Line: i + 1,
			Lines: []reports.MutantLine{
				{Number: i + 1, Before: "g(" + Hostile + ");", After: ";"},
				{Number: i + 2, Before: "}"},
			},
			Asked: 2, Skipped: 1,
		}
		switch s {
		case reports.MutantSurvived:
			x.Differs = &reports.MutantDifference{
				Scenario: "s:a", Faults: true, Replay: "1*3", Steps: 3, Original: Hostile, Mutant: "not so",
			}
		case reports.MutantFound:
			x.By, x.Expected, x.Verdict, x.Kind = "s:a", "ok", model.Violation, model.BadUnlock
		case reports.MutantEquivalent:
			x.States = 17
		case reports.MutantUnbuilt:
			x.Why = "a.c:3:1: " + Hostile
		case reports.MutantUndecided:
			x.Why = "s:a: stopped (max-states)"
		}
		m.Mutants = append(m.Mutants, x)
	}
	against := m.Mutants[len(m.Mutants)-1]
	against.ID, against.Against = "f:9:drop-call", true
	m.Mutants = append(m.Mutants, against)
	return m
}

// Written is what a writer writes, twice: equal reports are equal bytes.
func Written(t *testing.T, write func(io.Writer, *reports.Report) error, make func() *reports.Report) []byte {
	t.Helper()
	var a, b bytes.Buffer
	if err := errors.Join(write(&a, make()), write(&b, make())); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("equal reports, different bytes")
	}
	return a.Bytes()
}

// Program finds a program or skips the test with the package to install.
func Program(t *testing.T, program, debianPackage string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("no %s: apt-get install %s", program, debianPackage)
	}
	return path
}

// HostileOrder is a graph with names that break writers which do not escape.
func HostileOrder() *reports.LockOrder {
	place := []reports.Witness{{Thread: 1, Name: Hostile, Function: Hostile, File: Hostile, Line: 1}}
	return &reports.LockOrder{
		Order: []string{Hostile, "b"},
		Nodes: []reports.Node{
			{Name: Hostile, Class: Hostile, Job: false},
			{Name: `b\`, Class: "b", Job: true},
			{Name: "c", Class: "b", Job: false},
		},
		Edges: []reports.Edge{
			{From: Hostile, To: `b\`, Witnesses: place},
			{From: `b\`, To: Hostile, Up: true, Witnesses: place},
			{From: `b\`, To: "c", Up: true, Witnesses: place},
			{From: "c", To: "c", Witnesses: place},
		},
	}
}
