package typestate

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// A summary is what callers need to know of a function.
type summary struct {
	name     string
	params   []ctype
	result   ctype
	cases    []effect
	acquires []acquisition // locks that are taken inside, one of each class
	backs    []calledBack  // what is called inside by pointers
	blurred  bool          // cases were joined, or states dropped
}

// A ref is a place as callers name it: a parameter, a global or an object that the callee made, and
// the path from there.
type ref struct {
	root  root
	index int
	name  string // of a global
	steps string // joined by dots
}

// An effect is one way in which a call can go.
type effect struct {
	needs  []refNeed
	facts  []refFact // in the order in which they are carried out
	result refValue
}

type refNeed struct {
	ref    ref
	aspect aspect
	val    value
	tested bool
	mild   bool
	kind   model.Kind
	origin *origin
	job    bool // it is about a job
}

type refFact struct {
	ref    ref
	aspect aspect
	val    refValue
	read   bool // a condition has told it
	origin *origin
}

// A refValue is a value, or a pointer to a ref.
type refValue struct {
	val   value
	to    ref
	leads bool
}

// maxCases is how many ways are kept apart in a summary.
const maxCases = 24

// refOf names a place for callers; false when they do not know it.
func (a *analysis) refOf(p place, made map[place]int) (ref, bool) {
	info := &a.ps.list[p]
	r := ref{root: info.root, steps: strings.Join(a.ps.steps(p), ".")}
	switch info.root {
	case paramRoot:
		r.index = info.index
	case globalRoot:
		r.name = a.ps.list[info.top].name
	case siteRoot, freshRoot:
		n, ok := made[info.top]
		if !ok {
			return r, false
		}
		r.root, r.index = freshRoot, n
	default:
		return r, false
	}
	return r, true
}

// summarise makes the case of one exit.
func (a *analysis) summarise(s *state, ret value) effect {
	made := map[place]int{}
	note := func(v value) {
		if p, ok := v.place(); ok {
			top := a.ps.list[p].top
			if a.ps.list[top].root == siteRoot {
				if _, there := made[top]; !there {
					made[top] = len(made)
				}
			}
		}
	}
	note(ret)
	for _, f := range s.facts {
		if f.aspect == holds && a.ps.list[f.place].root != localRoot && a.ps.list[f.place].root != siteRoot {
			note(f.val)
		}
	}
	var e effect
	for i := range s.needs {
		n := &s.needs[i]
		if r, ok := a.refOf(n.place, made); ok {
			d := a.fieldOf(n.place)
			e.needs = append(e.needs, refNeed{
				r, n.aspect, n.val.public(), n.tested, n.mild, n.kind, n.origin, d != nil && d.owner,
			})
		}
	}
	convert := func(v value) (refValue, bool) {
		if p, ok := v.place(); ok {
			r, known := a.refOf(p, made)
			return refValue{val: value{signs: positive}, to: r, leads: known}, known
		}
		if w := v.public(); w.signs != v.signs {
			return refValue{val: w}, true
		}
		if v.from > 0 && !v.known {
			return refValue{val: v.plain(), to: ref{root: paramRoot, index: int(v.from) - 1}, leads: true}, true
		}
		return refValue{val: v.plain()}, true
	}
	order := []aspect{fresh, altered, dropped, jobless, isListed, isHeld, adopted, refs, holds, isFreed, isThere, escaped}
	for _, asp := range order {
		for i := range s.facts {
			f := &s.facts[i]
			if f.aspect != asp {
				continue
			}
			r, ok := a.refOf(f.place, made)
			if !ok {
				continue
			}
			if n := s.need(f.place, f.aspect); n != nil && n.val == f.val {
				continue
			}
			if (asp == isThere || asp == escaped) && r.root != freshRoot ||
				asp == holds && r.root == paramRoot && r.steps == "" {
				continue
			}
			v, _ := convert(f.val)
			var o *origin
			if f.why != nil {
				o = &origin{pos: f.why.pos, fn: a.f.Name, text: f.why.text, in: f.why.in}
			}
			e.facts = append(e.facts, refFact{r, asp, v, f.read, o})
		}
	}
	// A list that has lost an object it had at the start is told by the absence of the fact.
	e.result, _ = convert(ret)
	e.facts = append(a.makes(s, ret, made), e.facts...)
	if p, ok := a.gives(s, ret); ok {
		if r, known := a.refOf(p, made); known {
			e.facts = append(e.facts, refFact{ref: r, aspect: given, val: refValue{val: number(1)}})
		}
	}
	return e
}

