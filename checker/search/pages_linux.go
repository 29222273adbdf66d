package search

import "syscall"

// advise asks for huge pages. Nothing depends on it but speed.
func advise(memory []byte) { _ = syscall.Madvise(memory, syscall.MADV_HUGEPAGE) }
