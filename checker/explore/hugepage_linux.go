package explore

import (
	"syscall"
	"unsafe"
)

// makeHuge makes a slice of n zeros that lies on huge pages, as far as the kernel agrees: the visited set is read at random, and with
// small pages most reads miss the TLB as well as the caches; and the first touch of a small page costs as much as that of a huge one. T must not
// hold pointers, and its size must be a multiple of 8.
func makeHuge[T any](n int64) []T {
	const huge = 2 << 20
	var t T
	size := n * int64(unsafe.Sizeof(t))
	if size < huge/2 {
		return make([]T, n)
	}
	whole := (size + huge - 1) / huge * huge
	words := make([]uint64, (whole+huge)/8)
	skip := (huge - uintptr(unsafe.Pointer(&words[0]))%huge) % huge
	start := unsafe.Add(unsafe.Pointer(&words[0]), skip)
	// It is advice: nothing depends on it but speed.
	_ = syscall.Madvise(unsafe.Slice((*byte)(start), whole), syscall.MADV_HUGEPAGE)
	return unsafe.Slice((*T)(start), n)
}
