package typestate

import (
	"strconv"

	"github.com/lockproof/lockproof/model"
)

// wrongBefore looks at a lock that is given back and of which all that is known is that an earlier
// call, of a variant for those who do not hold it, needs it not to be held. Who gives a lock back
// that he has not taken has it from his callers, so it is that call that is wrong.
func (a *analysis) wrongBefore(s *state, l place, pos model.Pos) bool {
	n := s.need(l, isHeld)
	if n == nil || n.kind != model.WrongVariant || !n.val.isNull() || n.origin == nil || !a.onlyNeeded(s, l) {
		return false
	}
	callee := "what is called"
	if n.origin.in != nil {
		callee = n.origin.in.fn
	}
	a.reportNeed(s, model.WrongVariant, n.origin.pos, l, callee+" must not be called with "+a.resource(l)+
		" held, and line "+strconv.Itoa(pos.Line)+" gives it back, which is not taken in between", n.why, n.origin.in)
	return true
}
