package stress

import "unsafe"

// goroutineLabels is where the labels are that runtime/pprof attached to the running goroutine.
// Each goroutine of a load has a label of its own, so this tells them apart in 2 ns. The official
// way, parsing runtime.Stack, takes 6 µs, and a call of the driver locks some twenty times: the
// load would be mostly about its own bookkeeping. The Go runtime keeps the name for outside use.
//
//go:linkname goroutineLabels runtime/pprof.runtime_getProfLabel
func goroutineLabels() unsafe.Pointer

// identity tells goroutines apart; 0 is one that is not part of a load.
func identity() uintptr { return uintptr(goroutineLabels()) }
