// Package starvation asks whether somebody can be passed over for ever, though no rule is broken
// and every thread could finish: the liveness of a program, under a fair scheduler.
//
// The counterexample is a lasso: a way to a state, and a loop that leads back to that state and may
// be repeated for ever. Whether a loop counts depends on the scheduler. Under weak fairness
// (justice) a thread that can go on all the time takes a step sooner or later; under strong
// fairness (compassion) one that can go on again and again does. So with strong fairness nobody
// waits for ever for a mutex that others let go again and again, and with weak fairness somebody
// may. Of what happens and must not, such as a spurious wake-up or a stolen signal, there is never
// an end without an end: no loop contains any.
//
// Two properties can be asked for. [model.Completion]: each thread, wherever it stands, finishes or
// completes its round. [model.Progress]: somebody does, again and again; its counterexamples are
// livelocks. And [Result.Bypasses] tells how often a thread that waits for a job is overtaken at
// most.
//
// The search is exact. It keeps the whole graph of states, without reductions: they keep deadlocks
// and violations, but not loops and not who can go on. A fair loop is found as a strongly connected
// component that gives every thread what fairness promises it (Lichtenstein and Pnueli, Checking
// that finite state concurrent programs satisfy their linear specification, POPL 1985); for strong
// fairness what a component cannot give is taken out of it and the rest is looked at again. The
// time is linear in the graph for each thread that nothing mirrors, and times the number of threads
// for strong fairness at worst. The memory is about 100 bytes a state and 8 a transition.
package starvation
