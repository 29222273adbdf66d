package explore

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A merger takes the movers of a thread together with the step before them. All ways of one thread out of one state are
// followed side by side, one step further at a time, and where two meet they go on as one: what choices cost is the states between, not
// the ways through them.
//
// A step is followed by no more than maxMerged others. Where there would be more, the states reached so far become states of
// the search, whose limits see to the rest: to merge a mover is never necessary. Whether that happens depends on the state alone, and not on
// the order of its successors, so neither counts nor representatives depend on it.
type merger[S model.Words] struct {
	m      *model.Machine[S]
	movers [][]bool
	unread S
	most   int // bounds what may follow any step

	steps  []mergedStep[S] // of one thread, in the order in which they were found
	micro  []model.Succ[S]
	table  []int32 // open addressing: indices of steps, plus one
	filled []int32 // the entries in use
}

// mergedStep is a state between, or at the end of, merged steps.
type mergedStep[S model.Words] struct {
	state S
	rule  int32
	from  int32 // the step before, in merger.steps; None: the first
}

// maxMerged bounds the steps that are merged with one.
const maxMerged = 1 << 10

func newMerger[S model.Words](m *model.Machine[S], d *reducer[S]) *merger[S] {
	if d.movers == nil {
		return nil
	}
	return &merger[S]{m: m, movers: d.movers, unread: d.unread, most: m.MaxFanout()}
}

// sameThread splits off the transitions at the front that one thread takes.
func (g *merger[S]) sameThread(succs []model.Succ[S]) (heads, rest []model.Succ[S]) {
	thread := g.m.ThreadOf(succs[0].Rule)
	n := 1
	for n < len(succs) && g.m.ThreadOf(succs[n].Rule) == thread {
		n++
	}
	return succs[:n], succs[n:]
}

// follow appends to out the transitions that begin with the given steps of one thread and go on with its movers, as long as there are any and
// all goes well. A step that would fail starts a transition of its own, and so does what follows a completed round.
func (g *merger[S]) follow(heads, out []model.Succ[S]) []model.Succ[S] {
	g.steps = g.steps[:0]
	alone := len(heads) == 1
	for i := range heads {
		if h := &heads[i]; h.Failed != nil {
			out = append(out, *h)
		} else {
			g.add(mergedStep[S]{without(&h.State, &g.unread), h.Rule, model.None}, alone)
		}
	}
	for lo, hi := 0, len(g.steps); lo < hi; lo, hi = hi, len(g.steps) {
		goOn := g.affordable(lo, hi)
		alone = alone && hi-lo == 1
		for i := lo; i < hi; i++ {
			if !goOn || !g.goesOn(&g.steps[i]) || !g.next(int32(i), alone) {
				out = append(out, model.Succ[S]{State: g.steps[i].state, Rule: g.steps[i].rule})
			}
		}
	}
	g.forget()
	return out
}

// goesOn reports whether the thread takes a mover after a step.
func (g *merger[S]) goesOn(x *mergedStep[S]) bool {
	thread := g.m.ThreadOf(x.rule)
	return !g.m.Completes(x.rule) && g.movers[thread][g.m.Location(&x.state, thread)]
}

// affordable reports whether there is room for whatever follows the steps from lo to hi.
func (g *merger[S]) affordable(lo, hi int) bool {
	n := len(g.steps)
	if n+(hi-lo)*g.most <= maxMerged {
		return true
	}
	for i := lo; i < hi; i++ {
		if x := &g.steps[i]; g.goesOn(x) {
			n += g.m.Fanout(&x.state, g.m.ThreadOf(x.rule))
		}
	}
	return n <= maxMerged
}

// next adds what follows a step. It returns false when nothing does, or one of the ways fails.
func (g *merger[S]) next(i int32, alone bool) bool {
	x := g.steps[i]
	g.micro = g.m.StepsOf(&x.state, g.m.ThreadOf(x.rule), g.micro[:0])
	if len(g.micro) == 0 || anyFailed(g.micro) {
		return false
	}
	for j := range g.micro {
		y := &g.micro[j]
		g.add(mergedStep[S]{without(&y.State, &g.unread), y.Rule, i}, alone && len(g.micro) == 1)
	}
	return true
}

// add enters a step unless another has led to the same state. What completes a round is told apart, for nothing is merged with
// it. On its own a step is new: no thread comes back to a location by movers alone.
func (g *merger[S]) add(x mergedStep[S], alone bool) {
	if !alone && len(g.steps) < maxMerged {
		if g.table == nil {
			g.table = make([]int32, 4*maxMerged)
		}
		p := hash(&x.state) % uint64(len(g.table))
		for ; g.table[p] != 0; p = (p + 1) % uint64(len(g.table)) {
			if old := &g.steps[g.table[p]-1]; old.state == x.state && g.m.Completes(old.rule) == g.m.Completes(x.rule) {
				return
			}
		}
		g.table[p] = int32(len(g.steps)) + 1
		g.filled = append(g.filled, int32(p))
	}
	g.steps = append(g.steps, x)
}

// forget empties the table.
func (g *merger[S]) forget() {
	for _, p := range g.filled {
		g.table[p] = 0
	}
	g.filled = g.filled[:0]
}

// rules lists the rules that lead to a state by one merged transition out of another; nil when none does. For
// reconstruction: it allocates.
func (g *merger[S]) rules(from *S, leads func(*S) bool) []int32 {
	for rest := g.m.Successors(from, nil); len(rest) > 0; {
		var heads []model.Succ[S]
		heads, rest = g.sameThread(rest)
		ends := g.follow(heads, nil)
		for i := range ends {
			if e := &ends[i]; e.Failed == nil && leads(&e.State) {
				return g.way(e)
			}
		}
	}
	return nil
}

// between calls f with the states that merged transitions out of a state pass through, and with those in which they end.
func (g *merger[S]) between(from *S, f func(*S)) {
	for rest := g.m.Successors(from, nil); len(rest) > 0; {
		var heads []model.Succ[S]
		heads, rest = g.sameThread(rest)
		g.follow(heads, nil)
		for i := range g.steps {
			f(&g.steps[i].state)
		}
	}
}

// way lists the rules of the transition with a certain end, first to last.
func (g *merger[S]) way(end *model.Succ[S]) []int32 {
	var rules []int32
	at := int32(len(g.steps)) - 1
	for g.steps[at].rule != end.Rule || g.steps[at].state != end.State {
		at--
	}
	for ; at != model.None; at = g.steps[at].from {
		rules = append(rules, g.steps[at].rule)
	}
	slices.Reverse(rules)
	return rules
}

func anyFailed[S model.Words](succs []model.Succ[S]) bool {
	for i := range succs {
		if succs[i].Failed != nil {
			return true
		}
	}
	return false
}
