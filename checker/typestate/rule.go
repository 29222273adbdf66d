package typestate

import (
	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// rule is check, requires or assert.
func (a *analysis) rule(s *state, env flow.Env, c *syntax.Call, f *vocabulary.Function) []*state {
	kind, x := model.RequiresKind, syntax.Expr(nil)
	switch {
	case f.Effect == vocabulary.Check && len(c.Args) == 2:
		kind, _ = vocabulary.Kind(syntax.Format(c.Args[0]))
		x = c.Args[1]
	case f.Effect == vocabulary.Requires && len(c.Args) == 1:
		x = c.Args[0]
	default:
		return a.give(s, c, unknown)
	}
	if !a.narrow(s, env, x, true, true) {
		return nil
	}
	for i := range s.needs {
		if n := &s.needs[i]; n.tested && n.kind == "" {
			s.ownNeeds()
			n = &s.needs[i]
			n.kind = kind
			if kind == model.RequiresKind {
				n.kind = a.kindOf(n.fact)
			}
			n.origin = &origin{
				pos: c.Pos(), fn: a.f.Name, text: syntax.FormatShort(x), of: a.f, passes: a.decides(s),
			}
		}
	}
	return a.give(s, c, unknown)
}

// kindOf is what it is called when a precondition does not hold.
func (a *analysis) kindOf(f fact) model.Kind {
	if f.aspect != isHeld {
		return model.StaleLiveness
	}
	d := a.fieldOf(f.place)
	switch {
	case d != nil && d.owner && f.val.isNull():
		return model.AsyncNesting
	case d != nil && d.owner:
		return model.NoJob
	case a.ps.list[f.place].parent != noPlace && a.w.types.single[a.ps.list[a.ps.list[f.place].parent].typ]:
		return model.WrongVariant
	case f.val.isNull():
		return model.SelfDeadlock
	}
	return model.MissingLock
}
