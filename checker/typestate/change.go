package typestate

import (
	"path"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// Whoever changes what a lock guards has a job as well, where there are jobs: without one it
// happens in the middle of what the owner of the job does with the lock dropped. Only objects are
// looked at that the function has found itself, for only of these it is known that nobody up the
// stack has a job.

// changes looks at a place that is stored into.
func (a *analysis) changes(s *state, p place, pos model.Pos) {
	if a.f.contract || !a.f.jobs {
		return
	}
	l := a.guardOf(p)
	if u, there := s.at(a.ps.list[p].top, under); l == noPlace && there {
		l = u.at - 1
	}
	if l != noPlace {
		a.changed(s, l, pos, a.ps.text(a.f, p)+" is changed")
	}
}

// changed looks at something that a lock guards and that is changed, here or in a callee.
func (a *analysis) changed(s *state, l place, pos model.Pos, what string) {
	top := a.ps.list[l].top
	if a.entryRoot(l) {
		if !a.someJob(s, top, true) {
			s.set(l, altered, number(1))
		}
		return
	}
	held := s.fact(l, isHeld)
	if held == nil || held.val.isNull() || a.someJob(s, top, false) {
		return
	}
	_, found := s.at(top, fresh)
	if _, new := s.at(top, made); found && !new && !a.isPart(s, top) && a.ps.list[l].parent == top && a.f.jobs {
		text := what + ", and this thread has no job of " + a.ps.text(a.f, top)
		if f := a.reportNeed(s, model.NoJob, pos, top, text, held.why, nil); f != nil {
			f.Severity = Warning // it takes the owner of a job who looks at the same
		}
	}
}

// forgetAltered takes back what was noted of objects whose jobs the function has to do with: it may
// have adopted one.
func (a *analysis) forgetAltered() {
	if a.f.contract || !a.f.jobs {
		return
	}
	jobs := map[place]bool{}
	for _, e := range a.exits {
		for i := range e.s.needs {
			a.noteJob(jobs, &e.s.needs[i].fact)
		}
		for i := range e.s.facts {
			a.noteJob(jobs, &e.s.facts[i])
		}
	}
	for _, e := range a.exits {
		e.s.filter(func(f *fact) bool { return f.aspect != altered || !jobs[a.ps.list[f.place].top] })
	}
}

func (a *analysis) noteJob(jobs map[place]bool, f *fact) {
	if d := a.fieldOf(f.place); d != nil && d.owner {
		jobs[a.ps.list[f.place].top] = true
	}
}

// someJob reports whether this thread has a job of an object, or has anything to do with one.
func (a *analysis) someJob(s *state, top place, anything bool) bool {
	for i := range s.facts {
		f := &s.facts[i]
		if f.aspect == isHeld && (anything || !f.val.isNull()) && a.ps.list[f.place].top == top {
			if d := a.fieldOf(f.place); d != nil && d.owner {
				return true
			}
		}
	}
	return false
}

// withJobs are the folders of a tree in which jobs are begun: drivers beside those that know none.
func (w *world) withJobs(list []*mention) map[string]bool {
	w.begins = map[string]bool{}
	for name, f := range w.contract {
		if f.summary == nil {
			continue
		}
		for _, e := range f.summary.cases {
			for i := range e.facts {
				if x := &e.facts[i]; x.aspect == isHeld && !x.val.val.isNull() && w.ownerRef(f, x.ref) {
					w.begins[name] = true
				}
			}
		}
	}
	w.countsJobs()
	folders := map[string]bool{}
	for _, m := range list {
		if w.contract[m.fn.Name] != nil {
			continue
		}
		for _, name := range m.contract {
			if w.begins[name] {
				folders[folder(m.fn)] = true
			}
		}
	}
	return folders
}

// ownerRef reports whether a ref of a function is the owner field of a job.
func (w *world) ownerRef(f *function, r ref) bool {
	if r.root != paramRoot || r.index >= len(f.params) || r.steps == "" {
		return false
	}
	typ := f.params[r.index].name
	var d *field
	for step := range strings.SplitSeq(r.steps, ".") {
		if d = w.types.field(typ, step); d == nil {
			return false
		}
		typ = d.typ
	}
	return d.owner
}

// changesGiven reports whether a function changes something of an object of the contract that it is
// given, and no job: who reads a job from a file has not begun it.
func (w *world) changesGiven(f *tree.Function) bool {
	given := map[string]bool{}
	for _, p := range f.Type.Params {
		if t := typeOf(p.Type); t.stars > 0 && w.types.counted(t.name) {
			given[p.Name] = true
		}
	}
	found, jobs := false, false
	if len(given) > 0 {
		syntax.Walk(f.Body, func(n syntax.Node) bool {
			if as, ok := n.(*syntax.Assign); ok {
				x := as.X
				if m, ok := x.(*syntax.Member); ok {
					jobs = jobs || w.types.owners[m.Name]
				}
				for m, ok := x.(*syntax.Member); ok; m, ok = x.(*syntax.Member) {
					x = m.X
				}
				id, ok := x.(*syntax.Ident)
				found = found || ok && x != as.X && given[id.Name]
			}
			return true
		})
	}
	return found && !jobs
}

func folder(f *tree.Function) string { return path.Dir(f.File.Name) }

// ignored looks at a call whose result nobody takes, where only that says whether the object is in
// use still: the guest of a domain may have ended while its lock was dropped.
func (a *analysis) ignored(s *state, env flow.Env, c *syntax.Call) {
	id, ok := c.Fun.(*syntax.Ident)
	if !ok || a.f.contract {
		return
	}
	f := a.w.contract[id.Name]
	if f == nil || f.summary == nil || !a.w.tellsLife(f.summary) {
		return
	}
	for _, x := range c.Args {
		if p, ok := a.eval(s, env, x).place(); ok && a.w.types.counted(a.ps.list[p].typ) {
			a.report(s, model.StaleLiveness, c.Pos(), p, "what "+id.Name+" returns says whether "+a.ps.text(a.f, p)+
				" is in use still, and nobody takes it", nil)
			return
		}
	}
}

// tellsLife reports whether a function takes a lock, and says by its result how it has found a
// field.
func (w *world) tellsLife(sum *summary) bool {
	for i := range sum.cases {
		e := &sum.cases[i]
		if class(e.result.val) != "0" || e.result.leads || !e.relocks() {
			continue
		}
		for j := range sum.cases {
			o := &sum.cases[j]
			if class(o.result.val) == "<0" && o.relocks() && opposed(e, o) {
				return true
			}
		}
	}
	return false
}

// relocks reports whether a lock is not held before and is held afterwards.
func (e *effect) relocks() bool {
	return slices.ContainsFunc(e.needs, func(n refNeed) bool {
		return n.aspect == isHeld && n.val.isNull() && slices.ContainsFunc(e.facts, func(f refFact) bool {
			return f.aspect == isHeld && f.ref == n.ref && f.val.val == number(1)
		})
	})
}

// opposed reports whether two ways through a function have found different values of a field.
func opposed(e, o *effect) bool {
	return slices.ContainsFunc(e.needs, func(n refNeed) bool {
		return n.aspect == holds && !n.tested && slices.ContainsFunc(o.needs, func(m refNeed) bool {
			return m.aspect == holds && m.ref == n.ref && !m.val.meets(n.val)
		})
	})
}
