package jobs

import (
	"slices"
	"strings"
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// echo is how far apart two lines are at most that tell of one event.
const echo = 2 * time.Second

// refused takes the warning that says who has what somebody wanted.
func (r *Replay) refused(e *Event) {
	r.compareNow(e)
	x := &incident{
		thread: e.Thread, worker: e.Worker, name: e.Domain, api: e.API, job: e.Job, async: e.Async, agent: e.Agent,
		at: e.At, timedOut: true, printed: true,
	}
	x.place(e.Place)
	x.since, x.inferred = e.At.Add(-patience), true
	t := r.thread(e)
	if t != nil {
		t.busy(e)
		r.askedFor(x, t)
		if x.api == "" {
			x.api = t.api
		}
	}
	if r.repeated(x) {
		return
	}
	r.block(e, x)
	if d := r.byName[e.Domain]; d != nil && !x.inferred {
		x.had = d.hadSince(x.since)
	}
	x.nobody = None(e.NowJob) && None(e.NowAsync) && (None(e.NowAgent) || None(e.Agent))
	r.add(x)
	if t != nil {
		t.refused = x
	}
}

// hadSince are the normal and the async job that ended last, if that was after a moment.
func (d *domain) hadSince(at diagnose.Moment) []*hold {
	var out []*hold
	for _, s := range []slot{normal, async} {
		h := d.last[s]
		if late, ok := h.until.Sub(at); ok && h.ended && late >= 0 {
			out = append(out, &h)
		}
	}
	return out
}

// askedFor takes what is known of a wait from the lines in which it began.
func (r *Replay) askedFor(x *incident, t *thread) {
	a := t.pending
	if a == nil {
		return
	}
	if x.job == "" && x.async == "" && x.agent == "" {
		x.job, x.async, x.agent = a.job, a.async, a.agent
	}
	if !a.refusedBy(x) || x.name != "" && a.name != "" && x.name != a.name {
		return
	}
	x.since, x.inferred = a.since, false
	x.place(a.place)
	x.waits = a.waiting
	if x.api == "" {
		x.api = a.api
	}
	if x.name == "" {
		x.name = a.name
	}
}

// compareNow holds what a warning prints against what the replay has.
func (r *Replay) compareNow(e *Event) {
	d := r.byName[e.Domain]
	if d == nil || !r.jobs {
		return
	}
	r.look(d, e, "")
	r.compare(e, d)
}

func (x *incident) place(p diagnose.Place) {
	if len(x.places) < mostPlaces && !slices.Contains(x.places, p) {
		x.places = append(x.places, p)
	}
}

func (r *Replay) add(x *incident) {
	if len(r.incidents) == mostIncidents {
		r.more++
		return
	}
	r.incidents = append(r.incidents, x)
}

// near reports whether two moments are those of one event.
func near(a, b diagnose.Moment) bool {
	d, ok := a.Sub(b)
	if !ok {
		return !a.Known() && !b.Known()
	}
	return d.Abs() <= echo
}

// repeated finds a warning that stands twice in the file, as when two outputs of the daemon were
// put together. Without threads two of one kind are two.
func (r *Replay) repeated(x *incident) bool {
	if x.thread == 0 || !x.at.Known() {
		return false
	}
	for _, y := range r.recent(x.at) {
		if y.thread == x.thread && y.printed && y.name == x.name && y.job == x.job && y.async == x.async {
			y.place(x.places[0])
			return true
		}
	}
	return false
}

// recent are the incidents that are no older than an echo, the latest first. Those whose order in
// the file is not that in time are found among the last few.
func (r *Replay) recent(at diagnose.Moment) []*incident {
	const back = 32
	var out []*incident
	for i := len(r.incidents) - 1; i >= max(0, len(r.incidents)-back); i-- {
		if x := r.incidents[i]; near(at, x.at) {
			out = append(out, x)
		}
	}
	return out
}

// gaveUp takes the error that follows the warning, or stands alone.
func (r *Replay) gaveUp(e *Event) {
	t := r.thread(e)
	if t != nil {
		t.busy(e)
	}
	x := r.warnedOf(e, t)
	if x == nil {
		for _, y := range r.recent(e.At) {
			if y.error && !y.client && y.thread == e.Thread && e.Thread != 0 && y.refused == (e.Kind == QueueFull) {
				y.place(e.Place) // it stands twice
				return
			}
		}
		x = &incident{thread: e.Thread, worker: e.Worker, name: e.Domain, api: e.API, at: e.At}
		x.place(e.Place)
		x.since, x.inferred = e.At.Add(-patience), true
		if t != nil {
			r.askedFor(x, t)
			if x.api == "" {
				x.api = t.api
			}
		}
		r.add(x)
	}
	x.place(e.Place)
	x.error, x.heldBy, x.heldAgent = true, e.HeldBy, e.HeldByAgent
	x.timedOut, x.refused = e.Kind == TimedOut, e.Kind == QueueFull
	if x.refused && x.inferred {
		x.since, x.inferred = e.At, false
	}
	if len(x.behind) == 0 && !x.nobody {
		r.blame(x, e.Place)
	}
	if t != nil {
		t.refused = nil
		t.forget()
	}
}

// warnedOf is the incident whose warning came before an error.
func (r *Replay) warnedOf(e *Event, t *thread) *incident {
	if t != nil {
		if t.refused != nil && near(e.At, t.refused.at) {
			return t.refused
		}
		return nil
	}
	var first *incident // in the journal, where threads are not told apart, the earliest that it may belong to
	for _, x := range r.recent(e.At) {
		if x.printed && !x.error && x.worker == e.Worker && x.thread == 0 && (e.HeldBy == "" || x.names(e.HeldBy)) {
			first = x
		}
	}
	return first
}

// names reports whether one of those whom a warning names makes that call.
func (x *incident) names(api string) bool {
	if len(x.behind) == 0 {
		return true
	}
	return slices.ContainsFunc(x.behind, func(h *hold) bool { return h.api == "" || h.api == api })
}

// block finds out behind what somebody waits, from what a warning prints.
func (r *Replay) block(e *Event, x *incident) {
	job, async_, agent_ := !None(e.NowJob), !None(e.NowAsync), !None(e.NowAgent)
	wantsAgent := !None(e.Agent)
	wantsJob := !None(e.Job) || !None(e.Async)
	isNested := e.Job == nested
	byAsync := async_ && wantsJob && !isNested && (!None(e.Async) || !allowed(e.NowAsync, e.Job) || !job)
	byJob := job && wantsJob && !byAsync
	byAgent := agent_ && wantsAgent
	switch {
	case byAgent && (byJob || byAsync):
		x.waits = diagnose.ForAgentJob
	case byAgent:
		x.waits = diagnose.ForAgent
	case byAsync:
		x.waits = diagnose.ForAsync
	case byJob:
		x.waits = diagnose.ForJob
	case x.waits == "" && !None(e.Async):
		x.waits = diagnose.ForAsync
	case x.waits == "":
		x.waits = diagnose.ForJob
	}
	var main, others []*hold
	put := func(s slot, kind string, blocks bool) {
		h := r.holder(e, s, kind)
		if blocks {
			main = append(main, h)
		} else {
			others = append(others, h)
		}
	}
	if job && (byJob || byAsync || e.NowJob == nested) {
		put(normal, e.NowJob, byJob)
	}
	if async_ {
		put(async, e.NowAsync, byAsync)
	}
	if agent_ && wantsAgent {
		put(agent, e.NowAgent, byAgent)
	}
	x.behind = append(main, others...)
	for i, h := range x.behind {
		h.blocked = true
		if i < len(main) {
			h.blocks++
		}
	}
}

// allowed reports whether a normal job may begin while an async job goes on, as libvirt's masks
// say.
func allowed(asyncJob, job string) bool {
	switch asyncJob {
	case "start", "migration in":
		return false
	case "migration out":
		if job == "suspend" || job == "migration operation" {
			return true
		}
	case "backup":
		if job == "suspend" || job == "modify" {
			return true
		}
	}
	return job == "query" || job == "destroy" || job == "abort"
}

// holder is who has a job that a warning prints: the one that the replay follows, or one that only
// warnings tell of.
func (r *Replay) holder(e *Event, s slot, kind string) *hold {
	o := e.Owners[ownerOf(s)]
	h := r.followed(e, s, kind, &o)
	if h == nil {
		h = r.told(e, s, kind, &o)
	}
	if s == normal && kind == nested && h.around == "" {
		h.around = e.NowAsync
	}
	if h.name == "" {
		h.name = e.Domain
	}
	if o.API != "" {
		h.api, h.noAPI = o.API, false
	}
	if e.Printed && o.Thread == 0 && s == async {
		h.thread, h.nobody, h.threads = 0, true, true
	}
	if o.For >= 0 {
		h.lasted(o.For)
		if since := e.At.Add(-o.For); !h.since.Known() || h.inferred && earlier(since, h.since) {
			h.since, h.inferred = since, true
		}
	}
	if took, ok := e.At.Sub(h.since); ok && !h.inferred {
		h.lasted(took)
	}
	h.noQEMU = e.NoQEMU
	if len(h.printed) < mostPlaces {
		h.printed = append(h.printed, e.Place)
	}
	return h
}

func earlier(a, b diagnose.Moment) bool {
	d, ok := a.Sub(b)
	return ok && d < 0
}

// ownerOf is where a warning prints the owner of a slot.
func ownerOf(s slot) int { return [...]int{normal: 0, agent: 1, async: 2}[s] }

// followed is the job of the replay that a warning means.
func (r *Replay) followed(e *Event, s slot, kind string, o *Owner) *hold {
	if d := r.byName[e.Domain]; d != nil {
		h := d.slots[s]
		if h != nil && h.kind == kind && (o.Thread == 0 || !h.threads || h.thread == o.Thread) {
			if !h.threads && o.Thread != 0 {
				h.thread, h.threads = o.Thread, true
			}
			return h
		}
	}
	t := r.threads[o.Thread]
	if o.Thread == 0 || t == nil {
		return nil
	}
	for _, h := range t.holds { // lines of jobs without domains
		if h.slot == s && h.kind == kind && h.dom == nil && (h.name == "" || h.name == e.Domain) {
			h.name = e.Domain
			return h
		}
	}
	return nil
}

// lately are the jobs that warnings told of last: who has had one for long is told of again and
// again.
func (r *Replay) lately() []*hold {
	const last = 256
	return r.printed[max(0, len(r.printed)-last):]
}

// told is the job that warnings tell of, each anew: those are one which agree, also in when it
// began.
func (r *Replay) told(e *Event, s slot, kind string, o *Owner) *hold {
	for _, h := range r.lately() {
		if h.slot != s || h.kind != kind || h.name != e.Domain || h.cut || h.thread != o.Thread ||
			h.api != "" && o.API != "" && h.api != o.API {
			continue
		}
		if s == normal && kind == nested && h.around != e.NowAsync {
			continue
		}
		if o.For >= 0 && h.since.Known() && !near(h.since, e.At.Add(-o.For)) {
			continue
		}
		return h
	}
	h := &hold{slot: s, kind: kind, name: e.Domain, thread: o.Thread, threads: o.Thread != 0, api: o.API, at: e.Place}
	if len(r.printed) < mostPrinted {
		r.printed = append(r.printed, h)
	}
	return h
}

// blame finds out behind what somebody waits where only an error names a call: what job that call
// has is concluded from its name.
func (r *Replay) blame(x *incident, at diagnose.Place) {
	d := r.byName[x.name]
	if d != nil && x.name != "" { // the replay knows
		for s, h := range d.slots {
			if h != nil && (x.waits == diagnose.ForAsync) == (slot(s) == async) && slot(s) != agent {
				h.blocked = true
				h.blocks++
				if h.api == "" {
					h.api = x.heldBy
				}
				if took, ok := x.at.Sub(h.since); ok {
					h.lasted(took)
				}
				x.behind = append(x.behind, h)
			}
		}
		if len(x.behind) > 0 {
			return
		}
	}
	if x.heldAgent != "" {
		h := r.named(x, agent, "", x.heldAgent, at)
		x.behind, x.waits = append(x.behind, h), diagnose.ForAgent
	}
	if x.heldBy != "" {
		kind := asyncOf(x.heldBy)
		s := normal
		waits := diagnose.ForJob
		if kind != "" {
			s, waits = async, diagnose.ForAsync
		}
		x.guess = true
		x.behind = append(x.behind, r.named(x, s, kind, x.heldBy, at))
		if x.waits == diagnose.ForAgent {
			waits = diagnose.ForAgentJob
		}
		x.waits = waits
	}
}

// named is a job of which the name of its call is known.
func (r *Replay) named(x *incident, s slot, kind, api string, at diagnose.Place) *hold {
	for _, h := range r.lately() {
		if h.slot == s && h.api == api && !h.cut && h.guessed() && (h.name == x.name || h.name == "" || x.name == "") {
			h.blocks++
			if len(h.printed) < mostPlaces && !slices.Contains(h.printed, at) {
				h.printed = append(h.printed, at)
			}
			if h.name == "" {
				h.name = x.name
			}
			return h
		}
	}
	h := &hold{
		slot: s, kind: kind, name: x.name, api: api, noAPI: true, at: at, printed: []diagnose.Place{at},
		blocks: 1, blocked: true,
	}
	if len(r.printed) < mostPrinted {
		r.printed = append(r.printed, h)
	}
	return h
}

// guessed reports whether nothing but the name of its call is known of a job.
func (h *hold) guessed() bool { return h.noAPI && h.dom == nil }

// asyncOf is the async job that a call begins, by its name; "" where it begins none.
func asyncOf(api string) string {
	name := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(api, "remoteDispatch"), "vir"), "qemu")
	name = strings.TrimPrefix(name, "Domain")
	has := func(prefixes ...string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
	}
	switch {
	case has("MigratePrepare", "MigrateFinish"):
		return "migration in"
	case has("MigratePerform", "MigrateBegin", "MigrateConfirm", "MigrateToURI"):
		return "migration out"
	case has("BackupBegin"):
		return "backup"
	case has("SnapshotCreate"):
		return "snapshot"
	case has("ManagedSave") && !has("ManagedSaveRemove", "ManagedSaveGet", "ManagedSaveDefine"), name == "Save",
		name == "SaveFlags", name == "SaveParams":
		return "save"
	case has("CoreDump"):
		return "dump"
	case name == "Create", name == "CreateWithFlags", name == "CreateXML", name == "CreateXMLWithFiles",
		name == "CreateWithFiles", has("Restore"):
		return "start"
	}
	return ""
}