// reduce joins the cases that do the same to the protocol and whose results are of one class.
func reduce(cases []effect, most int) (list []effect, blurred bool) {
	at := map[string]int{}
	for _, e := range cases {
		k := e.property()
		i, ok := at[k]
		if !ok {
			at[k] = len(list)
			e.needs, e.facts = slices.Clone(e.needs), slices.Clone(e.facts)
			list = append(list, e)
			continue
		}
		list[i].join(&e)
	}
	list = restored(list)
	if len(list) <= most {
		return list, false
	}
	for _, held := range []bool{true, false} {
		if list = blur(list, held); len(list) <= most {
			break
		}
	}
	return list, true
}

// property is what a case does to the protocol, what it needs for that, and the class of its
// result.
func (e *effect) property() string {
	var b []byte
	for i := range e.needs {
		n := &e.needs[i]
		if (n.tested && n.aspect != isThere && !n.mild || n.aspect == isHeld) && !e.returnsGlobal(n) && !n.passing() {
			b = appendRef(b, n.ref)
			b = append(b, byte(n.aspect))
			b = appendValue(b, n.val)
		}
	}
	b = append(b, 1)
	for i := range e.facts {
		f := &e.facts[i]
		switch f.aspect {
		case isHeld, adopted, refs, isFreed, fresh, isListed, escaped, given:
		case holds:
			if !f.val.leads && !f.val.val.known {
				continue
			}
		default:
			continue
		}
		b = appendRef(b, f.ref)
		b = append(b, byte(f.aspect))
		b = appendValue(b, f.val.val)
		if f.val.leads {
			b = appendRef(b, f.val.to)
		}
	}
	b = append(b, 2)
	if e.result.leads {
		b = appendRef(b, e.result.to)
		return string(b)
	}
	b = append(b, class(e.result.val)...)
	return string(b)
}

// returnsGlobal reports whether a need is that a lock of a whole file is free, which is free again
// at the end: many functions take one somewhere below, and ways are not told apart by that.
func (e *effect) returnsGlobal(n *refNeed) bool {
	return n.aspect == isHeld && n.ref.root == globalRoot && n.ref.steps == "" && n.val.isNull() &&
		!slices.ContainsFunc(e.facts, func(f refFact) bool { return f.aspect == isHeld && f.ref == n.ref })
}

// passing reports whether a need is that a lock is not held which is only taken and given back: who
// does not need that does the same otherwise.
func (n *refNeed) passing() bool {
	return n.aspect == isHeld && n.tested && n.val.isNull() && n.kind == model.SelfDeadlock && !n.job
}

// join adds a case that does the same to the protocol.
func (e *effect) join(o *effect) {
	e.result.val = e.result.val.or(o.result.val)
	needs := e.needs[:0]
	for _, n := range e.needs {
		i := slices.IndexFunc(o.needs, func(m refNeed) bool { return m.ref == n.ref && m.aspect == n.aspect })
		if i < 0 {
			if n.passing() {
				needs = append(needs, n)
			}
			continue
		}
		n.val = n.val.or(o.needs[i].val)
		n.tested = n.tested && o.needs[i].tested
		if f := (fact{aspect: n.aspect, val: n.val}); !f.tells() {
			continue
		}
		needs = append(needs, n)
	}
	for _, n := range o.needs {
		same := func(m refNeed) bool { return m.ref == n.ref && m.aspect == n.aspect }
		if n.passing() && !slices.ContainsFunc(needs, same) {
			needs = append(needs, n)
		}
	}
	e.needs = needs
	for i := range e.facts {
		f := &e.facts[i]
		if onTheWay(f.aspect) {
			continue
		}
		j := slices.IndexFunc(o.facts, func(g refFact) bool { return g.ref == f.ref && g.aspect == f.aspect })
		if j < 0 || o.facts[j].val != f.val {
			f.val = refValue{val: unknown}
		}
		f.read = f.read && (j < 0 || o.facts[j].read)
	}
	for _, g := range o.facts {
		if !slices.ContainsFunc(e.facts, func(f refFact) bool { return f.ref == g.ref && f.aspect == g.aspect }) {
			if !onTheWay(g.aspect) {
				g.val = refValue{val: unknown}
			}
			e.facts = append(e.facts, g)
		}
	}
	slices.SortStableFunc(e.facts, func(x, y refFact) int { return cmp.Compare(rank(x.aspect), rank(y.aspect)) })
}

