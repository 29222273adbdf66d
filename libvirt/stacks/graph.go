package stacks

import (
	"fmt"

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
	s := &scene{file: file, dump: d, era: protocol.EraOf(d), known: knownOf(d)}
	for _, t := range d.Threads {
		a := &actor{Reading: protocol.Read(t, s.era), thread: t}
		s.known.complete(&a.Waits)
		if a.Has != nil && a.Has.Domain == 0 {
			a.Has.Domain = s.domainOfMonitor(a)
		}
		s.threads = append(s.threads, a)
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

// domainOfMonitor is the domain of the monitor that a thread is in, from frames of others that name both.
func (s *scene) domainOfMonitor(a *actor) uint64 {
	var mon uint64
	for i := range a.thread.Frames {
		for _, n := range []string{"mon", "agent"} {
			if x := a.thread.Frames[i].Pointer(n); x != 0 {
				mon = x
			}
		}
	}
	return s.domainOf(mon)
}

// domainOf is the domain to which a monitor or agent belongs; 0 where no frame names both.
func (s *scene) domainOf(mon uint64) uint64 {
	if mon == 0 {
		return 0
	}
	for _, t := range s.dump.Threads {
		for i := range t.Frames {
			f := &t.Frames[i]
			for _, n := range []string{"mon", "agent"} {
				if f.Pointer(n) == mon {
					for _, d := range []string{"vm", "obj"} {
						if x := f.Pointer(d); x != 0 {
							return x
						}
					}
				}
			}
		}
	}
	return 0
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
	case waits.Class == protocol.Driver || waits.Class == protocol.List || waits.Class == protocol.Filter || waits.Class == protocol.FilterObject || waits.Class == protocol.Callbacks:
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
		hits := o.Mutex != 0 && (o.Mutex == a.Waits.Mutex || a.Waits.Mutex == 0 && a.Waits.Object != 0 && o.Mutex >= a.Waits.Object && o.Mutex-a.Waits.Object < objectSize)
		if !hits {
			continue
		}
		if o.LWP == 0 {
			return false // it was free when somebody looked
		}
		lock := a.Waits
		lock.Mutex = o.Mutex
		for _, b := range s.threads {
			if b.thread.LWP == o.LWP {
				a.needs, a.all = []need{{who: b, stated: true, sure: true}}, true
				b.owns = append(b.owns, owned{lock, o.Line, a})
				return true
			}
		}
		gone := &actor{Reading: &protocol.Reading{Kind: protocol.Idle}, thread: &backtrace.Thread{LWP: o.LWP, Line: o.Line}}
		gone.owns = append(gone.owns, owned{lock, o.Line, a})
		a.needs, a.all = []need{{who: gone, stated: true, sure: true}}, true
		return true
	}
	return false
}

// byProtocol finds who holds what a thread waits for.
func (s *scene) byProtocol(a *actor) {
	var sure, unsure []need
	for _, b := range s.threads {
		for i := range b.Holds {
			h := &b.Holds[i]
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
	}
	if len(sure) > 0 {
		a.needs, a.all = sure, true
		return
	}
	a.needs = unsure
}

// ownDomain reports whether the domain that a thread waits for must be the one that it holds, though no
// pointer says so: the monitor or agent that it closes calls back for the domain that it belongs to.
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
	for _, b := range s.threads {
		if !b.Events || b.Kind != protocol.ForLock {
			continue
		}
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
			if vm := s.domainOf(f.Pointer(n)); vm != 0 {
				return vm
			}
		}
	}
	return 0
}

// settle finds who can never go on: of all that wait, those are taken out again and again whom somebody
// may still release.
func (s *scene) settle() {
	for _, a := range s.threads {
		a.stuck = len(a.needs) > 0
	}
	for changed := true; changed; {
		changed = false
		for _, a := range s.threads {
			if !a.stuck {
				continue
			}
			held := 0
			for _, n := range a.needs {
				if n.who.stuck {
					held++
				}
			}
			if a.all && held > 0 || !a.all && held == len(a.needs) {
				continue
			}
			a.stuck, changed = false, true
		}
	}
}

// cycle is a shortest way from a stuck thread over those for which it waits back to itself; nil where it
// only waits for a cycle of others.
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
					path = append([]*actor{at}, path...)
				}
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
