package schedule

import (
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// recordHang describes threads that wait and cannot be helped.
func (w *world) recordHang() {
	f := &Failure{Class: Deadlock}
	var waiting []*thread
	for _, t := range w.all() {
		if !t.finished && (t.id < len(w.program.Threads) || len(t.holds) > 0 || t.next.verb != receive) {
			waiting = append(waiting, t)
		}
	}
	cycle := cycleAmong(waiting)
	switch {
	case len(cycle) > 0:
		f.Kind = model.LockOrder
		f.Message = describeCycle(cycle)
	case heldByFinished(waiting) != nil:
		t := heldByFinished(waiting)
		f.Kind = model.LockLeak
		if ownedBy(t) != nil {
			f.Kind = model.JobLeak
		}
		f.Message = fmt.Sprintf("%s waits for %s, and has ended", t.name, waitsFor(t))
	default:
		f.Message = describeWaiters(waiting)
		if onlyConditions(waiting) {
			f.Kind = model.LostWakeup
		}
	}
	for _, t := range waiting {
		f.Details = append(f.Details, describe(t))
	}
	w.current = nil
	w.record(f)
	for _, t := range waiting {
		if t.id >= 0 && len(f.Threads) > t.id {
			f.Threads[t.id].Involved = true
		}
	}
}

// all is every thread, the main one last.
func (w *world) all() []*thread {
	all := append([]*thread(nil), w.threads...)
	if w.phase != exploring && w.main != nil {
		all = append(all, w.main)
	}
	return all
}

// blocker is the thread that has what t needs, if one has: a lock, or what the instance says has an
// owner.
func blocker(t *thread) *thread {
	switch op := &t.next; {
	case op.verb == lockMutex, op.verb == reacquire && (t.signalled || t.givesUp):
		return op.mutex.owner
	case op.verb == reacquire:
		return ownedBy(t)
	}
	return nil
}

// ownedBy is the thread that has what t waits for at a condition.
func ownedBy(t *thread) *thread {
	w := t.world
	if t.finished || t.next.verb != reacquire || t.signalled || t.givesUp || w.instance.Owner == nil {
		return nil
	}
	name := w.instance.Owner(t.next.cond.name)
	if name == "" {
		return nil
	}
	for _, other := range w.all() {
		if other.name == name {
			return other
		}
	}
	return nil
}

// cycleAmong is a cycle of threads that wait for each other's locks, from its lowest number; nil if
// there is none.
func cycleAmong(threads []*thread) []*thread {
	for _, first := range threads {
		var path []*thread
		for t := blocker(first); t != nil && len(path) <= len(threads); t = blocker(t) {
			path = append(path, t)
			if t == first {
				return append([]*thread{first}, path[:len(path)-1]...)
			}
		}
	}
	return nil
}

func describeCycle(cycle []*thread) string {
	var parts []string
	for _, t := range cycle {
		parts = append(parts, t.name+" waits for "+waitsFor(t))
	}
	return strings.Join(parts, "; ")
}

func heldByFinished(threads []*thread) *thread {
	for _, t := range threads {
		if b := blocker(t); b != nil && b.finished {
			return t
		}
	}
	return nil
}

// onlyConditions reports whether every thread, as far as it is not blocked by another one of them,
// waits to be signalled.
func onlyConditions(threads []*thread) bool {
	for _, t := range threads {
		if blocker(t) == nil && t.next.verb != reacquire {
			return false
		}
	}
	return true
}

func describeWaiters(threads []*thread) string {
	var parts []string
	for _, t := range threads {
		parts = append(parts, t.name+" waits for "+waitsFor(t))
	}
	return strings.Join(parts, "; ") + "; nobody is left to end it"
}

func waitsFor(t *thread) string {
	switch op := &t.next; op.verb {
	case lockMutex:
		if op.mutex.owner != nil {
			return op.mutex.name + ", which " + op.mutex.owner.name + " holds"
		}
		return op.mutex.name
	case reacquire:
		if b := ownedBy(t); b != nil {
			return op.cond.name + ", which is " + b.name + "'s to signal"
		}
		if b := blocker(t); b != nil {
			return op.mutex.name + ", which " + b.name + " holds"
		}
		return op.cond.name
	case receive:
		return "a message from " + op.queue.name
	default:
		return op.String()
	}
}

// describe is a thread of a hang: what it holds and what it waits for.
func describe(t *thread) string {
	text := t.name
	if len(t.holds) > 0 {
		var names []string
		for _, m := range t.holds {
			names = append(names, m.name)
		}
		text += " holds " + strings.Join(names, ", ") + " and"
	}
	return text + " waits for " + waitsFor(t)
}
