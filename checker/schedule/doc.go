// Package schedule runs real concurrent code under a scheduler that decides every step.
//
// The code under test reaches locks, conditions, queues, goroutines, time and faults through a
// [driver.Runtime]. Here that runtime is a world of coroutines on one goroutine: a thread runs
// until it is about to do something that another thread could notice, and then a strategy says who
// goes on. So a run is a function of the decisions, a schedule is a value, and every failure can be
// replayed.
//
// # Steps
//
// The decisions are taken before: locking a mutex, going on after a wait, sending to and closing a
// queue, receiving from it, sleeping, a signal that has several waiters to choose from, and a fault
// that may strike. Everything else rides along with the step before it. That loses nothing.
// Releasing a lock can only enable others, and they can be chosen at the next decision. Variables
// and conditions are used with their mutex held, or the run ends with a missing-lock failure, so
// the order of the lock steps is the order of everything that they guard.
//
// A timed wait gives up only where the fault wait-timeout is enabled and strikes; it decides at the
// start of the wait whether it may, and gives up at any time if it has not been woken when it has
// its lock again. All other deadlines are infinite here: a run that only a deadline could continue
// is a hang.
//
// # Strategies
//
// [Exhaustive] tries one interleaving of each class of equivalent ones, [Plain] all of them,
// [Bounded] those with few preemptions, [Random] and [PCT] some. Only the first two prove anything,
// and only for the threads, faults and choices that they were given: no more than one fault a
// thread by default.
//
//	program := schedule.Driver(schedule.DriverConfig{Threads: threads})
//	result, err := schedule.Search(ctx, program, schedule.Options{Strategy: schedule.Exhaustive})
//	if result.Failure != nil {
//		fmt.Println(result.Failure) // ends in the schedule that replays it
//	}
//
// What is not checked: data races on plain memory (run the driver's own tests with -race), and
// behaviour of the Go runtime below the interface.
package schedule
