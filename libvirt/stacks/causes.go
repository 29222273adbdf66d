package stacks

import (
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/protocol"
	"github.com/lockproof/lockproof/model"
)

// wants is the domain for which something must happen before a thread goes on; 0 is one that is not
// known.
func (a *actor) wants() (domain uint64, ok bool) {
	switch {
	case a.Kind == protocol.ForJob:
		return a.Asks.Domain, true
	case a.Kind == protocol.ForLock && a.Waits.Class == protocol.Domain:
		return a.Waits.Object, true
	}
	return 0, false
}

// behind counts who waits, or may wait, behind a thread that holds a job.
func (s *scene) behind(a *actor) int {
	n := s.all
	if a.Has != nil && a.Has.Domain != 0 {
		n = s.queue[a.Has.Domain] + s.queue[0]
	}
	if d, ok := a.wants(); ok && (a.Has == nil || a.Has.Domain == 0 || d == 0 || d == a.Has.Domain) {
		n-- // itself
	}
	return n
}

func (s *scene) claim(a *actor, inferred bool, format string, args ...any) diagnose.Claim {
	return diagnose.Claim{
		Text: fmt.Sprintf(format, args...), Inferred: inferred,
		At: []diagnose.Place{s.frameAt(a, a.Where)},
	}
}

// hook looks for a hook script that calls the daemon which has started it.
func (p *process) hook(v *verdict) bool {
	s := p.last()
	for _, a := range s.threads {
		if !a.Hook || a.Has == nil || s.behind(a) == 0 {
			continue
		}
		v.cause, v.fault, v.sure = diagnose.HookRecursion, true, diagnose.Possible
		v.why = append(v.why, s.claim(a, false, "%s waits for the hook script that it runs", a.name()),
			diagnose.Claim{Text: "another call waits for the same domain: very likely the script makes it, and both wait for " +
				"each other", Inferred: true, At: []diagnose.Place{s.at(a.thread.Line)}})
		v.next = append(v.next, "look with ps which child of the daemon is the script, and whether it runs virsh; a hook "+
			"must not call libvirt")
		v.cannot = append(v.cannot, diagnose.NoClient, diagnose.NoSince)
		return true
	}
	return false
}

// reconnect looks for a thread that takes up a guest after the daemon's start, and does not get on.
func (p *process) reconnect(v *verdict) bool {
	s := p.last()
	for _, a := range s.threads {
		if !a.Reconn || !a.waiting() || p.gotOn(a) {
			continue
		}
		v.cause, v.fault, v.sure = diagnose.Reconnect, true, diagnose.Likely
		v.why = append(v.why, s.claim(a, true, "%s takes up a running guest after the daemon's start and waits in %s",
			a.name(), a.function(a.Where)))
		v.next = append(v.next, "look whether that guest's QEMU answers: `virsh qemu-monitor-command` will not while the "+
			"job is held; kill -0 and the state in /proc say whether it is stopped or in D state")
		v.cannot = append(v.cannot, diagnose.NoSince, diagnose.NoQEMUHealth, diagnose.NoWhy)
		return true
	}
	return false
}

