package stacks

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/libvirt/backtrace"
	"github.com/lockproof/lockproof/libvirt/protocol"
)

// scene is one dump with what its stacks mean.
type scene struct {
	file    string
	dump    *backtrace.Dump
	era     protocol.Era
	known   *known
	threads []*actor
	whole   bool // all threads of the process are there

	byLWP    map[int64]*actor
	domains  map[uint64]uint64 // of monitors and agents
	holds    map[protocol.Class][]holding
	byObject map[uint64][]holding // of those whose object is known
	loops    []*actor             // event loops that wait for a lock
	queue    map[uint64]int       // who waits for what happens to a domain; 0: to one that is not known
	all      int                  // all of them
}

// A holding is a lock with the thread that holds it.
type holding struct {
	who  *actor
	held *protocol.Held
}

// An actor is a thread with what its stack means.
type actor struct {
	*protocol.Reading
	thread *backtrace.Thread
	needs  []need // who must let it go on
	all    bool   // each of them must; else any one of them may be the one
	owns   []owned
	stuck  bool // it can never go on
}

// A need is a thread for which another one waits.
type need struct {
	who    *actor
	stated bool // somebody printed the owner
	sure   bool // the protocol says so for all releases that it may be, and the objects are the same
	reply  bool // it must deliver a reply
}

// owned is a mutex that was found to belong to a thread.
type owned struct {
	lock protocol.Lock
	line int
	by   *actor // who waits for it
}

func newScene(file string, d *backtrace.Dump) *scene {
	s := &scene{
		file: file, dump: d, era: protocol.EraOf(d), known: knownOf(d), byLWP: map[int64]*actor{}, domains: domainsOf(d),
		holds: map[protocol.Class][]holding{}, byObject: map[uint64][]holding{}, queue: map[uint64]int{},
	}
	for _, t := range d.Threads {
		s.add(&actor{Reading: protocol.Read(t, s.era), thread: t})
	}
	s.whole = isWhole(d)
	s.link()
	s.settle()
	return s
}

// isWhole reports whether no thread of the process is missing, as far as the text tells.
func isWhole(d *backtrace.Dump) bool {
	if len(d.Threads) < 2 || len(d.Threads) < d.Listed {
		return false
	}
	numbers := map[int]bool{}
	for _, t := range d.Threads {
		if t.Cut {
			return false
		}
		numbers[t.Number] = true
	}
	if numbers[0] { // coredumpctl and eu-stack list them all
		return len(numbers) == 1 && d.Threads[0].LWP != 0
	}
	for n := 1; n <= len(d.Threads); n++ {
		if !numbers[n] {
			return false
		}
	}
	return true
}

// add adds a thread.
func (s *scene) add(a *actor) {
	s.known.complete(&a.Waits)
	if a.Has != nil && a.Has.Domain == 0 {
		a.Has.Domain = s.domainOfMonitor(a)
	}
	s.threads = append(s.threads, a)
	if a.thread.LWP != 0 {
		s.byLWP[a.thread.LWP] = a
	}
	for i := range a.Holds {
		h := holding{a, &a.Holds[i]}
		if h.held.Object != 0 {
			s.byObject[h.held.Object] = append(s.byObject[h.held.Object], h)
		}
		s.holds[h.held.Class] = append(s.holds[h.held.Class], h)
	}
	if a.Events && a.Kind == protocol.ForLock {
		s.loops = append(s.loops, a)
	}
	if d, ok := a.wants(); ok {
		s.queue[d]++
		s.all++
	}
}

// domainOfMonitor is the domain of the monitor that a thread is in, from frames of others that name
// both.
func (s *scene) domainOfMonitor(a *actor) uint64 {
	var mon uint64
	for i := range a.thread.Frames {
		for _, n := range []string{"mon", "agent"} {
			if x := a.thread.Frames[i].Pointer(n); x != 0 {
				mon = x
			}
		}
	}
	return s.domains[mon]
}

