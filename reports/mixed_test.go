package reports

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/lockorder"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// answer is a result with its lock order, and without the clock.
func answer(t *testing.T, sc *scenarios.Scenario, opt search.Options) Result {
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
	r := New(sc, p, found)
	AddLockOrder(&r, p, lockorder.New(p, found), sc.Suite.Order)
	r.ElapsedMS = 0
	return r
}

// reportOn is what verify reports on scenarios.
func reportOn(t *testing.T, opt search.Options, refs ...string) *Report {
	t.Helper()
	scs, err := scenarios.Resolve(t.Context(), refs)
	if err != nil {
		t.Fatal(err)
	}
	r := NewReport("test")
	for _, sc := range scs {
		r.Results = append(r.Results, answer(t, sc, opt))
	}
	for _, sc := range scs {
		r.Quote(sc.Suite.Texts())
	}
	return r
}

// hostile is text that breaks writers which do not escape.
const hostile = "</script><img src=x onerror=alert(1)> & \"quoted\" 'single' ]]> \\n caf\u00e9 \x01 \u2028 {{.}}"

// mixed is a report with every outcome, an edge against the expected order, findings in source code, and hostile text.
func mixed(t *testing.T) *Report {
	t.Helper()
	r := reportOn(t, search.Options{}, "exit-monitor-order:driver-before-exit-with-rogue", "removal:with-query",
		"wake-ups:signal-swallowed-unnoticed", "call-patterns:one-relock", "event-loop:with-query")
	fails := func(i int) *Result {
		x := &r.Results[i]
		x.Expected, x.Pass = "ok", false
		return x
	}
	fails(0)
	fails(1).Message = hostile
	fails(2).Known = true
	fails(4)
	broken := &r.Results[3]
	broken.Order = []string{"driver", "domain", "monitor"}
	i := slices.IndexFunc(broken.LockOrder.Edges, func(e Edge) bool { return e.Up })
	broken.LockOrder.Edges[i].Against = true
	at := broken.LockOrder.Edges[i].Witnesses[0].origin()
	at.Message = "against the order driver, domain, monitor: T1 relock(vm1) asks for driver.lock while it holds vm1.mon.lock"
	broken.OrderBroken, broken.Pass = []Place{at}, false
	stopped := reportOn(t, search.Options{MaxStates: 20}, "call-patterns:two-queries")
	r.Results = append(r.Results, stopped.Results...)
	r.Findings = []Finding{
		{
			Rule: model.JobLeak, Severity: "error", Function: "qemudDomainSuspend", File: "src/qemu/qemu driver.c", Line: 12, Message: hostile,
			Related: []Place{{Function: "qemudDomainSuspend", File: "src/qemu/qemu driver.c", Line: 3, Message: "the job begins here"}},
			Path:    []Place{{Function: "qemudDomainSuspend", File: "src/qemu/qemu driver.c", Line: 7, Message: "error path"}},
		},
		{Rule: model.StaleData, Severity: "warning", Function: "f", File: "a.c", Line: 1, Message: "m", Related: []Place{}, Path: []Place{}, Known: true},
	}
	return r
}

// written is what a writer writes, twice: equal reports are equal bytes.
func written(t *testing.T, write func(io.Writer, *Report) error, make func() *Report) []byte {
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

// A broken writer's error reaches the caller of every format.
func TestWritersFail(t *testing.T) {
	r := mixed(t)
	for name, write := range map[string]func(io.Writer, *Report) error{
		"json": WriteJSON, "html": WriteHTML, "junit": WriteJUnit, "sarif": WriteSARIF,
		"dot":      func(w io.Writer, r *Report) error { return WriteDOT(w, "x", r.Results[0].LockOrder) },
		"svg":      func(w io.Writer, r *Report) error { return WriteSVG(w, "x", r.Results[0].LockOrder) },
		"order":    func(w io.Writer, r *Report) error { return WriteOrder(w, &r.Results[0], Style{}) },
		"baseline": func(w io.Writer, r *Report) error { return WriteBaseline(w, NewBaseline(r)) },
	} {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Skip("no /dev/full")
		}
		if err := write(full, r); err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("%s: %v", name, err)
		}
		full.Close()
	}
}

// tool finds a program or skips the test with the package to install.
func tool(t *testing.T, program, debianPackage string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("no %s: apt-get install %s", program, debianPackage)
	}
	return path
}
