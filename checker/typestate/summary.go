package typestate

import (
	"encoding/binary"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A summary is what callers need to know of a function.
type summary struct {
	name     string
	of       *function
	params   []ctype
	result   ctype
	cases    []effect
	acquires []acquisition // locks that are taken inside, one of each class
	backs    []calledBack  // what is called inside by pointers
	alters   []acquisition // locks that callers hold, and under which something is changed
	blocks   []blocking    // locks that must not be held while it runs
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
	r := ref{root: info.root, steps: a.ps.path(p)}
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
func (a *analysis) summarise(e *effect, s *state, ret value) {
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
	e.needs, e.facts = e.needs[:0], append(e.facts[:0], a.makes(s, ret, made)...)
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
			e.facts = append(e.facts, refFact{r, asp, v, f.read, a.since(f.why)})
		}
	}
	// A list that has lost an object it had at the start is told by the absence of the fact.
	e.result, _ = convert(ret)
	if p, ok := a.gives(s, ret); ok {
		if r, known := a.refOf(p, made); known {
			e.facts = append(e.facts, refFact{ref: r, aspect: given, val: refValue{val: number(1)}})
		}
	}
}

// since is the origin of a fact, as callers are told of it.
func (a *analysis) since(t *trail) *origin {
	if t == nil {
		return nil
	}
	o := a.origins[t]
	if o == nil {
		o = &origin{pos: t.pos, fn: a.f.Name, text: t.text, in: t.in}
		if a.origins == nil {
			a.origins = map[*trail]*origin{}
		}
		a.origins[t] = o
	}
	return o
}

// doing is what a case does to the protocol, what it needs for that, and the class of its result:
// with what it stores beside, or without.
func (e *effect) doing(b []byte, stores bool) []byte {
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
			if !stores || !f.val.leads && !f.val.val.known {
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
		return b
	}
	return append(b, class(e.result.val)...)
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

func appendRef(b []byte, r ref) []byte {
	b = append(b, byte(r.root))
	b = binary.AppendVarint(b, int64(r.index))
	return append(append(append(append(b, r.name...), 0), r.steps...), 0)
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
