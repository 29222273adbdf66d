package lockorder

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// A Graph is a lock-order graph with its cycles. Nodes are resources (by object) or classes (by
// class).
type Graph struct {
	Nodes  []Node
	Edges  []Edge // by From, then To
	Cycles []Cycle
	// Order is the order of the classes that the program obeys: as few edges as possible point up
	// in it.
	Order []string
	// Complete says that the search behind the graph visited every reachable state, and every
	// location of every thread: a search that merges steps passes over some. No edge is missing
	// then, and a cycle that no state closed is guarded.
	Complete bool

	// queued are the reader-writer locks for which some thread queues to write, by node: there even
	// who reads beside readers may have to wait.
	queued map[int]bool
}

// A Node is a lock, a job, or a class of them.
type Node struct {
	Name  string
	Class string
	Job   bool
}

// An Edge says that To is asked for while From is held.
type Edge struct {
	From, To  int // indices of Nodes
	Witnesses []Witness
	// Up says that the edge points against Graph.Order.
	Up bool
}

// A Witness is one place at which a thread asks for To while it holds From.
type Witness struct {
	Thread    int
	Name      string // of the thread
	Function  string
	Operation string
	Pos       model.Pos
	Calls     []model.Call // how the thread got there, its own function first
	Holding   []string     // everything that the thread holds there
	holding   []model.ResourceID
	alone     []bool // whether it holds each as the only one
	reads     bool   // it asks for To as a reader
}

// New builds the graph by object from the locations that a search reached. The search must have
// been asked for wait cycles.
func New(p *model.Program, r *search.Result) *Graph {
	g := &Graph{Complete: r.Complete && !slices.Contains(r.Reductions, "por")}
	resources := p.Resources()
	for _, x := range resources {
		g.Nodes = append(g.Nodes, Node{x.Name, x.Class, x.Job})
	}
	g.findQueues(p, r)
	b := builder{g: g, p: p, edges: map[[2]int]*Edge{}, seen: map[string]bool{}}
	for t := range r.Reached { // none when the search was ended before it began
		for n, reached := range r.Reached[t] {
			if !reached {
				continue
			}
			node := &p.Threads[t].Nodes[n]
			ask := p.AsksFor(node)
			if ask == model.None {
				continue
			}
			b.witness(t, node, ask)
		}
	}
	for _, e := range b.edges {
		slices.SortFunc(e.Witnesses, compareWitnesses)
		g.Edges = append(g.Edges, *e)
	}
	g.sortEdges()
	g.dropUnused()
	g.Order = order(g.classEdges())
	g.markUp()
	g.settle(p, r)
	return g
}

// findQueues finds the locks for which somebody queues.
func (g *Graph) findQueues(p *model.Program, r *search.Result) {
	g.queued = map[int]bool{}
	for t := range r.Reached {
		for n, reached := range r.Reached[t] {
			if node := &p.Threads[t].Nodes[n]; reached && node.Claim.Queues() {
				name := p.Vars[node.Var].Name
				g.queued[slices.IndexFunc(g.Nodes, func(x Node) bool { return x.Name == name })] = true
			}
		}
	}
}

// builder collects the edges of a graph.
type builder struct {
	g     *Graph
	p     *model.Program
	edges map[[2]int]*Edge
	seen  map[string]bool // witnesses; many locations of a thread differ in nothing that a witness shows
}

func (b *builder) witness(t int, node *model.Node, ask model.ResourceID) {
	holding := b.p.Holding(node)
	w := Witness{
		Thread: t, Name: b.p.Threads[t].Name, Function: node.Function(), Operation: node.Text, Pos: node.Pos,
		Calls: node.Calls, holding: holding,
		alone: b.p.Excludes(node), reads: node.Claim == model.ToRead,
	}
	key := fmt.Sprintf("%d %d %v %q %v %v %v %v", t, ask, node.Pos, node.Text, node.Calls, holding, w.alone, w.reads)
	if len(holding) == 0 || b.seen[key] {
		return
	}
	b.seen[key] = true
	for i, h := range holding {
		name := b.g.Nodes[h].Name
		if !w.alone[i] {
			name += reading
		}
		w.Holding = append(w.Holding, name)
	}
	for i, h := range holding {
		if h == ask && w.reads && !w.alone[i] && !b.g.queued[int(h)] {
			continue // a reader may read again
		}
		key := [2]int{int(h), int(ask)}
		if b.edges[key] == nil {
			b.edges[key] = &Edge{From: key[0], To: key[1]}
		}
		b.edges[key].Witnesses = append(b.edges[key].Witnesses, w)
	}
}

