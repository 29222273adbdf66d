// Package model is the protocol as a state machine: objects with locks, conditions and shared
// variables, threads that are control-flow graphs of steps, and the checks that every step must
// pass.
//
// A [Program] is what the C front end makes of a scenario: one automaton per thread, its nodes
// already specialised to the objects they act on, so that "which locks does this thread hold here"
// is a fact of the node and not of the state. A [Machine] is the same program compiled to guarded
// assignments on packed words: a step is a mask, a compare and an assignment, and allocates
// nothing.
//
// # Meaning
//
// One transition is one access of one thread to shared state. Local computation rides along with
// the step before it. A step checks first and acts afterwards: when a check fails, the step leads
// to an error state in which nothing else has changed and which has no successors. Mutexes are not
// recursive. A condition wait is two steps: release and enqueue, then re-acquire after a wake-up.
// An unref to zero frees the object and everything it owns; a later touch of any of it is a
// violation.
//
// The package imports nothing else of lockproof.
package model
