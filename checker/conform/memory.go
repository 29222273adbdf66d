package conform

import "unsafe"

// bytes is what the states of a walk take, about: the list and the set of them, half as much again
// while these grow, and as much as all that until the garbage is collected.
func (k *walk[S]) bytes() int64 {
	var v visit[S]
	var s S
	each := int64(unsafe.Sizeof(v)) + 2*int64(unsafe.Sizeof(s)+1)
	return 3 * each * int64(len(k.states)+len(k.broken))
}
