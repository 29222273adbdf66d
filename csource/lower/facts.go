package lower

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// facts are what lowering has learnt about shared state. They only grow. Who built on less is
// remembered, and works again on what has changed for it.
type facts struct {
	fields  map[fieldKey]*fieldFact
	vars    map[int]*varFact
	sites   map[int]map[string]bool  // by reference count: places that take a reference
	refs    map[int]int64            // by reference count: how many threads may hold one, from there
	kinds   map[cellRef]*kindFact    // by lock
	uses    map[cellRef]*useFact     // by lock, condition or semaphore
	freed   map[int]*fieldFact       // by allocated object: whether some step frees it
	visits  map[int]*fieldFact       // by object of thread-local variables: whether other threads touch them
	known   map[knownHome]*fieldFact // whether others may come to know the address of a home
	rwlocks map[int]*rwFact          // by reader-writer lock
	again   func(point)              // is called with a place that is to be worked on again
	most    int                      // values of one variable that is no count
	// exceeded says that a variable would have more.
	exceeded bool
	// several says that the program has more than one thread: then the end of main cuts others off.
	several fieldFact
	// moved says that a field that somebody took for a constant has turned out to be none.
	moved bool
}

// point is a node of an automaton, or the start of it.
type point struct {
	t    *thread
	node model.NodeID // atStart: the start
}

const atStart model.NodeID = -1

// fieldFact says whether some step assigns a field. Until one does, it is a constant.
type fieldFact struct {
	assigned bool
	readers  []point // that took it for a constant
}

// varFact is what is known of the values of a variable.
type varFact struct {
	values  []int64          // ascending
	news    []int64          // the same, in the order in which they were found
	index   map[int64]uint32 // of a value in news
	readers []point          // that enumerate them
}

func newFacts(most int, again func(point)) *facts {
	return &facts{
		most: most, fields: map[fieldKey]*fieldFact{}, vars: map[int]*varFact{},
		sites: map[int]map[string]bool{}, refs: map[int]int64{},
		kinds: map[cellRef]*kindFact{}, uses: map[cellRef]*useFact{},
		freed: map[int]*fieldFact{}, visits: map[int]*fieldFact{},
		known: map[knownHome]*fieldFact{}, rwlocks: map[int]*rwFact{}, again: again,
	}
}

func (f *facts) field(k fieldKey) *fieldFact {
	x := f.fields[k]
	if x == nil {
		x = &fieldFact{}
		f.fields[k] = x
	}
	return x
}

func (f *facts) variable(v int) *varFact {
	x := f.vars[v]
	if x == nil {
		x = &varFact{index: map[int64]uint32{}}
		f.vars[v] = x
	}
	return x
}

// assign notes that a step assigns a field. What took it for a constant is made anew.
func (f *facts) assign(k fieldKey) { f.change(f.field(k)) }

// change notes that what was a constant is none.
func (f *facts) change(x *fieldFact) {
	if x.assigned {
		return
	}
	x.assigned, f.moved = true, f.moved || len(x.readers) > 0
	for _, p := range x.readers {
		p.t.spot(p.node).stale = true
		f.again(p)
	}
	x.readers = nil
}

// lifetime says whether some step frees an object.
func (f *facts) lifetime(o int) *fieldFact {
	x := f.freed[o]
	if x == nil {
		x = &fieldFact{}
		f.freed[o] = x
	}
	return x
}

// visited says whether threads touch the thread-local variables of another one.
func (f *facts) visited(o int) *fieldFact {
	x := f.visits[o]
	if x == nil {
		x = &fieldFact{}
		f.visits[o] = x
	}
	return x
}

// isFreed reports whether some step frees an object.
func (f *facts) isFreed(o int) bool {
	x := f.freed[o]
	return x != nil && x.assigned
}

// admit adds a value to those that a variable can take; false when there are too many.
func (f *facts) admit(v int, x int64) bool {
	known := f.variable(v)
	if _, ok := known.index[x]; ok {
		return true
	}
	if len(known.values) >= f.most {
		f.exceeded = true
		return false
	}
	i, _ := slices.BinarySearch(known.values, x)
	f.add(known, i, x)
	return true
}

// add enters a value at its place.
func (f *facts) add(known *varFact, i int, x int64) {
	known.index[x] = uint32(len(known.news))
	known.values, known.news = slices.Insert(known.values, i, x), append(known.news, x)
	for _, p := range known.readers {
		f.again(p)
	}
}

// assigned reports whether some step assigns a cell. When none does, the place at hand rests on
// that, and is made anew when one is found.
//
// To read a bit-field is an access to all that lie beside it, so it is a step where one of them is
// assigned.
func (t *thread) assigned(r cellRef) bool {
	if s := t.w.objects[r.object].strukt; s != nil && r.field < len(s.fields) && s.fields[r.field].isBitField {
		some := false
		for _, i := range s.beside(r.field) {
			some = t.changes(t.facts.field(t.w.fieldKey(cellRef{r.object, i}))) || some
		}
		return some
	}
	return t.changes(t.facts.field(t.w.fieldKey(r)))
}

// changes reports what is known of x. The place at hand rests on that.
func (t *thread) changes(x *fieldFact) bool {
	at := point{t, t.at}
	if !x.assigned && (len(x.readers) == 0 || x.readers[len(x.readers)-1] != at) {
		x.readers = append(x.readers, at)
	}
	return x.assigned
}

// valuesOf lists values that a variable can take, ascending: those for which the node at hand has
// no outcomes yet. A node enumerates the values of one variable, and is asked again, for the others
// alone, when more are found. In an open program these are the values that are known to reach it.
func (t *thread) valuesOf(v int) []int64 {
	t.admitInitial(v)
	x := t.facts.variable(v)
	s := t.spot(t.at)
	if t.open {
		s.enumerates = true
		return t.wanted
	}
	if !s.enumerates {
		s.enumerates = true
		x.readers = append(x.readers, point{t, t.at})
	}
	values := slices.Clone(x.news[s.known:])
	s.asked = len(x.news)
	slices.Sort(values)
	return values
}

// admitInitial admits the value with which a variable begins.
func (p *assembly) admitInitial(v int) {
	if c := p.cell(p.vars[v]); c.def.refcount {
		p.facts.countUpTo(v, c.init.n)
	} else {
		p.facts.admit(v, p.encode(c.init))
	}
}

// countUpTo admits the values of a reference count.
func (f *facts) countUpTo(v int, most int64) {
	x := f.variable(v)
	for n := len(x.values); int64(n) <= most; n++ {
		f.add(x, n, int64(n))
	}
}

// site notes a place that takes a reference. It bounds the count: a thread that does not leak holds
// at most one reference for each place at which it takes one.
func (t *thread) site(v int, c *config) {
	key := fmt.Sprint(t.number)
	for i := range c.frames {
		key += fmt.Sprintf(" %s:%d", c.frames[i].f.name, c.frames[i].pc)
	}
	f := t.facts
	if f.sites[v] == nil {
		f.sites[v] = map[string]bool{}
	}
	if !f.sites[v][key] {
		f.sites[v][key] = true
		f.refs[v] += int64(len(t.specs))
		f.countUpTo(v, t.w.cell(t.w.vars[v]).init.n+f.refs[v])
	}
}
