// Package stacks diagnoses stacks of threads: who waits for which lock, job or reply, who holds it,
// and whether that is a deadlock, a lock that was left locked, a QEMU that does not answer, another
// host, or nothing wrong.
//
// For what a thread waits is read from its innermost functions; what it holds follows from the
// protocol (libvirt/protocol). Pointers join both: a mutex lies inside of its object, and one
// object is seen as an argument of several functions. A thread is stuck if all that may let it go
// on are stuck; what remains of all waiting threads after those that somebody may release were
// taken out is deadlocked. A mutex whose owner was printed needs no protocol.
//
// Several dumps of one process are compared: who stands in the same function for the same reply in
// two dumps still waits, and who does not has got on.
package stacks
