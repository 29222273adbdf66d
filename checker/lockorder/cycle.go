package lockorder

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"

	"github.com/lockproof/lockproof/checker/search"
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
	// Closing is who waits for what in the state that closes a real cycle, and Trace a shortest way
	// there.
	Closing []Closing
	Trace   search.Trace
}

// A Closing is one thread of a closed cycle.
type Closing struct {
	Thread   int
	Name     string
	Waits    string // the lock or job for which it waits
	HolderOf string // the one that it holds and the thread before it in the cycle waits for
}

// settle lists the cycles: every one that the search saw closed, and one shortest cycle for each
// strongly connected component in which none was. The thread that waits for a resource of a closed
// cycle holds the one before it, so the order of waits is the order of the edges.
func (g *Graph) settle(p *model.Program, r *search.Result) {
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

// components lists the strongly connected components with a cycle, each ascending, by their first
// node.
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

// shortestCycle finds a shortest cycle within a component, by breadth-first search from each of its
// nodes.
func (g *Graph) shortestCycle(comp []int) []int {
	in := make([]bool, len(g.Nodes))
	for _, n := range comp {
		in[n] = true
	}
	next := make([][]int, len(g.Nodes))
	for _, e := range g.Edges {
		if in[e.From] && in[e.To] && e.From != e.To {
			next[e.From] = append(next[e.From], e.To)
		}
	}
	var best []int
	for _, start := range comp {
		if path := cycleFrom(start, next, len(best)); path != nil {
			best = path
		}
		if len(best) == 2 {
			break
		}
	}
	return best
}

// cycleFrom finds a shortest cycle through a node that is shorter than a known one; nil when there
// is none. The length 0 is that of no cycle.
func cycleFrom(start int, next [][]int, known int) []int {
	type arrival struct{ from, steps int }
	seen := map[int]arrival{start: {-1, 1}}
	for queue := []int{start}; len(queue) > 0; queue = queue[1:] {
		n := queue[0]
		if known > 0 && seen[n].steps >= known {
			return nil
		}
		for _, to := range next[n] {
			if to == start {
				var path []int
				for at := n; at >= 0; at = seen[at].from {
					path = append(path, at)
				}
				slices.Reverse(path)
				return path
			}
			if _, ok := seen[to]; !ok {
				seen[to] = arrival{n, seen[n].steps + 1}
				queue = append(queue, to)
			}
		}
	}
	return nil
}

// guard explains why no state closes a cycle: two of its edges exclude each other.
func (g *Graph) guard(path []int) string {
	for i := range path {
		for j := i + 1; j < len(path); j++ {
			a, b := g.cycleEdge(path, i), g.cycleEdge(path, j)
			if text := g.excludes(a, b); text != "" {
				return text
			}
		}
	}
	return "no reachable state closes it: its edges are never in force at once, though no single lock or job is the reason"
}

func (g *Graph) cycleEdge(path []int, i int) *Edge { return g.edge(path[i], path[(i+1)%len(path)]) }

// alike are witnesses of one thread that hold the same.
type alike struct {
	thread  int
	holding []string
	n       int
}

func alikes(e *Edge) []alike {
	index := map[string]int{}
	var out []alike
	for _, w := range e.Witnesses {
		key := fmt.Sprint(w.Thread, w.holding)
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			out = append(out, alike{thread: w.Thread, holding: w.Holding})
		}
		out[i].n++
	}
	return out
}

// excludes says what keeps two edges from being in force at once: all pairs of their witnesses hold
// a common lock or job, or are the same thread.
func (g *Graph) excludes(a, b *Edge) string {
	common := map[string]int{}
	pairs, same := 0, 0
	ys := alikes(b)
	for _, x := range alikes(a) {
		for _, y := range ys {
			pairs += x.n * y.n
			if x.thread == y.thread {
				same += x.n * y.n
				continue
			}
			for _, h := range x.holding {
				if slices.Contains(y.holding, h) {
					common[h] += x.n * y.n
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
