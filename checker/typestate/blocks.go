package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A function outside of the tree may take its time, and the contract says which locks nobody may
// have meanwhile, for others need them: `__attribute__((blocks(driver))) int usleep(...)`. Callers
// that have the lock are found as far up as they are; the finding stands where it is slept.

// A blocking is a class of locks that must not be held while a function runs.
type blocking struct {
	class string
	name  string // of the function that takes its time
	where *origin
	none  []int // parameters that are NULL then
}

// maxBlockings is how many a summary lists.
const maxBlockings = 8

// blocks looks at the call of a function that takes its time, or that reaches one.
func (k *calling) blocks(s *state) {
	a := k.a
	if a.f.contract {
		return
	}
	here := &origin{pos: k.c.Pos(), fn: a.f.Name, text: "calls " + k.f.Name, of: a.f}
	if at := syntax.FindAttr(k.f.Attrs, "blocks"); at != nil && k.f.contract {
		for _, x := range at.Args {
			k.blocked(s, blocking{class: syntax.Format(x), name: k.f.Name, where: here})
		}
	}
	for _, b := range k.sum.blocks {
		if slices.ContainsFunc(b.none, func(i int) bool { return i < len(k.args) && !k.args[i].isNull() }) {
			continue
		}
		up := *here
		up.in = b.where
		k.blocked(s, blocking{class: b.class, name: b.name, where: &up})
	}
}

// blocked holds what is known of the locks of a class against a call: where nothing is known,
// callers are asked.
func (k *calling) blocked(s *state, b blocking) {
	a := k.a
	for i := range s.facts {
		f := &s.facts[i]
		if f.aspect != isHeld || a.lockClass(f.place) != b.class {
			continue
		}
		if !f.val.isNull() && f.val.signs&zero == 0 && !s.lossy {
			text := b.name + " takes its time with " + a.resource(f.place) + " held, which others need meanwhile"
			if r := a.reportNeed(s, model.BlockUnderLock, k.c.Pos(), f.place, text, f.why, b.where); r != nil {
				r.sinks = true
			}
		}
		return
	}
	for i := range s.needs {
		n := &s.needs[i]
		info := &a.ps.list[n.place]
		if n.aspect == isThere && n.val.isNull() && info.root == paramRoot && info.parent == noPlace {
			b.none = append(b.none, info.index)
		}
	}
	end := deepest(b.where).pos
	same := func(o blocking) bool {
		return o.class == b.class && slices.Equal(o.none, b.none) && deepest(o.where).pos == end
	}
	if len(a.blockings) < maxBlockings && !slices.ContainsFunc(a.blockings, same) {
		a.blockings = append(a.blockings, b)
	}
}
