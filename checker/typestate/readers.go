package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// Who has a lock for reading shares it with others: what it guards is not changed meanwhile, by a
// function that is called back either.

// reads are the classes of locks that a function takes for reading and never otherwise.
func (s *summary) reads() []string {
	var list []string
	for _, q := range s.acquires {
		if q.shared {
			list = append(list, q.class)
		}
	}
	return list
}

// altersOthers notes a change, by a helper, of something whose lock its callers hold.
func (a *analysis) altersOthers(s *state, p place, pos model.Pos) {
	if !a.f.contract {
		return
	}
	for p = a.ps.list[p].parent; p != noPlace && a.ps.list[p].parent != noPlace; {
		p = a.ps.list[p].parent
	}
	if p == noPlace || !a.entryRoot(p) {
		return
	}
	if l := a.lockOf(p); a.onlyNeeded(s, l) && !s.need(l, isHeld).val.isNull() {
		here := &origin{pos: pos, fn: a.f.Name, text: a.ps.text(a.f, p) + " is changed"}
		a.alter(acquisition{class: a.lockClass(l), where: here})
	}
}

// alters notes what a callee changes under a lock that this function does not take itself.
func (k *calling) alters(s *state) {
	a := k.a
	for _, q := range k.sum.alters {
		mine := slices.ContainsFunc(s.facts, func(f fact) bool {
			return f.aspect == isHeld && !f.val.isNull() && a.lockClass(f.place) == q.class && !a.onlyNeeded(s, f.place)
		})
		if !mine {
			a.alter(acquisition{
				class: q.class,
				where: &origin{pos: k.c.Pos(), fn: a.f.Name, text: "calls " + k.f.Name, in: q.where},
			})
		}
	}
}

func (a *analysis) alter(q acquisition) {
	known := func(o acquisition) bool { return o.class == q.class }
	if q.class != "" && !slices.ContainsFunc(a.alterations, known) {
		a.alterations = append(a.alterations, q)
	}
}

func readersFinding(b callback, q acquisition) Finding {
	f := Finding{
		Kind: model.MissingLock, Severity: Error, Confidence: Likely, Function: b.from.Name, Pos: b.pos, Object: q.class,
		Message: b.given.Name + " changes what the lock of class " + q.class + " guards, and " + b.helper.Name +
			" locks it for reading alone while it calls it",
	}
	f.Path = []Step{{Pos: b.pos, Function: b.from.Name, Text: "calls " + b.helper.Name}}
	f.Path = append(f.Path, stepsOf(q.where)...)
	return f
}
