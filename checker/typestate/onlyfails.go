package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A function that fails early breaks no rule on the way on which it fails. Where each way on which
// it succeeds breaks one, the call can only fail, or break the rule: that is the finding.

// onlyFails looks at the ways through a callee that break rules, where others do not.
func (k *calling) onlyFails(s *state, fit []*effect, broken []way) []*state {
	if k.a.f.contract || len(broken) == 0 || slices.ContainsFunc(fit, k.succeeds) {
		return nil
	}
	broken = slices.DeleteFunc(broken, func(w way) bool { return !k.succeeds(w.e) || !k.aboutKinds(s, w.e) })
	if len(broken) == 0 {
		return nil
	}
	return k.broken(s, broken, !k.f.contract)
}

// succeeds reports whether the result of a way says that all went well: it is not negative, and no
// NULL where a pointer is returned.
func (k *calling) succeeds(e *effect) bool {
	switch v := e.result.val; {
	case e.result.leads:
		return true
	case k.sum.result.stars > 0:
		return !v.isNull()
	default:
		return v.signs != negative
	}
}

// aboutKinds reports whether a rule that a way breaks is about jobs, or about the helper that fits
// the driver's lock. Who holds which other lock, and what was looked at, is seen where that is
// asked for.
func (k *calling) aboutKinds(s *state, e *effect) bool {
	broken, _ := k.check(s.clone(), e)
	return slices.ContainsFunc(broken, func(n *refNeed) bool {
		return n.kind == model.AsyncNesting || n.kind == model.NoJob || n.kind == model.WrongVariant
	})
}
