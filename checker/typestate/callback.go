package typestate

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A helper of the protocol may call a function that it is given: for each domain of a list, with
// the list locked. What such a function locks is not to be held by the helper, and it changes
// nothing under a lock that the helper has for reading alone.

// A callback is a function that is handed to a helper of the contract which calls it.
type callback struct {
	from   *function // that hands it on
	helper *function
	given  *function
	pos    model.Pos
	reads  []string // classes of locks that the helper takes for reading alone, called like this
}

// invokes are the parameters that a function of a contract calls.
func (f *function) invokes() []int {
	var list []int
	for _, calls := range f.calls {
		for _, c := range calls {
			id, ok := c.Fun.(*syntax.Ident)
			if !ok {
				continue
			}
			i := slices.IndexFunc(f.Type.Params, func(p *syntax.Param) bool { return p.Name == id.Name })
			if i >= 0 && !slices.Contains(list, i) {
				list = append(list, i)
			}
		}
	}
	return list
}

// namesGiven are the names that a call is given as they are, or the address of.
func namesGiven(c *syntax.Call) []string {
	var names []string
	for _, x := range c.Args {
		if u, ok := x.(*syntax.Unary); ok && u.Op == "&" {
			x = u.X
		}
		if id, ok := x.(*syntax.Ident); ok {
			names = append(names, id.Name)
		}
	}
	return names
}

// handsCallbacks notes the functions that a call hands to a helper which calls them. A call with
// another number of arguments is of another time: how the helper locks then is not known.
func (a *analysis) handsCallbacks(c *syntax.Call, helper *function, args []value) {
	if len(helper.invoked) == 0 || a.f.contract {
		return
	}
	for _, name := range namesGiven(c) {
		known := func(b callback) bool { return b.pos == c.Pos() && b.given.Name == name }
		if g := a.w.lookup(a.f, name); g != nil && !slices.ContainsFunc(a.saying.callbacks, known) {
			b := callback{from: a.f, helper: helper, given: g, pos: c.Pos()}
			if sum := a.w.special(a.mem.inner(), helper, args); sum != nil && len(args) == len(helper.params) {
				b.reads = sum.reads()
			}
			a.saying.callbacks = append(a.saying.callbacks, b)
		}
	}
}

// called reports locks that callbacks take and that the helper holds which calls them.
func (w *world) called() {
	for _, b := range w.callbacks {
		if b.given.summary == nil || b.helper.summary == nil {
			continue
		}
		for _, q := range b.given.summary.acquires {
			holds := func(h acquisition) bool { return h.class == q.class }
			if !slices.ContainsFunc(b.helper.summary.acquires, holds) {
				continue
			}
			w.result.Findings = append(w.result.Findings, callbackFinding(b, q))
		}
		for _, q := range b.given.summary.alters {
			if slices.Contains(b.reads, q.class) {
				w.result.Findings = append(w.result.Findings, readersFinding(b, q))
			}
		}
	}
}

func callbackFinding(b callback, q acquisition) Finding {
	f := Finding{
		Kind: model.SelfDeadlock, Severity: Error, Confidence: Likely, Function: b.given.Name, Pos: q.where.pos,
		Object: q.class,
		Message: strings.TrimPrefix(q.where.text, "calls ") + " takes the lock of class " + q.class + ", which " +
			b.helper.Name + " holds while it calls " + b.given.Name,
		Callers: []Note{{b.pos, b.from.Name + " hands it to " + b.helper.Name}},
	}
	f.Path = []Step{{Pos: b.pos, Function: b.from.Name, Text: "calls " + b.helper.Name}}
	f.Path = append(f.Path, stepsOf(q.where)...)
	return f
}
