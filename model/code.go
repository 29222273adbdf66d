package model

// Code is the C that a program was made from, as far as somebody asks which of it was reached.
// A program from elsewhere has none.
type Code struct {
	// Places are what of the C a run can reach or miss, by number. Number 0 is no place.
	Places []Place
	// Paths are the places that local computation passes on the way along an edge, by [Edge.Path],
	// each ascending. Path 0 passes none.
	Paths [][]int32
	// Functions are those that some thread can call, and their own, in the order of their names.
	Functions []string
}

// A Place is a statement, a condition, or one of the ways on from a condition or a wait.
type Place struct {
	Kind     PlaceKind
	Function string
	Pos      Pos
	Text     string // the C of a statement or condition; of a way on, when it is taken
	// Of is the condition or statement of which this is a way on. 0: it is none.
	Of int32
	// Next is the first statement or condition on this way on. 0: there is none before another way
	// comes in.
	Next int32
}

// PlaceKind says what a place is.
type PlaceKind uint8

// The kinds of places.
const (
	Statement   PlaceKind = iota
	Condition             // one that is tested: of ?:, && and || each operand
	Branch                // a way on from a condition
	FaultBranch           // a way on from a wait that only a fault takes
)

// Offered finds the places of all edges, by number of the place: what some run may pass, as far as
// each thread goes on its own. The program must have code.
func (p *Program) Offered() []bool {
	paths := make([]bool, len(p.Code.Paths))
	mark := func(edges []Edge) {
		for i := range edges {
			paths[edges[i].Path] = true
		}
	}
	for t := range p.Threads {
		mark(p.Threads[t].Start)
		for n := range p.Threads[t].Nodes {
			for _, o := range p.Threads[t].Nodes[n].Out {
				mark(o.Next)
			}
		}
	}
	return p.Code.Passed(paths)
}

// Passed finds the places of some paths, by number of the place; paths are by [Edge.Path].
func (c *Code) Passed(paths []bool) []bool {
	passed := make([]bool, len(c.Places))
	for i, taken := range paths {
		if !taken {
			continue
		}
		for _, p := range c.Paths[i] {
			passed[p] = true
		}
	}
	return passed
}
