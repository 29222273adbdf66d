package typestate

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// Where no helper that begins a job takes a reference with it, nobody has one to drop who ends the
// job. What a function does that is a helper itself, of the tree, is looked at as well.

// A begun says how the helpers of a driver begin a job.
type begun struct {
	driver string // what their names begin with
	owner  string // the job's owner field
}

// countsJobs finds for each job whether all helpers that begin it, and may fail to, take no
// reference with it.
func (w *world) countsJobs() {
	w.unreferenced = map[begun]bool{}
	for name := range w.begins {
		f := w.contract[name]
		fails := slices.ContainsFunc(f.summary.cases, func(e effect) bool { return e.result.val.signs == negative })
		for i := range f.summary.cases {
			e := &f.summary.cases[i]
			for j := range e.facts {
				x := &e.facts[j]
				if fails && x.aspect == isHeld && !x.val.val.isNull() && w.ownerRef(f, x.ref) {
					b := begun{driverOf(name), lastStep(x.ref)}
					none, known := w.unreferenced[b]
					w.unreferenced[b] = (none || !known) && e.refsOf(x.ref) == 0
				}
			}
		}
	}
}

// driverOf is what the names of a driver's functions begin with.
func driverOf(name string) string {
	return name[:len(name)-len(strings.TrimLeft(name, "abcdefghijklmnopqrstuvwxyz"))]
}

// refsOf is how many references a way takes of the object in which a place lies.
func (e *effect) refsOf(r ref) int64 {
	for i := range e.facts {
		x := &e.facts[i]
		if x.aspect == refs && x.val.val.known && x.ref.root == r.root && x.ref.index == r.index &&
			strings.Trim(x.ref.steps, "*.") == "" {
			return x.val.val.n
		}
	}
	return 0
}

// dropsWithJob looks at the exits at which a job of callers has ended and a reference of its object
// was dropped, with the object's lock held: who gives that back as well may end the use of it.
func (a *analysis) dropsWithJob() {
	for i := range a.exits {
		s := a.exits[i].s
		for j := range s.needs {
			n := &s.needs[j]
			d := a.fieldOf(n.place)
			if n.aspect != isHeld || n.val.isNull() || d == nil || !d.owner {
				continue
			}
			b := begun{driverOf(a.f.Name), a.ps.list[n.place].step}
			v, ok := s.at(n.place, isHeld)
			if !a.w.unreferenced[b] || !ok || !v.isNull() && (!a.clearsJobs || n.tested || !n.val.known) {
				continue
			}
			top := a.ps.list[n.place].top
			f := s.fact(top, refs)
			held, known := a.held(s, a.lockOf(top))
			if f == nil || f.val.n >= 0 || f.why == nil || !known || held.isNull() || a.opaqueParam(&a.ps.list[top]) {
				continue
			}
			a.report(s, model.RefCount, f.why.pos, top, "a reference of "+a.ps.text(a.f, top)+" is dropped with the job "+
				a.ps.text(a.f, n.place)+", and nobody takes one who begins it", n.why)
		}
	}
}

// clearsJob reports whether a function does nothing but clear the job of what it is given. Whose
// job that is callers know, who have looked at its kind.
func (w *world) clearsJob(f *tree.Function) bool {
	clears, calls := false, false
	if len(f.Type.Params) != 1 {
		return false
	}
	syntax.Walk(f.Body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Assign:
			m, ok := n.X.(*syntax.Member)
			id, constant := n.Y.(*syntax.Ident)
			clears = clears || ok && constant && w.types.owners[m.Name] && w.types.constants[id.Name] == 0
		case *syntax.Call:
			calls = true
		}
		return true
	})
	return clears && !calls
}

// mayClear notes a call of such a function.
func (a *analysis) mayClear(name string) {
	if !a.f.contract && len(a.w.clearers) > 0 {
		a.clearsJobs = a.clearsJobs || a.w.clearers[a.w.tree.Find(a.f.File, name)]
	}
}
