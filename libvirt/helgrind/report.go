// Package helgrind reads what valgrind's helgrind says about the locks of a libvirtd, as text and
// as XML: orders of locks that were taken the other way round, locks that a thread takes again or
// leaves locked. Helgrind sees orders, not hangs: what it reports may never happen.
package helgrind

import (
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/libvirt/backtrace"
	"github.com/lockproof/lockproof/libvirt/lazy"
)

// A kind says what an error is about.
type kind int

const (
	order kind = iota
	relock
	leaves
	badUnlock
	race
	otherKind
)

// An errorReport is one error with its stacks.
type errorReport struct {
	kind   kind
	thread int64
	line   int
	text   string
	parts  []part
	second uint64 // of an order: the lock that is asked for although it comes first
	held   uint64 // and the one that is held
}

// A part is one of the stacks of an error, with what stands over it.
type part struct {
	text   string
	lock   uint64 // that is acquired; 0 where it is another stack
	first  bool   // it belongs to the order that was seen first
	frames []backtrace.Frame
	line   int
}

// Limits of what is kept.
const (
	mostErrors = 10_000
	mostParts  = 16
	mostFrames = 64
)

var (
	prefixed = lazy.New(`^\s*(?:==|--|\*\*)(\d+)(?:==|--|\*\*) ?(.*)$`)
	stamp    = lazy.New(`^\d\d:\d\d:\d\d:\d\d\.\d{3} (?:\d+ )?`)
	frameRow = lazy.New(`^\s*(?:at|by) 0x[0-9A-Fa-f]+: (\S+)(?: \((?:in )?([^)]*)\))?`)
	violated = lazy.New(`Thread #(\d+): lock order "(0x[0-9A-Fa-f]+) before (0x[0-9A-Fa-f]+)" violated`)
	relocks  = lazy.New(
		`Thread #(\d+): (?:Attempt to re-lock a non-recursive lock|pthread_mutex_lock.*already held|.*EDEADLK)`)
	leavesLock = lazy.New(`Thread #(\d+): Exiting thread still holds (\d+) locks?`)
	unlocksBad = lazy.New(`Thread #(\d+) (?:unlocked (?:a not-locked|an invalid|lock at)|unlocked lock)`)
	races      = lazy.New(`Possible data race during (?:read|write).* by thread #(\d+)`)
	anyThread  = lazy.New(`^Thread #(\d+)(?::|'s| )`)
	acquires   = lazy.New(`acquisition of (?:a )?lock at 0x([0-9A-Fa-f]+)`)
	atLock     = lazy.New(`[Ll]ock at 0x([0-9A-Fa-f]+)`)
)

// parser collects errors from lines or from elements.
type parser struct {
	errors  []*errorReport
	current *errorReport
	first   bool
	races   int
	left    int
	signs   int // lines that only valgrind writes
}

// text takes what helgrind says above a stack.
func (p *parser) text(line int, s string) {
	s = strings.TrimSpace(s)
	start := func(k kind, m []string) {
		p.current, p.first = nil, false
		if k == race {
			p.races++
			return
		}
		if len(p.errors) == mostErrors {
			p.left++
			return
		}
		n, _ := strconv.ParseInt(m[1], 10, 64)
		p.current = &errorReport{kind: k, thread: n, line: line, text: s[:min(len(s), 200)]}
		p.errors = append(p.errors, p.current)
	}
	switch {
	case s == "":
		return
	case violated.MatchString(s):
		m := violated.FindStringSubmatch(s)
		start(order, m)
		if p.current != nil {
			p.current.second, p.current.held = backtrace.Address(m[2]), backtrace.Address(m[3])
		}
	case relocks.MatchString(s):
		start(relock, relocks.FindStringSubmatch(s))
	case leavesLock.MatchString(s):
		start(leaves, leavesLock.FindStringSubmatch(s))
	case unlocksBad.MatchString(s):
		start(badUnlock, unlocksBad.FindStringSubmatch(s))
	case races.MatchString(s):
		start(race, races.FindStringSubmatch(s))
	case strings.Contains(s, " was created") || strings.HasPrefix(s, "ERROR SUMMARY") ||
		strings.HasPrefix(s, "HEAP SUMMARY"):
		p.current = nil
	case anyThread.MatchString(s) && p.current != nil && len(p.current.parts) > 0:
		start(otherKind, anyThread.FindStringSubmatch(s))
	}
	if p.current == nil || len(p.current.parts) == mostParts {
		return
	}
	if strings.HasPrefix(s, "Required order was established") {
		p.first = true
	}
	x := part{text: s[:min(len(s), 200)], first: p.first, line: line}
	if violated.MatchString(s) { // in XML its stack is that of the lock which is asked for
		x.lock = p.current.second
	} else if m := acquires.FindStringSubmatch(s); m != nil {
		x.lock = backtrace.Address("0x" + m[1])
	} else if m := atLock.FindStringSubmatch(s); m != nil && p.current.kind != order {
		x.lock = backtrace.Address("0x" + m[1])
	}
	p.current.parts = append(p.current.parts, x)
}

// frame takes a row of a stack.
func (p *parser) frame(line int, function, file string) {
	if p.current == nil || len(p.current.parts) == 0 {
		return
	}
	x := &p.current.parts[len(p.current.parts)-1]
	if len(x.frames) == mostFrames {
		return
	}
	f := backtrace.Frame{Level: len(x.frames), Function: backtrace.PlainName(function), Line: line}
	if strings.Contains(file, ".c:") {
		f.File = file
	} else {
		f.Library = file
	}
	x.frames = append(x.frames, f)
}

// line takes a line of the text form.
func (p *parser) line(n int, s string) {
	m := prefixed.FindStringSubmatch(s)
	if m == nil {
		return
	}
	s = stamp.ReplaceAllString(m[2], "")
	if strings.HasPrefix(s, "Helgrind") || violated.MatchString(s) || relocks.MatchString(s) ||
		leavesLock.MatchString(s) || races.MatchString(s) || unlocksBad.MatchString(s) {
		p.signs++
	}
	if m := frameRow.FindStringSubmatch(s); m != nil {
		p.frame(n, m[1], m[2])
		return
	}
	p.text(n, s)
}
