package main

import (
	"fmt"
	"runtime"
)

// checkWorkers refuses numbers for --workers of which no machine has any use: each worker costs
// memory.
func checkWorkers(n int) error {
	if most := max(256, 4*runtime.NumCPU()); n > most {
		return fmt.Errorf("--workers must be at most %d here, not %d", most, n)
	}
	if n < 1 {
		return fmt.Errorf("--workers must be at least 1, not %d", n)
	}
	return nil
}
