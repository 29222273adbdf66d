package lockorder

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"

	"github.com/lockproof/lockproof/checker/explore"
	"github.com/lockproof/lockproof/model"
)

// A Status says whether a cycle of the graph can close.
type Status string

// The statuses of a cycle.
const (
	Real    Status = "real"    // a reachable state closes it
	Guarded Status = "guarded" // no reachable state does
	Unknown Status = "unknown" // a limit was hit before the search could tell
)

// A Cycle is a cycle of the lock-order graph, settled.
type Cycle struct {
	Path   []int // indices of Graph.Nodes; the last leads back to the first
	Status Status
	Guard  string // of a guarded cycle: what makes it impossible
	// Closing is who waits for what in the state that closes a real cycle, and Trace a shortest way there.
	Closing []Closing
	Trace   explore.Trace
}

// A Closing is one thread of a closed cycle.
type Closing struct {
	Thread   int
	Name     string
	Waits    string // the lock or job for which it waits
	HolderOf string // the one that it holds and the thread before it in the cycle waits for
}

// settle lists the cycles: every one that the search saw closed, and one shortest cycle for each strongly connected component
// in which none was. The thread that waits for a resource of a closed cycle holds the one before it, so the order of waits is
// the order of the edges.
func (g *Graph) settle(p *model.Program, r *explore.Result) {
	components := g.components()
	settled := make([]bool, len(components))
	resources := p.Resources()
	for _, wc := range r.WaitCycles {
		c := Cycle{Status: Real, Trace: wc.Trace}
		for i, w := range wc.Waits {
			before := wc.Waits[(i+len(wc.Waits)-1)%len(wc.Waits)]
			c.Path = append(c.Path, g.node(resources[w.Resource].Name))
			c.Closing = append(c.Closing, Closing{
				Thread: w.Thread, Name: p.Threads[w.Thread].Name,
				Waits: resources[w.Resource].Name, HolderOf: resources[before.Resource].Name,
			})
		}
		for i, comp := range components {
			if slices.Contains(comp, c.Path[0]) {
				settled[i] = true
			}
		}
		g.Cycles = append(g.Cycles, g.rotated(c))
	}
	for i, comp := range components {
		if settled[i] {
			continue
		}
		c := Cycle{Path: g.shortestCycle(comp), Status: Guarded}
		if !g.Complete {
			c.Status = Unknown
		} else {
			c.Guard = g.guard(c.Path)
		}
		g.Cycles = append(g.Cycles, g.rotated(c))
	}
}

func (g *Graph) node(name string) int {
	return slices.IndexFunc(g.Nodes, func(n Node) bool { return n.Name == name })
}

// rotated makes a cycle begin with its lowest node.
func (g *Graph) rotated(c Cycle) Cycle {
	i := slices.Index(c.Path, slices.Min(c.Path))
	c.Path = append(slices.Clone(c.Path[i:]), c.Path[:i]...)
	return c
}

// components lists the strongly connected components with a cycle, each ascending, by their first node.
func (g *Graph) components() [][]int {
	d := simple.NewDirectedGraph()
	for i := range g.Nodes {
		d.AddNode(simple.Node(i))
	}
	for _, e := range g.Edges {
		if e.From != e.To { // gonum's simple graphs have no loops; a lock asked for by its holder is a violation of its own
			d.SetEdge(d.NewEdge(simple.Node(e.From), simple.Node(e.To)))
		}
	}
	var out [][]int
	for _, scc := range topo.TarjanSCC(d) {
		if len(scc) < 2 {
			continue
		}
		var comp []int
		for _, n := range scc {
			comp = append(comp, int(n.ID()))
		}
		slices.Sort(comp)
		out = append(out, comp)
	}
	slices.SortFunc(out, func(a, b []int) int { return cmp.Compare(a[0], b[0]) })
	return out
}

// shortestCycle finds a shortest cycle within a component, by breadth-first search from each of its nodes.
func (g *Graph) shortestCycle(comp []int) []int {
	var best []int
	for _, start := range comp {
		from := map[int]int{start: -1}
		queue := []int{start}
		for len(queue) > 0 {
			n := queue[0]
			queue = queue[1:]
			for _, e := range g.Edges {
				if e.From != n || !slices.Contains(comp, e.To) || e.To == n {
					continue
				}
				if e.To == start {
					var path []int
					for at := n; at >= 0; at = from[at] {
						path = append(path, at)
					}
					slices.Reverse(path)
					if best == nil || len(path) < len(best) {
						best = path
					}
					queue = nil
					break
				}
				if _, seen := from[e.To]; !seen {
					from[e.To] = n
					queue = append(queue, e.To)
				}
			}
		}
	}
	return best
}

// guard explains why no state closes a cycle: two of its edges exclude each other.
func (g *Graph) guard(path []int) string {
	for i := range path {
		for j := i + 1; j < len(path); j++ {
			a, b := g.cycleEdge(path, i), g.cycleEdge(path, j)
			if text := g.excludes(a, b, path); text != "" {
				return text
			}
		}
	}
	return "no reachable state closes it: its edges are never in force at once, though no single lock or job is the reason"
}

func (g *Graph) cycleEdge(path []int, i int) *Edge { return g.edge(path[i], path[(i+1)%len(path)]) }

// excludes says what keeps two edges from being in force at once: all pairs of their witnesses hold a common lock or
// job, or are the same thread.
func (g *Graph) excludes(a, b *Edge, path []int) string {
	common := map[string]int{}
	pairs, same := 0, 0
	for _, x := range a.Witnesses {
		for _, y := range b.Witnesses {
			pairs++
			if x.Thread == y.Thread {
				same++
				continue
			}
			for _, h := range x.Holding {
				if slices.Contains(y.Holding, h) {
					common[h]++
				}
			}
		}
	}
	edges := fmt.Sprintf("%s -> %s and %s -> %s", g.Nodes[a.From].Name, g.Nodes[a.To].Name, g.Nodes[b.From].Name, g.Nodes[b.To].Name)
	if same == pairs {
		return fmt.Sprintf("it needs one thread twice: %s are both only drawn by %s", edges, a.Witnesses[0].Name)
	}
	var names []string
	for name := range common {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if common[name]+same == pairs {
			what := "lock"
			if n := g.node(name); n >= 0 && g.Nodes[n].Job {
				what = "job"
			}
			return fmt.Sprintf("the %s %s: %s only ever happen to its owner, and it has one at a time", what, name, edges)
		}
	}
	return ""
}
