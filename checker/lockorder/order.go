package lockorder

import (
	"cmp"
	"slices"
)

// classEdge counts the places at which one class is asked for under another.
type classEdge struct {
	from, to string
	weight   int
}

func (g *Graph) classEdges() []classEdge {
	weights := map[[2]string]int{}
	for _, n := range g.Nodes {
		weights[[2]string{n.Class, n.Class}] += 0
	}
	for _, e := range g.Edges {
		weights[[2]string{g.Nodes[e.From].Class, g.Nodes[e.To].Class}] += len(e.Witnesses)
	}
	var es []classEdge
	for k, w := range weights {
		es = append(es, classEdge{k[0], k[1], w})
	}
	slices.SortFunc(es, func(a, b classEdge) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	return es
}

// order arranges the classes so that the places whose edges point up are as few as can be: a
// topological order where there is one. It puts last, again and again, the class with the least
// weight of edges into what is left (Eades, Lin and Smyth's heuristic for feedback arcs, which is
// exact without cycles); ties go by name.
func order(edges []classEdge) []string {
	var classes []string
	for _, e := range edges {
		classes = append(classes, e.from)
	}
	slices.Sort(classes)
	classes = slices.Compact(classes)
	into := map[string]int{} // the weight into each class from what is left
	from := map[string][]classEdge{}
	for _, e := range edges {
		if e.from != e.to {
			into[e.to] += e.weight
			from[e.from] = append(from[e.from], e)
		}
	}
	var out []string
	for len(classes) > 0 {
		best := 0
		for i, c := range classes {
			if into[c] < into[classes[best]] {
				best = i
			}
		}
		for _, e := range from[classes[best]] {
			into[e.to] -= e.weight
		}
		out = append(out, classes[best])
		classes = slices.Delete(classes, best, best+1)
	}
	return out
}