// reading stands behind the name of a lock that is held as a reader.
const reading = " (reading)"

func compareWitnesses(a, b Witness) int {
	return cmp.Or(
		cmp.Compare(a.Thread, b.Thread), slices.CompareFunc(a.Calls, b.Calls, compareCalls), comparePos(a.Pos, b.Pos),
		cmp.Compare(a.Operation, b.Operation), slices.Compare(a.holding, b.holding), slices.Compare(a.Holding, b.Holding),
	)
}

func compareCalls(a, b model.Call) int {
	return cmp.Or(comparePos(a.Pos, b.Pos), cmp.Compare(a.Function, b.Function))
}

func comparePos(a, b model.Pos) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
}

func (g *Graph) sortEdges() {
	slices.SortFunc(g.Edges, func(a, b Edge) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
}

// dropUnused removes resources that nobody holds or asks for together with another.
func (g *Graph) dropUnused() {
	used := make([]bool, len(g.Nodes))
	for _, e := range g.Edges {
		used[e.From], used[e.To] = true, true
	}
	ids := make([]int, len(g.Nodes))
	var nodes []Node
	for i, n := range g.Nodes {
		ids[i] = len(nodes)
		if used[i] {
			nodes = append(nodes, n)
		}
	}
	g.Nodes = nodes
	for i := range g.Edges {
		g.Edges[i].From, g.Edges[i].To = ids[g.Edges[i].From], ids[g.Edges[i].To]
	}
	queued := map[int]bool{}
	for n := range g.queued {
		queued[ids[n]] = true
	}
	g.queued = queued
}

// ByClass folds the graph: all locks of a class become one node. A class with an edge to itself
// nests its own locks.
func (g *Graph) ByClass() *Graph {
	c := &Graph{Complete: g.Complete, Order: g.Order}
	index := map[string]int{}
	jobs := map[string]bool{}
	for _, n := range slices.Backward(g.Nodes) {
		jobs[n.Class] = n.Job
	}
	for _, name := range g.Order {
		if job, ok := jobs[name]; ok {
			index[name] = len(c.Nodes)
			c.Nodes = append(c.Nodes, Node{name, name, job})
		}
	}
	edges := map[[2]int]*Edge{}
	for _, e := range g.Edges {
		key := [2]int{index[g.Nodes[e.From].Class], index[g.Nodes[e.To].Class]}
		if edges[key] == nil {
			edges[key] = &Edge{From: key[0], To: key[1]}
		}
		edges[key].Witnesses = append(edges[key].Witnesses, e.Witnesses...)
	}
	for _, e := range edges {
		slices.SortFunc(e.Witnesses, compareWitnesses)
		e.Witnesses = slices.CompactFunc(e.Witnesses, func(a, b Witness) bool { return compareWitnesses(a, b) == 0 })
		c.Edges = append(c.Edges, *e)
	}
	c.sortEdges()
	c.markUp()
	return c
}

func (g *Graph) markUp() {
	at := places(g.Order)
	for i := range g.Edges {
		e := &g.Edges[i]
		e.Up = at[g.Nodes[e.From].Class] > at[g.Nodes[e.To].Class]
	}
}

// places tells where each name stands.
func places(names []string) map[string]int {
	at := map[string]int{}
	for i, name := range names {
		at[name] = i
	}
	return at
}

// Against lists the edges that point up in the given order of classes. Classes that it does not
// name are free.
func (g *Graph) Against(order []string) []Edge {
	var up []Edge
	at := places(order)
	for _, e := range g.Edges {
		from, ok := at[g.Nodes[e.From].Class]
		to, ok2 := at[g.Nodes[e.To].Class]
		if ok && ok2 && from > to {
			up = append(up, e)
		}
	}
	return up
}

// PathString writes a cycle or path of nodes: driver.lock -> vm1.lock -> driver.lock.
func (g *Graph) PathString(path []int) string {
	names := make([]string, 0, len(path)+1)
	for _, n := range path {
		names = append(names, g.Nodes[n].Name)
	}
	if len(path) > 0 {
		names = append(names, names[0])
	}
	return strings.Join(names, " -> ")
}

// edge returns the edge between two nodes, or nil.
func (g *Graph) edge(from, to int) *Edge {
	i, ok := slices.BinarySearchFunc(g.Edges, [2]int{from, to}, func(e Edge, k [2]int) int {
		return cmp.Or(cmp.Compare(e.From, k[0]), cmp.Compare(e.To, k[1]))
	})
	if !ok {
		return nil
	}
	return &g.Edges[i]
}
