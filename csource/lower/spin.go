package lower

import "github.com/lockproof/lockproof/model"

// A loop that takes no step, and in which nothing of what the thread knows changes for good, never
// ends: `for (;;) ;`, or a wait for a flag that nobody sets. The thread stands in front of a step
// that changes nothing and leads back to itself, as a thread does that spins on a flag which is
// set too late.

// freeTurns is after how many instructions without a step one looks for such loops.
const freeTurns = 1000

// turns notices when local computation comes back to where it was with all that it knew there. It
// compares each turn of a loop with one before, which it chooses anew after twice as many turns
// (Brent, An improved Monte Carlo factorization algorithm, 1980).
type turns struct {
	depth, pc   int // of the instruction before
	count, next int
	seen        string
}

func (x *turns) again(t *thread, c *config) bool {
	depth, pc := len(c.frames), c.top().pc
	back := depth == x.depth && pc <= x.pc // no loop without that
	x.depth, x.pc = depth, pc
	if !back {
		return false
	}
	key := t.key(c)
	if string(key) == x.seen {
		return true
	}
	if x.count++; x.count > x.next {
		x.seen, x.next = string(key), 2*x.count
	}
	return false
}

func (t *thread) spinNode(c *config, n *model.Node) {
	n.Op, n.Alive = model.OpAccess, t.aliveRoots(c)
	t.one(n, []model.Edge{{To: t.intern(c)}})
}
