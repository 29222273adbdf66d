package jobs

import "github.com/lockproof/lockproof/checker/diagnose"

// Objects counts the references to objects that were seen to be made, where the daemon logs them.
// In which order the lines of two threads stand is left to chance, and whether an object is freed
// before or after the line of its last reference changed with the releases: so counts are only
// looked at once an object has been freed and something else has its address, or the log ends.
type objects struct {
	known map[uint64]*object

	wrong      int // counts that did not come to 0
	wrongClass string
	wrongAt    diagnose.Place

	used      int // lines about objects that had been freed
	usedClass string
	usedAt    diagnose.Place
}

type object struct {
	class string
	refs  int
	freed bool
	by    int64 // the thread that freed it, which may still say that it dropped the last reference
	at    diagnose.Place
}

// mostObjects is how many objects are followed at once.
const mostObjects = 1 << 18

func (o *objects) add(e *Event) {
	if e.Kind == Born {
		if old := o.known[e.Mon]; old != nil && old.freed {
			o.judge(old)
		} else if len(o.known) >= mostObjects {
			return
		}
		if o.known == nil {
			o.known = map[uint64]*object{}
		}
		o.known[e.Mon] = &object{class: e.Text, refs: 1}
		return
	}
	x := o.known[e.Mon]
	if x == nil {
		return
	}
	switch e.Kind {
	case Referenced:
		x.refs++
	case Dropped:
		x.refs--
	case Freed:
		x.freed, x.by, x.at = true, e.Thread, e.Place
		return
	}
	if !x.freed || e.Kind == Dropped && x.refs >= 0 && e.Thread == x.by {
		return
	}
	if o.used++; o.used == 1 {
		o.usedClass, o.usedAt = x.class, e.Place
	}
}

// judge looks at the count of an object that was freed.
func (o *objects) judge(x *object) {
	if x.refs == 0 {
		return
	}
	if o.wrong++; o.wrong == 1 {
		o.wrongClass, o.wrongAt = x.class, x.at
	}
}

// unbalanced is how many counts were wrong up to now, with the first of them.
func (o *objects) unbalanced() (n int, class string, at diagnose.Place) {
	n, class, at = o.wrong, o.wrongClass, o.wrongAt
	for _, x := range o.known {
		if x.freed && x.refs != 0 {
			if n++; at.Line == 0 || x.at.Line < at.Line && o.wrong == 0 {
				class, at = x.class, x.at
			}
		}
	}
	return n, class, at
}
