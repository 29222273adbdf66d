//go:build !linux

package explore

// makeHuge makes a slice of n zeros. Only on Linux it asks for huge pages.
func makeHuge[T any](n int64) []T { return make([]T, n) }
