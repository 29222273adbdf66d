// Package conform compares the real driver with the model, step for step and in both directions.
//
// The threads of a scenario run twice: as automata in the [model.Machine], and as interpreted C
// whose helper calls go to the driver, on a [driver.Runtime] that is cut into the model's steps.
// For every reachable state of the machine the driver is brought there by a shortest schedule, by
// executing it from the start, and compared: what each thread is about to do and to what, whether
// and in how many ways it can, who holds each lock, who sleeps on each condition, and what is to be
// seen of each domain: job, references, list, QEMU. Then every step is taken on both sides, and
// what comes of it is compared again, known states included; a step that breaks rules must break
// one of the same. So the driver does nothing that the model forbids, and the model does nothing
// that the driver never shows: the relation is a bisimulation, provided that the driver's state is
// a function of the model's, of which every transition is a test and no proof.
//
// In the library's scenarios the driver's own calls run, and the event goroutine of a domain, from
// its first look at QEMU to the end of the domain, in the place of the C that says what they do
// (daemon.c): there the whole of the driver is compared, and not its helpers alone. A QEMU that
// dies, stops and goes, a definition that comes and goes, and who waits for the end are among them;
// to start a domain once more is not, for a model has the monitors that it has from the start.
//
// Where a body chooses (nondet), the model's choices are made on both sides: of ways that meet
// again, those of one.
//
// The driver has the protocol of today. Scenarios of an old protocol are compared with its helpers
// in Go, which are in package era: that holds the C front end and the model against a second
// reading of the same C, and says nothing of the driver.
//
// What the model does not have rides along with the step before it: the driver's own variables,
// whose guards count all the same, and all of a command but its beginning. What a helper returns is
// held against what it did. A command is answered while it is sent. What happens while QEMU lets a
// caller wait is beyond the mail's model; package schedule looks at that.
package conform
