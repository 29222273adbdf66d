// Package lower turns a scenario in C into a [model.Program]: it resolves types, instantiates the
// objects that the threads' arguments name, and runs every thread symbolically over its own local
// state.
//
// A thread's automaton is found by partial evaluation. A node is a point in front of an access to
// shared state together with everything the thread knows there: the call stack, the values of its
// live locals, what it holds. Local computation is carried out while lowering, so between two nodes
// nothing is left of it; a value that is read from shared state forks the thread, once for every
// value that the variable can take. Which values those are, and which fields are ever assigned (the
// others are constants, free to read), is found by lowering again until nothing changes.
//
// A check whose condition does not hold is a step that fails; what the condition reads of shared
// state are steps before it. Whether a thread holds a lock or a job it knows itself, so held is
// local computation.
//
// Functions are inlined by this construction, recursion as deep as [maxRecursion]. Pointers are
// exact, those to functions as well: there is no aliasing to approximate, for every object exists
// from the start, those that threads allocate in pools.
package lower
