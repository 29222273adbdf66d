// Package slice cuts real functions down to the protocol that they take part in, so that they can
// run as threads of a scenario.
//
// It takes a protocol, which is strict C with all types and helpers that count, and a tree of real
// source, which is not: its headers are absent and most of what it does has nothing to do with the
// protocol. Of each function it keeps
//
//   - calls of the protocol's helpers and of primitives, with those arguments that are known,
//   - calls of other functions of the tree that come to one of those, which are sliced as well,
//   - reads and writes of fields that the protocol's types have,
//   - the control flow around them, and locals that hold objects of the protocol or results.
//
// All else becomes a choice. A condition that is not known is 0 or 1; one that stands in several
// places of a function has one value there, until one of its operands is assigned or, where it
// reads memory, a call has been made that may let others change it. A call that touches nothing of
// the protocol gives any class of result: negative, zero or positive. What is left of a function
// has more behaviours than the function, never fewer, but for what [Slice.Left] lists: locks and
// calls that nothing is known about.
//
// What is kept stands where it stood: each position is one of the tree.
//
// Slicing in this sense is Weiser's (Program Slicing, 1981) with the calls of the protocol as the
// criterion; the choices are the abstraction of Ball and Rajamani's boolean programs (2000),
// without refinement.
package slice
