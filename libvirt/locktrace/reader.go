package locktrace

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/checker/lockorder"
	"github.com/lockproof/lockproof/libvirt/plain"
	"github.com/lockproof/lockproof/libvirt/protocol"
	"github.com/lockproof/lockproof/model"
)

// Reader reads lock traces.
type Reader struct{}

// Recognise knows them by their first line, or by several lines of their form.
func (Reader) Recognise(head []byte) diagnose.Recognition {
	good, n := 0, 0
	for line := range bytes.Lines(head) {
		if strings.TrimSpace(strings.TrimPrefix(string(line), "\ufeff")) == Header {
			return diagnose.Certain
		}
		if n++; n > 100 {
			break
		}
		if r, _, ok := parse(n, strings.TrimRight(string(line), "\r\n")); ok && r.op != ignored {
			good++
		}
	}
	if good > 2 && 2*good > n {
		return diagnose.Certain
	}
	return diagnose.Foreign
}

// Read reads the inputs as one trace.
func (Reader) Read(ctx context.Context, inputs []diagnose.Input) (*diagnose.Diagnosis, error) {
	t := newTrace()
	w := writer{
		t: t, d: &diagnose.Diagnosis{Format: diagnose.LockTrace, Cause: diagnose.CannotTell, Sure: diagnose.Possible},
	}
	lines := 0 // of all inputs together
	for _, in := range inputs {
		before := lines
		w.files = append(w.files, part{in.Name, before})
		err := plain.Lines(ctx, in, func(n int, line string) bool {
			lines = before + n
			t.line(lines, strings.TrimPrefix(line, "\ufeff"))
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	if t.records == 0 {
		return nil, &diagnose.Unreadable{Name: inputs[0].Name, Read: t.bad}
	}
	w.write()
	return w.d, nil
}

// names are the classes of the protocol by libvirt's classes of objects.
var names = map[string]protocol.Class{
	"virDomainObj": protocol.Domain, "virDomainObjList": protocol.List, "qemuMonitor": protocol.Monitor,
	"qemuAgent":     protocol.Agent,
	"virQEMUDriver": protocol.Driver, "qemud_driver": protocol.Driver,
}

// short is how a class is called: as in the protocol, or as in the trace.
func short(class string) string {
	if class == "" {
		return "unknown"
	}
	if c := names[class]; c != protocol.NoClass {
		return string(c)
	}
	return class
}

type writer struct {
	t     *trace
	d     *diagnose.Diagnosis
	files []part

	locks map[lockID]int // their holders at the end, as indices plus one
	jobs  map[lockID]int
}

// A part of a trace is one of its files, with the number of lines of those before it.
type part struct {
	name   string
	before int
}

func (w *writer) at(lines ...int) (out []diagnose.Place) {
	for _, l := range lines {
		i := len(w.files) - 1
		for i > 0 && w.files[i].before >= l {
			i--
		}
		out = append(out, diagnose.Place{File: w.files[i].name, Line: l - w.files[i].before})
	}
	return out
}

// moment is a stamp of the trace: nanoseconds since 1970, or since some other moment.
func moment(ns int64) diagnose.Moment {
	if ns > 1e18 {
		return diagnose.Moment{Clock: diagnose.Instant, Nanos: ns}
	}
	return diagnose.Moment{Clock: diagnose.Seconds, Nanos: ns}
}

func (w *writer) write() {
	d, t := w.d, w.t
	w.people()
	w.deadlock()
	g := w.order()
	w.sleepers()
	switch {
	case d.Cause != diagnose.CannotTell || len(d.Why) > 0:
	case len(d.Waiters) > 0:
		d.Why = append(d.Why, diagnose.Claim{
			Text: fmt.Sprintf("no two locks were taken in opposite orders; at the end of the trace %s, and whether it "+
				"will go on is not decided by it", waitNumber(len(d.Waiters)+d.MoreWaiters)), At: w.at(t.last.line),
		})
		d.Cannot(diagnose.NoProgress, diagnose.NoWhy)
	default:
		d.Why = append(d.Why, diagnose.Claim{Text: "no two locks were taken in opposite orders, and nobody waits at the end"})
		d.Sure = diagnose.Likely
	}
	if len(g.Order) > 0 {
		var order []string
		for _, c := range g.Order {
			order = append(order, short(c))
		}
		d.Notes = append(d.Notes, diagnose.Claim{Text: "the order of locks that was seen: " + strings.Join(order, ", ")})
	}
	w.measures()
	d.Counts = append(d.Counts,
		diagnose.Count{What: "records", N: t.records}, diagnose.Count{What: "threads", N: int64(len(t.threads))},
		diagnose.Count{What: "places where one lock was asked for under another", N: int64(len(t.places))})
	for what, n := range map[string]int64{
		"lines that are no records":                         t.bad,
		"unlocks and ends without a beginning in the trace": t.unpaired, "records out of order": t.back,
		"locks that two threads had at once, for an unlock is missing": t.twice, "things beyond what is kept": t.left,
	} {
		if n > 0 {
			d.Counts = append(d.Counts, diagnose.Count{What: what, N: n})
		}
	}
	sort.SliceStable(d.Counts[3:], func(i, j int) bool { return d.Counts[3+i].What < d.Counts[3+j].What })
}

// threads are the threads by number.
func (t *trace) sorted() []*thread {
	out := make([]*thread, 0, len(t.threads))
	for _, th := range t.threads {
		out = append(out, th)
	}
	slices.SortFunc(out, func(a, b *thread) int { return int(a.tid - b.tid) })
	return out
}

// waitNumber is how many threads wait.
func waitNumber(n int) string {
	if n == 1 {
		return "1 thread waits"
	}
	return fmt.Sprintf("%d threads wait", n)
}

// times is how often something was.
func times(n int64) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// places is at how many places something was.
func places(n int) string {
	if n == 1 {
		return "one place"
	}
	return fmt.Sprintf("%d places", n)
}

// people are those who hold or wait at the end of the trace.
func (w *writer) people() {
	w.locks, w.jobs = map[lockID]int{}, map[lockID]int{}
	for _, th := range w.t.sorted() {
		for _, h := range th.held {
			x := diagnose.Holder{Lock: short(h.lock.class), Thread: th.tid, Since: moment(h.ns), At: w.at(h.line)}
			if names[h.lock.class] == protocol.Domain {
				x.Domain = h.lock.object
			}
			if n := w.d.AddHolder(x); w.locks[h.lock] == 0 {
				w.locks[h.lock] = n
			}
			w.d.Cannot(diagnose.NoAPI)
		}
	}
	keys := make([]lockID, 0, len(w.t.jobs))
	for k := range w.t.jobs {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b lockID) int { return w.t.jobs[a].line - w.t.jobs[b].line })
	for _, k := range keys {
		j := w.t.jobs[k]
		x := diagnose.Holder{Domain: k.object, Thread: j.tid, Since: moment(j.ns), At: w.at(j.line)}
		x.Job, x.Async, x.Agent = j.names()
		if async := w.t.jobs[lockID{"async", k.object}]; x.Job == nested && async != nil {
			_, x.Async, _ = async.names()
		}
		w.jobs[k] = w.d.AddHolder(x)
		w.d.Cannot(diagnose.NoAPI)
	}
	for _, th := range w.t.sorted() {
		for _, kind := range kinds {
			if b, ok := th.begin[kind]; ok {
				w.asks(th, kind, b)
			}
		}
		if h := th.waits; h != nil {
			x := diagnose.Waiter{
				Thread: th.tid, Since: moment(h.ns), For: diagnose.ForLock(short(h.lock.class)),
				Behind: w.locks[h.lock], At: w.at(h.line),
			}
			if names[h.lock.class] == protocol.Domain {
				x.Domain = h.lock.object
			}
			w.d.AddWaiter(x)
			w.d.Cannot(diagnose.NoWaiterAPI)
		}
	}
	for _, h := range w.d.Holders {
		if h.Domain != "" && !slices.Contains(w.d.Domains, h.Domain) {
			w.d.Domains = append(w.d.Domains, h.Domain)
		}
	}
}

// asks adds a thread that waits for a job: for the one of that kind, or if that is free for the
// other one that is in the way.
func (w *writer) asks(th *thread, kind string, b held) {
	x := diagnose.Waiter{
		Thread: th.tid, Domain: b.lock.object, Since: moment(b.ns), For: diagnose.ForJob, At: w.at(b.line),
		Behind: w.jobs[lockID{kind, b.lock.object}],
	}
	job, async, agent := (&jobHeld{kind: kind, arg: b.site}).names()
	x.Wants = cmp.Or(job, async, agent)
	switch kind {
	case "async":
		x.For = diagnose.ForAsync
	case "agent":
		x.For = diagnose.ForAgent
	}
	if n := w.jobs[lockID{"async", b.lock.object}]; kind == "job" && x.Behind == 0 && n > 0 {
		x.Behind, x.For = n, diagnose.ForAsync
	} else if n := w.jobs[lockID{"job", b.lock.object}]; kind == "async" && x.Behind == 0 && n > 0 {
		x.Behind, x.For = n, diagnose.ForJob
	}
	w.d.AddWaiter(x)
	w.d.Cannot(diagnose.NoWaiterAPI)
}

// deadlock looks for threads that wait for each other at the end of the trace.
func (w *writer) deadlock() {
	for _, th := range w.t.sorted() {
		var path []*thread
		at := th
		for at != nil && at.waits != nil && !slices.Contains(path, at) {
			path = append(path, at)
			next := w.t.owners[at.waits.lock]
			if len(next) == 0 || at.waits.reads && next[0].reads(at.waits.lock) {
				at = nil
				break
			}
			at = next[0]
		}
		i := slices.Index(path, at)
		if at == nil || i < 0 {
			continue
		}
		path = path[i:]
		d := w.d
		d.Cause, d.Sure, d.Fault = diagnose.LockOrder, diagnose.Stated, true
		rule := model.LockOrder
		if len(path) == 1 {
			d.Cause, rule = diagnose.SelfDeadlock, model.SelfDeadlock
		}
		f := diagnose.Finding{Rule: rule, At: w.at(path[0].waits.line)[0]}
		for k, x := range path {
			owner := path[(k+1)%len(path)]
			c := diagnose.Claim{
				Text: fmt.Sprintf("thread %d waits for the %s lock %s, asked for at %s; thread %d has it, taken at %s", x.tid,
					short(x.waits.lock.class), x.waits.lock.object, x.waits.site, owner.tid, owner.holding(x.waits.lock).site),
				At: w.at(x.waits.line, owner.holding(x.waits.lock).line),
			}
			d.Why = append(d.Why, c)
			f.Around = append(f.Around, c)
		}
		f.Message = d.Why[0].Text
		for k, x := range path { // the one before waits for what x has
			has := path[(k+len(path)-1)%len(path)].waits.lock
			a, b := names[x.waits.lock.class].Rank(), names[has.class].Rank()
			if a == 0 || a >= b {
				continue
			}
			f.At = w.at(x.waits.line)[0]
			d.Why = append(d.Why, diagnose.Claim{
				Text: fmt.Sprintf("the wrong side is thread %d: it asks for the %s lock while it holds the %s lock, and the "+
					"order is driver, list, domain, monitor", x.tid, short(x.waits.lock.class), short(has.class)),
				Inferred: true, At: w.at(x.waits.line, x.holding(has).line),
			})
		}
		d.AddFinding(f)
		return
	}
}

func (th *thread) holding(l lockID) held {
	for _, h := range th.held {
		if h.lock == l {
			return h
		}
	}
	return held{}
}

func (th *thread) reads(l lockID) bool { return th.holding(l).reads }

// order looks for locks that were taken in both orders, or against libvirt's.
func (w *writer) order() *lockorder.Graph {
	d, t := w.d, w.t
	all := make([]lockorder.Seen, 0, len(t.places))
	for s := range t.places {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b lockorder.Seen) int { return t.places[a].toLine - t.places[b].toLine })
	g := lockorder.Observed(all)
	inCycle := map[[2]string]bool{}
	for _, c := range g.Cycles {
		f := diagnose.Finding{Rule: model.LockOrder}
		var path []string
		for i, n := range c.Path {
			from, to := g.Nodes[n].Name, g.Nodes[c.Path[(i+1)%len(c.Path)]].Name
			inCycle[[2]string{from, to}] = true
			path = append(path, short(from))
			claim, line := w.edge(all, from, to)
			f.Around = append(f.Around, claim)
			if f.At.Line == 0 || names[from].Rank() > names[to].Rank() {
				f.At = w.at(line)[0]
			}
		}
		f.Message = "locks are taken in a circle: " + strings.Join(append(path, path[0]), ", then ")
		d.AddFinding(f)
		if !d.Fault {
			d.Cause, d.Sure, d.Fault = diagnose.LockOrder, diagnose.Stated, true
			d.Why = append(d.Why, diagnose.Claim{Text: f.Message, At: []diagnose.Place{f.At}})
			d.Why = append(d.Why, f.Around...)
			d.Cannot(diagnose.NoHang)
			d.Next = append(d.Next, "look whether a third lock, which both orders hold, keeps them apart; else the order is "+
				"to be repaired")
		}
	}
	for _, e := range g.Edges {
		from, to := g.Nodes[e.From].Name, g.Nodes[e.To].Name
		if from != to {
			claim, _ := w.edge(all, from, to)
			d.Notes = append(d.Notes, claim)
		}
		a, b := names[from].Rank(), names[to].Rank()
		if claim, line := w.edge(all, from, to); a > b && b > 0 && !inCycle[[2]string{from, to}] {
			d.AddFinding(diagnose.Finding{
				Rule: model.LockOrder, Warning: true,
				Message: "against libvirt's order (driver, list, domain, monitor): " + claim.Text, At: w.at(line)[0],
				Around: []diagnose.Claim{claim},
			})
		}
		if from == to {
			claim, _ := w.edge(all, from, to)
			claim.Text = "two locks of one class at once: " + claim.Text
			d.Notes = append(d.Notes, claim)
		}
	}
	return g
}

// edge says how often one class was asked for under another, and where.
func (w *writer) edge(all []lockorder.Seen, from, to string) (diagnose.Claim, int) {
	var n int64
	var best lockorder.Seen
	at := 0
	for _, s := range all {
		if s.From != from || s.To != to {
			continue
		}
		if at++; at == 1 || w.t.places[s].n > w.t.places[best].n {
			best = s
		}
		n += w.t.places[s].n
	}
	p := w.t.places[best]
	text := fmt.Sprintf("the %s lock is asked for at %s under the %s lock taken at %s (%s at %s)", short(to),
		site(best.ToSite), short(from), site(best.FromSite), times(n), places(at))
	return diagnose.Claim{Text: text, At: w.at(p.fromLine, p.toLine)}, p.toLine
}

func site(s string) string {
	if s == "" {
		return "a place that is not told"
	}
	return s
}

// sleepers are those who slept on a condition with a lock held that others needed.
func (w *writer) sleepers() {
	keys := make([]string, 0, len(w.t.blocked))
	for k := range w.t.blocked {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		b := w.t.blocked[k]
		text := fmt.Sprintf("%s a thread slept on a condition of the %s with a %s lock held for which others "+
			"waited, the longest time %s (thread %d)", times(b.n), short(b.lock.class), short(b.with), length(b.ns), b.tid)
		harm := b.ns >= int64(time.Second)
		w.d.AddFinding(diagnose.Finding{
			Rule: model.BlockUnderLock, Warning: !harm, Message: text, At: w.at(b.from)[0],
			Around: []diagnose.Claim{{Text: "the lock that is held was taken at " + site(b.site), At: w.at(b.from, b.to)}},
		})
		w.d.Fault = w.d.Fault || harm
		w.d.Why = append(w.d.Why, diagnose.Claim{Text: text, At: w.at(b.from, b.to)})
	}
}

// length is a time as it is shown.
func length(ns int64) string {
	if ns < int64(time.Second) {
		return fmt.Sprintf("%.3f ms", float64(ns)/1e6)
	}
	return fmt.Sprintf("%.3f s", float64(ns)/1e9)
}

// measures are the longest holds and waits of each class.
func (w *writer) measures() {
	classes := make([]string, 0, len(w.t.classes))
	for c := range w.t.classes {
		classes = append(classes, c)
	}
	slices.SortFunc(classes, func(a, b string) int {
		if x, y := names[a].Rank(), names[b].Rank(); x != y {
			return x - y
		}
		return strings.Compare(a, b)
	})
	for _, name := range classes {
		c := w.t.classes[name]
		for _, kind := range []struct {
			what string
			all  []span
			sum  int64
		}{{"held", c.holds, c.held}, {"waited for", c.waits, c.waited}} {
			if len(kind.all) == 0 {
				continue
			}
			text := fmt.Sprintf("%s, taken %s: %s %s altogether, the longest", short(name), times(c.n), kind.what,
				length(kind.sum))
			var lines []int
			for _, s := range kind.all {
				text += fmt.Sprintf(" %s (thread %d, %s, at %s)", length(s.ns), s.tid, s.lock.object, site(s.site))
				lines = append(lines, s.from)
			}
			w.d.Notes = append(w.d.Notes, diagnose.Claim{Text: text, At: w.at(lines...)})
		}
	}
}
