package jobs

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/model"
)

// Source says of a log what its lines do not have.
type Source struct {
	Format    diagnose.Format
	NoThreads bool // lines have no thread
	Torn      bool // it is cut off at its end
}

// Diagnose says what the replay has found so far. It changes nothing, and can be called again.
func (r *Replay) Diagnose(src Source) *diagnose.Diagnosis {
	d := &diagnose.Diagnosis{
		Format: src.Format, Findings: slices.Clone(r.findings), MoreFindings: r.moreRule,
		Rules: slices.Clone(r.rules), Counts: r.counted(),
	}
	open := r.open()
	verdicts := r.verdicts(open, src)
	best := slices.MinFunc(verdicts, func(a, b verdict) int { return order(a) - order(b) })
	d.Cause, d.Sure, d.Fault, d.Why = best.cause, best.sure, best.fault, best.why
	for i := range verdicts {
		v := &verdicts[i]
		if v.hold != nil && v.hold != best.hold && len(d.Notes) < diagnose.MostListed && len(v.why) > 0 &&
			(v.hold.blocks > 0 || v.hold.slow) {
			c := v.why[0]
			c.Text = string(v.cause) + ": " + c.Text
			d.Notes = append(d.Notes, c)
		}
	}
	for i := range verdicts {
		// no line broke the rule: none came that should have
		if v := &verdicts[i]; v.cause == diagnose.LeakedJob && v.hold.gone.Line == 0 {
			d.AddFinding(diagnose.Finding{
				Rule:    model.JobLeak,
				Message: fmt.Sprintf("%s began %s and never ended it", who(v.hold.thread), v.hold.title()), At: v.hold.at,
			})
		}
	}
	d.Fault = d.Fault || len(d.Findings) > 0
	shown := r.list(d, open)
	r.notes(d, src)
	d.Timeline = r.draw(open)
	r.cannotTell(d, best, shown, src)
	d.Next = next(best, src)
	return d
}

func order(v verdict) int {
	i := 2 * slices.Index(rank, v.cause)
	if v.sure != diagnose.Stated {
		i++
	}
	if v.cause == diagnose.CannotTell && !v.fault { // behind everything that says something
		i = 2 * len(rank)
	}
	return i
}

// open are the jobs that are had at the end, in the order in which they were begun.
func (r *Replay) open() []*hold {
	var all []*hold
	seen := map[*hold]bool{}
	for _, h := range r.left {
		all, seen[h] = append(all, h), true
	}
	for _, d := range r.domains {
		for _, h := range d.slots {
			if h != nil {
				all, seen[h] = append(all, h), true
			}
		}
	}
	for _, t := range r.threads {
		for _, h := range t.holds {
			if !seen[h] {
				all, seen[h] = append(all, h), true
			}
		}
	}
	slices.SortFunc(all, func(a, b *hold) int {
		if a.at.Line != b.at.Line {
			return a.at.Line - b.at.Line
		}
		return int(a.slot) - int(b.slot)
	})
	return all
}

// verdicts are those on all jobs that somebody waited for, on what else was seen, and at last one
// for a log in which nothing is wrong.
func (r *Replay) verdicts(open []*hold, src Source) []verdict {
	var out []verdict
	behind := map[*hold][]*incident{}
	var holds []*hold
	for _, x := range r.incidents {
		for _, h := range x.behind {
			if behind[h] == nil {
				holds = append(holds, h)
			}
			behind[h] = append(behind[h], x)
		}
	}
	for _, h := range r.slow {
		if behind[h] == nil {
			holds = append(holds, h)
		}
	}
	for _, h := range open {
		r.measure(h)
		if h.slow {
			continue
		}
		if behind[h] == nil && r.worthAWord(h) {
			holds = append(holds, h)
		}
	}
	for _, h := range holds {
		if h.blocks > 0 || !h.blocked || h.slow || h.kind == nested {
			v := r.judge(h, behind[h])
			// a nested job beside the async job that is waited for
			if h.blocks == 0 && h.blocked && v.cause != diagnose.QEMUSilent {
				continue
			}
			out = append(out, v)
		}
	}
	if v, ok := r.twoInMonitor(); ok {
		out = append(out, v)
	}
	out = append(out, r.silentMonitors()...)
	return append(out, r.quiet(open)...)
}

// measure looks at a job that is had at the end.
func (r *Replay) measure(h *hold) {
	if h.past.Known() { // it was, when its log ended
		return
	}
	if h.since.Known() && !h.inferred {
		h.lasted(r.age(h.since))
	}
	if h.dom == nil {
		return
	}
	if h.slot == normal && h.dom.mon.in {
		h.inMonitor(r.now, &h.dom.mon)
	}
	if h.dom.agentMon.in {
		h.dom.agentAsked(r.now)
	}
}

