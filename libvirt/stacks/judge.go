package stacks

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/protocol"
	"github.com/lockproof/lockproof/model"
)

// A verdict is what the dumps of one process come to.
type verdict struct {
	cause    diagnose.Cause
	sure     diagnose.Sure
	fault    bool
	why      []diagnose.Claim
	findings []diagnose.Finding
	next     []string
	cannot   []diagnose.Unknown
	guilty   []owned // mutexes that were left locked, with their owners
	owners   []*actor
	quiet    bool // nobody may be named: the process does not hang
}

// judge decides for the last dump of a process, in the order of what tells most what to do.
func (p *process) judge() verdict {
	s := p.last()
	v := verdict{cause: diagnose.CannotTell, sure: diagnose.Possible}
	if c := s.crashed(); c != nil {
		return s.crash(c)
	}
	if p.deadlock(&v) || p.leftLocked(&v) {
		return v
	}
	if s.dump.Core && !fromOutside(s.dump.Signal) {
		return s.crash(nil)
	}
	for _, ask := range []func(*verdict) bool{p.hook, p.reconnect, p.silent, p.migration, p.long} {
		if ask(&v) {
			break
		}
	}
	p.underLock(&v)
	if v.cause == diagnose.CannotTell {
		p.nothing(&v)
	}
	return v
}

func (s *scene) at(line int) diagnose.Place { return diagnose.Place{File: s.file, Line: line} }

// frameAt is the line of a frame; that of the thread where there is no such frame.
func (s *scene) frameAt(a *actor, frame int) diagnose.Place {
	if frame >= 0 && frame < len(a.thread.Frames) {
		return s.at(a.thread.Frames[frame].Line)
	}
	return s.at(a.thread.Line)
}

// fromOutside reports whether a signal is none with which a process dies of itself.
func fromOutside(signal string) bool {
	switch signal {
	case "", "SEGV", "SIGSEGV", "BUS", "SIGBUS", "FPE", "SIGFPE", "ILL", "SIGILL", "SYS", "SIGSYS":
		return false
	}
	return true
}

// crashed is the thread in which the process dies; nil where it does not.
func (s *scene) crashed() *actor {
	for _, a := range s.threads {
		if a.Kind == protocol.Exiting {
			return a
		}
	}
	return nil
}

func (s *scene) crash(a *actor) verdict {
	v := verdict{cause: diagnose.Crash, sure: diagnose.Likely, fault: true, quiet: true}
	where := s.at(s.dump.Line)
	what := "the process died and left a core"
	if s.dump.Core {
		v.sure = diagnose.Stated
	}
	if a != nil {
		where = s.frameAt(a, 0)
		what = a.name() + " is in the end of the process, in an abort or in a signal handler"
	}
	if s.dump.Signal != "" {
		what += " (" + s.dump.Signal + ")"
	}
	v.why = append(v.why, diagnose.Claim{Text: what, At: []diagnose.Place{where}})
	v.next = []string{"look for the fault in the thread that died; the other threads were only stopped in what they did"}
	return v
}

// mostListed bounds the threads of one circle that are told.
const mostListed = 50

// deadlock looks for threads that wait for each other.
func (p *process) deadlock(v *verdict) bool {
	s := p.last()
	var best []*actor
	tried := 0
	for _, a := range s.threads {
		if !a.stuck || len(best) == 1 || tried == 1000 {
			continue
		}
		tried++
		if c := cycle(a); c != nil && (best == nil || len(c) < len(best)) {
			best = c
		}
	}
	if best == nil {
		return false
	}
	v.cause, v.fault, v.sure = diagnose.LockOrder, true, sureOf(best)
	rule := model.LockOrder
	if len(best) == 1 {
		v.cause, rule = diagnose.SelfDeadlock, model.SelfDeadlock
	}
	finding := diagnose.Finding{Rule: rule, At: s.frameAt(best[0], best[0].Where)}
	for i, a := range best {
		if i == mostListed {
			v.why = append(v.why, diagnose.Claim{
				Text:     fmt.Sprintf("and %d more threads in the circle", len(best)-i),
				Inferred: true,
			})
			break
		}
		holder := best[(i+1)%len(best)]
		text := s.waitText(a, holder)
		v.why = append(v.why, diagnose.Claim{Text: text, Inferred: v.sure != diagnose.Stated, At: s.places(a, holder)})
		finding.Around = append(finding.Around, diagnose.Claim{Text: text, At: []diagnose.Place{s.frameAt(a, a.Where)}})
	}
	finding.Message = v.why[0].Text
	if len(best) > 1 {
		finding.Message = fmt.Sprintf("%d threads wait for each other for ever", len(best))
		v.why = append(v.why, s.wrongSide(best, &finding)...)
	}
	v.findings = append(v.findings, finding)
	for _, a := range best {
		if a.Kind == protocol.ForReply || a.Kind == protocol.ForAgent {
			v.findings = append(v.findings, diagnose.Finding{
				Rule: model.BlockUnderLock, At: s.frameAt(a, a.Where),
				Message: a.name() + " waits for a reply with a lock held that the event loop needs to deliver it",
			})
		}
	}
	if n := p.countStayed(best); n > 0 {
		v.why = append(v.why, diagnose.Claim{
			Text: fmt.Sprintf("%d of them stood at the same place in the dump before", n),
			At:   []diagnose.Place{s.at(s.dump.Line)},
		})
	}
	v.next = append(v.next, "restart the daemon: nobody can end this wait (guests go on running)",
		"report it with this dump: the order of the locks is wrong in the code")
	v.cannot = append(v.cannot, diagnose.NoSince)
	return true
}

