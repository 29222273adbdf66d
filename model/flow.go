package model

// flow is the graph of a thread's locations: an edge for each way from one to another. It is walked
// without recursion, for an automaton may be as deep as it is large.
type flow struct {
	first []int32 // by node: where its edges begin; one more for the end
	to    []NodeID
}

// flowOf collects the edges that want approves of; wakes adds those by which a signal moves a
// sleeper.
func flowOf(th *Thread, wakes bool, want func(from NodeID, o *Outcome, e *Edge) bool) flow {
	var g flow
	for i := range th.Nodes {
		n := &th.Nodes[i]
		g.first = append(g.first, int32(len(g.to)))
		if wakes && n.Op == OpSleep {
			g.to = append(g.to, n.Wake)
		}
		for j := range n.Out {
			o := &n.Out[j]
			for k := range o.Next {
				if want(NodeID(i), o, &o.Next[k]) {
					g.to = append(g.to, o.Next[k].To)
				}
			}
		}
	}
	g.first = append(g.first, int32(len(g.to)))
	return g
}

// loops tells which nodes lie on a cycle, and which ones all cycles go through: those to which a
// depth-first walk comes back before it has left them (Tarjan, Depth-first search and linear graph
// algorithms, 1972).
func (g flow) loops() (on, heads []bool) {
	n := len(g.first) - 1
	on, heads = make([]bool, n), make([]bool, n)
	order, low := make([]int32, n), make([]int32, n) // from 1
	next := make([]int32, n)
	active, kept := make([]bool, n), make([]bool, n)
	var path, stack []NodeID
	count := int32(0)
	enter := func(v NodeID) {
		count++
		order[v], low[v], next[v] = count, count, g.first[v]
		active[v], kept[v] = true, true
		path, stack = append(path, v), append(stack, v)
	}
	for root := range n {
		if order[root] == 0 {
			enter(NodeID(root))
		}
		for len(path) > 0 {
			v := path[len(path)-1]
			if next[v] < g.first[v+1] {
				w := g.to[next[v]]
				next[v]++
				switch {
				case order[w] == 0:
					enter(w)
					continue
				case active[w]:
					heads[w] = true
					on[v] = on[v] || v == w
				}
				if kept[w] {
					low[v] = min(low[v], order[w])
				}
				continue
			}
			path, active[v] = path[:len(path)-1], false
			if len(path) > 0 {
				up := path[len(path)-1]
				low[up] = min(low[up], low[v])
			}
			if low[v] != order[v] {
				continue
			}
			many := stack[len(stack)-1] != v
			for w := NodeID(None); w != v; {
				w = stack[len(stack)-1]
				stack, kept[w] = stack[:len(stack)-1], false
				on[w] = on[w] || many
			}
		}
	}
	return on, heads
}
