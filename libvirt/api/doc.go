// Package api reads what clients of libvirt saw, a call a line, and asks whether some order of the
// calls explains it.
//
// A line is a JSON object: the client, what it called for which domain, from when to when, and what
// came of it (see [Call]). Each domain is one sequential object. What it is like after a call need
// not be certain: a guest may be started paused, a device may or may not be gone after it was
// detached, and nobody knows what there was before the first line. So the object is a set of states
// ([states]), and a call makes of it the set of all states that it may lead to; one that can lead
// to none has no explanation there.
//
// Calls of libvirt are not atomic. A dump pauses the guest and lets it go on, which others see; a
// guest that is killed still answers for a while. A call with several effects is several steps in
// order, within the time of the call, and what the daemon does between them by itself is part of
// every step ([settle]).
//
// An error is a result like any other: it has to be true at some moment of the call. One that says
// nothing about the domain is passed over. A call that timed out, or whose connection was lost, or
// that has no end in the file, may have taken effect at any time since its start, or never.
//
// The facts are those of libvirt 9.0.0's QEMU driver, and hold for the releases since 1.2.
package api
