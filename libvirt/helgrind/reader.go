package helgrind

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/backtrace"
	"github.com/lockproof/lockproof/libvirt/plain"
	"github.com/lockproof/lockproof/libvirt/protocol"
	"github.com/lockproof/lockproof/model"
)

// Reader reads helgrind's reports.
type Reader struct{}

// Recognise knows them by what helgrind alone says.
func (Reader) Recognise(head []byte) diagnose.Recognition {
	if diagnose.IsBinary(head) {
		return diagnose.Foreign
	}
	if bytes.Contains(head, []byte("<valgrindoutput>")) {
		return diagnose.Certain
	}
	var p parser
	for line := range bytes.Lines(head) {
		p.line(0, plain.Line(string(line)))
	}
	if p.signs > 0 {
		return diagnose.Certain
	}
	return diagnose.Foreign
}

// Read reads the reports of all inputs together.
func (Reader) Read(ctx context.Context, inputs []diagnose.Input) (*diagnose.Diagnosis, error) {
	d := &diagnose.Diagnosis{Format: diagnose.Helgrind, Cause: diagnose.CannotTell, Sure: diagnose.Possible}
	lines, all, racy, left := 0, 0, 0, 0
	for _, in := range inputs {
		p := &parser{}
		buffered := bufio.NewReaderSize(in, 1<<16)
		head, _ := buffered.Peek(1 << 12)
		if bytes.Contains(head, []byte("<valgrindoutput>")) || bytes.HasPrefix(bytes.TrimSpace(head), []byte("<?xml")) {
			n, err := p.readXML(ctx, buffered)
			if err != nil {
				return nil, err
			}
			lines += n
		} else {
			err := plain.Lines(ctx, buffered, func(n int, line string) bool {
				lines++
				p.line(n, line)
				return true
			})
			if err != nil {
				return nil, err
			}
		}
		if p.signs == 0 {
			return nil, &diagnose.Unreadable{Name: in.Name, Looks: "XML of something else", Read: int64(lines)}
		}
		w := writer{d: d, file: in.Name, era: eraOf(p.errors), classes: map[uint64]protocol.Class{}}
		w.write(p.errors)
		all, racy, left = all+len(p.errors), racy+p.races, left+p.left
	}
	d.Counts = []diagnose.Count{
		{What: "errors about locks", N: int64(all)},
		{What: "possible data races, which are not looked at", N: int64(racy)},
		{What: "lines", N: int64(lines)},
	}
	if left > 0 {
		d.Counts = append(d.Counts, diagnose.Count{What: "errors beyond what is kept", N: int64(left)})
	}
	finish(d, racy)
	return d, nil
}

// finish says what remains to be said about all reports.
func finish(d *diagnose.Diagnosis, races int) {
	switch d.Cause {
	case diagnose.CannotTell:
		if !d.Fault {
			d.Why = append(d.Why,
				diagnose.Claim{Text: "helgrind reports no lock that is taken in a wrong order, twice or for ever"})
			d.Cannot(diagnose.NoHang)
		}
	case diagnose.LockOrder:
		d.Why = append(d.Why, diagnose.Claim{Text: "helgrind has seen orders, not a hang: it takes a second thread in the " +
			"other order at the same time", Inferred: true})
		d.Next = append(d.Next, "look whether a third lock, which both orders hold, keeps them apart; else the order is "+
			"to be repaired")
		d.Cannot(diagnose.NoHang)
	}
	if races > 0 {
		d.Notes = append(d.Notes,
			diagnose.Claim{Text: fmt.Sprintf("%d possible data races stand in the report and are not looked at", races)})
	}
}

func eraOf(all []*errorReport) protocol.Era {
	d := &backtrace.Dump{}
	for _, e := range all {
		for _, p := range e.parts {
			d.Threads = append(d.Threads, &backtrace.Thread{Frames: p.frames})
		}
	}
	return protocol.EraOf(d)
}

// writer makes findings of the errors of one input.
type writer struct {
	d       *diagnose.Diagnosis
	file    string
	era     protocol.Era
	classes map[uint64]protocol.Class // of locks whose stacks say so
}

func (w *writer) write(all []*errorReport) {
	for _, e := range all {
		for _, p := range e.parts {
			c, _ := protocol.ClassOfCall(p.frames, w.era)
			if old := w.classes[p.lock]; p.lock != 0 && c != protocol.NoClass &&
				(old == protocol.NoClass || old == protocol.Domain) {
				w.classes[p.lock] = c // a driver's function locks domains, if nothing else says what it locks
			}
		}
	}
	seen := map[string]bool{}
	for _, e := range all {
		switch e.kind {
		case order:
			w.order(e, seen)
		case relock:
			w.is(diagnose.SelfDeadlock)
			w.finding(e, model.SelfDeadlock, false, e.name()+" locks what it already holds: "+w.lockOf(e))
			w.hold(e, w.firstLock(e))
			w.waits(e, w.firstLock(e))
		case leaves:
			w.is(diagnose.LockLeftLocked)
			w.finding(e, model.LockLeak, false, e.name()+" ended while it still held a lock: "+w.lockOf(e))
			w.hold(e, w.firstLock(e))
		case badUnlock:
			w.d.Fault = true
			w.finding(e, model.BadUnlock, false, e.text)
		}
	}
}

