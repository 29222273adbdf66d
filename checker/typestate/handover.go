package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A job may go on over several calls of an API: one begins it and leaves it with a domain that is
// on the list, and a later one finds the domain and ends it. Neither is wrong then, though each
// alone looks so. What shows it is both of them in one folder: a function that keeps the job
// wherever it succeeds and never where it fails, and another one that ends a job of a domain that
// it has found, and begins none.

// A handover is a job that may be left to a later call, by the folder and the class of the job.
type handover struct{ folder, class string }

// handoverOf is that of a place, "" where it is no job of an object that this function has found.
func (a *analysis) handoverOf(s *state, p place) handover {
	d := a.fieldOf(p)
	if _, found := s.at(a.ps.list[p].top, fresh); !found || d == nil || !d.owner || a.f.contract {
		return handover{}
	}
	return handover{folder(a.f.Function), d.class}
}

// A kept is how the exits of a function leave a job of an object that it has found.
type kept struct {
	key         handover
	keeps, ends uint8 // the signs of the results with which it is held, or has been ended
}

// keepsJobs notes how an exit leaves the jobs of objects that the function has found.
func (a *analysis) keepsJobs(e *exit) {
	for i := range e.s.facts {
		f := &e.s.facts[i]
		if f.aspect != isHeld {
			continue
		}
		key := a.handoverOf(e.s, f.place)
		if key == (handover{}) {
			continue
		}
		k := a.kept[f.place]
		if k == nil {
			k = &kept{key: key}
			if a.kept == nil {
				a.kept = map[place]*kept{}
			}
			a.kept[f.place] = k
		}
		if f.val.isNull() {
			k.ends |= a.exitSigns(e)
		} else {
			k.keeps |= a.exitSigns(e)
		}
	}
}

// leaves marks the leaks of jobs that may be left to a later call.
func (a *analysis) leaves() {
	for key, f := range a.reports {
		k := a.kept[key.place]
		if key.kind == model.JobLeak && k != nil && k.keeps&(a.failing()|k.ends) == 0 {
			f.leaves = k.key
		}
	}
}

// failing are the signs of results that say that the function has failed: all where it has none.
func (a *analysis) failing() uint8 {
	switch r := a.f.summaryResult(); {
	case r.stars > 0:
		return zero
	case !r.basic && r.name == "void":
		return anySign
	default:
		return negative
	}
}

// takesOver marks a finding about a call that ends a job of an object that this function has found,
// and of which it begins none.
func (k *calling) takesOver(s *state, p place, f *Finding) {
	if f.Kind == model.JobUnbalanced && p != noPlace && !slices.ContainsFunc(k.a.f.callees, (*function).beginsJobs) {
		f.takes = k.a.handoverOf(s, p)
	}
}

// mayTakeOver notes a call of a helper that ends a job if there is one, for an object that this
// function has found and of which it has none.
func (k *calling) mayTakeOver(s *state, ways []*effect) {
	if !k.f.contract || slices.ContainsFunc(k.a.f.callees, (*function).beginsJobs) {
		return
	}
	for _, e := range ways {
		for i := range e.needs {
			n := &e.needs[i]
			if !n.job || n.aspect != isHeld || n.tested || !n.val.isNull() || !k.sum.endsIf(n.ref) {
				continue
			}
			if p, _, ok := k.object(s, n.ref); ok && p != noPlace {
				if key := k.a.handoverOf(s, p); key != (handover{}) {
					k.a.saying.taken = append(k.a.saying.taken, key)
				}
			}
		}
	}
}

// endsIf reports whether some way through a function ends a job, of whatever kind, that callers
// need not have.
func (s *summary) endsIf(r ref) bool {
	return slices.ContainsFunc(s.cases, func(e effect) bool {
		return slices.ContainsFunc(e.needs, func(n refNeed) bool {
			return n.ref == r && n.aspect == isHeld && !n.tested && !n.val.known && n.val.signs&zero == 0
		}) && slices.ContainsFunc(e.facts, func(f refFact) bool {
			return f.ref == r && f.aspect == isHeld && f.val.val.isNull()
		})
	})
}

// beginsJobs reports whether callers have a job, after some way through a function, that they had
// not before.
func (f *function) beginsJobs() bool {
	return f.summary != nil && slices.ContainsFunc(f.summary.cases, func(e effect) bool {
		return slices.ContainsFunc(e.needs, func(n refNeed) bool {
			return n.job && n.aspect == isHeld && n.val.isNull() && slices.ContainsFunc(e.facts, func(f refFact) bool {
				return f.ref == n.ref && f.aspect == isHeld && f.val.val.signs&zero == 0
			})
		})
	})
}

// handedOver leaves out what is the one half of a hand-over, where the other half is there too.
func handedOver(list []Finding, taken map[handover]bool) []Finding {
	left := map[handover]bool{}
	for i := range list {
		left[list[i].leaves] = true
		if list[i].takes != (handover{}) {
			taken[list[i].takes] = true
		}
	}
	return slices.DeleteFunc(list, func(f Finding) bool {
		return f.leaves != (handover{}) && taken[f.leaves] || f.takes != (handover{}) && left[f.takes]
	})
}
