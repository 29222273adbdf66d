package typestate

import "slices"

// A function that is the same in two trees, and calls nothing of which callers know something else
// there, is analysed in one of them: the other one adopts the result, with what was told beside, at
// the lines where that stands there.

// A pairing is what one tree has to do with another one that was looked at before.
type pairing struct {
	other *world
	twins map[*function]*function // what functions of the other tree are here
	moved map[string][]moved      // by file that differs, the functions in it that have only moved
	like  map[*mention]bool       // functions that are the same, whatever they call
	of    func(*mention) *mention // what a function is there, nil when it is nothing
	here  func(*mention) *mention // and what one of there is here
	same  func(*function) bool    // whether callers know the same of a function there
}

// findTwins finds what functions are in the other tree.
func (w *world) findTwins(list []*mention) {
	for _, m := range list {
		n := w.pair.of(m)
		if n == nil {
			continue
		}
		f := w.byDef[m.fn]
		if f.twin = w.pair.other.byDef[n.fn]; f.twin != nil {
			w.pair.twins[f.twin] = f
			f.like = w.pair.like[m]
		}
	}
}

// mine is what a function of the other tree is here, or itself.
func (w *world) mine(f *function) *function {
	if w.pair == nil || w.pair.twins[f] == nil {
		return f
	}
	return w.pair.twins[f]
}

// adopt takes what the other tree knows of functions that call each other; false when they may do
// something else here.
func (w *world) adopt(group []*function) bool {
	for _, f := range group {
		if !f.like || f.twin.told == nil || len(f.callees) != len(f.twin.callees) {
			return false
		}
		for i, c := range f.callees {
			switch t := f.twin.callees[i]; {
			case c.contract:
				if c != t {
					return false
				}
			case c.twin != t || !c.same && !slices.Contains(group, c):
				return false
			}
		}
	}
	var results []*adoption
	for _, f := range group {
		r := w.adoption(f.twin)
		if r == nil {
			return false
		}
		results = append(results, r)
	}
	for i, f := range group {
		r := results[i]
		f.summary, f.starts, f.jobNeed, f.same = r.summary, r.starts, r.jobNeed, true
		w.tell(r.told)
		f.release()
	}
	return true
}

// compareTwins notes of which functions callers know the same in both trees.
func (w *world) compareTwins(group []*function) {
	for _, f := range group {
		f.same = f.twin != nil && w.pair.same(f)
	}
}
