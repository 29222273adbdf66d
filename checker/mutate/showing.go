package mutate

import (
	"encoding/binary"
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// silent is what a step shows that is no more than a change of what the state shows, if it is that.
const silent = -1

// A showing tells what a program shows to those who keep to the locks: to whoever looks at a
// variable with the locks that protect it, as all threads do.
//
// While a thread goes on, whatever others do, the variables that it keeps from all others by a lock
// that it holds are shown to nobody ([model.Ward]), and neither are its next operation and the jobs
// that it has. Where it stands still, or may have to, all is shown, and so are at any time locks,
// sleepers, and variables that nothing protects. So in a state in which no thread goes on nothing
// is hidden: none of the deadlocks, and nothing of what is left when all are finished.
//
// A step shows what it is where its thread might have had to wait, where it breaks a rule, and
// where it finishes a thread or completes a round. The others are silent, but for one on each cycle
// of a thread's locations: so no run is silent for ever.
type showing[S model.Words] struct {
	x      *explorer[S]
	goesOn [][]bool
	quiet  [][]bool
	guards *model.Guards
	holds  [][]int32 // by thread and node: what who goes on there shows of itself; 0: not known yet
	at     []model.NodeID
}

func newShowing[S model.Words](x *explorer[S]) *showing[S] {
	p := x.m.Program
	w := &showing[S]{x: x, guards: p.Guards(), at: make([]model.NodeID, len(p.Threads))}
	w.goesOn, w.quiet = p.Onward()
	for t := range p.Threads {
		w.holds = append(w.holds, make([]int32, len(p.Threads[t].Nodes)))
	}
	return w
}

// onward is the set of threads that go on in a state with these successors.
func (w *showing[S]) onward(s *S, succs []model.Succ[S]) uint32 {
	set := uint32(0)
	for i := range succs {
		if t := w.x.m.ThreadOf(succs[i].Rule); w.goesOn[t][w.x.m.Location(s, t)] {
			set |= 1 << t
		}
	}
	return set
}

// state is what a state shows.
func (w *showing[S]) state(s *S, onward uint32) int32 {
	m := w.x.m
	b := binary.AppendUvarint(append(w.x.text[:0], "shows "...), uint64(w.x.shell))
	for t := range w.at {
		w.at[t] = m.Location(s, t)
		if onward>>t&1 != 0 {
			b = binary.AppendUvarint(b, uint64(w.holding(s, t)))
		} else {
			b = binary.AppendUvarint(b, uint64(w.x.node(s, t)))
		}
	}
	for l := range m.Program.Locks {
		b = appendBool(b, m.Locked(s, model.LockID(l)))
	}
	ward := w.guards.Ward(w.at, onward)
	for v := range m.Program.Vars {
		kept := ward.Keeps(model.VarID(v))
		if b = appendBool(b, kept); !kept {
			b = binary.AppendVarint(b, m.Value(s, model.VarID(v)))
		}
	}
	w.x.text = b
	return w.x.names.of(b)
}

// holding is what a thread shows of itself that goes on: the locks that it holds.
func (w *showing[S]) holding(s *S, t int) int32 {
	at := w.x.m.Location(s, t)
	if w.holds[t][at] == 0 {
		n := w.x.m.At(s, t)
		w.holds[t][at] = 1 + w.x.names.of(fmt.Appendf(nil, "holds %v %v %v", n.Held, n.Shares, n.Writes))
	}
	return w.holds[t][at]
}

// step is what a step shows.
func (w *showing[S]) step(s *S, succ *model.Succ[S], onward uint32) int32 {
	m, t := w.x.m, w.x.m.ThreadOf(succ.Rule)
	switch {
	case onward>>t&1 == 0:
		return w.x.names.of(fmt.Appendf(nil, "shown %d %s", w.x.what(succ.Rule), m.Leak(&succ.State, succ.Rule)))
	case succ.Failed != nil:
		return w.x.names.of(fmt.Appendf(nil, "fails %d %s", t, succ.Failed.Kind))
	case m.Completes(succ.Rule):
		return w.x.names.of(fmt.Appendf(nil, "done %d %s", t, m.Leak(&succ.State, succ.Rule)))
	case !w.quiet[t][m.Location(s, t)]:
		return w.x.names.of(fmt.Appendf(nil, "again %d %d", t, w.x.node(s, t)))
	}
	if n := m.At(s, t); n.Op == model.OpSignal || n.Op == model.OpBroadcast {
		return w.x.names.of(fmt.Appendf(nil, "%s %d %d", n.Op, t, n.Cond))
	}
	return silent
}
