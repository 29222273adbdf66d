package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A callee may go several ways that nothing here tells apart. Where one of them enters the monitor
// as if there were no async job, and this thread has one, that way is as good as the others: what
// decides lies in the callee, in a loop or a condition on something that is not followed.

// sometimes looks at the ways through a callee that break such a rule, where others do not. A job
// that is only assumed, because an earlier call needs it, is not known to be there. One of which
// nothing is known any more is there again once a rule has asked for it.
func (k *calling) sometimes(s *state, fit []*effect, broken []way) {
	if k.a.f.contract || k.f.contract || s.lossy {
		return
	}
	for _, w := range broken {
		fit = append(slices.Clip(fit), w.e)
		t := s.clone()
		rules, _ := k.check(t, w.e)
		for _, n := range rules {
			if p, ok := k.alone(t, w.e, n); ok && !k.a.onlyNeeded(t, p) {
				k.mayBreak(t, n)
			}
		}
	}
	for _, e := range fit {
		for i := range e.needs {
			if p, ok := k.alone(s, e, &e.needs[i]); ok && s.fact(p, said) != nil {
				k.mayBreak(s, &e.needs[i])
			}
		}
	}
}

// alone is the job that a way through a callee takes not to be there, for the monitor.
func (k *calling) alone(s *state, e *effect, n *refNeed) (place, bool) {
	if n.aspect != isHeld || n.kind != model.AsyncNesting || !n.val.isNull() || begins(n.origin) || e.lostReason(n) {
		return noPlace, false
	}
	p, _, ok := k.object(s, n.ref)
	return p, ok && p != noPlace && !k.a.told(n.kind, k.c.Pos())
}

func (k *calling) mayBreak(s *state, n *refNeed) {
	if f := k.report(s, n); f != nil {
		f.Severity, f.some = Warning, true // the callee may know better
	}
}

// told reports whether it was found at a place that a rule is broken in any case.
func (a *analysis) told(kind model.Kind, pos model.Pos) bool {
	for key, f := range a.reports {
		if key.kind == kind && key.pos == pos && !f.some {
			return true
		}
	}
	return false
}

// lostReason reports whether a need hangs on a number that callers give, and which one it was is
// not known any more.
func (e *effect) lostReason(n *refNeed) bool {
	return n.hangs() && !slices.ContainsFunc(e.needs, func(m refNeed) bool {
		return m.aspect == holds && m.ref.root == paramRoot && m.ref.steps == "" &&
			m.ref.index == int(n.origin.passes)-1
	})
}