// silent looks for threads that wait for a reply of QEMU or of the guest agent.
func (p *process) silent(v *verdict) bool {
	s := p.last()
	var qemu, agent *actor
	moved, most := 0, -1
	for _, a := range s.threads {
		for _, n := range a.needs {
			if n.reply && !p.gotOn(n.who) {
				v.why = append(v.why, s.claim(n.who, false,
					"%s, which delivers replies, waits for %s itself: whether QEMU has answered cannot be seen",
					n.who.name(), n.who.what()))
				v.cannot = append(v.cannot, diagnose.NoQEMUHealth)
				return false
			}
		}
	}
	for _, a := range s.threads {
		if a.Kind != protocol.ForReply && a.Kind != protocol.ForAgent {
			continue
		}
		if p.gotOn(a) {
			moved++
			continue
		}
		n := s.behind(a)
		switch {
		case a.Kind == protocol.ForAgent:
			if agent == nil {
				agent = a
			}
		case n > most:
			qemu, most = a, n
		}
	}
	if agent != nil && (qemu == nil || s.behind(agent) > most) {
		v.cause, v.fault, v.sure = diagnose.AgentSilent, true, diagnose.Likely
		v.why = append(v.why, s.claim(agent, false, "%s waits in %s for the reply of the guest agent", agent.name(),
			agent.function(agent.Where)))
		v.next = append(v.next, "look into the guest: is qemu-guest-agent running? `virsh qemu-agent-command DOMAIN "+
			"'{\"execute\":\"guest-ping\"}' --timeout 5`")
		v.cannot = append(v.cannot, diagnose.NoSince, diagnose.NoWhy)
		return true
	}
	if qemu == nil {
		if moved > 0 {
			v.why = append(v.why,
				diagnose.Claim{
					Text: fmt.Sprintf("%s for a reply of QEMU, having done something else in the dump before: QEMU answers",
						count(moved, "thread waits", "threads wait")), Inferred: true, At: []diagnose.Place{s.at(s.dump.Line)},
				})
		}
		return false
	}
	v.cause, v.fault, v.sure = diagnose.QEMUSilent, true, diagnose.Likely
	text := "%s waits in %s for the reply of QEMU"
	if qemu.Reply != "" {
		text += " to " + clip(qemu.Reply)
	}
	v.why = append(v.why, s.claim(qemu, false, text, qemu.name(), qemu.function(qemu.Where)))
	switch {
	case p.stayed(qemu):
		v.why = append(v.why, s.claim(qemu, false, "it stood there in the dump before as well"))
	case most <= 0:
		v.sure = diagnose.Possible
	}
	if most > 0 {
		v.why = append(v.why, s.claim(qemu, true, "%s behind it", count(most, "thread waits", "threads wait")))
	}
	v.next = append(v.next,
		"look at QEMU: its state in /proc/PID/status (D: storage; T: stopped), and its own stacks with gdb",
		"take a second dump after a minute: who still stands at the same place gets no answer")
	v.cannot = append(v.cannot, diagnose.NoSince, diagnose.NoQEMUHealth, diagnose.NoWhy)
	return true
}

// migration looks for a migration whose other side must do something.
func (p *process) migration(v *verdict) bool {
	s := p.last()
	for _, a := range s.threads {
		if a.Has == nil {
			continue
		}
		switch {
		case a.Remote && a.Kind == protocol.ForDaemon, a.Has.Async == "migration out" &&
			(a.Kind == protocol.ForEvent || a.Kind == protocol.Asleep):
			if p.gotOn(a) {
				continue
			}
			v.cause, v.sure = diagnose.OtherHost, diagnose.Likely
			if a.Kind == protocol.ForDaemon {
				v.why = append(v.why, s.claim(a, false, "%s migrates a guest away, and waits in %s for the other host's daemon",
					a.name(), a.function(a.Where)))
			} else {
				v.why = append(v.why, s.claim(a, true, "%s migrates a guest away, and waits for the migration to end", a.name()))
			}
			v.next = append(v.next, "take the stacks of the other host's daemon now, and its log")
			v.cannot = append(v.cannot, diagnose.NoSince, diagnose.NoProgress, diagnose.NoQEMUHealth)
			return true
		case a.Has.Async == "migration in" && a.Kind == protocol.ForEvent:
			v.cause, v.sure = diagnose.MigrationIn, diagnose.Likely
			v.why = append(v.why, s.claim(a, true, "%s waits for a guest that arrives from another host", a.name()))
			v.cannot = append(v.cannot, diagnose.NoSince, diagnose.NoProgress)
			return true
		}
	}
	return false
}

// long looks for a job that takes its time in one piece, with others behind it.
func (p *process) long(v *verdict) bool {
	s := p.last()
	for _, a := range s.threads {
		if a.Has == nil || a.Has.Async == "" || s.behind(a) == 0 || a.Kind == protocol.ForDaemon && a.Remote {
			continue
		}
		v.cause, v.sure = diagnose.LongJob, diagnose.Possible
		v.why = append(v.why, s.claim(a, true, "%s is in the middle of the job %s, in %s", a.name(), a.Has.Async,
			a.function(a.Where)))
		v.next = append(v.next, "take a second dump after a minute, and `virsh domjobinfo` for how far it is")
		s.otherDaemons(v)
		v.cannot = append(v.cannot, diagnose.NoSince, diagnose.NoProgress, diagnose.NoWhy)
		return true
	}
	return false
}

