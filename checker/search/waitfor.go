package search

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// A wait is one edge of the wait-for graph of a state: a thread that cannot go on, what it waits
// for, and who would have to give it. A sleeper waits for the owner of the job that its condition
// guards, and who waits for a variable to change for its owner, if it is a job, or for one that holds
// it, if it is a reader-writer lock; without an owner
// nobody is on the other side. Who joins a thread waits for that one.
type wait struct {
	thread   int
	resource string
	asleep   bool
	value    string // of the variable that would have to change; "": it is not one
	holder   int    // model.None: nobody
	lives    bool   // it waits for the end of the holder
}

// waits lists the waits of some threads in a state, by thread.
func (v viewer[S]) waits(s *S, threads uint32) []wait {
	var ws []wait
	for ; threads != 0; threads &= threads - 1 {
		if w := v.wait(s, bits.TrailingZeros32(threads)); w.resource != "" {
			ws = append(ws, w)
		}
	}
	return ws
}

// wait is what a thread waits for in a state; its resource is "" when the thread can go on.
func (v viewer[S]) wait(s *S, t int) wait {
	n := v.m.At(s, t)
	w := wait{thread: t, resource: v.waitsFor(s, t), holder: model.None, asleep: n.Op == model.OpSleep}
	switch {
	case w.resource == "":
	case w.asleep:
		w.holder = v.jobOwner(s, n.Cond)
	case n.Op == model.OpUpdate && v.m.Program.Vars[n.Var].Life > 0:
		w.holder, w.lives = v.m.Program.Vars[n.Var].Life-1, true
	case n.Op == model.OpUpdate:
		w.value = v.value(n.Var, v.m.Value(s, n.Var))
		if v.m.Program.Vars[n.Var].Job {
			w.holder = v.m.JobOwner(s, n.Var)
		} else {
			w.holder = v.sharer(s, n.Var, t)
		}
	default:
		w.holder = v.m.Owner(s, n.Lock)
	}
	return w
}

// sharer is the first thread but one that holds a reader-writer lock: who waits for it waits for
// that one, perhaps among others.
func (v viewer[S]) sharer(s *S, lock model.VarID, but int) int {
	for t := range v.m.Program.Threads {
		if t != but && slices.Contains(v.m.At(s, t).Shares, lock) {
			return t
		}
	}
	return model.None
}

// jobOwner is the owner of the job that stands in the same object as the condition: jobActive
// beside jobCond.
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

// cycle returns a cycle of waits, beginning with the lowest thread on one; nil when there is none.
func cycle(ws []wait) []wait {
	var at [model.MaxThreads]int // of each thread's wait, plus one
	for i, w := range ws {
		at[w.thread] = i + 1
	}
	for i := range ws {
		n := 0
		for w := &ws[i]; n <= len(ws) && w.holder != model.None && at[w.holder] > 0; w = &ws[at[w.holder]-1] {
			if n++; w.holder == ws[i].thread {
				return ring(ws, &at, i, n)
			}
		}
	}
	return nil
}

// ring lists the n waits of a cycle.
func ring(ws []wait, at *[model.MaxThreads]int, first, n int) []wait {
	out := make([]wait, n)
	for k, w := 0, &ws[first]; k < n; k, w = k+1, &ws[at[w.holder]-1] {
		out[k] = *w
	}
	return out
}

// hang says of which kind it is that the given threads cannot go on in s, and which waits make it
// so: "" and all of them when no kind says it.
func (v viewer[S]) hang(s *S, threads uint32) (model.Kind, []wait) {
	ws := v.waits(s, threads)
	if ring := cycle(ws); ring != nil {
		return model.LockOrder, ring
	}
	var lost []wait
	for _, w := range ws {
		if (w.asleep || w.value != "") && w.holder == model.None {
			lost = append(lost, w)
		}
	}
	if len(lost) > 0 {
		return model.LostWakeup, lost
	}
	return "", ws
}

// explainHang says why the given threads cannot go on in s, and of which kind that is.
func (v viewer[S]) explainHang(s *S, threads uint32) (kind model.Kind, sentence string, involved []int) {
	kind, ws := v.hang(s, threads)
	var names []string
	for _, w := range ws {
		names, involved = append(names, v.name(w.thread)), append(involved, w.thread)
	}
	switch {
	case kind != model.LostWakeup:
		return kind, v.sentence(ws), involved
	case slices.ContainsFunc(ws, func(w wait) bool { return !w.asleep }):
		return kind, v.sentence(ws) + ", and nobody can change that any more", involved
	}
	verb := "sleeps"
	if len(ws) > 1 {
		verb = "sleep"
	}
	return kind, fmt.Sprintf("%s %s on %s and nobody can send the wake-up any more", strings.Join(names, " and "), verb, ws[0].resource), involved
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
		if w.value != "" {
			part += ", which is " + w.value
		}
		switch {
		case w.holder == model.None || w.lives:
		case w.asleep:
			part += fmt.Sprintf(" until %s ends its job", threadNumber(w.holder))
		default:
			part += fmt.Sprintf(", held by %s", threadNumber(w.holder))
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}
