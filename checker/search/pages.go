package search

import "unsafe"

// pages is memory for the visited set. A large one lies outside of Go's heap, so that it costs no
// more than what is touched of it and is gone as soon as it is given back: a heap keeps what is
// dead until its next collection, and may be twice as large by then. T must not hold pointers.
type pages[T any] struct {
	items  []T
	mapped []byte // nil: the heap's
}

// heapPages is up to how many bytes the heap serves: searches of small programs should not ask the
// kernel.
const heapPages = 1 << 20

// newPages is memory for n items, all zero. ok is false when there is none.
func newPages[T any](n int64) (p pages[T], ok bool) {
	var t T
	size := n * int64(unsafe.Sizeof(t))
	if size <= heapPages {
		return pages[T]{items: make([]T, n)}, true
	}
	memory, mapped := mapPages(size)
	if memory == nil {
		return p, false
	}
	return pages[T]{unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(memory))), n), mapped}, true
}

// free gives the memory back. Nobody may look at it any more.
func (p *pages[T]) free() {
	unmapPages(p.mapped)
	p.items, p.mapped = nil, nil
}
