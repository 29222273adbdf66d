package schedule_test

import (
	"context"
	"fmt"

	"github.com/lockproof/lockproof/checker/schedule"
	"github.com/lockproof/lockproof/driver"
)

// Two threads that lock in opposite orders hang in one interleaving of two; the search finds it.
func ExampleSearch() {
	p := &schedule.Program{Threads: []string{"left", "right"}}
	p.New = func(rt driver.Runtime) schedule.Instance {
		a, b := rt.NewMutex("a"), rt.NewMutex("b")
		both := func(first, second driver.Mutex) func() {
			return func() {
				first.Lock()
				defer first.Unlock()
				second.Lock()
				defer second.Unlock()
			}
		}
		return schedule.Instance{Bodies: []func(){both(a, b), both(b, a)}, Permanent: []string{"a", "b"}}
	}
	result, err := schedule.Search(context.Background(), p, schedule.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Failure)
	// Output: deadlock (lock-order): left waits for b, which right holds; right waits for a, which left holds
	//   left holds a and waits for b, which right holds
	//   right holds b and waits for a, which left holds
	// replay: "1,2"
}

// The real driver keeps its rules, whatever the order of two queries and the death of QEMU.
func ExampleDriver() {
	threads, err := schedule.ParseThreads("query(vm1) x2, crash(vm1)")
	if err != nil {
		fmt.Println(err)
		return
	}
	p := schedule.Driver(schedule.DriverConfig{Threads: threads})
	result, err := schedule.Search(context.Background(), p, schedule.Options{Strategy: schedule.Exhaustive})
	fmt.Println(result.Failure, result.Complete, result.Runs, err)
	// Output: <nil> true 154 <nil>
}
