package typestate

import (
	"container/heap"

	"github.com/lockproof/lockproof/csource/flow"
)

// An agenda is the work that is to be done in a function, in reverse postorder of its blocks: so
// all that leads to a block, but for loops, has come there before it is carried out, and what it
// has in common is carried out once.
type agenda struct {
	list  tasks
	order []int // of each block
	n     int   // tasks so far
}

// A task is work that waits.
type task struct {
	work
	order, n int   // of the block, and of the task among its own
	of       *slot // whose joined state it goes on with, nil when it is none
}

func newAgenda(g *flow.Graph) *agenda { return &agenda{order: reversePostorder(g)} }

func (a *agenda) push(w work) *task {
	t := &task{work: w, order: a.order[w.block.Index], n: a.n}
	a.n++
	heap.Push(&a.list, t)
	return t
}

func (a *agenda) pop() work {
	t := heap.Pop(&a.list).(*task)
	if t.of != nil {
		t.of.waits = nil
	}
	return t.work
}

// reversePostorder numbers the blocks that can be reached, by their index.
func reversePostorder(g *flow.Graph) []int {
	order := make([]int, len(g.Blocks))
	seen := make([]bool, len(g.Blocks))
	type frame struct {
		b    *flow.Block
		next []*flow.Block
	}
	var stack []frame
	enter := func(b *flow.Block) {
		seen[b.Index] = true
		stack = append(stack, frame{b, b.End.Next(nil)})
	}
	enter(g.Blocks[0])
	for last := len(g.Blocks); len(stack) > 0; {
		top := &stack[len(stack)-1]
		if n := len(top.next); n > 0 {
			to := top.next[n-1]
			top.next = top.next[:n-1]
			if !seen[to.Index] {
				enter(to)
			}
			continue
		}
		last--
		order[top.b.Index] = last
		stack = stack[:len(stack)-1]
	}
	return order
}

// tasks is a heap with the first block at the top.
type tasks []*task

func (t tasks) Len() int { return len(t) }

func (t tasks) Less(i, j int) bool {
	return t[i].order < t[j].order || t[i].order == t[j].order && t[i].n < t[j].n
}
func (t tasks) Swap(i, j int) { t[i], t[j] = t[j], t[i] }
func (t *tasks) Push(x any)   { *t = append(*t, x.(*task)) }

func (t *tasks) Pop() any {
	old := *t
	last := old[len(old)-1]
	*t = old[:len(old)-1]
	return last
}
