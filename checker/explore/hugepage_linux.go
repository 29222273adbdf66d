package explore

import (
	"syscall"
	"unsafe"
)

// preferHugePages asks the kernel to back a large, untouched slice with huge pages: the visited set is read at random, and with small
// pages most reads miss the TLB as well as the caches. It is advice: nothing depends on it but speed.
func preferHugePages[T any](s []T) {
	const huge = 2 << 20
	var t T
	size := uintptr(len(s)) * unsafe.Sizeof(t)
	if size < 2*huge {
		return
	}
	start := uintptr(unsafe.Pointer(&s[0]))
	skip := (huge - start%huge) % huge
	length := (size - skip) / huge * huge
	if length == 0 {
		return
	}
	_ = syscall.Madvise(unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(&s[0]), skip)), length), syscall.MADV_HUGEPAGE)
}
