package systemtap

import (
	"strconv"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/backtrace"
	"github.com/lockproof/lockproof/libvirt/lazy"
	"github.com/lockproof/lockproof/libvirt/stacks"
)

// locks collects the stacks of threads that were locking a mutex.
type locks struct {
	file    string
	seen    int
	lock    string
	dump    backtrace.Dump
	byLWP   map[int64]bool
	thread  *backtrace.Thread
	foreign int // unlocks by another thread, as the script has it
	left    int
}

const (
	mostThreads = 10_000
	mostFrames  = 128
)

var (
	lockedIn  = lazy.New(`^Lock (\S+) was locked in thread (\d{1,12}) with this trace:`)
	waitsHere = lazy.New(`^and is waiting to be locked by thread (\d{1,12}) here:`)
	traceRow  = lazy.New(`^\s*(?:0x[0-9a-fA-F]+ ?: ?)?([\w.@]+)\+0x[0-9a-fA-F]+(?:/0x[0-9a-fA-F]+)?(?: \[([^\]]*)\])?`)
	otherEnd  = lazy.New(`^(?:---|Lock trace:|Unlock trace:|=====)`)
)

func (l *locks) line(n int, text string) {
	if locking.MatchString(text) {
		l.seen++
		l.thread = nil
	}
	switch {
	case lockedIn.MatchString(text):
		m := lockedIn.FindStringSubmatch(text)
		l.lock = m[1]
		l.begin(n, m[2])
	case waitsHere.MatchString(text):
		l.begin(n, waitsHere.FindStringSubmatch(text)[1])
	case otherEnd.MatchString(text):
		l.thread = nil
	case len(text) > 8 && text[:8] == "Warning:":
		l.foreign++
	case l.thread != nil && len(l.thread.Frames) < mostFrames:
		if m := traceRow.FindStringSubmatch(text); m != nil {
			l.thread.Frames = append(l.thread.Frames, backtrace.Frame{
				Level:    len(l.thread.Frames),
				Function: backtrace.PlainName(m[1]), Library: m[2], Line: n,
			})
		}
	}
}

// begin starts the stack of a thread, which is in a call that locks the mutex.
func (l *locks) begin(n int, tid string) {
	lwp, _ := strconv.ParseInt(tid, 10, 64)
	if l.byLWP == nil {
		l.byLWP = map[int64]bool{}
	}
	if l.byLWP[lwp] {
		return
	}
	if len(l.dump.Threads) == mostThreads {
		l.left++
		return
	}
	l.byLWP[lwp] = true
	inside := backtrace.Frame{Function: "__lll_lock_wait", Line: n}
	call := backtrace.Frame{Level: 1, Function: "pthread_mutex_lock", Line: n}
	if backtrace.Address(l.lock) != 0 {
		call.Args = []backtrace.Arg{{Name: "mutex", Value: l.lock}}
	}
	l.thread = &backtrace.Thread{LWP: lwp, Line: n, Frames: []backtrace.Frame{inside, call}}
	l.dump.Threads = append(l.dump.Threads, l.thread)
	if l.dump.Line == 0 {
		l.dump.Line = n
	}
}

func (l *locks) diagnosis() *diagnose.Diagnosis {
	if len(l.dump.Threads) == 0 {
		return &diagnose.Diagnosis{Cause: diagnose.CannotTell, Sure: diagnose.Possible, Why: []diagnose.Claim{{
			Text: "no thread was locking a mutex when the script ended", At: []diagnose.Place{{File: l.file, Line: 1}},
		}}}
	}
	l.dump.Listed = len(l.dump.Threads) + 1 // threads that lock nothing are not in it
	d := stacks.Diagnose(l.file, []*backtrace.Dump{&l.dump})
	d.Cannot(diagnose.NoOtherThreads, diagnose.NoTime)
	d.Notes = append(d.Notes, diagnose.Claim{
		Text: "what the script itself concludes is not taken over: the thread of which it says that it has locked a mutex " +
			"waits for it like the others", At: []diagnose.Place{{File: l.file, Line: l.dump.Line}},
	})
	if l.foreign > 0 {
		d.Notes = append(d.Notes, diagnose.Claim{Text: strconv.Itoa(l.foreign) +
			" unlocks by another thread, as the script has it: it mixes up locks that it has no names for", Inferred: true})
	}
	return d
}