func (p *process) countStayed(all []*actor) int {
	n := 0
	for _, a := range all {
		if p.stayed(a) {
			n++
		}
	}
	return n
}

// sureOf says how far stacks carry a cycle.
func sureOf(c []*actor) diagnose.Sure {
	stated := true
	for i, a := range c {
		found := false
		for _, n := range a.needs {
			if n.who == c[(i+1)%len(c)] {
				found = found || n.sure
				stated = stated && n.stated
			}
		}
		if !found {
			return diagnose.Possible
		}
	}
	if stated {
		return diagnose.Stated
	}
	return diagnose.Likely
}

// held is the lock of a holder for which another thread waits.
func held(a, holder *actor) (protocol.Held, bool) {
	for _, o := range holder.owns {
		if o.by == a {
			return protocol.Held{Lock: o.lock, Frame: -1, Sure: true}, true
		}
	}
	for _, exact := range []bool{true, false} {
		for _, h := range holder.Holds {
			if m := same(a.Waits, h.Lock); m == one || m == perhaps && !exact {
				return h, true
			}
		}
	}
	return protocol.Held{}, false
}

// waitText says for what a thread waits, and why another one has it.
func (s *scene) waitText(a, holder *actor) string {
	what := a.what()
	h, ok := held(a, holder)
	switch {
	case a.Kind == protocol.ForReply || a.Kind == protocol.ForAgent:
		return fmt.Sprintf("%s waits for a reply, which %s must deliver", a.name(), holder.name())
	case !ok:
		return fmt.Sprintf("%s waits for %s, which %s has", a.name(), what, holder.name())
	case h.Frame < 0 && a == holder:
		return fmt.Sprintf("%s waits for %s, whose owner it is itself, as somebody printed", a.name(), what)
	case h.Frame < 0:
		return fmt.Sprintf("%s waits for %s; somebody printed that %s owns it", a.name(), what, holder.name())
	case a == holder:
		return fmt.Sprintf("%s waits for %s in %s, and %s further out runs with it locked", a.name(), what,
			a.function(a.Where), a.function(h.Frame))
	}
	return fmt.Sprintf("%s waits for %s in %s; %s has it locked in %s", a.name(), what, a.function(a.Where), holder.name(),
		holder.function(h.Frame))
}

// function is the name of the function of a frame.
func (a *actor) function(frame int) string {
	if frame < 0 || frame >= len(a.thread.Frames) || a.thread.Frames[frame].Function == "" {
		return "a function without a name"
	}
	return clip(a.thread.Frames[frame].Function)
}

// what says for which lock a thread waits.
func (a *actor) what() string {
	l := a.Waits
	text := "a lock"
	if l.Class != protocol.NoClass {
		text = "the " + string(l.Class) + " lock"
	}
	switch {
	case l.Class == protocol.Domain && l.Object != 0:
		return fmt.Sprintf("the lock of domain %#x", l.Object)
	case l.Object != 0:
		return fmt.Sprintf("%s %#x", text, l.Object)
	case l.Mutex != 0:
		return fmt.Sprintf("%s %#x", text, l.Mutex)
	}
	return text
}

func (s *scene) places(a, holder *actor) []diagnose.Place {
	out := []diagnose.Place{s.frameAt(a, a.Where)}
	h, ok := held(a, holder)
	switch {
	case ok && h.Frame < 0:
		for _, o := range holder.owns {
			if o.by == a {
				out = append(out, s.at(o.line))
			}
		}
	case ok:
		out = append(out, s.frameAt(holder, h.Frame))
	default:
		out = append(out, s.at(holder.thread.Line))
	}
	return out
}

