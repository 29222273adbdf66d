package trial

import (
	"fmt"
	"syscall"
)

// LimitMemory bounds the address space of this process and of each that it starts: a mutant that
// never stops growing fails, and does not take the machine with it.
func LimitMemory(bytes uint64) error {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_AS, &l); err != nil {
		return fmt.Errorf("limit memory: %w", err)
	}
	l.Cur = min(bytes, l.Max)
	if err := syscall.Setrlimit(syscall.RLIMIT_AS, &l); err != nil {
		return fmt.Errorf("limit memory: %w", err)
	}
	return nil
}