// underLock finds who waits for somebody outside of the daemon with a lock held that others need.
func (p *process) underLock(v *verdict) {
	s := p.last()
	seen := map[*actor]bool{}
	for _, a := range s.threads {
		for _, n := range a.needs {
			b := n.who
			if !n.sure || seen[b] || b == a || b.Kind != protocol.ForReply && b.Kind != protocol.ForAgent &&
				(b.Kind != protocol.ForDaemon || !b.Remote) { // libvirt's daemons call each other with the domain locked
				continue
			}
			seen[b] = true
			h, ok := held(a, b)
			if !ok {
				continue
			}
			v.fault = true
			text := fmt.Sprintf("%s waits in %s with the %s lock held, for which %s waits", b.name(), b.function(b.Where),
				h.Class, a.name())
			v.why = append(v.why, diagnose.Claim{Text: text, Inferred: true, At: s.places(a, b)})
			v.findings = append(v.findings, diagnose.Finding{
				Rule: model.BlockUnderLock, Message: text,
				At: s.frameAt(b, b.Where),
			})
		}
	}
}

// nothing says what there is where no fault can be named.
func (p *process) nothing(v *verdict) {
	s := p.last()
	idle, waits := 0, 0
	for _, a := range s.threads {
		switch {
		case a.Kind == protocol.Idle || a.Kind == protocol.EventLoop:
			idle++
		case a.waiting():
			waits++
		}
	}
	at := []diagnose.Place{s.at(s.dump.Line)}
	switch {
	case waits == 0 && idle == len(s.threads):
		v.why = append(v.why, diagnose.Claim{Text: "all threads wait for work: nothing hangs in here", At: at})
		v.sure = diagnose.Likely
	case waits == 0:
		v.why = append(v.why, diagnose.Claim{Text: "no thread waits for another one: no deadlock in here", At: at})
		v.sure = diagnose.Likely
	default:
		v.why = append(v.why, diagnose.Claim{Text: fmt.Sprintf("%s, and why it takes so long is not decided by these stacks",
			count(waits, "thread waits", "threads wait")), At: at})
		v.cannot = append(v.cannot, diagnose.NoSince, diagnose.NoProgress, diagnose.NoQEMUHealth)
		v.next = append(v.next, ownersHint)
	}
	v.next = append(v.next, "take a second dump after a minute, with all threads: gdb -p $(pidof libvirtd) -batch -ex "+
		"'thread apply all bt'", "and the daemon's log of the same time")
	s.otherDaemons(v)
	for _, a := range s.threads {
		if (a.Kind == protocol.InCall || a.Kind == protocol.ForChild || a.Kind == protocol.Asleep ||
			a.Kind == protocol.Running) && len(a.Holds) > 0 {
			v.why = append(v.why, s.claim(a, true, "%s holds the %s lock and is in %s", a.name(), a.Holds[0].Class,
				a.function(max(0, a.Where-1))))
		}
	}
}

// otherDaemons tells who waits for another daemon of libvirt, as that of the networks, outside of a
// migration.
func (s *scene) otherDaemons(v *verdict) {
	told := false
	for _, a := range s.threads {
		if a.Kind != protocol.ForDaemon || a.Remote || told {
			continue
		}
		called := "" // the outermost function of the call that is not the driver's
		for i := a.Where; i < len(a.thread.Frames); i++ {
			if n := a.thread.Frames[i].Function; strings.HasPrefix(n, "remote") && !strings.HasPrefix(n, "remoteDispatch") {
				called = " in " + clip(n)
			}
		}
		v.why = append(v.why, s.claim(a, false, "%s waits%s for the reply of another daemon", a.name(), called))
		v.next = append(v.next, "take the stacks of that other daemon as well (virtnetworkd, virtstoraged, ..., or another "+
			"host's)")
		told = true
	}
}

// count is how many there are, in words.
func count(n int, singular, plural string) string {
	if n == 1 {
		return "1 " + singular
	}
	return fmt.Sprintf("%d %s", n, plural)
}