// is sets the cause, where it is graver than the one so far.
func (w *writer) is(c diagnose.Cause) {
	weight := map[diagnose.Cause]int{diagnose.SelfDeadlock: 3, diagnose.LockLeftLocked: 2, diagnose.LockOrder: 1}
	w.d.Fault = true
	if weight[c] > weight[w.d.Cause] {
		w.d.Cause, w.d.Sure = c, diagnose.Stated
	}
}

func (e *errorReport) name() string { return fmt.Sprintf("thread #%d", e.thread) }

func (w *writer) at(line int) diagnose.Place { return diagnose.Place{File: w.file, Line: line} }

func (w *writer) finding(e *errorReport, rule model.Kind, warning bool, message string) {
	f := diagnose.Finding{Rule: rule, Warning: warning, Message: message, At: w.at(e.line)}
	for _, p := range e.parts {
		f.Around = append(f.Around, diagnose.Claim{
			Text: strings.TrimSuffix(p.text, ":") + where(p.frames),
			At:   []diagnose.Place{w.at(p.line)},
		})
	}
	w.d.AddFinding(f)
	if len(w.d.Why) < 20 {
		w.d.Why = append(w.d.Why, diagnose.Claim{Text: message, At: []diagnose.Place{w.at(e.line)}})
	}
}

// where is the function that takes a lock, for a sentence.
func where(frames []backtrace.Frame) string {
	for i := range frames {
		if f := &frames[i]; !protocol.IsWrapper(f.Function) {
			return ", in " + f.Function
		}
	}
	return ""
}

// order is two locks that were taken in both orders. One pair is told once.
func (w *writer) order(e *errorReport, seen map[string]bool) {
	taken := []part{e.acquired(e.held), e.acquired(e.second)} // in the order that is wrong
	var names []string
	for _, p := range taken {
		names = append(names, w.name(p.lock))
	}
	w.is(diagnose.LockOrder)
	message := fmt.Sprintf("%s took %s, against an order that was seen before", e.name(),
		strings.Join(names, " and then "))
	if key := strings.Join(names, "\x00") + where(taken[1].frames); !seen[key] {
		seen[key] = true
		w.finding(e, model.LockOrder, false, message)
		if a, b := w.classes[e.held].Rank(), w.classes[e.second].Rank(); a > b && b > 0 {
			w.d.Why = append(w.d.Why, diagnose.Claim{
				Text:     fmt.Sprintf("libvirt's order is driver, list, domain, monitor: %s is the wrong side", e.name()),
				Inferred: true, At: []diagnose.Place{w.at(taken[1].line)},
			})
		}
	}
	for _, p := range taken {
		w.hold(e, p)
	}
}

// acquired is the stack in which the thread took a lock; of the order that was seen before, where
// the report has no other.
func (e *errorReport) acquired(lock uint64) part {
	best := part{lock: lock, line: e.line}
	for _, first := range []bool{false, true} {
		for _, p := range e.parts {
			if p.lock != lock || p.first != first || len(p.frames) == 0 || len(best.frames) > 0 {
				continue
			}
			if first { // another thread's: its functions are not this one's
				best.line = p.line
				continue
			}
			best = p
		}
	}
	return best
}

// name is a lock by class and address.
func (w *writer) name(lock uint64) string {
	if c := w.classes[lock]; c != protocol.NoClass {
		return fmt.Sprintf("the %s lock %#x", c, lock)
	}
	return fmt.Sprintf("the lock %#x", lock)
}

func (w *writer) firstLock(e *errorReport) part {
	for _, p := range e.parts {
		if p.lock != 0 {
			return p
		}
	}
	if len(e.parts) > 0 {
		return e.parts[0]
	}
	return part{line: e.line}
}

func (w *writer) lockOf(e *errorReport) string {
	p := w.firstLock(e)
	if p.lock == 0 {
		if c, _ := protocol.ClassOfCall(p.frames, w.era); c != protocol.NoClass {
			return "the " + string(c) + " lock"
		}
		return "a lock" + where(p.frames)
	}
	return w.name(p.lock)
}

func (w *writer) classOf(p part) protocol.Class {
	if c := w.classes[p.lock]; c != protocol.NoClass && p.lock != 0 {
		return c
	}
	c, _ := protocol.ClassOfCall(p.frames, w.era)
	return c
}

// hold adds a lock that a thread held, once.
func (w *writer) hold(e *errorReport, p part) {
	class := string(w.classOf(p))
	for _, h := range w.d.Holders {
		if h.Thread == e.thread && h.Lock == class {
			return
		}
	}
	h := diagnose.Holder{
		Lock: class, Thread: e.thread, API: protocol.APIOf(p.frames), At: []diagnose.Place{w.at(p.line)},
		Inferred: []string{"lock"},
	}
	if h.API == "" {
		w.d.Cannot(diagnose.NoAPI)
	}
	if class == string(protocol.Domain) || class == string(protocol.Monitor) || class == string(protocol.Agent) {
		w.d.Cannot(diagnose.NoDomain)
	}
	w.d.Cannot(diagnose.NoSince)
	w.d.AddHolder(h)
}

func (w *writer) waits(e *errorReport, p part) {
	x := diagnose.Waiter{Thread: e.thread, API: protocol.APIOf(p.frames), At: []diagnose.Place{w.at(e.line)}}
	if c := w.classOf(p); c != protocol.NoClass {
		x.For = diagnose.ForLock(string(c))
	}
	if x.API == "" {
		w.d.Cannot(diagnose.NoWaiterAPI)
	}
	w.d.AddWaiter(x)
}
