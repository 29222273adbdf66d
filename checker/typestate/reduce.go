package typestate

import (
	"cmp"
	"slices"
)

// A summary has few cases. Those that do the same are joined, and of more than a caller can follow
// first those that differ in what they store alone, then those of one class of result.

// reduce makes few cases of those that differ in what they do to the protocol or in the class of
// their result.
func reduce(list []effect, most int) (few []effect, blurred bool) {
	list = restored(list)
	if len(list) <= most {
		return list, false
	}
	// What they store beside locks, jobs and objects tells them apart no more.
	var j joiner
	for i := range list {
		j.add(&list[i])
	}
	list = j.list
	for _, held := range []bool{true, false} {
		if len(list) <= most {
			break
		}
		list = blur(list, held)
	}
	return list, true
}

// A joiner joins the cases that do the same, each as it comes.
type joiner struct {
	stores bool // those that differ in what they store are not the same
	at     map[string]int
	list   []effect
	key    []byte
}

// add adds a case, which may change afterwards.
func (j *joiner) add(e *effect) {
	j.key = e.doing(j.key[:0], j.stores)
	if i, ok := j.at[string(j.key)]; ok {
		j.list[i].join(e)
		return
	}
	if j.at == nil {
		j.at = map[string]int{}
	}
	j.at[string(j.key)] = len(j.list)
	j.list = append(j.list, effect{slices.Clone(e.needs), slices.Clone(e.facts), e.result})
}

// hangs reports whether a need is there for some numbers that callers give, and not for others.
func (n *refNeed) hangs() bool { return n.origin != nil && n.origin.passes > 0 }

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
		if n.hangs() && !o.needs[i].hangs() {
			n.origin = o.needs[i].origin
		}
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