// domainsOf are the domains to which monitors and agents belong, from frames that name both.
func domainsOf(d *backtrace.Dump) map[uint64]uint64 {
	out := map[uint64]uint64{}
	for _, t := range d.Threads {
		for i := range t.Frames {
			f := &t.Frames[i]
			vm := f.Pointer("vm")
			if vm == 0 {
				vm = f.Pointer("obj")
			}
			if vm == 0 {
				continue
			}
			for _, n := range []string{"mon", "agent"} {
				if x := f.Pointer(n); x != 0 {
					out[x] = vm
				}
			}
		}
	}
	return out
}

// match says whether two locks are one: certainly, perhaps, or not.
type match int

const (
	other match = iota
	perhaps
	one
)

// same compares the lock for which a thread waits with one that another holds.
func same(waits, held protocol.Lock) match {
	if waits.Class != held.Class || waits.Class == protocol.NoClass {
		return other
	}
	switch {
	case waits.Class == protocol.Driver || waits.Class == protocol.List || waits.Class == protocol.Filter ||
		waits.Class == protocol.FilterObject || waits.Class == protocol.Callbacks:
		if waits.Of != "" && held.Of != "" && waits.Of != held.Of {
			return other
		}
		return one
	case held.Object == 0:
		return perhaps
	case waits.Object != 0:
		if waits.Object == held.Object {
			return one
		}
		return other
	case waits.Mutex != 0:
		if waits.Mutex >= held.Object && waits.Mutex-held.Object < objectSize {
			return one
		}
		return other
	}
	return perhaps
}

// link finds for each waiting thread those who must let it go on.
func (s *scene) link() {
	for _, a := range s.threads {
		switch a.Kind {
		case protocol.ForLock:
			if !s.byOwner(a) {
				s.byProtocol(a)
			}
		case protocol.ForReply, protocol.ForAgent:
			s.byEvents(a)
		}
	}
}

// byOwner looks whether somebody printed the owner of the mutex.
func (s *scene) byOwner(a *actor) bool {
	for _, o := range s.dump.Owners {
		hits := o.Mutex != 0 && (o.Mutex == a.Waits.Mutex ||
			a.Waits.Mutex == 0 && a.Waits.Object != 0 && o.Mutex >= a.Waits.Object && o.Mutex-a.Waits.Object < objectSize)
		if !hits {
			continue
		}
		if o.LWP == 0 {
			return false // it was free when somebody looked
		}
		lock := a.Waits
		lock.Mutex = o.Mutex
		if b := s.byLWP[o.LWP]; b != nil {
			a.needs, a.all = []need{{who: b, stated: true, sure: true}}, true
			b.owns = append(b.owns, owned{lock, o.Line, a})
			return true
		}
		gone := &actor{Reading: &protocol.Reading{Kind: protocol.Idle}, thread: &backtrace.Thread{LWP: o.LWP, Line: o.Line}}
		gone.owns = append(gone.owns, owned{lock, o.Line, a})
		a.needs, a.all = []need{{who: gone, stated: true, sure: true}}, true
		return true
	}
	return false
}

// mostCandidates bounds for how many threads one lock is looked for: with more of them nothing can
// be said.
const mostCandidates = 200

// byProtocol finds who holds what a thread waits for.
func (s *scene) byProtocol(a *actor) {
	var sure, unsure []need
	holders := s.holds[a.Waits.Class]
	if a.Waits.Object != 0 && len(holders) > mostCandidates { // those whose object is another one are not it
		holders = s.byObject[a.Waits.Object]
	}
	for _, x := range holders[:min(len(holders), mostCandidates)] {
		b, h := x.who, x.held
		m := same(a.Waits, h.Lock)
		switch {
		case m == other:
		case a == b && a.Waits.Class == protocol.List && a.Read: // as readers both may have it
		case a == b && m == perhaps && !s.ownDomain(a):
		case m == one && h.Sure:
			sure = append(sure, need{who: b, sure: true})
		case a == b && m == perhaps:
			sure = append(sure, need{who: b, sure: h.Sure})
		default:
			unsure = append(unsure, need{who: b})
		}
	}
	switch {
	case len(sure) > 0:
		a.needs, a.all = sure, true
	case len(holders) <= mostCandidates:
		a.needs = unsure
	}
}

