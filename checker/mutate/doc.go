// Package mutate asks whether suites would notice a mistake in the helpers that they are about. It
// breaks the helpers by one small mistake at a time (package operator), and runs the scenarios on
// each of these mutants until one gives another answer than it expects.
//
// The scenarios of a mutant run in the order of their size, the smallest first, as the helpers
// without a mistake have it. A scenario that does not come to what is changed answers as before, so
// it is not run again. One that is not as expected before anything is changed judges nothing.
//
// A mutant that no scenario notices is Equivalent when in each of them it behaves as the original
// does: the two programs are branching bisimilar in what they show to those who keep to the locks.
// Whoever watches all locks, sleepers, wake-ups, broken rules and ends of threads, and all
// variables, but for those that a thread keeps from others by a lock while it goes on, sees no
// difference in any interleaving, so no expectation could tell the two apart. That is said of these
// scenarios, and not of all that could be written. What no scenario comes to is never called
// equivalent: it is Unreached. So the score is
//
//	found / (found + survived + unreached)
//
// Mutants that the front end refuses are Unbuilt; those of which a limit hides the answer are
// Undecided. Neither counts.
package mutate
