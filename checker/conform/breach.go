package conform

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// breach compares a step that breaks a rule in the model with what the driver's thread did in it.
func (k *walk[S]) breach(t *thread, f *failure, succ *model.Succ[S]) *difference {
	want := succ.Failed
	kinds := breaches(k.m, &succ.State, k.m.ThreadOf(succ.Rule))
	switch {
	case f == nil && len(kinds) == 0:
		return nil // the bound of the model on a count: there is no such rule, and the model goes no further
	case f == nil:
		return differ(Backward, "%s breaks a rule in the model (%s: %s); the driver's step is fine", t.name(),
			want.Kind, want.Text)
	}
	if !slices.Contains(kinds, f.kind) {
		return differ(Apart, "%s breaks the rule %s in the driver (%s), and %s in the model (%s)", t.name(), f.kind,
			f.message, want.Kind, want.Text)
	}
	return nil
}

// breaches lists the rules that the next step of a thread breaks. The model names the first; the
// driver, which sees some of them when the step before it ends, may name another.
func breaches[S model.Words](m *model.Machine[S], s *S, thread int) []model.Kind {
	var kinds []model.Kind
	n := m.At(s, thread)
	for _, o := range n.Alive {
		if m.Freed(s, o) {
			kinds = append(kinds, model.UseAfterRelease)
		}
	}
	for i := range n.Checks {
		x := &n.Checks[i]
		if x.Cond == nil || x.Cond.Eval(func(v model.VarID) int64 { return m.Value(s, v) }) == 0 {
			kinds = append(kinds, x.Kind)
		}
	}
	return kinds
}
