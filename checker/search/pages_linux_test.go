package search

import (
	"syscall"
	"testing"
	"unsafe"
)

// isMapped reports whether the first page of a memory is there.
func isMapped(at unsafe.Pointer) bool {
	var there [1]byte
	page := uintptr(at) &^ (uintptr(syscall.Getpagesize()) - 1)
	_, _, err := syscall.Syscall(syscall.SYS_MINCORE, page, 1, uintptr(unsafe.Pointer(&there[0])))
	return err != syscall.ENOMEM
}

// TestPagesAreGivenBack shows that what a set leaves behind when it grows, and what it has when it
// is closed, goes back to the system, and so does a segment of states.
func TestPagesAreGivenBack(t *testing.T) {
	const many = 2 * heapPages
	going := func() bool { return false }
	var a arena[[1]uint64]
	a.reserve()
	x, f := newIndex(&a, many), newFingerprints(many)
	steps := []struct {
		name string
		at   func() unsafe.Pointer
		ends func()
	}{
		{"an index that grows", func() unsafe.Pointer { return unsafe.Pointer(&x.entries[0]) }, func() { x.resize(2*many, 1, nil, going) }},
		{"an index", func() unsafe.Pointer { return unsafe.Pointer(&x.entries[0]) }, func() { x.close() }},
		{"fingerprints that grow", func() unsafe.Pointer { return unsafe.Pointer(&f.entries[0]) }, func() { f.resize(2*many, going) }},
		{"fingerprints", func() unsafe.Pointer { return unsafe.Pointer(&f.entries[0]) }, func() { f.close() }},
		{"states", func() unsafe.Pointer { return unsafe.Pointer(a.at(0)) }, func() { a.close() }},
	}
	for _, s := range steps {
		at := s.at()
		if !isMapped(at) {
			t.Errorf("%s: it is not there", s.name)
		}
		if s.ends(); isMapped(at) {
			t.Errorf("%s: it is still there", s.name)
		}
	}
}
