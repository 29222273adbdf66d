//go:build !linux

package stress

// withoutDescriptors would need a limit that can be lowered and raised again.
func withoutDescriptors(do func()) { do() }