// ownDomain reports whether the domain that a thread waits for must be the one that it holds,
// though no pointer says so: the monitor or agent that it closes calls back for the domain that it
// belongs to.
func (s *scene) ownDomain(a *actor) bool {
	closes, back := false, false
	for i := range a.thread.Frames {
		n := a.thread.Frames[i].Function
		if i <= a.Where && protocol.IsDestroyCallback(n) {
			back = true
		}
		closes = closes || n == "qemuMonitorClose" || n == "qemuAgentClose"
	}
	return back && closes
}

// byEvents looks whether the thread that delivers replies is stuck itself.
func (s *scene) byEvents(a *actor) {
	for _, b := range s.loops[:min(len(s.loops), mostCandidates)] {
		if own := eventThreadOf(b.thread); own { // it serves one guest
			if a.Has == nil || a.Has.Domain == 0 || a.Has.Domain != s.servedBy(b) {
				continue
			}
		}
		a.needs, a.all = append(a.needs, need{who: b, sure: true, reply: true}), true
	}
}

// eventThreadOf reports whether a thread is the event loop of one guest.
func eventThreadOf(t *backtrace.Thread) bool {
	for i := range t.Frames {
		switch t.Frames[i].Function {
		case "virEventThreadWorker":
			return true
		case "virNetDaemonRun", "virNetServerRun", "main":
			return false
		}
	}
	return len(t.Name) > 3 && t.Name[:3] == "vm-"
}

// servedBy is the domain whose event an event loop delivers.
func (s *scene) servedBy(b *actor) uint64 {
	for i := range b.thread.Frames {
		f := &b.thread.Frames[i]
		if vm := f.Pointer("vm"); vm != 0 {
			return vm
		}
		for _, n := range []string{"opaque", "mon"} {
			if vm := s.domains[f.Pointer(n)]; vm != 0 {
				return vm
			}
		}
	}
	return 0
}

// settle finds who can never go on: of all that wait, those are taken out again and again whom
// somebody may still release.
func (s *scene) settle() {
	needed := map[*actor][]*actor{} // by whom
	left := map[*actor]int{}        // needs that are stuck
	var free []*actor
	for _, a := range s.threads {
		if a.stuck = len(a.needs) > 0; !a.stuck {
			free = append(free, a)
		}
		for _, n := range a.needs {
			needed[n.who] = append(needed[n.who], a)
			left[a]++
			if len(n.who.needs) == 0 && s.byLWP[n.who.thread.LWP] != n.who { // it is gone
				free = append(free, n.who)
			}
		}
	}
	done := map[*actor]bool{}
	for ; len(free) > 0; free = free[1:] {
		if done[free[0]] {
			continue
		}
		done[free[0]] = true
		for _, a := range needed[free[0]] {
			left[a]--
			if a.stuck && (!a.all || left[a] == 0) {
				a.stuck = false
				free = append(free, a)
			}
		}
	}
}

// cycle is a shortest way from a stuck thread over those for which it waits back to itself; nil
// where it only waits for a cycle of others.
func cycle(start *actor) []*actor {
	from := map[*actor]*actor{}
	for queue := []*actor{start}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		for _, n := range at.needs {
			if !n.who.stuck {
				continue
			}
			if n.who == start {
				path := []*actor{at}
				for at != start {
					at = from[at]
					path = append(path, at)
				}
				slices.Reverse(path)
				return path
			}
			if from[n.who] == nil {
				from[n.who] = at
				queue = append(queue, n.who)
			}
		}
	}
	return nil
}

// name is how a thread is called in sentences.
func (a *actor) name() string {
	t := a.thread
	switch {
	case t.LWP != 0 && t.Name != "":
		return fmt.Sprintf("thread %d (%s)", t.LWP, clip(t.Name))
	case t.LWP != 0:
		return fmt.Sprintf("thread %d", t.LWP)
	case t.Number != 0:
		return fmt.Sprintf("gdb's thread %d", t.Number)
	}
	return fmt.Sprintf("the thread at line %d", t.Line)
}

func clip(s string) string {
	const most = 60
	if len(s) > most {
		s = s[:most] + "..."
	}
	return s
}
