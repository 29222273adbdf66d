package starvation

import (
	"context"
	"unsafe"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// A graph is every reachable state of a program with every transition, in the order of a
// breadth-first search: so a state with a smaller number is not farther from the start. Error
// states are left out.
type graph[S model.Words] struct {
	m      *model.Machine[S]
	states []S
	number map[S]int32
	parent []int32    // by state: the one from which it was first reached; of an initial state -1 and below: see initial
	due    []promises // by state: what could be kept there
	keeps  []promises // by rule: what its step keeps
	first  []int32    // by state: its first edge; one more at the end
	edges  []edge
}

// An edge is a transition of a graph.
type edge struct{ to, rule int32 }

// The most states, and the most edges, that the numbers of a graph tell apart.
const maxNumber = 1<<31 - 2

// explore visits all states. It returns the limit that it hit, and what it has until then.
func explore[S model.Words](ctx context.Context, m *model.Machine[S], o *Options) (*graph[S], model.Limit) {
	g := newGraph(m)
	i := 0
	for s := range m.Starts() {
		if _, again := g.number[s]; !again {
			g.add(s, int32(-1-i))
		}
		if i++; i >= maxNumber {
			return g, model.StatesLimit
		}
		if limit := g.over(ctx, o, i); limit != model.NoLimit {
			return g, limit
		}
	}
	var buf []model.Succ[S]
	for at := 0; at < len(g.states); at++ {
		if limit := g.over(ctx, o, at); limit != model.NoLimit {
			return g, limit
		}
		g.first = append(g.first, int32(len(g.edges)))
		buf = m.Successors(&g.states[at], buf[:0])
		for k := range buf {
			x := &buf[k]
			g.due[at] |= g.keeps[x.Rule]
			if x.Failed != nil {
				continue
			}
			to, known := g.number[x.State]
			if !known {
				to = g.add(x.State, int32(at))
			}
			g.edges = append(g.edges, edge{to, x.Rule})
		}
	}
	g.first = append(g.first, int32(len(g.edges)))
	return g, model.NoLimit
}

func newGraph[S model.Words](m *model.Machine[S]) *graph[S] {
	g := &graph[S]{m: m, number: map[S]int32{}}
	for rule := range int32(m.Rules()) {
		g.keeps = append(g.keeps, kept(m.Step(rule), m.Optional(rule)))
	}
	return g
}

func (g *graph[S]) add(s S, parent int32) int32 {
	n := int32(len(g.states))
	g.states = append(g.states, s)
	g.number[s] = n
	g.parent = append(g.parent, parent)
	g.due = append(g.due, 0)
	return n
}

// over is the limit that is hit when so many states are expanded.
func (g *graph[S]) over(ctx context.Context, o *Options, expanded int) model.Limit {
	if len(g.states) > maxNumber || len(g.edges) > maxNumber-64*model.MaxThreads ||
		o.MaxStates > 0 && int64(len(g.states)) > o.MaxStates {
		return model.StatesLimit
	}
	if expanded%4096 != 0 {
		return model.NoLimit
	}
	if o.MaxMemory > 0 && g.bytes() > o.MaxMemory {
		return model.MemoryLimit
	}
	if o.Progress != nil {
		o.Progress(search.Progress{
			Phase: "loops", States: int64(len(g.states)), Transitions: int64(len(g.edges)),
			Frontier: int64(len(g.states) - expanded), Bytes: g.bytes(),
		})
	}
	return model.Stopped(ctx)
}

// bytes is about what the graph takes, and what looking at it will take: a map's entry is there
// twice while it grows, and so is a slice.
func (g *graph[S]) bytes() int64 {
	var s S
	word := int64(unsafe.Sizeof(s))
	return int64(len(g.states))*(2*word+2*(word+8)*8/7+56) + int64(cap(g.edges))*8
}

// out are the edges of a state.
func (g *graph[S]) out(state int32) []edge { return g.edges[g.first[state]:g.first[state+1]] }

// thread is who takes an edge.
func (g *graph[S]) thread(e edge) int { return g.m.ThreadOf(e.rule) }
