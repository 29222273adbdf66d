package modeltest

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/model"
)

// A name is what a thread's text calls something: a domain of the thread's arguments, or none, and
// the number of the thing there. The same text on other arguments is another thread.
type name struct{ where, nth int }

// global is the place of what lies in no domain; 0 and 1 are the first and the second argument.
const global = -1

// domain is the things of one argument, or the global ones, by their number.
type domain struct {
	object, inner model.ObjectID // inner: the monitor, which is freed with the domain
	locks         []model.LockID
	conds         []model.CondID
	plain         []model.VarID // that anybody may assign
	job           model.VarID
	refs, listed  model.VarID
}

// The locks of a domain, and the global ones, by their number.
const (
	own     = 0 // the domain's own, which guards its condition and its count
	monitor = 1 // that of the inner object

	driver = 0 // the global lock under which domains are found
	extra  = 1
)

// world is the objects of a program: what there is before threads are.
type world struct {
	p       *model.Program
	globals domain
	domains []domain
	gate    model.VarID // says whether the last thread was started
	life    model.VarID // says whether it has ended, where somebody asks
	exit    model.VarID // says whether the process has ended
	lives   bool        // there are these three
	counted bool        // domains are counted
	listed  bool        // and can be taken off a list
	shapes  []shape
	inside  int // shapes[:inside] are those of every domain's variables, the others are global
}

// shape is a variable before it has a place.
type shape struct {
	values  []int64
	initial int
}

// drawWorld draws the objects. The padding makes states wide, and lies between what is used.
func drawWorld(t *rapid.T) *world {
	w := &world{p: &model.Program{}}
	w.counted = rapid.IntRange(0, 3).Draw(t, "counted") > 0
	w.listed = w.counted && rapid.IntRange(0, 2).Draw(t, "listed") > 0
	w.globals = w.newDomain("driver", false)
	for i := range rapid.IntRange(1, 3).Draw(t, "domains") {
		w.domains = append(w.domains, w.newDomain(fmt.Sprintf("vm%d", i+1), true))
	}
	w.inside = 1
	pad, padding := 0, rapid.IntRange(0, 9).Draw(t, "padding")
	switch {
	case padding > 7:
		pad = rapid.IntRange(20, 90).Draw(t, "much")
	case padding > 5:
		pad = rapid.IntRange(1, 20).Draw(t, "some")
	}
	if pad > 0 {
		w.inside += pad / 10
	}
	for range w.inside + 2 + pad {
		w.shapes = append(w.shapes, drawShape(t))
	}
	w.locks(rapid.IntRange(0, 3).Draw(t, "spare"))
	w.conditions()
	w.variables(rapid.Bool().Draw(t, "pointer"), padding%3 == 1)
	return w
}

func drawShape(t *rapid.T) shape {
	n := rapid.SampledFrom([]int{2, 2, 3, 3, 5, 9, 33, 64, 1}).Draw(t, "values")
	first := rapid.SampledFrom([]int64{0, 0, 0, -1}).Draw(t, "first")
	s := shape{}
	for i := range n {
		s.values = append(s.values, first+int64(i))
	}
	s.initial = rapid.IntRange(0, min(n-1, 3)).Draw(t, "initial")
	return s
}

// lifetimes makes the variables that say whether a thread was started, and whether the process has
// ended.
func (w *world) lifetimes() {
	w.lives, w.gate = true, model.VarID(len(w.p.Vars))
	w.life, w.exit = w.gate+1, w.gate+2
	w.p.Vars = append(w.p.Vars,
		model.Var{Name: "started", Object: model.None, Values: []int64{0, 1}},
		model.Var{Name: "ended", Object: model.None, Values: []int64{0, 1, 2}},
		model.Var{Name: "exited", Object: model.None, Values: []int64{0, 1, 2}, Exit: true})
}

// starts lets the last thread be one that others start, where it begins at a step and does not
// loop.
func (w *world) starts() {
	t := &w.p.Threads[len(w.p.Threads)-1]
	if !t.Loop && !slices.ContainsFunc(t.Start, func(e model.Edge) bool { return t.Nodes[e.To].Op == model.OpFinish }) {
		w.p.Vars[w.gate].Starts, w.p.Vars[w.life].Life = len(w.p.Threads), len(w.p.Threads)
	}
}

