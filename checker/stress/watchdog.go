package stress

import (
	"strings"
	"time"
)

// watch looks at the actors until the world is over or done is closed. When one makes no progress
// for too long it reports a hang and ends the world.
func (w *world) watch(limit time.Duration, idle func() bool, done <-chan struct{}) {
	ticker := time.NewTicker(max(limit/4, time.Millisecond))
	defer ticker.Stop()
	var alone time.Time // since when only calls of wait have been left
	for {
		select {
		case <-done:
			return
		case <-w.over:
			return
		case now := <-ticker.C:
			switch {
			case !idle():
				alone = time.Time{}
			case alone.IsZero():
				alone = now
			}
			if h := w.hung(now, limit, alone); h != nil {
				w.report(Finding{Kind: h.kind(), Message: h.headline(), Client: h.Actor, Call: h.Call, Hang: h})
				return
			}
		}
	}
}

// hung looks for an actor that has been busy with one thing, or has waited for one lock, for the
// limit or longer. Calls of wait last as long as their domains run: they count from when nobody
// else was left. Who has just got a job has made progress, and who waits for one counts from when
// it last changed hands: to be overtaken is bad luck, and no hang.
func (w *world) hung(now time.Time, limit time.Duration, alone time.Time) *Hang {
	var worst *actor
	var since time.Time
	for _, a := range w.actors.all() {
		a.mutex.Lock()
		var start time.Time
		switch {
		case a.waiting != nil && a.waiting.kind == "lock":
			start = a.waiting.since
		case strings.HasPrefix(a.doing, "wait("):
			start = alone
			if start.Before(a.started) && !start.IsZero() {
				start = a.started
			}
		case a.doing != "":
			start = a.started
		}
		moved := a.moved
		job := ""
		if a.waiting != nil && a.waiting.kind == "condition" {
			job, _ = strings.CutSuffix(a.waiting.object, ".jobCond")
		}
		a.mutex.Unlock()
		if m := w.lastMove(job); m.After(moved) {
			moved = m
		}
		if !start.IsZero() && start.Before(moved) {
			start = moved
		}
		if start.IsZero() || now.Sub(start) < limit {
			continue
		}
		if worst == nil || start.Before(since) || start.Equal(since) && a.name < worst.name {
			worst, since = a, start
		}
	}
	if worst == nil {
		return nil
	}
	return w.describeHang(worst, now)
}
