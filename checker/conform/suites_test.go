package conform_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lockproof/lockproof/checker/conform"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/scenarios"
)

var suites = flag.Int("suites", 40, "how many random suites to compare")

// The library's threads behave, most of them, and there are few of them. These are bodies that
// behave, with statements left out, put in and swapped: what is done without a lock, twice, in
// another order, or after a refusal, under every protocol and every fault.
var sound = [][]string{
	{
		"qemuDriverLock(driver);", "o = virDomainFindByUUID(&driver->domains, vm);", "if (!o) { qemuDriverUnlock(driver); return; }",
		"qemuDriverUnlock(driver);", "n = qemuDomainObjBeginJob(vm);", "if (n < 0) { virDomainObjUnlock(vm); return; }",
		"qemuDomainObjEnterMonitor(vm);", "qemuMonitorCommand(priv->mon);", "qemuDomainObjExitMonitor(vm);", "qemuDomainObjEndJob(vm);",
		"virDomainObjUnlock(vm);",
	},
	{
		"qemuDriverLock(driver);", "o = virDomainFindByUUID(&driver->domains, vm);", "if (!o) { qemuDriverUnlock(driver); return; }",
		"n = qemuDomainObjBeginJobWithDriver(driver, vm);", "if (n < 0) { virDomainObjUnlock(vm); qemuDriverUnlock(driver); return; }",
		"qemuDriverUnlock(driver);", "qemuDomainObjEnterMonitor(vm);", "qemuMonitorCommand(priv->mon);", "qemuDomainObjExitMonitor(vm);",
		"qemuDomainObjEndJob(vm);", "virDomainObjUnlock(vm);",
	},
	{
		"qemuDriverLock(driver);", "o = virDomainFindByUUID(&driver->domains, vm);", "if (o) virDomainRemoveInactive(&driver->domains, vm);",
		"qemuDriverUnlock(driver);",
	},
	{
		"qemuMonitorLock(priv->mon);", "qemuMonitorCommand(priv->mon);", "qemuMonitorUnlock(priv->mon);", "virDomainObjLock(vm);", "touch(vm);",
		"virDomainObjUnlock(vm);",
	},
}

var statements = []string{
	"qemuDriverLock(driver);", "qemuDriverUnlock(driver);", "virDomainObjLock(vm);", "virDomainObjUnlock(vm);", "virDomainObjRef(vm);",
	"virDomainObjUnref(vm);", "n = virDomainObjRef(vm);", "n = virDomainObjUnref(vm);", "touch(vm);", "qemuMonitorLock(priv->mon);",
	"qemuMonitorUnlock(priv->mon);", "qemuMonitorCommand(priv->mon);", "n = qemuDomainObjBeginJob(vm);",
	"n = qemuDomainObjBeginJobWithDriver(driver, vm);", "qemuDomainObjEndJob(vm);", "qemuDomainObjEnterMonitor(vm);",
	"qemuDomainObjExitMonitor(vm);", "n = virDomainObjIsActive(vm);", "requires(held(&vm->lock));", "check(no_job, !held(&driver->lock));",
	"if (nondet()) touch(vm);", "n = nondet() ? n : nondet();", "n = virDomainObjIsActive(vm);", "n = qemuMonitorCommand(priv->mon);",
	"if (n > 0) touch(vm);", "if (n == 2) { n = 0; } else { touch(vm); }",
}

// body is the text of a thread. Today's monitors count who is inside, which no C does, so there
// nobody enters or leaves one in another way than a sound body.
func body(r *rand.Rand, protocol string) string {
	ofMonitor := func(s string) bool { return protocol == "today" && strings.Contains(s, "Monitor(") }
	b := slices.Clone(sound[r.IntN(len(sound))])
	for range []int{0, 1, 1, 2, 3}[r.IntN(5)] {
		i := r.IntN(len(b))
		switch k, s := r.IntN(len(b)), statements[r.IntN(len(statements))]; r.IntN(5) {
		case 0, 1:
			if !ofMonitor(b[i]) {
				b = slices.Delete(b, i, i+1)
			}
		case 2, 3:
			if !ofMonitor(s) {
				b = slices.Insert(b, i, s)
			}
		default:
			if !ofMonitor(b[i]) && !ofMonitor(b[k]) {
				b[i], b[k] = b[k], b[i]
			}
		}
		if len(b) == 0 {
			b = append(b, "touch(vm);")
		}
	}
	return strings.Join(b, " ")
}

// suite is a suite of scenarios with one to three threads.
func suite(r *rand.Rand) fstest.MapFS {
	protocol := conform.Protocols()[r.IntN(len(conform.Protocols()))]
	var c, y strings.Builder
	fmt.Fprintf(&y, "suite: random\nprotocol: %s\nsources: [bodies.c]\nscenarios:\n", protocol)
	for k := range 6 {
		var threads []string
		for j := range 1 + r.IntN(3) {
			f := fmt.Sprintf("f%d_%d", k, j)
			fmt.Fprintf(&c, `void %s(virDomainObjPtr vm)
{
    int n = 0;
    virDomainObjPtr o = NULL;
    qemuDomainObjPrivatePtr priv = vm->privateData;
    %s
    if (o || n || priv)
        return;
}
`, f, body(r, protocol))
			faults := [][]string{{}, {}, {"wait-timeout"}, {"wait-timeout", "signal-stolen"}, {"signal-stolen", "spurious-wakeup"}}[r.IntN(5)]
			threads = append(threads, fmt.Sprintf("{run: %s(vm%d), faults: [%s]}", f, 1+r.IntN(4)/3, strings.Join(faults, ", ")))
		}
		rules := []string{"ignore", "enforce"}[r.IntN(2)]
		faults := []string{"", "", "domain-death"}[r.IntN(3)]
		if protocol == "today" { // its QEMUs die where the library's daemon.c lets them
			faults = ""
		}
		fmt.Fprintf(&y, "  - {name: c%d, threads: [%s], faults: [%s], rules: %s, expect: ok, why: random}\n", k,
			strings.Join(threads, ", "), faults, rules)
	}
	return fstest.MapFS{"suite.yaml": {Data: []byte(y.String())}, "bodies.c": {Data: []byte(c.String())}}
}

// TestRandomSuites compares driver and model on threads that misbehave.
func TestRandomSuites(t *testing.T) {
	compared, states := 0, int64(0)
	for seed := range *suites {
		files := suite(rand.New(rand.NewPCG(uint64(seed), 11)))
		loaded, err := scenarios.LoadFS(t.Context(), files, ".")
		if err != nil {
			t.Fatal(err)
		}
		for _, sc := range loaded[0].Scenarios {
			c, err := conform.FromScenario(t.Context(), sc)
			var ds syntax.Diagnostics
			if errors.As(err, &ds) {
				continue // a function that does not return, and its like
			} else if err != nil {
				t.Fatal(err)
			}
			r, err := conform.Compare(t.Context(), c, conform.Options{MaxStates: 1500})
			if err != nil {
				t.Fatal(err)
			}
			if r.Mismatch != nil {
				t.Errorf("suite %d, %s: %v\nafter %s", seed, sc.Name, r.Mismatch, r.Mismatch.Schedule)
				t.Logf("%s\n%s", files["suite.yaml"].Data, files["bodies.c"].Data)
			}
			compared++
			states += r.States
		}
	}
	t.Logf("%d scenarios compared, %d states", compared, states)
	if compared < 4**suites {
		t.Errorf("only %d scenarios could be compared", compared)
	}
}
