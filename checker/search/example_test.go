package search_test

import (
	"context"
	"fmt"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/scenarios"
)

func ExampleSearch() {
	suites, _ := scenarios.Library()
	scs, _ := scenarios.Find(context.Background(), suites, "exit-monitor-order:prose-order-with-rogue")
	program, _ := scs[0].Program(context.Background())

	r, _ := search.Search(context.Background(), program, search.Options{})
	fmt.Println(r.Verdict, r.Kind, r.Stats.States, "states")
	f := r.Findings[0]
	fmt.Println(f.Message)
	fmt.Println(len(f.Trace.Steps), "steps:", search.ScheduleOf(&f.Trace))
	// Output:
	// deadlock lock-order 95 states
	// T1 docexit(vm1) waits for vm1.lock, held by T2; T2 rogue(vm1) waits for vm1.mon.lock, held by T1
	// 12 steps: 1*8,2*3,1
}
