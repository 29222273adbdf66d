//go:build linux || darwin || freebsd || netbsd || openbsd

package search

import "testing"

// TestNoPages asks for more memory than any machine has.
func TestNoPages(t *testing.T) {
	if p, ok := newPages[uint64](1 << 56); ok || p.items != nil {
		t.Error("there are so many pages")
	}
	p, ok := newPages[uint64](heapPages) // which is more than the heap serves
	if !ok || len(p.items) != heapPages || p.mapped == nil {
		t.Fatal("there are no pages")
	}
	p.items[0], p.items[heapPages-1] = 1, 2
	p.free()
}
