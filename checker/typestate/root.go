package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A function that breaks what a callee needs is not always the one to repair. Who enters the
// monitor as if there were no async job is wrong wherever an async job is held up the stack; and
// what all callers of a function break is that function's mistake. So a finding may stand in a
// callee, and the caller is a note.

// A demand is what a function asks of its callers: a lock that they must hold, or must not.
type demand struct {
	of   *function
	ref  ref
	kind model.Kind
	free bool // it must not be held
}

// A tally is how the callers of a function answer a demand.
type tally struct {
	met  bool      // some give what is asked for
	from []demand  // of others it is asked in turn
	also []*origin // other calls of the function itself that need the same
}

// shared reports whether a kind may be a mistake of the callee.
func shared(kind model.Kind) bool { return kind == model.WrongVariant || kind == model.SelfDeadlock }

// meets notes that a call gives its callee what it asks for.
func (k *calling) meets(s *state, e *effect) {
	if k.f.contract {
		return
	}
	for i := range e.needs {
		n := &e.needs[i]
		if n.aspect != isHeld || !n.tested || !shared(n.kind) {
			continue
		}
		p, _, ok := k.object(s, n.ref)
		if !ok || p == noPlace {
			continue
		}
		if v, known := k.a.held(s, p); known && v.meets(n.val) && !k.a.onlyNeeded(s, p) {
			k.a.answer(demand{k.f, n.ref, n.kind, n.val.isNull()}).met = true
		}
	}
}

// handsUp notes that a function asks its own callers for what a callee asks for.
func (k *calling) handsUp(n *refNeed, p place) {
	if k.f.contract || !n.tested || !shared(n.kind) {
		return
	}
	if r, ok := k.a.refOf(p, nil); ok {
		t, up := k.a.answer(demand{k.f, n.ref, n.kind, n.val.isNull()}), demand{k.a.f, r, n.kind, n.val.isNull()}
		if !slices.Contains(t.from, up) {
			t.from = append(t.from, up)
		}
	}
}

// asksAgain notes a call that needs what an earlier one needed as well: where callers break that,
// they break this, unless it hangs on a number that they give.
func (k *calling) asksAgain(s *state, n *refNeed, p place) {
	if !n.tested || !shared(n.kind) && n.kind != model.AsyncNesting || k.a.f.contract || !k.a.onlyNeeded(s, p) {
		return
	}
	r, ok := k.a.refOf(p, nil)
	if !ok || k.passes(n.origin) > 0 {
		return
	}
	t := k.a.answer(demand{k.a.f, r, n.kind, n.val.isNull()})
	same := func(o *origin) bool { return o.pos == k.c.Pos() }
	if first := s.need(p, n.aspect).origin; first != nil && !same(first) && !slices.ContainsFunc(t.also, same) {
		t.also = append(t.also, k.origin(n))
	}
}

// answer is what is known of how this function answers a demand.
func (a *analysis) answer(d demand) *tally {
	if a.saying.demands == nil {
		a.saying.demands = map[demand]*tally{}
	}
	t := a.saying.demands[d]
	if t == nil {
		t = &tally{}
		a.saying.demands[d] = t
	}
	return t
}

// met reports whether some caller gives what is asked for, itself or by its own callers.
func (w *world) met(d demand, seen map[demand]bool) bool {
	t := w.demands[d]
	if t == nil || seen[d] {
		return false
	}
	seen[d] = true
	return t.met || slices.ContainsFunc(t.from, func(up demand) bool { return w.met(up, seen) })
}

// demand adds what the analysis of a function has told of demands.
func (w *world) demand(demands map[demand]*tally) {
	for d, t := range demands {
		if old := w.demands[d]; old != nil {
			old.met = old.met || t.met
			old.from = append(old.from, t.from...)
			old.also = append(old.also, t.also...)
		} else {
			w.demands[d] = &tally{t.met, slices.Clone(t.from), slices.Clone(t.also)}
		}
	}
}

// passes is 1 + the parameter of the calling function that decides which of a callee's ways is
// taken, 0 when none does: the kind of a job that is handed on.
func (k *calling) passes(in *origin) uint8 {
	switch {
	case k.opens > 0:
		return k.opens
	case in != nil && in.passes > 0 && int(in.passes) <= len(k.args):
		return k.args[in.passes-1].from
	case k.f.contract:
		for i, t := range k.f.params {
			if t.stars == 0 && !t.basic && i < len(k.args) && k.args[i].from > 0 {
				return k.args[i].from // it is known here what it is, by a branch of this function
			}
		}
	}
	return 0
}

