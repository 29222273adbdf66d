package lower

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// What a thread has allocated it knows itself, from one pool to the next, and tells at its end.
// Which of that was freed, and to what the variables lead, is in the state: so memory that nothing
// leads to any more is found there, when all threads are finished.

// allocations lists the memory that the thread has allocated.
func (t *thread) allocations(c *config) []model.ObjectID {
	var all []int
	for _, m := range c.made {
		if m.pool < 0 {
			continue // of threads
		}
		if p := t.w.poolsByID[m.pool]; p.strukt != nil { // and not that of a variable
			all = append(all, p.objects[:m.count]...)
		}
	}
	slices.Sort(all)
	return modelIDs(all)
}

// given is the memory to which the result of a thread leads that ends, unless nobody gets it: that
// of a thread of the scenario belongs to whoever would have called it.
func (t *thread) given(result ...value) []int {
	var all []int
	if t.isMain() || t.birth != nil && !t.birth.joinable {
		return nil
	}
	for _, v := range result {
		if o := t.w.memoryTo(v); o >= 0 {
			all = insert(all, o)
		}
	}
	return all
}

// memoryTo is the allocated memory to which a pointer leads, -1 where there is none. What lies
// beside it, the place past its end included, is no part of it.
func (w *world) memoryTo(v value) int {
	if v.kind != vObject && v.kind != vField && v.kind != vAddress {
		return -1
	}
	if w.isOutside(v) {
		outer, offset, ok := w.bytesTo(v)
		if !ok {
			return w.memoryAt(v.obj)
		}
		if size, known := w.sizeOf(w.pointedAt(outer)); known && (offset < 0 || offset >= size) {
			return -1
		}
		v = outer
	}
	return w.memoryAt(v.obj)
}

// memoryAt is the allocated memory in which an object lies, or to which what it stands for leads.
func (w *world) memoryAt(o int) int {
	if w.objects[o].isTarget {
		return w.memoryTo(w.objects[o].target)
	}
	for w.objects[o].parent >= 0 {
		o = w.objects[o].parent
	}
	if !w.objects[o].made.IsValid() {
		return -1
	}
	return o
}

// passes reports whether an object is gone when all threads are finished: a variable of a function,
// or the own copies of a thread that is not the one whose end is that of the process.
func (p *assembly) passes(o int) bool {
	for p.objects[o].parent >= 0 {
		o = p.objects[o].parent
	}
	if t := slices.Index(p.perThread, o); t >= 0 {
		return t >= len(p.threads) || !p.threads[t].isMain()
	}
	return p.objects[o].scope != nil
}