// worthAWord reports whether a job at the end is one that nobody waited for in vain, but which has
// had its time.
func (r *Replay) worthAWord(h *hold) bool {
	return h.gone.Line != 0 || h.longest >= patience
}

// silentMonitors are the domains whose monitor is said not to answer.
func (r *Replay) silentMonitors() []verdict {
	var out []verdict
	for _, s := range r.silent {
		out = append(out, verdict{
			cause: diagnose.QEMUSilent, sure: diagnose.Stated, fault: true,
			why: []diagnose.Claim{claim(false, s.text, s.place)},
		})
	}
	return out
}

// twoInMonitor finds two threads that wait for an answer of one monitor, of which one is the owner
// of an async job without a nested one.
func (r *Replay) twoInMonitor() (verdict, bool) {
	if !slices.Contains(r.rules, model.AsyncNesting) {
		return verdict{}, false
	}
	for _, c := range r.channels {
		var open []command
		for _, x := range c {
			if !x.answered {
				open = append(open, x)
			}
		}
		for i := 1; i < len(open); i++ {
			if open[i].thread == open[0].thread || open[i].thread == 0 {
				continue
			}
			return verdict{
				cause: diagnose.NoNestedJob, sure: diagnose.Likely, fault: true,
				why: []diagnose.Claim{
					claim(false, "the owner of an async job entered the monitor without a nested job",
						r.findingOf(model.AsyncNesting)),
					claim(false, fmt.Sprintf("%s and %s wait for an answer of one monitor", who(open[0].thread), who(open[i].thread)),
						open[0].place, open[i].place),
				},
			}, true
		}
	}
	return verdict{}, false
}

func (r *Replay) findingOf(rule model.Kind) diagnose.Place {
	for i := range r.findings {
		if r.findings[i].Rule == rule {
			return r.findings[i].At
		}
	}
	return diagnose.Place{}
}

// quiet is what there is to say where nobody waited behind anybody who is known.
func (r *Replay) quiet(open []*hold) []verdict {
	var out []verdict
	full, gone, unnamed := 0, 0, 0
	var at [3]diagnose.Place
	for _, x := range r.incidents {
		switch {
		case x.refused:
			full++
			at[0] = x.places[0]
		case len(x.behind) > 0:
		case x.nobody:
			gone++
			at[1] = x.places[0]
		default:
			unnamed++
			at[2] = x.places[0]
		}
	}
	add := func(cause diagnose.Cause, sure diagnose.Sure, text string, place diagnose.Place) {
		out = append(out, verdict{cause: cause, sure: sure, why: []diagnose.Claim{claim(false, text, place)}})
	}
	if full > 0 {
		add(diagnose.QueueLimit, diagnose.Stated,
			fmt.Sprintf("%d were refused at once: more than max_queued waited already", full), at[0])
	}
	if gone > 0 {
		add(diagnose.HolderGone, diagnose.Likely,
			fmt.Sprintf("%d gave up when nobody had a job any more: it was let go during the 30 s", gone), at[1])
	}
	if unnamed > 0 {
		add(diagnose.CannotTell, "", fmt.Sprintf("%d gave up, and who had the job is not said", unnamed), at[2])
	}
	if r.crashed.Line != 0 && len(r.incidents) == 0 {
		out = append(out, verdict{
			cause: diagnose.Crash, sure: diagnose.Stated, fault: true,
			why: []diagnose.Claim{claim(false, "the daemon was ended by a signal", r.crashed)},
		})
	}
	if len(r.incidents) == 0 && len(r.findings) == 0 {
		switch {
		case r.cut > 0:
			add(diagnose.Restart, diagnose.Stated,
				fmt.Sprintf("the daemon was started again, which ended %s and all else: that is no leak", r.cutHold), r.cutPlace)
		case len(open) > 0:
			add(diagnose.CutOff, diagnose.Stated, fmt.Sprintf("the log ends while %s is had, and nobody gave up",
				open[0].title()), open[0].at)
		}
	}
	switch {
	case len(r.findings) > 0:
		add(diagnose.CannotTell, "", "nobody waited in vain; what is wrong is a broken rule", r.findings[0].At)
	case r.jobs:
		add(diagnose.CannotTell, "", "nothing is wrong in it: nobody waited in vain, and every job came to its end",
			diagnose.Place{})
	default:
		add(diagnose.CannotTell, "", "nothing in it is about jobs: the daemon logs them when it is asked to",
			diagnose.Place{})
	}
	return out
}
