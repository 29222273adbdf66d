//go:build !linux

package explore

// preferHugePages does nothing where the kernel cannot be asked.
func preferHugePages[T any]([]T) {}
