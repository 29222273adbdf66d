package stress

import (
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"syscall"
)

var descriptors sync.Mutex

// withoutDescriptors does something while this process may open a few files, or none. What is open
// stays so. Meanwhile the whole process is short of them, and what it starts.
func withoutDescriptors(do func()) {
	descriptors.Lock()
	defer descriptors.Unlock()
	defer limitDescriptors()()
	do()
}

// limitDescriptors returns what makes it undone. Without /proc nothing is limited.
func limitDescriptors() (undo func()) {
	open, err := os.ReadDir("/proc/self/fd")
	var was syscall.Rlimit
	if err != nil || syscall.Getrlimit(syscall.RLIMIT_NOFILE, &was) != nil {
		return func() {}
	}
	last := 0
	for _, f := range open {
		n, _ := strconv.Atoi(f.Name())
		last = max(last, n)
	}
	low := was
	low.Cur = uint64(last) + rand.Uint64N(8) // the last one was that of the directory
	if syscall.Setrlimit(syscall.RLIMIT_NOFILE, &low) != nil {
		return func() {}
	}
	return func() { syscall.Setrlimit(syscall.RLIMIT_NOFILE, &was) }
}
