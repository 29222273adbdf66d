// Package vocabulary says what the functions mean that C code calls and does not define: libvirt's
// names of every era, the pthread names, messages, and the few of our own (check, requires, assert,
// held, self, nondet).
//
// It is one table, [Lookup], and it is data: which effect a call has, what each argument is, what
// comes back, and what a reader may do who does not carry the call out. The front end lowers by it,
// the interpreter passes calls over by it, flow graphs leave arguments alone by it. A name that is
// neither here nor defined in C is unknown, which is an error in strict code.
//
// A definition in C comes before the table only for messages: the others are primitives and cannot
// be defined.
package vocabulary
