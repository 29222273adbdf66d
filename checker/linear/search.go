package linear

import (
	"cmp"
	"context"
	"slices"
	"unsafe"

	"github.com/lockproof/lockproof/model"
)

// A search is just-in-time linearization (Lowe, Testing for linearizability, 2017): it goes through
// the beginnings and ends of the steps of a window, and lets a step take effect only at an end that
// needs it, its own or that of a later one. Whatever explains a history still does if every step is
// put off like that.
//
// Three things keep it small, and lose no explanation:
//
//   - A step that never changes the object takes effect at once where it can and changes nothing:
//     that leaves less to explain.
//   - Of steps that do the same, the one that must end first takes effect first.
//   - A step that has taken effect in every situation is forgotten, and with it its number.
type search[S comparable, O any] struct {
	ctx     context.Context
	spec    *spec[S, O]
	budget  *budget
	now     []situation[S]
	open    []*flight[O] // by the time at which they end
	byStep  []*flight[O] // nil: it has taken effect
	numbers []bool       // that are in use
	kinds   map[likeness]int
	met     []int // by kind of step, the turn in which one was met last
	turn    int
}

// A flight is a step that is under way.
type flight[O any] struct {
	item   *item[O]
	number int // in the sets of situations
	silent bool
	kind   int
}

// A likeness tells steps apart: those that have the same one have the same effect in every state.
type likeness [4]int64

// An edge is the beginning or the end of a step of a window.
type edge struct {
	at     int64
	begins bool
	number int // of the step
}

// events are the beginnings and ends within the window, by time. Steps that end and begin at one
// time overlap.
func (w *window[S, O]) events() []edge {
	edges := make([]edge, 0, len(w.crossing)+2*len(w.items))
	for i := range len(w.crossing) + len(w.items) {
		it := w.at(i)
		if i >= len(w.crossing) {
			edges = append(edges, edge{it.from, true, i})
		}
		if it.to < w.end {
			edges = append(edges, edge{it.to, false, i})
		}
	}
	slices.SortStableFunc(edges, func(x, y edge) int {
		if x.at == y.at && x.begins != y.begins {
			if x.begins {
				return -1
			}
			return 1
		}
		return cmp.Compare(x.at, y.at)
	})
	return edges
}

func newSearch[S comparable, O any](ctx context.Context, w *window[S, O], s *spec[S, O], b *budget) *search[S, O] {
	x := &search[S, O]{
		ctx: ctx, spec: s, budget: b, now: slices.Clone(w.before),
		byStep: make([]*flight[O], len(w.crossing)+len(w.items)), kinds: map[likeness]int{},
	}
	for i := range w.crossing {
		x.launch(i, &w.crossing[i])
	}
	return x
}

// launch gives a step that is under way a number.
func (x *search[S, O]) launch(step int, it *item[O]) *flight[O] {
	n := slices.Index(x.numbers, false)
	if n < 0 {
		n = len(x.numbers)
		x.numbers = append(x.numbers, false)
	}
	x.numbers[n] = true
	like := x.spec.like(it.step)
	kind, ok := x.kinds[like]
	if !ok {
		kind = len(x.met)
		x.kinds[like] = kind
		x.met = append(x.met, 0)
	}
	f := &flight[O]{it, n, x.spec.silent(it.step), kind}
	at, _ := slices.BinarySearchFunc(x.open, it.to, func(f *flight[O], to int64) int {
		if f.item.to <= to {
			return -1
		}
		return 1
	})
	x.open = slices.Insert(x.open, at, f)
	x.byStep[step] = f
	return f
}

// land forgets a step that has taken effect in every situation.
func (x *search[S, O]) land(f *flight[O]) {
	x.numbers[f.number] = false
	x.open = slices.DeleteFunc(x.open, func(g *flight[O]) bool { return g == f })
	i := slices.Index(x.byStep, f)
	x.byStep[i] = nil
}

// begin is the beginning of a step.
func (x *search[S, O]) begin(step int, it *item[O]) {
	if !x.spec.silent(it.step) {
		x.launch(step, it)
		return
	}
	at := make([]int, 0, 8) // the situations in which it takes effect
	for i := range x.now {
		if !x.budget.spend(x.ctx, 1) {
			return
		}
		if next, ok := x.spec.step(x.now[i].state, it.step); ok && next == x.now[i].state {
			at = append(at, i)
		}
	}
	if len(at) == len(x.now) {
		return
	}
	f := x.launch(step, it)
	for _, i := range at {
		x.now[i].quiet = x.now[i].quiet.with(f.number)
	}
}

// finish is the end of a step, and reports whether it can have taken effect by then.
func (x *search[S, O]) finish(step int) bool {
	f := x.byStep[step]
	if f == nil {
		return true
	}
	before, after := &visited[S]{}, &visited[S]{}
	var stack []situation[S]
	for _, c := range x.now {
		if c.has(f.number) {
			after.add(c)
		} else if before.add(c) {
			stack = append(stack, c)
		}
	}
	for len(stack) > 0 {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		x.turn++
		for _, o := range x.open {
			switch {
			case c.has(o.number), x.met[o.kind] == x.turn:
				continue
			case !x.budget.spend(x.ctx, 1):
				return true
			}
			x.met[o.kind] = x.turn
			next, ok := x.take(c, o)
			switch {
			case !ok:
			case next.has(f.number):
				after.add(next)
			case before.add(next):
				stack = append(stack, next)
			}
		}
		if x.budget.needs(before.bytes + after.bytes); x.budget.over != model.NoLimit {
			return true
		}
	}
	x.now = after.best(x.ctx, x.budget)
	x.forget(f)
	x.budget.needs(2 * after.bytes)
	return len(x.now) > 0
}

