package typestate

import (
	"container/heap"
	"context"
	"slices"
	"sync"
)

// inOrder analyses functions after those that they call, several at a time. Of those that can be
// next it takes the one to which the longest chain of callers leads: the others do not wait for it
// in the end.
func (w *world) inOrder(ctx context.Context, list []*function) {
	q := newQueue(groups(list))
	var wg sync.WaitGroup
	for range min(w.opt.workers(), len(list)) {
		wg.Go(func() {
			mem := &memory{}
			for g := q.take(); g != nil; g = q.take() {
				w.group(ctx, mem, g.list)
				q.done(g)
			}
		})
	}
	wg.Wait()
}

// A waiting is a group of functions that call each other, and who waits for it.
type waiting struct {
	list    []*function
	callers []*waiting
	callees int // that have not been analysed
	height  int // how long the longest chain of callers is
}

// A queue has the groups that can be analysed next.
type queue struct {
	mu    sync.Mutex
	more  *sync.Cond
	ready byHeight
	left  int // groups that have not been analysed
}

func newQueue(list [][]*function) *queue {
	q := &queue{left: len(list)}
	q.more = sync.NewCond(&q.mu)
	of := map[*function]*waiting{}
	all := make([]*waiting, len(list))
	for i, group := range list {
		g := &waiting{list: group}
		all[i] = g
		for _, f := range group {
			of[f] = g
		}
		for _, f := range group {
			for _, to := range f.callees {
				c := of[to]
				if c == nil || c == g || len(c.callers) > 0 && c.callers[len(c.callers)-1] == g {
					continue
				}
				c.callers = append(c.callers, g)
				g.callees++
			}
		}
	}
	for _, g := range slices.Backward(all) {
		for _, c := range g.callers {
			g.height = max(g.height, c.height+1)
		}
		if g.callees == 0 {
			q.ready = append(q.ready, g)
		}
	}
	heap.Init(&q.ready)
	return q
}

// take waits for a group whose callees have been analysed; nil when there will be none.
func (q *queue) take() *waiting {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.ready) == 0 && q.left > 0 {
		q.more.Wait()
	}
	if len(q.ready) == 0 {
		return nil
	}
	return heap.Pop(&q.ready).(*waiting)
}

func (q *queue) done(g *waiting) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.left--
	for _, c := range g.callers {
		if c.callees--; c.callees == 0 {
			heap.Push(&q.ready, c)
		}
	}
	q.more.Broadcast()
}

// byHeight is a heap with the highest group at the top.
type byHeight []*waiting

func (h byHeight) Len() int           { return len(h) }
func (h byHeight) Less(i, j int) bool { return h[i].height > h[j].height }
func (h byHeight) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *byHeight) Push(x any)        { *h = append(*h, x.(*waiting)) }

func (h *byHeight) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

// groups sorts functions into groups that call each other, so that each calls only earlier ones
// (Tarjan, SIAM Journal on Computing 1972).
func groups(list []*function) [][]*function {
	number := map[*function]int{}
	low := map[*function]int{}
	on := map[*function]bool{}
	inList := map[*function]bool{}
	for _, f := range list {
		inList[f] = true
	}
	var stack []*function
	var out [][]*function
	callees := func(f *function) []*function {
		return slices.DeleteFunc(slices.Clone(f.callees), func(to *function) bool { return !inList[to] })
	}
	type frame struct {
		f    *function
		next []*function
		i    int
	}
	for _, root := range list {
		if number[root] != 0 {
			continue
		}
		var frames []*frame
		enter := func(f *function) {
			number[f] = len(number) + 1
			low[f] = number[f]
			stack = append(stack, f)
			on[f] = true
			frames = append(frames, &frame{f: f, next: callees(f)})
		}
		enter(root)
		for len(frames) > 0 {
			top := frames[len(frames)-1]
			if top.i < len(top.next) {
				to := top.next[top.i]
				top.i++
				switch {
				case number[to] == 0:
					enter(to)
				case on[to]:
					low[top.f] = min(low[top.f], number[to])
				}
				continue
			}
			frames = frames[:len(frames)-1]
			if len(frames) > 0 {
				up := frames[len(frames)-1].f
				low[up] = min(low[up], low[top.f])
			}
			if low[top.f] != number[top.f] {
				continue
			}
			var group []*function
			for {
				f := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				on[f] = false
				group = append(group, f)
				if f == top.f {
					break
				}
			}
			slices.Reverse(group)
			out = append(out, group)
		}
	}
	return out
}
