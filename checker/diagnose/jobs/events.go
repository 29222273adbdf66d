package jobs

import (
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/model"
)

// callBegins gives a thread a name for what it does. It must have let go of everything.
func (r *Replay) callBegins(e *Event) {
	t := r.thread(e)
	if t == nil {
		return
	}
	r.mustBeFree(e, t, "begins "+e.API)
	t.api, t.inCall = e.API, true
	if t.pending != nil {
		t.forget()
	}
}

func (r *Replay) callEnds(e *Event) {
	t := r.thread(e)
	if t == nil {
		return
	}
	if t.pending != nil && !t.pending.refusedBy(t.refused) {
		r.counts[noOutcome]++
	}
	if t.pending != nil {
		t.forget()
	}
	r.mustBeFree(e, t, "comes to the end of "+e.API)
	t.api = ""
}

// warned notes what the daemon itself finds wrong with how the monitor is entered.
func (r *Replay) warned(e *Event) {
	if t := r.thread(e); t != nil {
		t.busy(e)
		t.warned = e.Kind
	}
	if e.Kind == NotNested {
		r.find(model.AsyncNesting, true, e, nil,
			"%s owns an async job and enters the monitor without a nested job: another thread may enter too", who(e.Thread))
		return
	}
	r.find(model.NoJob, false, e, nil, "%s enters a monitor without a job", who(e.Thread))
}

// mostEOFs is how many lines about the end of a monitor are no chance.
const mostEOFs = 3

// eof notes an event thread that spins: the monitor has ended, and the job that would close it
// waits for another.
func (r *Replay) eof(e *Event) {
	var d *domain
	if e.VM != 0 {
		d = r.domains[e.VM]
	}
	if d == nil {
		return
	}
	if d.eofThread != e.Thread {
		d.eofThread, d.eofs = e.Thread, 0
	}
	if d.eofs++; d.eofs == mostEOFs && d.stopping > 0 {
		r.spun++
		if len(r.spins) < diagnose.MostListed {
			r.spins = append(r.spins, spin{e.Thread, d.String(), e.Place})
		}
	}
}

// failed notes an error of a thread that has a job.
func (r *Replay) failed(e *Event) {
	t := r.thread(e)
	if t == nil {
		return
	}
	t.failedAt, t.failed, t.failure = e.At, e.Place, e.Text
	for _, h := range t.holds {
		h.failed, h.failure = e.Place, e.Text
	}
}

// hook notes a script that a thread runs while it has a job.
func (r *Replay) hook(e *Event) {
	t := r.thread(e)
	if t == nil {
		return
	}
	t.busy(e)
	for _, h := range t.holds {
		h.hook, h.hookAt, h.hookText, h.hookOver = e.Place, e.At, e.Text, diagnose.Moment{}
	}
}

// mostCommands is how many commands of one monitor are kept; libvirt sends one at a time.
const mostCommands = 64

// channel follows the commands of a monitor and their answers.
func (r *Replay) channel(e *Event) {
	c := r.channels[e.Mon]
	switch e.Kind {
	case Sent:
		if len(c) == 0 && len(r.channels) >= mostDomains {
			return
		}
		kept := c[:0]
		for i := range c {
			if !c[i].answered {
				kept = append(kept, c[i])
			}
		}
		if len(kept) < mostCommands {
			kept = append(kept, command{id: e.Text, thread: e.Thread, at: e.At, place: e.Place})
		}
		r.channels[e.Mon] = kept
	case Replied:
		for i := range c {
			if c[i].id == e.Text {
				c[i].answered = true
			}
		}
	case Unexpected: // the line names no monitor
		for mon, c := range r.channels {
			for i := range c {
				if c[i].id == e.Text && c[i].answered {
					c[i].answered = false
					r.channels[mon] = c
				}
			}
		}
	}
}

// age is how long ago a moment was.
func (r *Replay) age(m diagnose.Moment) time.Duration {
	d, _ := r.now.Sub(m)
	return d
}
