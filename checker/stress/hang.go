package stress

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/lockproof/lockproof/model"
)

// A Hang is a picture of a load that makes no progress: the wait-for graph.
type Hang struct {
	Actor string        `json:"actor"` // the one that has waited longest
	Call  string        `json:"call"`
	For   time.Duration `json:"for_ns"`
	Waits []HangWait    `json:"waits"`
	// Cycle are the actors that wait for one another; empty if there is no cycle, so that somebody
	// sleeps whom nobody wakes.
	Cycle []string `json:"cycle,omitempty"`

	silent string        // the domain whose QEMU owes an answer, for which it waits in the end
	left   time.Duration // until it gives up by itself
}

// A HangWait is an actor of a hang: for what it waits, and who has that.
type HangWait struct {
	Actor  string        `json:"actor"`
	Call   string        `json:"call,omitempty"`
	Kind   string        `json:"kind,omitempty"` // lock, condition, message; "" for one that waits for nothing we know
	Object string        `json:"object,omitempty"`
	For    time.Duration `json:"for_ns"`
	Holder string        `json:"holder,omitempty"`
	Since  time.Duration `json:"held_ns,omitempty"` // for how long the holder has been in the call, or has had the job
	Stack  string        `json:"stack,omitempty"`
}

// kind is the rule that a hang breaks.
func (h *Hang) kind() model.Kind {
	if len(h.Cycle) > 0 {
		return model.LockOrder
	}
	for _, w := range h.Waits {
		if w.Actor == h.Actor && w.Kind == "condition" && w.Holder == "" {
			return model.LostWakeup
		}
	}
	return model.BlockUnderLock
}

func (h *Hang) headline() string {
	text := fmt.Sprintf("%s makes no progress", h.Actor)
	if len(h.Cycle) > 0 {
		text += ": " + strings.Join(h.Cycle, " waits for ") + " waits for " + h.Cycle[0]
	}
	if h.left > 0 {
		text += fmt.Sprintf("; only its patience, which ends in %v, would end that", h.left.Round(time.Millisecond))
	}
	return text
}

// describeHang takes the picture.
func (w *world) describeHang(worst *actor, now time.Time) *Hang {
	stacks := goroutineStacks()
	all := w.actors.all()
	slices.SortFunc(all, func(x, y *actor) int { return strings.Compare(x.name, y.name) })
	h := &Hang{Actor: worst.name}
	jobs := w.jobHolders()
	worst.mutex.Lock()
	if x := worst.waiting; x != nil && !x.until.IsZero() {
		h.left = max(x.until.Sub(now), 0)
	}
	worst.mutex.Unlock()
	for _, a := range all {
		x := a.picture(w, jobs, now)
		if x.Call == "" && x.Kind != "lock" {
			continue // it is idle
		}
		x.Stack = stacks[a.goroutine]
		if a == worst {
			h.Call, h.For = x.Call, x.For
		}
		h.Waits = append(h.Waits, x)
	}
	h.Cycle = h.cycle()
	return h
}

// jobHolders are those who have the jobs, by domain.
func (w *world) jobHolders() map[string]*actor {
	jobs := map[string]*actor{}
	for _, a := range w.actors.all() {
		a.mutex.Lock()
		if a.job != nil {
			jobs[a.job.domain] = a
		}
		a.mutex.Unlock()
	}
	return jobs
}

// picture is one actor of a hang.
func (a *actor) picture(w *world, jobs map[string]*actor, now time.Time) HangWait {
	a.mutex.Lock()
	x := HangWait{Actor: a.name, Call: a.doing}
	if a.doing != "" {
		x.For = now.Sub(a.started)
	}
	var holder *actor
	if a.waiting != nil {
		x.Kind, x.Object, x.For = a.waiting.kind, a.waiting.object, now.Sub(a.waiting.since)
		if a.waiting.mutex != nil {
			holder = w.actors.find(a.waiting.mutex.holder.Load())
		}
		if domain, ok := strings.CutSuffix(a.waiting.object, ".jobCond"); ok {
			holder = jobs[domain]
		}
	}
	a.mutex.Unlock()
	if holder == nil || holder == a {
		return x
	}
	x.Holder = holder.name
	holder.mutex.Lock()
	switch {
	case holder.job != nil && x.Kind == "condition":
		x.Since = now.Sub(holder.job.since)
	case holder.doing != "":
		x.Since = now.Sub(holder.started)
	}
	holder.mutex.Unlock()
	return x
}

// cycle follows the holders from the first actor that leads into a cycle.
func (h *Hang) cycle() []string {
	next := map[string]string{}
	for _, w := range h.Waits {
		next[w.Actor] = w.Holder
	}
	for _, w := range h.Waits {
		var path []string
		for at := w.Actor; at != ""; at = next[at] {
			if i := slices.Index(path, at); i >= 0 {
				return path[i:]
			}
			path = append(path, at)
		}
	}
	return nil
}

// goroutineStacks are the stacks of all goroutines, by number.
func goroutineStacks() map[int]string {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	stacks := map[int]string{}
	for text := range strings.SplitSeq(string(buf), "\n\n") {
		var n int
		if _, err := fmt.Sscanf(text, "goroutine %d ", &n); err == nil {
			stacks[n] = text
		}
	}
	return stacks
}
