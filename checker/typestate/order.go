package typestate

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// An acquisition is a lock that a function takes, itself or in a callee.
type acquisition struct {
	ref   ref
	class string
	where *origin
}

// acquire notes that a lock is taken.
func (a *analysis) acquire(s *state, l place, pos model.Pos, text string) {}

// acquiredInside notes that a callee takes a lock.
func (a *analysis) acquiredInside(s *state, q *acquisition, c *syntax.Call, args []value, sum *summary) {
}
