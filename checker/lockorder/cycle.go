package lockorder

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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
// cycle holds the one before it, or is before others in its queue, so the order of waits is the
// order of the edges.
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
				Waits: resources[w.Resource].Name, HolderOf: holderOf(&wc.Trace, w.Thread, resources[before.Resource].Name),
			})
		}
		if c.Path = slices.Compact(c.Path); len(c.Path) > 1 && c.Path[0] == c.Path[len(c.Path)-1] {
			c.Path = c.Path[1:] // who holds a lock and who is in its queue wait for one thing
		}
		for i, comp := range components {
			if !slices.ContainsFunc(c.Path, func(n int) bool {
				return !slices.ContainsFunc(comp, func(a ask) bool { return a.node == n })
			}) {
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

// holderOf is what a thread of a closed cycle has of what the one before it waits for: the lock, or
// a place in the queue of its writers.
func holderOf(t *search.Trace, thread int, name string) string {
	end := &t.Start
	if n := len(t.Steps); n > 0 {
		end = &t.Steps[n-1].After
	}
	if slices.Contains(end.Threads[thread].Holds, name) {
		return name
	}
	return "a place in the queue of " + name
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

// An ask is a lock or job that somebody asks for, as a reader or to have it alone. A cycle goes
// from ask to ask, for who asks as a reader waits for writers alone.
type ask struct {
	node  int
	reads bool
}

func (a ask) index() int {
	if a.reads {
		return 2*a.node + 1
	}
	return 2 * a.node
}

func askAt(index int) ask { return ask{index / 2, index%2 == 1} }

// links lists for each ask those of the threads for which it waits: they hold what is asked for,
// and not as readers where it is asked for as one, but where a writer may be in the queue between
// the two.
func (g *Graph) links() [][]int {
	next := make([][]int, 2*len(g.Nodes))
	for _, e := range g.Edges {
		if e.From == e.To { // a lock asked for by its holder is a violation of its own, or closed by a queue
			continue
		}
		for _, w := range e.Witnesses {
			to := ask{e.To, w.reads}.index()
			for i, h := range w.Holding {
				if strings.TrimSuffix(h, reading) != g.Nodes[e.From].Name {
					continue
				}
				for _, reads := range []bool{false, true} {
					from := ask{e.From, reads}.index()
					if (!reads || w.alone[i] || g.queued[e.From]) && !slices.Contains(next[from], to) {
						next[from] = append(next[from], to)
					}
				}
			}
		}
	}
	return next
}

// components lists the strongly connected components with a cycle, each ascending, by their first
// node.
func (g *Graph) components() [][]ask {
	d := simple.NewDirectedGraph()
	next := g.links()
	for i := range next {
		d.AddNode(simple.Node(i))
	}
	for i := range next {
		for _, to := range next[i] {
			d.SetEdge(d.NewEdge(simple.Node(i), simple.Node(to)))
		}
	}
	var out [][]ask
	for _, scc := range topo.TarjanSCC(d) {
		if len(scc) < 2 {
			continue
		}
		var comp []int
		for _, n := range scc {
			comp = append(comp, int(n.ID()))
		}
		slices.Sort(comp)
		var asks []ask
		for _, i := range comp {
			asks = append(asks, askAt(i))
		}
		out = append(out, asks)
	}
	slices.SortFunc(out, func(a, b []ask) int { return cmp.Compare(a[0].index(), b[0].index()) })
	return out
}

// shortestCycle finds a shortest cycle within a component, by breadth-first search from each of its
// nodes.
func (g *Graph) shortestCycle(comp []ask) []int {
	in := make([]bool, 2*len(g.Nodes))
	for _, a := range comp {
		in[a.index()] = true
	}
	next := make([][]int, len(in))
	for i, all := range g.links() {
		for _, to := range all {
			if in[i] && in[to] {
				next[i] = append(next[i], to)
			}
		}
	}
	var best []int
	for _, a := range comp {
		if path := cycleFrom(a.index(), next, len(best)); path != nil {
			best = path
		}
		if len(best) == 2 {
			break
		}
	}
	for i := range best {
		best[i] = askAt(best[i]).node
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
	alone   []bool
	n       int
}

func alikes(e *Edge) []alike {
	index := map[string]int{}
	var out []alike
	for _, w := range e.Witnesses {
		key := fmt.Sprint(w.Thread, w.holding, w.alone)
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			out = append(out, alike{thread: w.Thread, holding: w.Holding, alone: w.alone})
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
			for i, h := range x.holding {
				name := strings.TrimSuffix(h, reading)
				// readers hold it together
				if slices.Contains(y.holding, name) || x.alone[i] && slices.Contains(y.holding, name+reading) {
					common[name] += x.n * y.n
				}
			}
		}
	}
	edges := fmt.Sprintf("%s -> %s and %s -> %s", g.Nodes[a.From].Name, g.Nodes[a.To].Name, g.Nodes[b.From].Name,
		g.Nodes[b.To].Name)
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
