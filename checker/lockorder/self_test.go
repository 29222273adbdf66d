package lockorder_test

import (
	"testing"
	"testing/fstest"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/scenarios"
)

// TestWaitsForItself checks that a thread which waits for the end of its own job closes no cycle of
// locks: an edge from a job to itself is no order.
func TestWaitsForItself(t *testing.T) {
	suites, err := scenarios.LoadFS(t.Context(), fstest.MapFS{"s.yaml": {Data: []byte(`suite: s
protocol: libvirt-2011-04
source: |
  void own(virDomainObjPtr vm)
  {
      qemuDomainObjPrivatePtr priv = vm->privateData;
      virDomainObjLock(vm);
      if (qemuDomainObjBeginJob(vm) == 0) {
          virCondWait(&priv->jobCond, &vm->lock);
          qemuDomainObjEndJob(vm);
      }
      virDomainObjUnlock(vm);
  }
scenarios:
  - {name: only, threads: [own(vm1), own(vm1)], rules: ignore, expect: deadlock}
`)}}, "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	g, r := graphOf(t, suites[0].Scenarios[0], search.Options{})
	self := 0
	for _, e := range g.Edges {
		if e.From == e.To {
			self++
		}
	}
	if self != 1 || len(g.Cycles) != 0 || !r.Complete {
		t.Errorf("%d edges to themselves, cycles %+v, %s", self, g.Cycles, r.Verdict)
	}
}