// take lets a step take effect, and then those that it makes possible and that change nothing.
func (x *search[S, O]) take(c situation[S], o *flight[O]) (situation[S], bool) {
	state, ok := x.spec.step(c.state, o.item.step)
	if !ok {
		return c, false
	}
	next := situation[S]{state, c.done, c.quiet}
	if o.silent {
		next.quiet = next.quiet.with(o.number)
	} else {
		next.done = next.done.with(o.number)
	}
	if state == c.state {
		return next, true
	}
	for _, q := range x.open {
		if !q.silent || next.quiet.has(q.number) || !x.budget.spend(x.ctx, 1) {
			continue
		}
		if same, ok := x.spec.step(state, q.item.step); ok && same == state {
			next.quiet = next.quiet.with(q.number)
		}
	}
	return next, true
}

// forget takes the steps that have taken effect in all situations out of them: the one that has
// ended, and perhaps others.
func (x *search[S, O]) forget(ended *flight[O]) {
	if len(x.now) == 0 {
		return
	}
	done, quiet := x.now[0].done, x.now[0].quiet
	for _, c := range x.now[1:] {
		done, quiet = done.both(c.done), quiet.both(c.quiet)
	}
	for i := range x.now {
		c := &x.now[i]
		c.done, c.quiet = c.done.without(done), c.quiet.without(quiet)
	}
	for _, f := range slices.Clone(x.open) {
		if f == ended || done.has(f.number) || quiet.has(f.number) {
			x.land(f)
		}
	}
}

// end is what there is at the end of the window.
func (x *search[S, O]) end() ([]situation[S], []item[O]) {
	crossing := make([]item[O], len(x.open))
	numbers := make([]int, len(x.numbers))
	for i, f := range x.open {
		crossing[i], numbers[f.number] = *f.item, i
	}
	for i := range x.now {
		c := &x.now[i]
		c.done = c.done.renumbered(func(n int) int { return numbers[n] })
		c.quiet = c.quiet.renumbered(func(n int) int { return numbers[n] })
	}
	return x.now, crossing
}

// visited are situations that a search has come to. It leaves out those that one before makes
// superfluous: the same state, with the same steps done and some silent ones besides. Whatever
// explains the rest of the history from the first explains it from the second as well, which has
// less to explain. Among calls that mostly read, that leaves one situation where there would be two
// for every reader.
type visited[S comparable] struct {
	list  []situation[S]
	index map[core[S]][]set // of the quiet steps; nil while there are few
	bytes int64
}

// A core is a situation but for its silent steps.
type core[S comparable] struct {
	state S
	done  set
}

// few is how many situations are looked through one by one.
const few = 8

// add reports whether a situation is not superfluous.
func (v *visited[S]) add(c situation[S]) bool {
	if v.index == nil {
		for i := range v.list {
			if x := &v.list[i]; x.state == c.state && x.done == c.done && x.quiet.contains(c.quiet) {
				return false
			}
		}
	} else {
		for _, q := range v.index[core[S]{c.state, c.done}] {
			if q.contains(c.quiet) {
				return false
			}
		}
		v.note(c)
	}
	v.list = append(v.list, c)
	v.bytes += int64(unsafe.Sizeof(c)) + int64(len(c.done)+len(c.quiet))
	if v.index == nil && len(v.list) > few {
		v.index = map[core[S]][]set{}
		for _, c := range v.list {
			v.note(c)
		}
	}
	return true
}

// perEntry is how many bytes an entry of the index takes besides the sets, and as much again until
// the garbage is collected.
const perEntry = 256

func (v *visited[S]) note(c situation[S]) {
	k := core[S]{c.state, c.done}
	v.index[k] = append(v.index[k], c.quiet)
	v.bytes += perEntry
}

// best are those that none that came after them makes superfluous either.
func (v *visited[S]) best(ctx context.Context, b *budget) []situation[S] {
	if len(v.list) < 2 {
		return v.list
	}
	groups := map[core[S]][]set{}
	for i := range v.list {
		c := &v.list[i]
		k := core[S]{c.state, c.done}
		groups[k] = append(groups[k], c.quiet)
	}
	if len(groups) == len(v.list) {
		return v.list
	}
	var kept []situation[S]
	for _, c := range v.list {
		group := groups[core[S]{c.state, c.done}]
		if !b.spend(ctx, 1+len(group)/16) { // which is about as long as a step takes
			return nil
		}
		if !slices.ContainsFunc(group, func(q set) bool { return q != c.quiet && q.contains(c.quiet) }) {
			kept = append(kept, c)
		}
	}
	return kept
}
