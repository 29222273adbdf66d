package stress

import (
	"fmt"
	"strings"
	"time"

	"github.com/lockproof/lockproof/model"
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
			if f := w.stuck(now, limit, alone); f != nil {
				w.report(*f)
				return
			}
		}
	}
}

// stuck is the finding of a load that makes no progress; nil while it does.
func (w *world) stuck(now time.Time, limit time.Duration, alone time.Time) *Finding {
	h := w.hung(now, limit, alone)
	if h == nil {
		return nil
	}
	if domain := h.silent; domain != "" {
		text := fmt.Sprintf("%s: its QEMU has been silent for more than %v, and no fault was asked for that would do this",
			domain, limit)
		return &Finding{Kind: model.AssertKind, Message: text, Client: h.Actor, Call: h.Call}
	}
	return &Finding{Kind: h.kind(), Message: h.headline(), Client: h.Actor, Call: h.Call, Hang: h}
}

// hung looks for an actor that has been busy with one thing, or has waited for one lock, for the
// limit or longer. Calls of wait last as long as their domains run: they count from when nobody
// else was left. Who has just got a job has made progress, and who waits for one counts from when
// it last changed hands: to be overtaken is bad luck, and no hang. Nor is it one to wait for a QEMU
// that was made silent, as long as somebody may wait for it.
func (w *world) hung(now time.Time, limit time.Duration, alone time.Time) *Hang {
	var worst *actor
	var since time.Time
	silent := ""
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
		domain, wanted, until := w.waitsForQEMU(a)
		if wanted && now.Sub(until) < limit {
			continue
		}
		if worst == nil || start.Before(since) || start.Equal(since) && a.name < worst.name {
			worst, since, silent = a, start, domain
			if wanted { // and nobody has given it up in time
				silent = ""
			}
		}
	}
	if worst == nil {
		return nil
	}
	h := w.describeHang(worst, now)
	h.silent = silent
	return h
}

// waitsForQEMU follows those for whom an actor waits to one who waits for a QEMU that owes an
// answer, and gives its domain, whether it was made silent, and until when it is waited for.
func (w *world) waitsForQEMU(a *actor) (domain string, wanted bool, until time.Time) {
	if w.qemu == nil {
		return "", false, until
	}
	holders := w.jobHolders()
	for seen := map[*actor]bool{}; a != nil && !seen[a]; {
		seen[a] = true
		a.mutex.Lock()
		x := a.waiting
		a.mutex.Unlock()
		if x == nil {
			return "", false, until
		}
		if x.mutex != nil {
			a = w.actors.find(x.mutex.holder.Load())
			continue
		}
		if domain, ok := strings.CutSuffix(x.object, ".mon.notify"); ok {
			owes, wanted := w.qemu.owes(domain)
			if !owes {
				domain = ""
			}
			return domain, wanted, x.until
		}
		domain, _ := strings.CutSuffix(x.object, ".jobCond")
		a = holders[domain]
	}
	return "", false, until
}