// wrongSide names those of a cycle who ask for a lock that comes before one that they hold.
func (s *scene) wrongSide(c []*actor, f *diagnose.Finding) []diagnose.Claim {
	var out []diagnose.Claim
	for i, a := range c {
		if len(out) == mostListed {
			break
		}
		before := c[(i+len(c)-1)%len(c)] // who waits for a
		h, ok := held(before, a)
		if !ok || a.Kind != protocol.ForLock {
			continue
		}
		if w := a.Waits.Class.Rank(); w > 0 && w < h.Class.Rank() {
			f.At = s.frameAt(a, a.Where)
			out = append(out, diagnose.Claim{
				Text: fmt.Sprintf("the wrong side is %s: it asks for the %s lock while it holds the %s lock, and the order "+
					"is driver, list, domain, monitor", a.name(), a.Waits.Class, h.Class),
				Inferred: true, At: []diagnose.Place{s.frameAt(a, a.Where)},
			})
		}
	}
	return out
}

// leftLocked looks for a lock whose owner has gone on without unlocking it.
func (p *process) leftLocked(v *verdict) bool {
	s := p.last()
	for _, a := range s.threads {
		for _, n := range a.needs {
			if b := n.who; n.stated && (b.Kind == protocol.Idle || b.Kind == protocol.EventLoop) &&
				(len(b.thread.Frames) > 0 || s.whole) {
				s.left(v, a, b)
			}
		}
	}
	if len(v.owners) > 0 {
		v.sure = diagnose.Stated
		return true
	}
	for _, a := range s.threads {
		if a.Kind == protocol.ForLock && len(a.needs) == 0 && s.whole && s.nobodyElse(a) {
			v.cause, v.fault, v.sure = diagnose.LockLeftLocked, true, diagnose.Likely
			text := fmt.Sprintf("%s waits for %s, and no thread does anything that holds it", a.name(), a.what())
			at := []diagnose.Place{s.frameAt(a, a.Where)}
			v.why = append(v.why, diagnose.Claim{Text: text, Inferred: true, At: at})
			v.findings = append(v.findings, diagnose.Finding{Rule: model.LockLeak, Message: text, At: at[0]})
			v.cannot = append(v.cannot, diagnose.NoHolder, diagnose.NoSince, diagnose.NoWhy)
			v.next = append(v.next, ownersHint, "restart the daemon: nobody will unlock it (guests go on running)")
			return true
		}
	}
	return false
}

// left adds a lock that its owner has left locked.
func (s *scene) left(v *verdict, a, b *actor) {
	h, _ := held(a, b)
	first := len(v.owners) == 0
	v.cause, v.fault = diagnose.LockLeftLocked, true
	v.owners = append(v.owners, b)
	doing := "waits for work"
	switch {
	case len(b.thread.Frames) == 0:
		doing = "is not there any more"
	case b.Kind == protocol.EventLoop:
		doing = "waits for events"
	}
	text := fmt.Sprintf("%s waits for %s; its owner is %s, which %s: it has gone on without unlocking", a.name(), a.what(),
		b.name(), doing)
	v.why = append(v.why, diagnose.Claim{Text: text, At: s.places(a, b)})
	if !first {
		return
	}
	v.findings = append(v.findings, diagnose.Finding{
		Rule: model.LockLeak, Message: text, At: s.places(a, b)[0],
		Around: []diagnose.Claim{{Text: "the owner of the mutex, as printed", At: s.places(a, b)[1:]}},
	})
	v.guilty = append(v.guilty, owned{lock: h.Lock, by: a})
	v.cannot = append(v.cannot, diagnose.NoAPI, diagnose.NoSince, diagnose.NoWhy)
	v.next = append(v.next, "restart the daemon: nobody will unlock it (guests go on running)",
		fmt.Sprintf("look in the debug log for the last call that thread %d ended before the hang: it is the one that "+
			"lost the lock", b.thread.LWP))
	if a.Events {
		v.why = append(v.why, diagnose.Claim{
			Text: a.name() +
				" is an event loop: while it is stuck, nobody that it serves gets events or replies", Inferred: true,
			At: []diagnose.Place{s.at(a.thread.Line)},
		})
	}
}

// nobodyElse reports whether all other threads do nothing that holds a lock, or wait for the same
// one.
func (s *scene) nobodyElse(a *actor) bool {
	if a.Waits.Class == protocol.NoClass || a.Waits.Class == protocol.Libc ||
		slices.ContainsFunc(a.Holds, func(h protocol.Held) bool { return h.Class == a.Waits.Class }) {
		return false
	}
	for _, b := range s.threads {
		switch b.Kind {
		case protocol.Idle, protocol.EventLoop, protocol.ForJob:
		case protocol.ForLock:
			if b.Waits.Class != a.Waits.Class || same(a.Waits, b.Waits) == other || len(b.needs) > 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}
