//go:build !(linux || darwin || freebsd || netbsd || openbsd)

package search

// mapPages takes from the heap where the system cannot map memory.
func mapPages(size int64) (memory, mapped []byte) { return make([]byte, size), nil }

func unmapPages([]byte) {}
