// Package linear records what happens to the domains of a driver and asks whether it can be
// explained.
//
// There are two layers of history. An [Operation] is an API call with its result; a [Job] is a job
// from the moment it is asked for to its end. A [Recorder] is the [driver.Observer] that writes
// both down, and [Write] and [Read] carry them as JSONL. A [Checker] holds each domain's operations
// against a sequential domain, and the jobs of each domain object against a slot that has one owner
// at a time:
//
//	r := linear.NewRecorder(linear.Monotonic())
//	d := driver.New(driver.Real(), driver.Options{Observe: r.Observe})
//	... // calls of many goroutines, then quiet
//	c := linear.NewChecker(linear.Options{})
//	c.Add(ctx, r.Drain())
//	report := c.Finish(ctx, true)
//
// Linearizability is decided just in time (Lowe 2017), window by window: what crosses a cut is the
// set of all situations in which the domain can be there, and for each the calls under way that
// have already taken effect. No explanation is lost, and none is added: the pieces are explained
// together exactly if the whole is. Porcupine judges what is left of a window that nothing
// explains, and draws it.
//
// However many clients there are on one domain, the recorded jobs say in which order they went: a
// call is first looked for while it had its job, which is a shorter time within its own, so an
// explanation of that is one of the history. Only if there is none do calls take effect whenever
// they may. That is exponential in the calls under way, as the problem is.
//
// A history may come from anywhere, so everything is bounded: what a line, a history between two
// cuts and all names take, what a window may take of time and memory, and what is kept of what was
// found. A bound on reading is a problem of the file; any other makes the verdict Unknown, and says
// which it was.
//
// A call that never returned may have taken effect at any time after its start, or never.
//
// What is not checked: relations between domains, the order of the list, and how long something
// took. A wait that expires though its domain had stopped long before, or a job that is refused
// though it was free most of the time, is explained by the moment in which it was not.
package linear
