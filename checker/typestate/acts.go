package typestate

import (
	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
)

// A function outside of the tree may act on an object that it is not given: on the guest whose
// number it gets. The contract says of which parameter: `int domid __attribute__((acts_on))`. The
// object in which the argument lies is changed then.

// acts looks at what a function of the contract acts on.
func (a *analysis) acts(s *state, env flow.Env, c *syntax.Call, f *function) {
	if a.f.contract || len(c.Args) != len(f.Type.Params) {
		return
	}
	for i, p := range f.Type.Params {
		m, ok := c.Args[i].(*syntax.Member)
		if !ok || syntax.FindAttr(p.Attrs, "acts_on") == nil {
			continue
		}
		if at := a.memberPlace(s, env, m); at != noPlace {
			if l := a.guardOf(at); l != noPlace {
				a.changed(s, l, c.Pos(), f.Name+" acts on what "+a.ps.text(a.f, at)+" names")
			}
		}
	}
}
