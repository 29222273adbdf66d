package typestate

import (
	"cmp"
	"slices"
	"strings"

	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"

	"github.com/lockproof/lockproof/model"
)

// An acquisition is a lock that a function takes, itself or in a callee.
type acquisition struct {
	class    string
	released []ref // what the caller held before, and the function has given back by then
	again    bool  // one of that class was among them
	guards   []guard
	where    *origin
	lock     ref // that is taken, where found says that callers know it
	found    bool
	single   string // the one object in which it lies, by the type that leads there
	late     bool   // it was known in a caller; no part of the order of locks
	shared   bool   // for reading, wherever it is taken
}

// maxAcquisitions is how many a summary lists beside those of classes that a contract has.
const maxAcquisitions = 12

// An edge says that a lock of one class is taken while one of another class is held.
type edge struct {
	held, taken string
	function    string
	pos         model.Pos
	since       []Step // how it came to be held
	where       *origin
}

// lockClass is the class of a lock: that of the contract, else the type in which it lies; "" where
// that is not known.
func (a *analysis) lockClass(l place) string {
	if d := a.fieldOf(l); d != nil && d.class != "" {
		if d.owner {
			return ""
		}
		return d.class
	}
	info := &a.ps.list[l]
	if info.parent == noPlace || info.root == localRoot {
		return ""
	}
	if typ := a.ps.list[info.parent].typ; typ != "" && typ != "void" && !strings.HasPrefix(typ, "virObject") {
		return typ + "." + info.step
	}
	return ""
}

// acquire notes that this function takes a lock.
func (a *analysis) acquire(s *state, l place, shared bool, pos model.Pos, text string) {
	class := a.lockClass(l)
	q := acquisition{class: class, where: &origin{pos: pos, fn: a.f.Name, text: text}, single: a.theOnly(l)}
	q.shared = shared
	q.lock, q.found = a.refOf(l, nil)
	if class == "" {
		if q.found && a.f.contract && q.lock.root == paramRoot {
			a.note(s, q)
		}
		return
	}
	var gone []string
	q.released, gone = a.releasedNow(s)
	q.again = slices.Contains(gone, class)
	a.edges(s, q, l, nil)
	a.note(s, q)
}

// releasedNow are the locks that callers held and that have been given back, and their classes.
func (a *analysis) releasedNow(s *state) (list []ref, classes []string) {
	for i := range s.needs {
		n := &s.needs[i]
		if n.aspect != isHeld || n.val.isNull() {
			continue
		}
		if v, ok := s.at(n.place, isHeld); ok && v.isNull() {
			if r, ok := a.refOf(n.place, nil); ok {
				list = append(list, r)
				classes = append(classes, a.lockClass(n.place))
			}
		}
	}
	return list, classes
}

// inside notes the locks that a callee takes.
func (k *calling) inside(s *state) {
	a := k.a
	if len(k.sum.acquires) == 0 && len(k.sum.backs) == 0 {
		return
	}
	released, gone := a.releasedNow(s)
	if len(k.sum.backs) > 0 {
		m := a.moment(s)
		for i := range k.sum.backs {
			k.passesBack(s, &k.sum.backs[i], m)
		}
	}
	for i := range k.sum.acquires {
		q := &k.sum.acquires[i]
		var given []place
		here := &origin{pos: k.c.Pos(), fn: a.f.Name, text: "calls " + k.f.Name, in: q.where}
		if a.prevents(s, q.guards) {
			continue
		}
		up := acquisition{class: q.class, where: here, late: q.late, again: q.again, single: q.single, guards: q.guards}
		up.shared = q.shared
		if q.class == "" || q.found && q.single == "" {
			p, _, ok := k.object(s, q.lock)
			if ok && p != noPlace {
				up.lock, up.found = a.refOf(p, nil)
				up.single = a.theOnly(p)
				if q.class == "" {
					up.class, up.late = a.lockClass(p), true
				}
			}
		}
		if up.class == "" {
			continue
		}
		for _, r := range q.released {
			p, _, ok := k.object(s, r)
			if !ok || p == noPlace {
				continue
			}
			given = append(given, p)
			if mine, ok := a.refOf(p, nil); ok && a.entryRoot(p) {
				up.released = append(up.released, mine)
			}
		}
		for _, r := range released {
			if !slices.Contains(up.released, r) {
				up.released = append(up.released, r)
			}
		}
		up.again = up.again || slices.Contains(gone, up.class)
		if !up.late {
			a.edges(s, up, noPlace, given)
		}
		a.note(s, up)
	}
}

