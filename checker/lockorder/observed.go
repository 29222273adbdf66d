package lockorder

import (
	"cmp"
	"slices"
)

// A Seen is one place at which a lock of a class was seen to be asked for while another one was
// held.
type Seen struct {
	From, To string // classes
	// FromReads and ToReads say that the one is held, or the other asked for, as a reader.
	FromReads, ToReads bool
	FromSite, ToSite   string // where the one was taken, and where the other was asked for
}

// Observed builds the graph by class of what was seen at run time, from the places without
// repetitions. An edge for each pair of classes has a witness for each place: its Operation is
// where the lock was asked for, its Name where the other was taken. Whether a cycle can close is
// not known: its status is [Unknown]. Nested locks of one class are an edge, and no cycle.
func Observed(all []Seen) *Graph {
	g := &Graph{}
	add := func(class string) {
		if g.node(class) < 0 {
			g.Nodes = append(g.Nodes, Node{Name: class, Class: class})
		}
	}
	for _, s := range all {
		add(s.From)
		add(s.To)
	}
	slices.SortFunc(g.Nodes, func(a, b Node) int { return cmp.Compare(a.Name, b.Name) })
	edges := map[[2]int]*Edge{}
	for _, s := range all {
		key := [2]int{g.node(s.From), g.node(s.To)}
		if edges[key] == nil {
			edges[key] = &Edge{From: key[0], To: key[1]}
		}
		holding := s.From
		if s.FromReads {
			holding += reading
		}
		edges[key].Witnesses = append(edges[key].Witnesses, Witness{
			Name: s.FromSite, Operation: s.ToSite, Holding: []string{holding}, alone: []bool{!s.FromReads}, reads: s.ToReads,
		})
	}
	for _, e := range edges {
		slices.SortFunc(e.Witnesses, func(a, b Witness) int {
			return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Operation, b.Operation),
				slices.Compare(a.Holding, b.Holding))
		})
		g.Edges = append(g.Edges, *e)
	}
	g.sortEdges()
	g.Order = order(g.classEdges())
	g.markUp()
	for _, comp := range g.components() {
		g.Cycles = append(g.Cycles, g.rotated(Cycle{Path: g.shortestCycle(comp), Status: Unknown}))
	}
	return g
}
