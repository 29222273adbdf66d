package api

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/model"
)

// A Report is what came of a history.
type Report struct {
	linear.Report
	Domains []string
	// Elsewhere are calls that concern several domains at once, Open those of which nobody knows
	// whether they took effect, and Foreign the operations that no model knows, with how often.
	Elsewhere, Open int
	Foreign         map[string]int
	Assumed         []Assumed
}

// An Assumption is what may be behind a history that the calls alone do not explain.
type Assumption struct {
	Redefined bool // a client that finds no domain defines it again before its call returns
	Guest     bool // the guest, or somebody who is not in the file, stopped or paused it
}

// assumptions are tried one after the other.
var assumptions = []Assumption{{}, {Redefined: true}, {Guest: true}, {Redefined: true, Guest: true}}

// An Assumed domain has a history that is explained only under an assumption.
type Assumed struct {
	Domain string
	Assumption
}

// A tier checks under one assumption.
type tier struct {
	Assumption
	sets *sets
	*linear.Objects[situation, move]
}

func newTier(a Assumption, o Options) *tier {
	x := newSets(a.Guest)
	return &tier{a, x, x.checker(o)}
}

// check is what comes of the calls of one domain.
func (t *tier) check(ctx context.Context, name string, calls []*Call) linear.Layer {
	moves, ok := movesOf(calls, t.Redefined)
	why := ""
	if !ok {
		why = fmt.Sprintf("more than %d calls of %s with several steps are open at once", mostOpen, name)
	} else {
		layer := t.Check(ctx, name, situation{set: t.sets.unknown}, moves)
		if !t.sets.full {
			return layer
		}
		why = fmt.Sprintf("what %s may be like takes more than %d MB of memory", name, mostSets>>20)
	}
	return linear.Layer{Verdict: linear.Unknown, By: model.MemoryLimit, Objects: 1, Limit: why}
}

// Options bound a check.
type Options = linear.Options

// Check asks whether some order of the calls explains them.
func Check(ctx context.Context, calls []Call, o Options) *Report {
	began := time.Now()
	r := &Report{Foreign: map[string]int{}}
	byDomain := map[string][]*Call{}
	for i := range calls {
		c := &calls[i]
		op := canonical(c.Op)
		if everywhere[op] {
			r.Elsewhere++
			continue
		}
		if c.open() {
			r.Open++
		}
		if !known(op) {
			r.Foreign[c.Op]++
		}
		byDomain[c.Domain] = append(byDomain[c.Domain], c)
	}
	r.Domains = slices.Sorted(maps.Keys(byDomain))
	o.Patience = cmp.Or(o.Patience, time.Minute) / time.Duration(len(assumptions)) // all together have it
	tiers := make([]*tier, len(assumptions))
	for _, name := range r.Domains {
		layer, n := linear.Layer{}, 0
		for n < len(assumptions) {
			if tiers[n] == nil {
				tiers[n] = newTier(assumptions[n], o)
			}
			if layer = tiers[n].check(ctx, name, byDomain[name]); layer.Verdict != linear.Illegal {
				break
			}
			n++
		}
		if n > 0 && layer.Verdict == linear.OK {
			r.Assumed = append(r.Assumed, Assumed{Domain: name, Assumption: assumptions[n]})
		}
		layer.Steps = callsOf(byDomain[name], layer)
		r.API.Add(layer)
	}
	r.Operations = len(calls) - r.Elsewhere
	if ctx.Err() != nil {
		r.Stopped = model.Stopped(ctx)
	}
	r.Took = time.Since(began)
	return r
}

// callsOf is how many calls of a domain were looked at.
func callsOf(calls []*Call, y linear.Layer) int {
	if y.Verdict == linear.OK || len(y.Violations) == 0 {
		return len(calls)
	}
	last, n := int64(0), 0
	for _, s := range y.Violations[0].Steps {
		last = max(last, s.From)
	}
	for _, c := range calls {
		if c.From <= last {
			n++
		}
	}
	return n
}

// A move is a step of a call, as the checker sees it.
type move struct {
	call   *Call
	step   step
	index  uint8 // of its call's steps
	last   bool
	number uint8 // of the call, among those that are under way with several steps; 0: it has one
	havoc  bool  // whatever it may have done
}

// movesOf are the steps of the calls of one domain. Calls with several steps have numbers; those
// that overlap have different ones; false where there are too many of them.
func movesOf(calls []*Call, redefines bool) ([]linear.Timed[move], bool) {
	slices.SortStableFunc(calls, func(a, b *Call) int { return cmp.Compare(a.From, b.From) })
	var out []linear.Timed[move]
	var until [mostOpen + 1]int64 // by number: the end of the call that had it last
	for i := range until {
		until[i] = -1
	}
	for _, c := range calls {
		op := canonical(c.Op)
		p := plan{}
		if known(op) {
			p = c.plan(op, redefines)
		}
		to := c.To
		if p.optional {
			to = Never
		}
		if !known(op) {
			if c.Err == nil || c.open() {
				out = append(out, linear.Timed[move]{
					From: c.From, To: to, Client: c.Client,
					Step: &move{call: c, havoc: true, last: true},
				})
			}
			continue
		}
		number := uint8(0)
		if len(p.steps) > 1 {
			n := 1
			for n < len(until) && until[n] >= c.From {
				n++
			}
			if n == len(until) {
				return nil, false
			}
			number, until[n] = uint8(n), to
		}
		for k, y := range p.steps {
			y.owner = number
			out = append(out, linear.Timed[move]{
				From: c.From, To: to, Client: c.Client,
				Step: &move{call: c, step: y, index: uint8(k), last: k == len(p.steps)-1, number: number},
			})
		}
	}
	return out, true
}

// mostOpen is how many calls with several steps may be under way at once on one domain.
const mostOpen = 255

// String is the call of which it is a part.
func (m *move) String() string { return m.call.String() }

// A situation is what a domain may be like, and how far calls with several steps are: a byte for
// the number and a byte for the steps done, in the order of the numbers. It follows from which
// steps were taken, so it is only there for whoever does not know that.
type situation struct {
	set *set
	far string
}

// step lets a move take effect.
func (x *sets) step(s situation, m *move) (situation, bool) {
	if m.number > 0 {
		far, ok := advance(s.far, m)
		if !ok {
			return s, false
		}
		s.far = far
	}
	s.set = x.after(s.set, m)
	return s, s.set != nil
}

// advance notes that a call is one step further; false where it is not its turn.
func advance(far string, m *move) (string, bool) {
	i := 0
	for i < len(far) && far[i] < m.number {
		i += 2
	}
	done, rest := uint8(0), far[i:]
	if i < len(far) && far[i] == m.number {
		done, rest = far[i+1], far[i+2:]
	}
	switch {
	case done != m.index:
		return far, false
	case m.last:
		return far[:i] + rest, true
	}
	return far[:i] + string([]byte{m.number, done + 1}) + rest, true
}