// clientError takes what a client says about a call that failed. What the daemon has said already,
// or another layer of the client, is an echo.
func (r *Replay) clientError(e *Event) {
	for _, x := range r.recent(e.At) {
		if x.refused != e.Full || x.heldBy != e.HeldBy || x.heldAgent != e.HeldByAgent {
			continue
		}
		if x.client && (x.worker != "" && e.Worker != "" && x.worker != e.Worker ||
			x.name != "" && e.Domain != "" && x.name != e.Domain) {
			continue
		}
		// a client may say the UUID
		if !x.client && e.Domain != "" && x.name != "" && x.name != e.Domain && !strings.Contains(e.Domain, "-") {
			continue
		}
		x.place(e.Place)
		if x.client {
			if x.name == "" {
				x.name = e.Domain
			}
			if x.api == "" {
				x.api = e.API
			}
		}
		return
	}
	x := &incident{
		client: true, worker: e.Worker, name: e.Domain, api: e.API, at: e.At, timedOut: !e.Full, refused: e.Full, error: true,
		heldBy: e.HeldBy, heldAgent: e.HeldByAgent,
	}
	x.since, x.inferred = e.At.Add(-patience), true
	if e.Full {
		x.since, x.inferred = e.At, false
	}
	x.place(e.Place)
	r.blame(x, e.Place)
	r.add(x)
}
