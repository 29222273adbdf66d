// Package clamp has a function that is tested, and one that is hardly tested.
package clamp

// To brings n into the range from 0 to top.
func To(n, top int) int {
	if n > top {
		return top
	}
	for n < 0 {
		n++
	}
	return n
}

// Sign is -1, 0 or 1.
func Sign(n int) int {
	if n < 0 {
		return -1
	}
	if n > 0 {
		return 1
	}
	return 0
}
