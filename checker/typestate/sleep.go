package typestate

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// sleeps looks at a call that sleeps. With the monitor entered, what is slept for does not come:
// who brings it has to lock the monitor first.
func (a *analysis) sleeps(s *state, c *syntax.Call, name string) {
	if a.f.contract || !vocabulary.Sleeps(name) {
		return
	}
	if in := a.inside(s, "monitor", "agent"); in != noPlace {
		what := a.fieldOf(in).class
		text := name + " sleeps while the " + what + " is entered, which nobody else can use meanwhile"
		a.report(s, model.BlockUnderLock, c.Pos(), in, text, why(s, in, isHeld))
	}
}
