//go:build linux || darwin || freebsd || netbsd || openbsd

package search

import (
	"syscall"
	"unsafe"
)

// hugePage is the size of a large page. The visited set is read at random, and with small pages
// most reads miss the TLB as well as the caches; and the first touch of a small page costs as much
// as that of a huge one.
const hugePage = 2 << 20

// mapPages asks the kernel for zeros that lie on huge pages, as far as it agrees. It returns nil
// when there is no memory.
func mapPages(size int64) (memory, mapped []byte) {
	whole := (size + hugePage - 1) / hugePage * hugePage
	mapped, err := syscall.Mmap(-1, 0, int(whole+hugePage), syscall.PROT_READ|syscall.PROT_WRITE,
		syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return nil, nil
	}
	skip := -uintptr(unsafe.Pointer(unsafe.SliceData(mapped))) % hugePage
	memory = mapped[skip : skip+uintptr(whole)]
	advise(memory)
	return memory, mapped
}

func unmapPages(mapped []byte) {
	if mapped != nil {
		_ = syscall.Munmap(mapped)
	}
}
