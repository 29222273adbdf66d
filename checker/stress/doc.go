// Package stress runs the real driver under load: many goroutines, many domains, a seeded mix of
// calls, and faults on demand.
//
// What is done is recorded and checked by package linear. What the load itself can see is checked
// on the way: locks that are missing or held twice, objects that are used after they were freed or
// never freed, and hangs. A hang is not waited for: a watchdog finds the call that makes no
// progress and says who holds what, who waits for it and since when.
//
// What goes wrong outside of the driver is a finding as well, unless a fault that does this was
// asked for, and so is what a closed driver leaves behind.
//
//	r, err := stress.Run(ctx, stress.Options{Operations: 20000, Faults: stress.Faults()})
//
// The seed decides which calls each goroutine makes and how often faults strike, not how the
// goroutines interleave: a run that found something is likely, but not certain, to find it again.
// Package schedule is for certainty.
package stress
