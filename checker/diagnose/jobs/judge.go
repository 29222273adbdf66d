package jobs

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// A verdict is a cause for what one job, or the log as a whole, shows.
type verdict struct {
	cause diagnose.Cause
	sure  diagnose.Sure
	fault bool
	why   []diagnose.Claim
	hold  *hold
}

// rank is which of two causes is told first: the one that says what to do.
var rank = []diagnose.Cause{
	diagnose.NoNestedJob, diagnose.LeakedJob, diagnose.HookRecursion,
	diagnose.Reconnect, diagnose.AsyncOutlivedGuest, diagnose.AgentSilent,
	diagnose.QEMUSilent, diagnose.MigrationIn, diagnose.LeftoverAsync,
	diagnose.OtherHost, diagnose.CannotTell, diagnose.LongJob, diagnose.QueueLimit,
	diagnose.HolderGone, diagnose.Crash, diagnose.Restart, diagnose.CutOff,
}

func claim(inferred bool, text string, at ...diagnose.Place) diagnose.Claim {
	var known []diagnose.Place
	for _, p := range at {
		if p.Line != 0 {
			known = append(known, p)
		}
	}
	return diagnose.Claim{Text: text, Inferred: inferred, At: known}
}

// judge says why a job stood in the way of those behind it.
func (r *Replay) judge(h *hold, behind []*incident) verdict {
	v := verdict{hold: h, sure: diagnose.Likely}
	say := func(inferred bool, text string, at ...diagnose.Place) {
		v.why = append(v.why, claim(inferred, text, at...))
	}
	what := h.title()
	switch {
	case r.leaked(h, behind, say):
		v.cause, v.fault = diagnose.LeakedJob, true
	case strings.HasPrefix(h.api, "init-"):
		v.cause, v.fault = diagnose.Reconnect, true
		say(false, fmt.Sprintf("the daemon's own thread %s, which takes up the running guest, has %s", h.api,
			what), h.places()...)
	case h.slot == agent, h.agentFor >= patience:
		r.judgeAgent(h, behind, &v, say)
	case h.slot == async && h.kind == "migration in":
		v.cause = diagnose.MigrationIn
		v.sure = sureOf(h)
		say(h.guessed(), h.nameOf()+" is still arriving from another host", h.places()...)
		if r.keepAlive.Line != 0 {
			say(false, "the other side stopped talking: its keepalive was lost", r.keepAlive)
		}
	case h.slot == async && h.kind != "start" && startIsAsked(behind):
		v.cause, v.fault = diagnose.AsyncOutlivedGuest, true
		say(true, fmt.Sprintf("somebody wants to start %s, so it does not run; yet it has %s", h.nameOf(),
			what), h.places()...)
	case r.recursion(h, behind, say):
		v.cause, v.fault = diagnose.HookRecursion, true
	case h.slot == async && h.kind == "backup":
		v.cause = diagnose.LeftoverAsync
		say(true, "a backup goes on after its API call has returned, until its block jobs end: its job is not leaked",
			h.places()...)
	case h.slot == async && h.kind == "migration out":
		v.cause = diagnose.OtherHost
		say(h.guessed(), h.nameOf()+" is leaving for another host, and the migration had not come to its end", h.places()...)
	case h.slot == async:
		v.cause, v.sure = diagnose.LongJob, sureOf(h)
		say(h.guessed(), fmt.Sprintf("%s is legal and takes its time%s", what, h.howLong()), h.places()...)
	case h.guessed():
		v.cause, v.sure = diagnose.CannotTell, diagnose.Possible
		say(false, fmt.Sprintf("%s had the job when the wait ended; for how long, and what job, is not said",
			h.api), h.places()...)
	default:
		r.judgeJob(h, behind, &v, say)
	}
	return v
}

// sureOf is how sure it is what a job is.
func sureOf(h *hold) diagnose.Sure {
	if h.guessed() {
		return diagnose.Likely
	}
	return diagnose.Stated
}

