package scenarios_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/lockproof/lockproof/scenarios"
)

func ExampleLoadFS() {
	_, err := scenarios.LoadFS(context.Background(), fstest.MapFS{"demo.yaml": {Data: []byte(`suite: demo
protocol: mail-2009-10
scenarios:
  - name: a
    threads: [touch(vm1) x3, touch(vm1) lop]
    expect: deadlok
`)}}, "demo.yaml")
	fmt.Println(err)
	// Output:
	// demo.yaml:5:41: unexpected "lop" (after the call may stand `x3` and `loop`)
	// demo.yaml:6:13: "deadlok" is not a verdict (did you mean "deadlock"?)
}

func ExampleScenario_Program() {
	suites, err := scenarios.LoadFS(context.Background(), fstest.MapFS{"demo.yaml": {Data: []byte(`suite: demo
protocol: mail-2009-10
source: |
  void look(virDomainObjPtr vm)
  {
      virDomainObjLock(vm);
      touch(vm);
      virDomainObjUnlock(vm);
  }
scenarios:
  - {name: a, threads: [look(vm1) x2, look(vm2) loop], expect: ok}
`)}}, "demo.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := suites[0].Scenarios[0].Program(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, t := range p.Threads {
		fmt.Println(i+1, t.Name, t.Loop)
	}
	// Output:
	// 1 look(vm1) false
	// 2 look(vm1) false
	// 3 look(vm2) true
}
