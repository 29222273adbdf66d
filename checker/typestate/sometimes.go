package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A callee may go several ways that nothing here tells apart. Where one of them enters the monitor
// as if there were no async job, and this thread has one, that way is as good as the others: what
// decides lies in the callee, in a loop or a condition on something that is not followed.

// sometimes looks at the ways through a callee that break such a rule, where others do not. A job
// that is only assumed, because an earlier call needs it, is not known to be there.
func (k *calling) sometimes(s *state, broken []way) {
	a := k.a
	if a.f.contract || k.f.contract || s.lossy {
		return
	}
	for _, w := range broken {
		t := s.clone()
		rules, _ := k.check(t, w.e)
		for _, n := range rules {
			if n.kind != model.AsyncNesting || !n.val.isNull() || begins(n.origin) || w.e.lostReason(n) {
				continue
			}
			if p, _, ok := k.object(t, n.ref); !ok || p == noPlace || a.onlyNeeded(t, p) || a.told(n.kind, k.c.Pos()) {
				continue
			}
			if f := k.report(t, n); f != nil {
				f.Severity, f.some = Warning, true // the callee may know better
			}
		}
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
