package interp

import (
	"sync/atomic"

	"github.com/lockproof/lockproof/model"
)

// context is a way to get into a function: the calls that led there. What a Site says is worked out
// once for each; recursion has as many as it goes deep.
type context struct {
	function *function
	outer    []model.Call
	spots    []atomic.Pointer[spot] // by number of the call in the function
}

// spot is a call in a context.
type spot struct {
	site  Site
	inner *context // of the function that is called; nil when it has no body
}

func newContext(f *function, outer []model.Call) *context {
	return &context{f, outer, make([]atomic.Pointer[spot], f.calls)}
}

// spot finds a call, making it at first sight. Of several runs that do so at once, one wins.
func (c *context) spot(k *call) *spot {
	at := &c.spots[k.number]
	if s := at.Load(); s != nil {
		return s
	}
	calls := append(c.outer[:len(c.outer):len(c.outer)], model.Call{Function: c.function.name, Pos: k.pos})
	s := &spot{site: Site{Function: c.function.name, Pos: k.pos, Text: k.text, Calls: calls}}
	if k.callee != nil {
		s.inner = newContext(k.callee, calls)
	}
	at.CompareAndSwap(nil, s)
	return at.Load()
}
