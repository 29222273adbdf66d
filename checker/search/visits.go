package search

import "github.com/lockproof/lockproof/model"

// visits is where a search has been.
type visits struct {
	nodes [][]bool // by thread; nil where nobody asks
	taken []bool   // by rule: some state takes the step
}

func newVisits[S model.Words](m *model.Machine[S], nodes bool) visits {
	v := visits{taken: make([]bool, m.Rules())}
	if !nodes {
		return v
	}
	for t := range m.Program.Threads {
		v.nodes = append(v.nodes, make([]bool, len(m.Program.Threads[t].Nodes)))
	}
	return v
}

// add joins where another has been.
func (v *visits) add(other visits) {
	either(v.taken, other.taken)
	for t := range v.nodes {
		either(v.nodes[t], other.nodes[t])
	}
}

// either sets in a what is set in b.
func either(a, b []bool) {
	for i, set := range b[:min(len(a), len(b))] {
		a[i] = a[i] || set
	}
}

// visits joins where all workers have been. Where a search visited one state for all that an
// exchange of threads makes of it, the threads have all been where one of them was.
func (s *search[S]) visits() visits {
	all := newVisits(s.m, s.graph != nil)
	for _, w := range s.workers {
		all.add(w.visits)
	}
	if s.reduce.symmetry != nil {
		s.mirror(all.taken)
	}
	return all
}

// mirror takes the steps of exchanged threads for each other's. Their rules stand in the same
// order, but for the threads that a signal wakes, of which no path tells.
func (s *search[S]) mirror(taken []bool) {
	byThread := make([][]bool, len(s.m.Program.Threads))
	for rule := range taken {
		t := s.m.ThreadOf(int32(rule))
		first := rule - len(byThread[t]) // the rules of a thread stand together
		byThread[t] = taken[first : rule+1]
	}
	mirrors := s.reduce.symmetry.Mirrors()
	for range 2 { // what a group of one object has seen, those of equal objects have, and back
		for _, same := range mirrors {
			for _, t := range same[1:] {
				either(byThread[same[0]], byThread[t])
			}
			for _, t := range same[1:] {
				either(byThread[t], byThread[same[0]])
			}
		}
	}
}

// takenPaths finds the paths of the program's code that were taken, the ways into the threads
// included.
func (s *search[S]) takenPaths(taken []bool) []bool {
	p := s.m.Program
	if p.Code == nil {
		return nil
	}
	paths := make([]bool, len(p.Code.Paths))
	for t := range p.Threads {
		for _, e := range p.Threads[t].Start {
			paths[e.Path] = true
		}
	}
	for rule, yes := range taken {
		if yes {
			paths[s.m.Step(int32(rule)).Path] = true
		}
	}
	return paths
}
