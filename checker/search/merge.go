package search

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A merger takes the movers of a thread together with the step before them. All ways of one thread
// out of one state are followed side by side, one step further at a time, and where two meet they
// go on as one: what choices cost is the states between, not the ways through them.
//
// A step is followed by no more than budget others. Where there would be more, the states
// reached so far become states of the search, whose limits see to the rest: to merge a mover is
// never necessary. Whether that happens depends on the state alone, and not on the order of its
// successors, so neither counts nor representatives depend on it.
type merger[S model.Words] struct {
	m      *model.Machine[S]
	movers [][]bool
	unread S
	taken  []bool // by rule: set where a step is merged, or would be
	most   int    // bounds what may follow any step
	budget int    // how many steps may be merged with one

	thread int
	here   []bool          // the thread's movers
	steps  []mergedStep[S] // in the order in which they were found
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

func newMerger[S model.Words](m *model.Machine[S], d *reducer[S], taken []bool, budget int) *merger[S] {
	if d.movers == nil {
		return nil
	}
	return &merger[S]{m: m, movers: d.movers, unread: d.unread, taken: taken, most: m.MaxFanout(), budget: budget}
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

// follow appends to out the transitions that begin with the given steps of one thread and go on
// with its movers, as long as there are any and all goes well. A step that would fail starts a
// transition of its own, and so does what follows a completed round.
func (g *merger[S]) follow(heads, out []model.Succ[S]) []model.Succ[S] {
	g.steps = g.steps[:0]
	g.thread = g.m.ThreadOf(heads[0].Rule)
	g.here = g.movers[g.thread]
	for i := range heads {
		switch h := &heads[i]; {
		case h.Failed != nil:
			out = append(out, *h)
		case len(heads) == 1:
			g.append(h, model.None)
		default:
			g.enter(h, model.None)
		}
	}
	lo := 0
	for len(g.steps) == lo+1 { // on its own a step is new: no thread comes back to a location by movers alone
		if !g.goesOn(lo) || lo+1+g.most > g.budget && !g.affordable(lo) || !g.ahead(lo) {
			out = append(out, g.end(lo))
			lo++
			break
		}
		if lo++; len(g.micro) == 1 {
			g.append(&g.micro[0], int32(lo-1))
			continue
		}
		for i := range g.micro {
			g.enter(&g.micro[i], int32(lo-1))
		}
	}
	for hi := len(g.steps); lo < hi; lo, hi = hi, len(g.steps) {
		affordable := g.affordable(lo)
		for i := lo; i < hi; i++ {
			if !affordable || !g.goesOn(i) || !g.ahead(i) {
				out = append(out, g.end(i))
				continue
			}
			for j := range g.micro {
				g.enter(&g.micro[j], int32(i))
			}
		}
	}
	if len(g.filled) > 0 {
		g.forget()
	}
	return out
}

// end is the transition that ends with a step.
func (g *merger[S]) end(i int) model.Succ[S] {
	return model.Succ[S]{State: g.steps[i].state, Rule: g.steps[i].rule}
}

// goesOn reports whether the thread takes a mover after a step. Nothing is merged with a step that
// may never come, so that what is merged comes or not as a whole.
func (g *merger[S]) goesOn(i int) bool {
	x := &g.steps[i]
	return g.here[g.m.Location(&x.state, g.thread)] && !g.m.Completes(x.rule) && !g.m.Optional(x.rule)
}

// affordable reports whether there is room for whatever follows the steps from lo on.
func (g *merger[S]) affordable(lo int) bool {
	n := len(g.steps)
	if n+(n-lo)*g.most <= g.budget {
		return true
	}
	for i := lo; i < len(g.steps); i++ {
		if g.goesOn(i) {
			n += g.m.Fanout(&g.steps[i].state, g.thread)
		}
	}
	return n <= g.budget
}

// ahead fills g.micro with what follows a step. It returns false when nothing does, or one of the
// ways fails.
func (g *merger[S]) ahead(i int) bool {
	g.micro = g.m.StepsOf(&g.steps[i].state, g.thread, g.micro[:0])
	return len(g.micro) > 0 && !anyFailed(g.micro)
}

func (g *merger[S]) append(succ *model.Succ[S], from int32) {
	g.taken[succ.Rule] = true
	g.steps = append(g.steps, mergedStep[S]{without(&succ.State, &g.unread), succ.Rule, from})
}

// enter appends a step unless another has led to the same state. What completes a round is told
// apart, for nothing is merged with it, and so is what may never come.
func (g *merger[S]) enter(succ *model.Succ[S], from int32) {
	g.taken[succ.Rule] = true
	if len(g.steps) < g.budget {
		if g.table == nil {
			g.table = make([]int32, 4*g.budget)
		}
		state := without(&succ.State, &g.unread)
		p := hash(&state) % uint64(len(g.table))
		for ; g.table[p] != 0; p = (p + 1) % uint64(len(g.table)) {
			if old := &g.steps[g.table[p]-1]; old.state == state && g.m.Completes(old.rule) == g.m.Completes(succ.Rule) &&
				g.m.Optional(old.rule) == g.m.Optional(succ.Rule) {
				return
			}
		}
		g.table[p] = int32(len(g.steps)) + 1
		g.filled = append(g.filled, int32(p))
	}
	g.append(succ, from)
}

// forget empties the table.
func (g *merger[S]) forget() {
	for _, p := range g.filled {
		g.table[p] = 0
	}
	g.filled = g.filled[:0]
}

// rules lists the rules that lead to a state by one merged transition out of another; nil when none
// does. For reconstruction: it allocates.
func (g *merger[S]) rules(from *S, leads func(*S) bool) []int32 {
	for rest := g.m.Successors(from, nil); len(rest) > 0; {
		var heads []model.Succ[S]
		heads, rest = g.sameThread(rest)
		ends := g.follow(heads, nil)
		for i := range ends {
			if e := &ends[i]; e.Failed == nil && leads(&e.State) {
				return g.path(e)
			}
		}
	}
	return nil
}

// between calls f with the states that merged transitions out of a state pass through, and with
// those in which they end: of all transitions, or of those that must come.
func (g *merger[S]) between(from *S, every bool, f func(*S)) {
	for rest := g.m.Successors(from, nil); len(rest) > 0; {
		var heads []model.Succ[S]
		heads, rest = g.sameThread(rest)
		g.follow(heads, nil)
		for i := range g.steps {
			if x := &g.steps[i]; every || !g.m.Optional(x.rule) {
				f(&x.state)
			}
		}
	}
}

// path lists the rules of the transition with a certain end, first to last.
func (g *merger[S]) path(end *model.Succ[S]) []int32 {
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
