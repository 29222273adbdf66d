package search

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// A wait is what a thread cannot go on without, and who would have to give it: the edges of the
// wait-for graph of a state. A sleeper waits for the owner of the job that its condition guards,
// and who waits for a variable to change for its owner, if it is a job, or for all that hold it, or
// are before it in the queue, if it is a reader-writer lock; without an owner nobody is on the
// other side. Who joins a thread waits for that one.
type wait struct {
	thread   int
	resource string
	asleep   bool
	value    string // of the variable that would have to change; "": it is not one
	holders  []int
	before   []int // in the queue
	lives    bool  // it waits for the end of the holder
}

// others are the threads for which one waits: it needs all of them.
func (w *wait) others() []int { return slices.Concat(w.holders, w.before) }

// first is one that has what is waited for, or [model.None].
func (w *wait) first() int {
	for _, t := range w.others() {
		return t
	}
	return model.None
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
	w := wait{thread: t, resource: v.waitsFor(s, t), asleep: n.Op == model.OpSleep}
	holder := model.None
	switch {
	case w.resource == "":
	case w.asleep:
		holder = v.jobOwner(s, n.Cond)
	case n.Op == model.OpUpdate && v.m.Program.Vars[n.Var].Life > 0:
		holder, w.lives = v.m.Program.Vars[n.Var].Life-1, true
	case n.Op == model.OpUpdate:
		w.value = v.value(n.Var, v.m.Value(s, n.Var))
		if v.m.Program.Vars[n.Var].Job {
			holder = v.m.JobOwner(s, n.Var)
		} else {
			v.sharers(s, n, &w)
		}
	default:
		holder = v.m.Owner(s, n.Lock)
	}
	if holder != model.None {
		w.holders = []int{holder}
	}
	return w
}

// sharers finds who keeps a thread at n from a reader-writer lock.
func (v viewer[S]) sharers(s *S, n *model.Node, w *wait) {
	for t := range v.m.Program.Threads {
		switch m := v.m.At(s, t); {
		case t == w.thread:
		case n.Claim != model.ToRead && slices.Contains(m.Shares, n.Var), slices.Contains(m.Writes, n.Var):
			w.holders = append(w.holders, t)
		case n.Claim == model.ToRead && m.Claim.Queues() && m.Var == n.Var:
			w.before = append(w.before, t)
		}
	}
	if w.first() != model.None {
		w.value = "" // they say it better
	}
}

// jobOwner is the owner of a job for which the sleepers on a condition wait.
func (v viewer[S]) jobOwner(s *S, c model.CondID) int {
	for _, job := range v.m.Program.JobsOf(c) {
		if o := v.m.JobOwner(s, job); o != model.None {
			return o
		}
	}
	return model.None
}

// cycle returns a cycle of waits, beginning with the lowest thread on one; nil when there is none.
func cycle(ws []wait) []wait {
	var at [model.MaxThreads]*wait
	for i := range ws {
		at[ws[i].thread] = &ws[i]
	}
	for i := range ws {
		var tried uint32
		if ring := around(&ws[i], ws[i].thread, &at, &tried, nil); ring != nil {
			return ring
		}
	}
	return nil
}

// around extends a way of waits by w until it is back at the first thread; nil when it never is.
func around(w *wait, first int, at *[model.MaxThreads]*wait, tried *uint32, ring []wait) []wait {
	ring = append(ring, *w)
	for _, t := range w.others() {
		if t == first {
			return ring
		}
		if at[t] == nil || *tried&(1<<t) != 0 {
			continue
		}
		*tried |= 1 << t
		if found := around(at[t], first, at, tried, ring); found != nil {
			return found
		}
	}
	return nil
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
		if (w.asleep || w.value != "") && w.first() == model.None {
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
		return kind, v.sentence(s, ws), involved
	case slices.ContainsFunc(ws, func(w wait) bool { return !w.asleep }):
		return kind, v.sentence(s, ws) + ", and nobody can change that any more", involved
	}
	verb := "sleeps"
	if len(ws) > 1 {
		verb = "sleep"
	}
	return kind, fmt.Sprintf("%s %s on %s and nobody can send the wake-up any more", strings.Join(names, " and "), verb,
		ws[0].resource), involved
}

// isChild reports whether the process is the child of a fork that had more threads.
func (v viewer[S]) isChild(s *S) bool {
	for t := range v.m.Program.Threads {
		if v.m.At(s, t).Left {
			return true
		}
	}
	return false
}

// threadNumbers joins threads as texts name them.
func threadNumbers(ts []int) string {
	var names []string
	for _, t := range ts {
		names = append(names, threadNumber(t))
	}
	return strings.Join(names, " and ")
}

// sentence strings waits together.
func (v viewer[S]) sentence(s *S, ws []wait) string {
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
		case w.first() == model.None && !w.asleep && v.isChild(s):
			part += ", which a thread holds that the child does not have"
		case w.first() == model.None || w.lives:
		case w.asleep:
			part += fmt.Sprintf(" until %s ends its job", threadNumber(w.first()))
		case len(w.holders) > 0:
			part += ", held by " + threadNumbers(w.holders)
		default:
			part += ", which " + threadNumbers(w.before) + " is to write before"
		}
		for _, t := range w.holders {
			if n := v.m.At(s, t); n.Outside && !n.Left {
				part += fmt.Sprintf(", and %s waits for %s, which does not answer", threadNumber(t), outside)
			}
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}
