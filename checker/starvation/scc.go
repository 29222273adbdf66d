package starvation

// A component finder finds strongly connected components (Tarjan, Depth-first search and linear
// graph algorithms, 1972; without recursion). Nodes are numbers from 0. It can be used again.
type components struct {
	degree func(node int32) int
	head   func(node int32, i int) int32 // where edge i leads; below 0: it does not belong to the graph
	found  func(component []int32)       // what it is given is the callee's; components that others lead to come first

	order []int32 // by node: when it was first visited, from 1; 0: not yet
	low   []int32 // by node: the least order that it leads back to; left: its component is found
	stack []int32
	path  []visit
}

// A visit is a node on the way down, with the next of its edges.
type visit struct {
	node int32
	next int
}

// left is the low of a node whose component is found.
const left = -1

// of finds the components of the graph of some nodes. No edge leads out of these.
func (c *components) of(nodes []int32) {
	for _, n := range nodes {
		c.order[n] = 0
	}
	visited := int32(0)
	enter := func(n int32) {
		visited++
		c.order[n], c.low[n] = visited, visited
		c.stack = append(c.stack, n)
		c.path = append(c.path, visit{node: n})
	}
	for _, root := range nodes {
		if c.order[root] != 0 {
			continue
		}
		for enter(root); len(c.path) > 0; {
			top := &c.path[len(c.path)-1]
			n := top.node
			if top.next < c.degree(n) {
				to := c.head(n, top.next)
				top.next++
				switch {
				case to < 0:
				case c.order[to] == 0:
					enter(to)
				case c.low[to] != left:
					c.low[n] = min(c.low[n], c.order[to])
				}
				continue
			}
			if c.path = c.path[:len(c.path)-1]; len(c.path) > 0 {
				up := c.path[len(c.path)-1].node
				c.low[up] = min(c.low[up], c.low[n])
			}
			if c.low[n] == c.order[n] {
				c.leave(n)
			}
		}
	}
}

// leave takes the component of which a node was visited first.
func (c *components) leave(root int32) {
	k := len(c.stack) - 1
	for c.stack[k] != root {
		k--
	}
	component := append([]int32(nil), c.stack[k:]...)
	c.stack = c.stack[:k]
	for _, n := range component {
		c.low[n] = left
	}
	c.found(component)
}
