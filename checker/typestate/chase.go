package typestate

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// calledBack reports what is called back and takes a lock that the caller holds.
func (w *world) calledBack() {
	type culprit struct {
		fn    *function
		class string
	}
	found := map[culprit]*Finding{}
	var keys []heldBack
	for k := range w.heldBack {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y heldBack) int {
		return cmp.Or(comparePos(w.heldBack[x].pos, w.heldBack[y].pos), cmp.Compare(x.class, y.class),
			cmp.Compare(x.what.slot, y.what.slot), cmp.Compare(x.known, y.known))
	})
	for _, k := range keys {
		h := w.heldBack[k]
		for _, f := range w.meant(k.what) {
			if slices.Contains(strings.Fields(k.known), k.what.slot) {
				continue
			}
			chase := &chase{
				w: w, class: k.class, file: h.pos.File, known: strings.Fields(k.known), seen: map[*function]bool{},
			}
			chain := chase.from(f, isNear(f, h.where), 0)
			if chain == nil {
				continue
			}
			key := culprit{f, k.class}
			if old := found[key]; old != nil {
				if len(old.Callers) < maxHolders {
					old.Callers = append(old.Callers, Note{h.pos, h.function + " holds it too"})
				}
				continue
			}
			found[key] = backFinding(f, k.class, h, chain)
		}
	}
	for _, f := range found {
		w.result.Findings = append(w.result.Findings, *f)
	}
}

// meant are the functions that a target may mean, as far as they were looked at.
func (w *world) meant(t target) []*function {
	var list []*function
	add := func(f *tree.Function) {
		if g := w.byDef[f]; g != nil && g.summary != nil {
			list = append(list, g)
		}
	}
	if t.fn != nil {
		add(t.fn)
	}
	for _, m := range w.pointers.slots[t.slot] {
		add(m.fn)
	}
	return list
}

// A chase looks for the way on which a function that is called back takes a lock.
type chase struct {
	w     *world
	class string
	file  string   // of the holder
	known []string // slots that are NULL meanwhile, and flags that are set
	seen  map[*function]bool
}

// maxHops is how many calls by pointer lead to the lock, after the first one.
const maxHops = 3

// from is that way, nil when there is none. A function that is kept in a field for all is not
// called for what others do: either it lies near to who calls, and so did those before it, or it
// takes the lock in the file of its holder.
func (c *chase) from(f *function, near bool, hops int) []*origin {
	if was, seen := c.seen[f]; seen && (was || !near) || hops > maxHops || !near && hops > 0 {
		return nil
	}
	c.seen[f] = near
	for i := range f.summary.acquires {
		q := &f.summary.acquires[i]
		if q.class != c.class || q.again || !q.tells() || c.prevents(q.guards) {
			continue
		}
		if near || hops == 0 && deepest(q.where).pos.File == c.file {
			return []*origin{q.where}
		}
	}
	for i := range f.summary.backs {
		b := &f.summary.backs[i]
		if !near || slices.Contains(b.gone, c.class) || slices.Contains(c.known, b.what.slot) {
			continue
		}
		for _, g := range c.w.meant(b.what) {
			if rest := c.from(g, isNear(g, b.where), hops+1); rest != nil {
				return append([]*origin{b.where}, rest...)
			}
		}
	}
	return nil
}

// prevents reports whether a flag that is set keeps a function from taking a lock.
func (c *chase) prevents(list []guard) bool {
	return slices.ContainsFunc(list, func(g guard) bool {
		return slices.Contains(c.known, guard{g.field, !g.truth}.String())
	})
}

// isNear reports whether one of the functions that lead to a call lies in the folder of a function.
func isNear(f *function, o *origin) bool {
	for ; o != nil; o = o.in {
		if path.Dir(o.pos.File) == path.Dir(f.File.Name) {
			return true
		}
	}
	return false
}

func backFinding(f *function, class string, h *holder, chain []*origin) *Finding {
	out := &Finding{
		Kind: model.SelfDeadlock, Severity: Warning, Confidence: Guess, Function: f.Name, Pos: chain[0].pos, Object: class,
		Message: strings.TrimPrefix(chain[0].text, "calls ") + " takes the lock of class " + class + ", which " +
			h.function + " may hold while it calls back",
		Callers: []Note{{h.pos, h.function + " holds it"}},
	}
	others := slices.DeleteFunc(slices.Clone(h.others), func(n Note) bool { return n.Text == h.function })
	slices.SortFunc(others, func(x, y Note) int { return comparePos(x.Pos, y.Pos) })
	for _, o := range others[:min(len(others), maxHolders-1)] {
		out.Callers = append(out.Callers, Note{o.Pos, o.Text + " holds it too"})
	}
	out.Path = append(out.Path, h.since...)
	out.Path = append(out.Path, stepsOf(h.where)...)
	for _, o := range chain {
		out.Path = append(out.Path, stepsOf(o)...)
	}
	return out
}