// judgeAgent is about a guest whose agent is asked.
func (r *Replay) judgeAgent(h *hold, behind []*incident, v *verdict, say func(bool, string, ...diagnose.Place)) {
	another := func(x *incident) bool { return x.heldBy != "" && x.heldAgent != "" && x.heldBy != x.heldAgent }
	switch {
	// an error that names two calls does not say for which of them somebody waited
	case h.guessed() && slices.ContainsFunc(behind, another):
		v.cause, v.sure = diagnose.CannotTell, diagnose.Possible
		say(false, fmt.Sprintf("%s had the agent job, and another call the job of the domain", h.api), h.places()...)
	case h.enough(), h.agentFor >= patience, !h.measured:
		v.cause, v.fault = diagnose.AgentSilent, true
		text := fmt.Sprintf("%s is had%s, and does nothing but ask the agent in the guest", h.title(), h.howLong())
		if h.slot != agent {
			text = fmt.Sprintf("the agent in the guest was asked under %s, and has not answered for %s", h.title(),
				seconds(h.agentFor))
		}
		say(false, text, h.places()...)
	default:
		v.cause, v.sure = diagnose.CannotTell, diagnose.Possible
		say(false, fmt.Sprintf("%s was had%s only", h.title(), h.howLong()), h.places()...)
	}
}

// judgeJob is about a normal job.
func (r *Replay) judgeJob(h *hold, behind []*incident, v *verdict, say func(bool, string, ...diagnose.Place)) {
	what := h.title()
	brief := h.measured && !h.enough()
	inOnePiece := h.inOnePiece() || h.around == "start" && h.stuck < patience
	switch {
	case h.stuck >= patience-time.Second && !inOnePiece:
		v.cause, v.fault, v.sure = diagnose.QEMUSilent, true, diagnose.Stated
		say(false, fmt.Sprintf("the monitor of %s was entered and not left for %s", h.nameOf(), seconds(h.stuck)), h.stuckAt)
	case h.kind == nested && abortIsAsked(behind):
		v.cause, v.fault = diagnose.QEMUSilent, true
		say(true, "a request to abort was refused: only a nested job keeps that out, and that one waits for QEMU",
			h.places()...)
	case h.kind == nested && inOnePiece:
		v.cause = diagnose.LongJob
		say(true, fmt.Sprintf("%s lasts as long as the %s does%s", what, h.around, h.howLong()), h.places()...)
	case brief:
		v.cause, v.sure = diagnose.CannotTell, diagnose.Possible
		say(false, fmt.Sprintf("%s was had for %s only: others had it before", what, seconds(h.longest)), h.places()...)
	case (h.kind == "query" || h.kind == nested) && !h.noQEMU:
		v.cause, v.fault = diagnose.QEMUSilent, true
		say(true, fmt.Sprintf("%s does nothing but ask QEMU, and is had%s", what, h.howLong()), h.places()...)
	case h.ended:
		v.cause = diagnose.LongJob
		say(false, fmt.Sprintf("%s came to its end properly%s", what, h.howLong()), h.at, h.end)
	case h.noQEMU:
		v.cause, v.sure, v.fault = diagnose.CannotTell, diagnose.Possible, true
		say(true, fmt.Sprintf("%s does not end%s: either the hypervisor does not answer, or the job was leaked",
			what, h.howLong()), h.places()...)
	default:
		v.cause, v.sure, v.fault = diagnose.CannotTell, diagnose.Possible, true
		say(true, fmt.Sprintf("%s does not end%s: either QEMU does not answer, or the job was leaked", what,
			h.howLong()), h.places()...)
	}
}

// inOnePiece reports whether a nested job is as long as what it is nested in: QEMU writes the
// memory of the guest in one command.
func (h *hold) inOnePiece() bool { return h.around == "snapshot" || h.around == "dump" }

// enough reports whether a job was had for 30 s while somebody waited, as far as lines that cut
// seconds off can tell.
func (h *hold) enough() bool { return h.longest >= patience-2*time.Second }