func (w *world) newDomain(name string, cluster bool) domain {
	d := domain{
		object: model.ObjectID(len(w.p.Objects)), inner: model.None, job: model.None, refs: model.None,
		listed: model.None,
	}
	none := model.ObjectID(model.None)
	o := model.Object{Name: name, Type: "driver", Root: none, Cluster: none, Refs: model.None, Listed: model.None}
	if cluster {
		o.Type, o.Cluster = "domain", d.object
		if w.counted {
			o.Root = d.object
		}
	}
	w.p.Objects = append(w.p.Objects, o)
	if cluster {
		d.inner = d.object + 1
		mon := o
		mon.Name, mon.Type = name+".mon", "monitor"
		w.p.Objects = append(w.p.Objects, mon)
	}
	return d
}

// locks makes each domain's locks, and some that nobody uses between them.
func (w *world) locks(spare int) {
	add := func(d *domain, object model.ObjectID, name, class string) {
		d.locks = append(d.locks, model.LockID(len(w.p.Locks)))
		w.p.Locks = append(w.p.Locks, model.Lock{Name: name, Class: class, Object: object})
	}
	add(&w.globals, w.globals.object, "driver.lock", "driver")
	for i := range spare {
		w.p.Locks = append(w.p.Locks, model.Lock{Name: fmt.Sprintf("spare%d", i), Class: "spare", Object: model.None})
	}
	for i := range w.domains {
		d := &w.domains[i]
		add(d, d.object, w.p.Objects[d.object].Name+".lock", "domain")
	}
	add(&w.globals, model.None, "extra", "extra")
	for i := range w.domains {
		d := &w.domains[i]
		add(d, d.inner, w.p.Objects[d.inner].Name+".lock", "monitor")
	}
}

func (w *world) conditions() {
	add := func(d *domain, object model.ObjectID, name string) {
		d.conds = append(d.conds, model.CondID(len(w.p.Conds)))
		w.p.Conds = append(w.p.Conds, model.Cond{Name: name, Object: object})
	}
	add(&w.globals, model.None, "ready")
	for i := range w.domains {
		add(&w.domains[i], w.domains[i].object, w.p.Objects[w.domains[i].object].Name+".jobCond")
	}
}

// variables makes the variables, those of the domains side by side.
func (w *world) variables(pointer, together bool) {
	add := func(v model.Var) model.VarID {
		w.p.Vars = append(w.p.Vars, v)
		return model.VarID(len(w.p.Vars) - 1)
	}
	for k, s := range w.shapes {
		v := model.Var{Values: s.values, Initial: s.values[s.initial]}
		if k >= w.inside {
			v.Name, v.Object = fmt.Sprintf("g%d", k), model.None
			if together {
				v.Location = 1 + k/2
			}
			w.globals.plain = append(w.globals.plain, add(v))
			continue
		}
		for i := range w.domains {
			d := &w.domains[i]
			v.Name, v.Object = fmt.Sprintf("%s.x%d", w.p.Objects[d.object].Name, k), d.object
			if together {
				v.Location = 1000*(i+1) + k/2
			}
			d.plain = append(d.plain, add(v))
		}
	}
	for i := range w.domains {
		d := &w.domains[i]
		d.job = add(model.Var{
			Name: w.p.Objects[d.object].Name + ".jobActive", Object: d.object, Class: "job", Values: []int64{0, 1, 2}, Job: true,
		})
	}
	for i := range w.domains {
		d := &w.domains[i]
		if !w.counted {
			continue
		}
		o := &w.p.Objects[d.object]
		d.refs = add(model.Var{Name: o.Name + ".refs", Object: d.object, Values: []int64{0, 1, 2, 3}, Initial: 1, Refs: true})
		o.Refs = d.refs
		if w.listed {
			d.listed = add(model.Var{Name: o.Name + ".listed", Object: d.object, Values: []int64{0, 1}, Initial: 1})
			o.Listed = d.listed
		}
	}
	if pointer {
		v := add(model.Var{Name: "current", Object: model.None, Values: []int64{0, 1, 2}, Pointer: true})
		w.globals.plain = append(w.globals.plain, v)
	}
}

// A binding is a thread's arguments: which domain each name's place stands for.
type binding []*domain

func (w *world) place(b binding, where int) *domain {
	if where == global {
		return &w.globals
	}
	return b[where]
}
