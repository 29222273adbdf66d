package jobs

import (
	"fmt"
	"slices"
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// notes says what else was seen.
func (r *Replay) notes(d *diagnose.Diagnosis, src Source) {
	note := func(inferred bool, format string, args ...any) func(at ...diagnose.Place) {
		return func(at ...diagnose.Place) {
			if len(d.Notes) < diagnose.MostListed {
				d.Notes = append(d.Notes, claim(inferred, fmt.Sprintf(format, args...), at...))
			}
		}
	}
	if a := &r.overtaken; a.overtaken > 0 {
		note(false, "jobs are not had in the order in which they were asked for: %s, which asked for the %s of %s, was "+
			"passed by %d that came later",
			who(a.thread), wants(a.job, a.async, a.agent), a.name, a.overtaken)(a.place)
	}
	if w := &r.longest; w.took >= time.Second {
		note(false, "the longest wait that came to its end took %s: %s for the %s of %s", seconds(w.took), who(w.ask.thread),
			wants(w.ask.job, w.ask.async, w.ask.agent), w.ask.name)(w.ask.place)
	}
	if r.deepest.n > 1 {
		note(false, "at most %d threads waited for %s at once", r.deepest.n, r.deepest.name)(r.deepest.place)
	}
	if r.spun > 0 {
		var at []diagnose.Place
		for _, s := range r.spins[:min(len(r.spins), mostPlaces)] {
			at = append(at, s.from)
		}
		note(false, "%s an event thread was told over and over that the monitor of %s had ended, while a thread "+
			"that would close it waited for a job", times(int64(r.spun)), r.spins[0].name)(at...)
	}
	if r.keepAlive.Line != 0 && d.Cause != diagnose.MigrationIn {
		note(false, "a client, or the daemon of another host, stopped talking: its keepalive was lost")(r.keepAlive)
	}
	if n := r.counts[nullObjects]; n > 0 {
		note(false, "%s something was done to an object that is none", times(n))()
	}
	if o := &r.objects; o.used > 0 {
		note(false, "%d lines take or drop a reference to an object that had been freed (the first: a %s)", o.used,
			o.usedClass)(o.usedAt)
	}
	if n, class, at := r.objects.unbalanced(); n > 0 {
		note(true, "%d objects were freed though the lines count references to them that were never dropped, or too many "+
			"that were (the first: a %s)", n, class)(at)
	}
	if r.daemons > 1 {
		note(false, "the daemon was started %d times in it; each time all jobs end", r.daemons)()
	}
	if r.crashed.Line != 0 && d.Cause != diagnose.Crash {
		note(false, "the daemon was ended by a signal")(r.crashed)
	}
	if src.NoThreads && r.jobs {
		note(false, "its lines do not say which thread they are of: who may enter the monitor, and who ends whose job, "+
			"was not looked at")()
	}
	if r.dropped > 0 {
		note(false, "there are more domains or threads than are followed; %d lines of others were passed over", r.dropped)()
	}
}

// times is how often something was.
func times(n int64) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// cannotTell says what the log leaves open.
func (r *Replay) cannotTell(d *diagnose.Diagnosis, v verdict, shown []*hold, src Source) {
	r.clocks(d)
	for _, h := range shown {
		if h.nameOf() == "a domain" {
			d.Cannot(diagnose.NoDomain)
		}
		if h.thread == 0 && !h.nobody {
			d.Cannot(diagnose.NoThread)
		}
		if h.api == "" {
			d.Cannot(diagnose.NoAPI)
		}
		if !h.since.Known() {
			d.Cannot(diagnose.NoSince)
		}
	}
	daemon := src.Format != diagnose.Client
	for i := range d.Waiters {
		w := &d.Waiters[i]
		if w.Domain == "" {
			d.Cannot(diagnose.NoDomain)
		}
		if daemon && w.Thread == 0 {
			d.Cannot(diagnose.NoWaiterThread)
		}
		if daemon && w.API == "" {
			d.Cannot(diagnose.NoWaiterAPI)
		}
	}
	for _, x := range r.incidents {
		if len(x.behind) == 0 && !x.nobody && !x.refused {
			d.Cannot(diagnose.NoHolder)
		}
		if x.refused {
			d.Cannot(diagnose.NoQueueLength)
			if len(x.behind) == 0 {
				d.Cannot(diagnose.NoHolder)
			}
		}
	}
	h := v.hold
	switch v.cause {
	case diagnose.QEMUSilent:
		if v.sure == diagnose.Stated {
			d.Cannot(diagnose.NoWhy)
		} else {
			d.Cannot(diagnose.NoQEMUHealth, diagnose.NoWhy)
		}
	case diagnose.AgentSilent, diagnose.Reconnect:
		d.Cannot(diagnose.NoWhy, diagnose.NoQEMUHealth)
	case diagnose.LeakedJob, diagnose.CutOff:
		d.Cannot(diagnose.NoQEMUHealth)
	case diagnose.OtherHost:
		d.Cannot(diagnose.NoQEMUHealth, diagnose.NoProgress)
	case diagnose.MigrationIn, diagnose.LeftoverAsync, diagnose.AsyncOutlivedGuest:
		d.Cannot(diagnose.NoProgress)
	case diagnose.LongJob:
		d.Cannot(diagnose.NoWhy)
		if h != nil && !h.ended {
			d.Cannot(diagnose.NoProgress)
		}
	case diagnose.HookRecursion:
		d.Cannot(diagnose.NoClient)
	case diagnose.CannotTell:
		if v.fault || h != nil {
			d.Cannot(diagnose.NoQEMUHealth)
		}
	case diagnose.HolderGone:
		if !slices.ContainsFunc(r.incidents, func(x *incident) bool { return x.nobody && len(x.had) > 0 }) {
			d.Cannot(diagnose.NoHolder)
		}
	}
}

// clocks says what the stamps leave out.
func (r *Replay) clocks(d *diagnose.Diagnosis) {
	switch r.now.Clock {
	case diagnose.NoClock:
		d.Cannot(diagnose.NoTime)
	case diagnose.Yearless, diagnose.Seconds:
		d.Cannot(diagnose.NoYear, diagnose.NoTimeZone)
	case diagnose.WallTime:
		d.Cannot(diagnose.NoTimeZone)
	}
}

// next is what to do.
func next(v verdict, src Source) []string {
	name := "DOMAIN"
	if v.hold != nil && v.hold.nameOf() != "a domain" {
		name = v.hold.nameOf()
	}
	stacks := "gdb -p $(pidof libvirtd) -batch -ex 'thread apply all bt' > stacks.txt; lockproof history stacks.txt"
	setup := "lockproof history --setup    # how to have the daemon log its jobs, and send that"
	switch v.cause {
	case diagnose.QEMUSilent:
		return []string{"see what the guest's QEMU waits for: ps -o pid,stat,wchan -C qemu-system-x86_64; its storage, " +
			"and whether it was stopped", stacks}
	case diagnose.AgentSilent:
		return []string{"look at the agent in the guest; normal jobs of " + name + " go on"}
	case diagnose.LongJob:
		if v.hold != nil && v.hold.ended {
			return []string{"nothing is wrong; libvirt gives up after 30 s whatever the holder does: ask again"}
		}
		return []string{"virsh domjobinfo " + name + "    # whether it gets on"}
	case diagnose.MigrationIn:
		return []string{"virsh domjobinfo " + name +
			" on the other host; no job can be had here before the migration has ended"}
	case diagnose.LeftoverAsync, diagnose.OtherHost:
		return []string{
			"virsh domjobinfo " + name + "    # whether it gets on",
			"virsh domjobabort " + name + "    # if it does not",
		}
	case diagnose.AsyncOutlivedGuest:
		return []string{stacks, "a start of the daemon clears the job; domjobabort cannot"}
	case diagnose.LeakedJob, diagnose.Reconnect:
		return []string{stacks, "a start of the daemon clears the job; the guest goes on"}
	case diagnose.HookRecursion:
		return []string{"take the call of libvirt out of the hook script, or run it in the background"}
	case diagnose.QueueLimit:
		return []string{"see who calls so often; max_queued in qemu.conf is the limit"}
	case diagnose.NoNestedJob:
		return []string{"report it to libvirt with this log", stacks}
	case diagnose.Crash:
		return []string{"coredumpctl gdb libvirtd    # then: thread apply all bt"}
	case diagnose.CannotTell:
		if v.fault {
			return []string{stacks, setup}
		}
		return []string{setup}
	}
	return []string{setup}
}

// doing is how an event is told.
var doing = map[Kind]string{
	Ask: "asks for", WaitJob: "waits for a job", WaitAsync: "waits for the async job",
	Grant: "begins the job", GrantAsync: "begins the async job",
	GrantAgent: "begins the agent job", End: "ends the job", EndAsync: "ends the async job",
	EndAgent: "ends the agent job", Enter: "enters the monitor",
	Exit: "leaves the monitor", EnterAgent: "enters the agent", ExitAgent: "leaves the agent", Refused: "gives up",
}

func (g *glance) String() string {
	text := who(g.thread) + " " + doing[g.kind]
	if g.job != "" {
		text += " " + g.job
	}
	return text
}
