package explore

import (
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// A wait is one edge of the wait-for graph of a state: a thread that cannot go on, what it waits for, and who would have to
// give it. A sleeper waits for the owner of the job that its condition guards; without an owner nobody is on the other side.
type wait struct {
	thread   int
	resource string
	asleep   bool
	holder   int // model.None: nobody
}

// waits lists the waits of a state by thread.
func (v viewer[S]) waits(s *S) []wait {
	p := v.m.Program
	var ws []wait
	for t := range p.Threads {
		n := v.m.At(s, t)
		what := v.waitsFor(s, t)
		if what == "" {
			continue
		}
		w := wait{thread: t, resource: what, holder: model.None, asleep: n.Op == model.OpSleep}
		if w.asleep {
			w.holder = v.jobOwner(s, n.Cond)
		} else {
			w.holder = v.m.Owner(s, n.Lock)
		}
		ws = append(ws, w)
	}
	return ws
}

// jobOwner is the owner of the job that stands in the same object as the condition: jobActive beside jobCond.
func (v viewer[S]) jobOwner(s *S, c model.CondID) int {
	p := v.m.Program
	for i := range p.Vars {
		if p.Vars[i].Job && p.Vars[i].Object == p.Conds[c].Object {
			if o := v.m.JobOwner(s, model.VarID(i)); o != model.None {
				return o
			}
		}
	}
	return model.None
}

// cycle returns the threads of a cycle of waits, starting with the lowest; nil when there is none.
func cycle(ws []wait) []wait {
	next := map[int]wait{}
	for _, w := range ws {
		next[w.thread] = w
	}
	for _, first := range ws {
		var ring []wait
		seen := map[int]bool{}
		for w, ok := first, true; ok && !seen[w.thread]; w, ok = next[w.holder] {
			seen[w.thread] = true
			ring = append(ring, w)
			if w.holder == first.thread {
				return ring
			}
		}
	}
	return nil
}

// explainHang says why the given threads cannot go on in s, and of which kind that is.
func (v viewer[S]) explainHang(s *S, threads []int) (kind model.Kind, sentence string, involved []int) {
	stuck := map[int]bool{}
	for _, t := range threads {
		stuck[t] = true
	}
	var ws []wait
	for _, w := range v.waits(s) {
		if stuck[w.thread] {
			ws = append(ws, w)
		}
	}
	if ring := cycle(ws); ring != nil {
		for _, w := range ring {
			involved = append(involved, w.thread)
		}
		return model.LockOrder, v.sentence(ring), involved
	}
	var lost []wait
	for _, w := range ws {
		if w.asleep && w.holder == model.None {
			lost = append(lost, w)
		}
	}
	if len(lost) > 0 {
		var names []string
		for _, w := range lost {
			names = append(names, v.name(w.thread))
			involved = append(involved, w.thread)
		}
		verb := "sleeps"
		if len(lost) > 1 {
			verb = "sleep"
		}
		return model.LostWakeup, fmt.Sprintf("%s %s on %s and nobody can send the wake-up any more", strings.Join(names, " and "), verb, lost[0].resource), involved
	}
	for _, w := range ws {
		involved = append(involved, w.thread)
	}
	return "", v.sentence(ws), involved
}

// sentence strings waits together.
func (v viewer[S]) sentence(ws []wait) string {
	var parts []string
	for _, w := range ws {
		verb := "waits for"
		if w.asleep {
			verb = "sleeps on"
		}
		part := fmt.Sprintf("%s %s %s", v.name(w.thread), verb, w.resource)
		switch {
		case w.holder == model.None:
		case w.asleep:
			part += fmt.Sprintf(" until %s ends its job", threadNumber(w.holder))
		default:
			part += fmt.Sprintf(", held by %s", threadNumber(w.holder))
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}