func appendRef(b []byte, r ref) []byte {
	b = append(b, byte(r.root))
	b = binary.AppendVarint(b, int64(r.index))
	return append(append(append(append(b, r.name...), 0), r.steps...), 0)
}

// restored drops the cases in which a call that fails leaves nothing of an object, where its result
// does not tell them from others: who fails leaves things as they were.
func restored(list []effect) []effect {
	frees := func(e *effect) bool {
		return slices.ContainsFunc(e.facts, func(f refFact) bool { return f.aspect == isFreed })
	}
	return slices.DeleteFunc(list, func(e effect) bool {
		return e.result.val.signs == negative && frees(&e) && slices.ContainsFunc(list, func(o effect) bool {
			return o.result.val == e.result.val && !frees(&o)
		})
	})
}

// blur joins cases of one class of result, and with held of one effect on locks and jobs: what they
// do not agree on is unknown.
func blur(list []effect, held bool) []effect {
	class := func(e *effect) string {
		var b []byte
		b = appendValue(b, value{signs: e.result.val.signs})
		if e.result.leads {
			b = append(b, e.result.to.steps...)
		}
		for i := range e.facts {
			if e.facts[i].aspect == isHeld && held && e.facts[i].val.val != unknown {
				b = append(b, e.facts[i].ref.steps...)
				b = append(b, byte(e.facts[i].ref.index), byte(e.facts[i].val.val.signs))
			}
		}
		return string(b)
	}
	groups := map[string]int{}
	var out []effect
	for _, e := range list {
		k := class(&e)
		i, ok := groups[k]
		if !ok {
			groups[k] = len(out)
			e.needs, e.facts = slices.Clone(e.needs), slices.Clone(e.facts)
			out = append(out, e)
			continue
		}
		o := &out[i]
		o.result.val = o.result.val.or(e.result.val)
		o.needs = slices.DeleteFunc(o.needs, func(n refNeed) bool {
			return !slices.ContainsFunc(e.needs, func(m refNeed) bool {
				return m.ref == n.ref && m.aspect == n.aspect && m.val == n.val
			})
		})
		for j := range o.facts {
			f := &o.facts[j]
			if onTheWay(f.aspect) {
				continue
			}
			if !slices.ContainsFunc(e.facts, func(g refFact) bool {
				return g.ref == f.ref && g.aspect == f.aspect && g.val == f.val
			}) {
				f.val = refValue{val: unknown}
			}
		}
		for _, g := range e.facts {
			if !slices.ContainsFunc(o.facts, func(f refFact) bool { return f.ref == g.ref && f.aspect == g.aspect }) {
				if !onTheWay(g.aspect) {
					g.val = refValue{val: unknown}
				}
				o.facts = append(o.facts, g)
			}
		}
		slices.SortStableFunc(o.facts, func(x, y refFact) int { return cmp.Compare(rank(x.aspect), rank(y.aspect)) })
	}
	return out
}

// onTheWay reports whether an aspect says what happened on some way, and not how things are
// afterwards.
func onTheWay(a aspect) bool { return a == dropped || a == jobless || a == altered }

func rank(a aspect) int {
	return slices.Index([]aspect{
		fresh, altered, dropped, jobless, isListed, isHeld, adopted, refs, holds, isFreed,
		isThere, escaped, given, made,
	}, a)
}