// tells reports whether it is known which lock is taken: that of an object that the function is
// given, or of one of which there is no other.
func (q *acquisition) tells() bool {
	return q.single != "" || q.found && q.lock.root == paramRoot && !strings.Contains(q.lock.steps, ".")
}

// note adds to what the summary will list.
func (a *analysis) note(s *state, q acquisition) {
	for i := range a.acquires {
		if o := &a.acquires[i]; o.class == q.class {
			q.shared = q.shared && o.shared
			o.shared = q.shared
			if len(o.guards) > 0 {
				q.guards = a.guardsNow(s, q.guards)
			}
			if len(q.guards) < len(o.guards) || o.late && !q.late || o.late == q.late && (len(q.released) < len(o.released) ||
				len(q.released) == len(o.released) && !o.tells() && q.tells()) {
				*o = q
			}
			return
		}
	}
	q.guards = a.guardsNow(s, q.guards)
	if len(a.acquires) < maxAcquisitions || !strings.Contains(q.class, ".") {
		a.acquires = append(a.acquires, q)
	}
}

// edges adds what is held to the order in which locks are taken, the first place for two classes;
// given is what the callee has given back by then.
func (a *analysis) edges(s *state, q acquisition, l place, given []place) {
	if a.f.contract {
		return
	}
	for i := range s.facts {
		f := &s.facts[i]
		if f.aspect != isHeld || f.val.isNull() || f.val.signs&zero != 0 || f.place == l || slices.Contains(given, f.place) {
			continue
		}
		held := a.lockClass(f.place)
		if held == "" || held == q.class || s.lossy {
			continue
		}
		key := [2]string{held, q.class}
		if old, ok := a.saying.edges[key]; ok && comparePos(old.pos, q.where.pos) <= 0 {
			continue
		}
		if a.saying.edges == nil {
			a.saying.edges = map[[2]string]edge{}
		}
		since := a.path(s.trail, f.why, q.where.pos, "")
		a.saying.edges[key] = edge{held, q.class, a.f.Name, q.where.pos, since, q.where}
	}
}

// cycles reports classes of locks that are taken in a circle.
func (w *world) cycles() {
	var names []string
	for k := range w.edges {
		names = append(names, k[0], k[1])
	}
	slices.Sort(names)
	names = slices.Compact(names)
	g := simple.NewDirectedGraph()
	number := map[string]int64{}
	for i, n := range names {
		number[n] = int64(i)
		g.AddNode(simple.Node(i))
	}
	for k := range w.edges {
		g.SetEdge(simple.Edge{F: simple.Node(number[k[0]]), T: simple.Node(number[k[1]])})
	}
	for _, group := range topo.TarjanSCC(g) {
		if len(group) < 2 {
			continue
		}
		var ids []int64
		for _, n := range group {
			ids = append(ids, n.ID())
		}
		slices.Sort(ids)
		w.circle(names, ids)
	}
}

// circle reports the pairs of classes of one group that are taken both ways round.
func (w *world) circle(names []string, ids []int64) {
	for i, x := range ids {
		for _, y := range ids[i+1:] {
			there, ok := w.edges[[2]string{names[x], names[y]}]
			back, also := w.edges[[2]string{names[y], names[x]}]
			if !ok || !also {
				continue
			}
			w.result.Findings = append(w.result.Findings, lockOrder(there, back))
		}
	}
}

// lockOrder is the finding about two edges that go opposite ways.
func lockOrder(there, back edge) Finding {
	if cmp.Compare(there.function, back.function) > 0 {
		there, back = back, there
	}
	f := Finding{
		Kind: model.LockOrder, Severity: Warning, Confidence: Likely,
		Function: there.function, Pos: there.pos, Object: there.taken,
		Message: "takes " + there.taken + " with " + there.held + " held, and " + back.function +
			" takes them the other way round",
	}
	for _, e := range []edge{there, back} {
		f.Path = append(f.Path, e.since...)
		for o, depth := e.where, 0; o != nil; o, depth = o.in, depth+1 {
			f.Path = append(f.Path, Step{Pos: o.pos, Function: o.fn, Text: o.text, Depth: depth})
		}
	}
	f.Callers = []Note{{back.pos, back.function + " takes " + back.taken + " with " + back.held + " held"}}
	return f
}
