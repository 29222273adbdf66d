package starvation

import "github.com/lockproof/lockproof/model"

// A region divides the states of a graph into parts. Edges count that stay in one part, and that a
// question allows.
type region[S model.Words] struct {
	*graph[S]
	allows func(edge) bool
	part   []int32 // by state: the number of its part; 0 is none
	parts  int32
	finder components
}

func newRegion[S model.Words](g *graph[S], allows func(edge) bool) *region[S] {
	n := len(g.states)
	r := &region[S]{graph: g, allows: allows, part: make([]int32, n)}
	r.finder = components{
		degree: func(s int32) int { return len(g.out(s)) },
		head: func(s int32, i int) int32 {
			if e := g.out(s)[i]; r.has(s, e) {
				return e.to
			}
			return -1
		},
		order: make([]int32, n),
		low:   make([]int32, n),
	}
	return r
}

// has reports whether an edge of a state counts.
func (r *region[S]) has(s int32, e edge) bool { return r.part[e.to] == r.part[s] && r.allows(e) }

// fresh is the number of a new part.
func (r *region[S]) fresh() int32 {
	r.parts++
	return r.parts
}

// inside calls f with every edge of a state that counts.
func (r *region[S]) inside(s int32, f func(edge)) {
	for _, e := range r.out(s) {
		if r.has(s, e) {
			f(e)
		}
	}
}

// loops reports whether there is a loop in a component.
func (r *region[S]) loops(component []int32) bool {
	if len(component) > 1 {
		return true
	}
	for _, e := range r.out(component[0]) {
		if e.to == component[0] && r.allows(e) {
			return true
		}
	}
	return false
}