// leaked looks for a thread that went on without its job.
func (r *Replay) leaked(h *hold, behind []*incident, say func(bool, string, ...diagnose.Place)) bool {
	own := func(x *incident) bool { return h.thread != 0 && x.thread == h.thread }
	switch {
	case h.ended:
		return false
	case h.gone.Line != 0:
		say(false, fmt.Sprintf("%s %s, and never ended %s", who(h.thread), h.goneTo, h.title()), h.at, h.gone)
	case slices.ContainsFunc(behind, own):
		i := slices.IndexFunc(behind, own)
		say(false, fmt.Sprintf("%s waits for a job that it has itself: it never ended %s", who(h.thread), h.title()),
			behind[i].places...)
	case h.failed.Line != 0 && h.slot != agent && !r.inMonitor(h) && h.longest >= patience && r.counts[entered] > 0:
		say(false, fmt.Sprintf("%s failed in line %d (%s) and is not heard of again; it had begun %s, is not in the "+
			"monitor, and never ended it",
			who(h.thread), h.failed.Line, h.failure, h.title()), h.at, h.failed)
	case r.failedEarly(h):
		t := r.threads[h.thread]
		say(true, fmt.Sprintf("%s failed in line %d (%s) when it had just begun %s, and is not heard of again; yet it "+
			"still has the job", who(h.thread), t.failed.Line, t.failure, h.title()),
			append([]diagnose.Place{t.failed}, h.printed...)...)
	default:
		return false
	}
	if h.slot == normal && h.entered && !r.inMonitor(h) {
		say(true, "that QEMU is well is likely, for no monitor is open, but not proven")
	}
	return true
}

// failedEarly reports whether the last that was heard of the thread which has a job is an error,
// from soon after it began. Only warnings and errors are in the log: libvirt logs nothing else
// unless it is asked to.
func (r *Replay) failedEarly(h *hold) bool {
	t := r.threads[h.thread]
	if t == nil || t.failed.Line == 0 || h.slot != normal || h.dom != nil || !h.enough() {
		return false
	}
	after, ok := t.failedAt.Sub(h.since)
	return ok && after > -echo && after < 5*time.Second
}

// inMonitor reports whether the monitor is open under a job.
func (r *Replay) inMonitor(h *hold) bool { return h.dom != nil && h.dom.mon.in && h.slot != agent }

// recursion looks for a hook script that was run by the holder before somebody asked, and was over
// when that one gave up.
func (r *Replay) recursion(h *hold, behind []*incident, say func(bool, string, ...diagnose.Place)) bool {
	if h.hook.Line == 0 {
		return false
	}
	for _, x := range behind {
		before, ok := x.since.Sub(h.hookAt)
		if !ok || before < 0 || !x.timedOut {
			continue
		}
		over := h.hookOver
		if !over.Known() {
			over = h.until
		}
		if after, ok := over.Sub(x.at); over.Known() && (!ok || after < 0 || after > 5*time.Second) {
			continue
		}
		say(false, fmt.Sprintf("%s ran a hook script while it had %s: %s", who(h.thread), h.title(), h.hookText), h.hook)
		text := "somebody asked for a job after that"
		if h.ended {
			text += ", and the holder went on as soon as that one gave up"
		}
		say(true, text+": very likely the script itself, which calls libvirt for the same domain",
			append(slices.Clone(x.places), h.end)...)
		return true
	}
	return false
}

func startIsAsked(behind []*incident) bool {
	return slices.ContainsFunc(behind, func(x *incident) bool { return x.async == "start" })
}

func abortIsAsked(behind []*incident) bool {
	return slices.ContainsFunc(behind, func(x *incident) bool { return x.job == "abort" })
}

// title is "the modify job of guest".
func (h *hold) title() string {
	of := ""
	if n := h.nameOf(); n != "a domain" {
		of = " of " + n
	}
	switch {
	case h.kind == "" && h.slot == agent:
		return "an agent job" + of
	case h.kind == "":
		return "a job" + of
	case h.kind == nested && h.around != "":
		return "the nested job of the async job " + h.around + of
	case h.slot == normal:
		return "the " + h.kind + " job" + of
	}
	return "the " + h.slot.String() + " " + h.kind + of
}

// howLong says for how long a job was had, as far as that is known.
func (h *hold) howLong() string {
	took := h.longest
	if d, ok := h.until.Sub(h.since); ok && h.ended {
		took = d
	}
	if took == 0 {
		return ""
	}
	return " for " + seconds(took)
}

// seconds is a duration as people read it.
func seconds(d time.Duration) string {
	if d < 10*time.Minute {
		return fmt.Sprintf("%.3g s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// places are the lines that tell of a job.
func (h *hold) places() []diagnose.Place {
	if len(h.printed) > 0 && (h.dom == nil || h.at == h.printed[0]) {
		return h.printed
	}
	return append([]diagnose.Place{h.at}, h.printed...)
}