// decides is 1 + the parameter that has led to a rule, 0 when none has: one of an enum whose value
// a condition has told.
func (a *analysis) decides(s *state) uint8 {
	for i, t := range a.f.params {
		if t.stars > 0 || t.basic || i >= 250 {
			continue
		}
		if s.need(a.ps.top(paramRoot, i, "", t.name), holds) != nil {
			return uint8(i + 1)
		}
	}
	return 0
}

// root is where a broken need has to be repaired: an origin of its chain that lies in a callee, nil
// when that is the function itself.
func (w *world) root(kind model.Kind, free bool, chain *origin) *origin {
	var list []*origin
	ofTree := func(o *origin) bool { return o.of != nil && !o.of.contract && w.contract[o.fn] == nil }
	for o := chain; o != nil && o.in != nil && ofTree(o); o = o.in {
		list = append(list, o)
	}
	at := 0
	switch {
	case kind == model.AsyncNesting && !begins(chain):
		for at = len(list) - 1; at > 0 && list[at].passes > 0; {
			at--
		}
	case shared(kind):
		last := len(list)
		if kind == model.SelfDeadlock && last > 0 && list[last-1].in.of != nil && list[last-1].in.of.contract {
			last-- // who locks at last is not the one to repair
		}
		for at+1 < last {
			f := list[at+1].of
			if f.entry || f.partly || w.met(demand{f, list[at].ref, kind, free}, map[demand]bool{}) {
				break
			}
			at++
		}
	}
	if at <= 0 {
		return nil
	}
	return list[at]
}

// begins reports whether a need is that of who begins a job.
func begins(o *origin) bool {
	for ; o.in != nil; o = o.in {
	}
	return o.begins
}

// maxChains is how many places a broken need has at most.
const maxChains = 32

// chains are the chains of calls at whose end something is needed that a call breaks: that of the
// need, and those of other calls that need the same.
func (w *world) chains(kind model.Kind, free bool, chain *origin) []*origin {
	list := []*origin{chain}
	seen := map[model.Pos]bool{}
	var more func(above []*origin, o *origin)
	more = func(above []*origin, o *origin) {
		if o.in == nil || o.in.of == nil || o.in.of.contract {
			return
		}
		above = append(slices.Clip(above), o)
		for _, in := range append([]*origin{o.in}, w.alsoAsks(demand{o.in.of, o.ref, kind, free})...) {
			if in != o.in {
				if seen[in.pos] || len(list) >= maxChains {
					continue
				}
				seen[in.pos] = true
				list = append(list, withEnd(above, in))
			}
			more(above, in)
		}
	}
	more(nil, chain)
	return list
}

func (w *world) alsoAsks(d demand) []*origin {
	if t := w.demands[d]; t != nil {
		return t.also
	}
	return nil
}

// withEnd is a chain that ends otherwise.
func withEnd(above []*origin, in *origin) *origin {
	for i := len(above) - 1; i >= 0; i-- {
		o := *above[i]
		o.in = in
		in = &o
	}
	return in
}

// rooted moves the findings that callees are to blame for, and joins those that have one root.
func (w *world) rooted(list []Finding) []Finding {
	type spot struct {
		kind model.Kind
		pos  model.Pos
	}
	type part struct {
		cause cause
		of    *function
	}
	at, parts := map[spot]int{}, map[part]int{}
	var out []Finding
	for _, f := range list {
		if f.chain == nil || !f.sinks && !shared(f.Kind) && (f.Kind != model.AsyncNesting || !f.less) {
			out = append(out, f)
			continue
		}
		caller := Note{f.Pos, f.Function + " does not keep to that"}
		for i, chain := range w.chains(f.Kind, f.less, f.chain) {
			r := w.root(f.Kind, f.less, chain)
			if f.sinks {
				r = deepest(chain)
			}
			if r == nil {
				if i == 0 {
					out = append(out, f)
				}
				continue
			}
			g := f
			g.Function, g.Pos = r.fn, r.pos
			if !f.sinks {
				g.Message = r.in.fn + f.need + ", as callers have it"
			}
			g.cause = cause{}
			g.Path = append(slices.Clip(f.Path[:f.steps]), stepsOf(chain)...)
			g.Callers = []Note{caller}
			key := spot{g.Kind, g.Pos}
			if j, again := at[key]; again {
				out[j].Callers = append(out[j].Callers, caller)
				out[j].Severity = max(out[j].Severity, g.Severity)
				continue
			}
			if j, again := parts[part{f.cause, r.of}]; again {
				at[key] = j
				out[j].Callers = append(out[j].Callers, Note{g.Pos, "also here"})
				continue
			}
			at[key], parts[part{f.cause, r.of}] = len(out), len(out)
			out = append(out, g)
		}
	}
	return out
}
