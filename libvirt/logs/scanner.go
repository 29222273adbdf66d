package logs

import (
	"bytes"
	"strconv"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/checker/diagnose/jobs"
)

// A scanner turns lines into events.
type scanner struct {
	emit     func(*jobs.Event)
	gap      func() // lines are missing
	inverted func() // a stamp lies before one that came earlier

	file  string
	line  int
	dates dater
	names map[string]string
	event jobs.Event

	midnight, lastOfDay int64
	last                diagnose.Moment // of the daemon: the latest so far
	entry               entry
	message1            []byte
	braces              []byte // JSON that stands on several lines, up to here
	unfolded            unfolded
	wrapped             []byte // a warning that was broken in the middle, as mails do

	seen  [sorts]int64 // lines of each sort
	first diagnose.Moment
	torn  diagnose.Place // a line that was cut off, with rubbish behind it
	long  diagnose.Place // a line of which only the beginning was read

	noThreads, withThreads bool // of lines of the daemon that tell of jobs
}

// A sort is what a line is.
type sort uint8

const (
	plain    sort = iota // of the daemon's own file
	syslog               // of the daemon, in syslog or the journal
	journal              // of the daemon, in the journal as JSON
	kubevirt             // of virt-launcher
	client               // of a client that quotes an error of libvirt
	foreign              // of others
	sorts
)

func newScanner(emit func(*jobs.Event)) *scanner {
	return &scanner{emit: emit, gap: func() {}, inverted: func() {}, names: map[string]string{}}
}

// begin goes to another file.
func (s *scanner) begin(file string) {
	s.close()
	s.file, s.line, s.braces = file, 0, s.braces[:0]
}

// close reads what has come to its end with its file.
func (s *scanner) close() {
	s.fold()
	s.flush()
}

// scan takes the next line, without its end.
func (s *scanner) scan(b []byte) {
	s.line++
	if n := len(b); n > 0 && b[n-1] == '\r' {
		b = b[:n-1]
	}
	if s.line == 1 {
		b, _ = cut(b, "\xef\xbb\xbf")
	}
	if s.pretty(b) || s.unfold(b) {
		return
	}
	if len(b) > 0 && (b[0] == '>' || b[0] == ' ' || b[0] == '|') {
		if inner := bytes.TrimLeft(b, "> |"); s.own(inner) { // quoted, or indented
			return
		}
	} else if s.own(b) {
		return
	}
	if len(s.wrapped) > 0 && s.goesOn(b) {
		return
	}
	s.seen[foreign]++
	s.notOurs(b)
}

// own reads a line of the daemon, whatever is around it.
func (s *scanner) own(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	switch c := b[0]; {
	case '0' <= c && c <= '9':
		var h header
		if s.header(b, &h) {
			s.daemon(plain, &h, 0)
			return true
		}
		return s.iso(b)
	case c == '{':
		return s.json(b)
	case c == '[', 'A' <= c && c <= 'Z':
		at, rest, ok := s.dates.stamp(b)
		return ok && s.syslog(at, rest)
	}
	return false
}

// iso reads a line that begins with a stamp which is not the daemon's: of syslog, of a container,
// of a build server. What comes behind the stamp may be a whole line.
func (s *scanner) iso(b []byte) bool {
	at, rest, ok := s.dates.dated(b)
	if !ok || len(rest) == 0 || rest[0] != ' ' {
		return false
	}
	inner := rest[1:]
	for _, stream := range []string{"stdout F ", "stderr F ", "stdout P ", "stderr P "} {
		inner, _ = cut(inner, stream)
	}
	inner = trimBlanks(inner)
	if len(inner) > 0 && (inner[0] == '{' || '0' <= inner[0] && inner[0] <= '9') {
		var h header
		switch {
		case inner[0] == '{':
			return s.json(inner)
		case s.header(inner, &h):
			if !h.at.Known() {
				h.at = at
			}
			s.daemon(plain, &h, 0)
			return true
		}
	}
	return s.syslog(at, rest)
}

// syslog reads what follows a stamp: host, program and message.
func (s *scanner) syslog(at diagnose.Moment, b []byte) bool {
	b = trimBlanks(b)
	// journalctl -o short-full
	if len(b) > 4 && (string(b[:4]) == "UTC " || string(b[:4]) == "CET " || string(b[:5]) == "CEST ") {
		_, b, _ = before(b, " ")
	}
	name, process, msg, ok := program(b)
	if !ok {
		return false
	}
	if s.system(name, msg, at) {
		s.seen[foreign]++
		return true
	}
	if !isDaemon(name) {
		return false
	}
	h := header{message: msg}
	if !s.rest(msg, &h) { // the journal has no header
		h = header{message: msg}
	}
	h.at = at
	s.daemon(syslog, &h, process)
	return true
}

// system reads what the system says about the daemon.
func (s *scanner) system(name, msg []byte, at diagnose.Moment) bool {
	if string(name) != "systemd" && string(name) != "kernel" {
		return false
	}
	ours := has(msg, "libvirt") || has(msg, "virtqemud") || has(msg, "irtualization daemon")
	kind := jobs.Other
	switch {
	case !ours:
	case bytes.HasPrefix(msg, []byte("Started ")) && !has(msg, "socket") && !has(msg, "guests"):
		kind = jobs.Start
	case has(msg, "code=dumped"), has(msg, "code=killed") && has(msg, "Main process"), has(msg, "segfault at"):
		kind = jobs.Crashed
	}
	if kind != jobs.Other {
		s.reset(at)
		s.event.Kind = kind
		s.give()
	}
	return true
}

// reset makes the event ready for a line.
func (s *scanner) reset(at diagnose.Moment) {
	s.event = jobs.Event{At: at, Place: diagnose.Place{File: s.file, Line: s.line}}
}

func (s *scanner) give() {
	if !s.first.Known() {
		s.first = s.event.At
	}
	s.emit(&s.event)
}

// daemon reads a line of the daemon.
func (s *scanner) daemon(sort sort, h *header, process int64) {
	s.seen[sort]++
	if s.entry.open {
		s.flush()
	}
	s.wrapped = s.wrapped[:0]
	if h.at.Known() {
		if d, ok := h.at.Sub(s.last); !ok || d >= 0 {
			s.last = h.at
		} else {
			s.inverted()
		}
		if !s.first.Known() {
			s.first = h.at
		}
	}
	s.reset(h.at)
	e := &s.event
	e.Thread = h.thread
	if process > 0 {
		e.Worker = strconv.FormatInt(process, 10)
	}
	if bytes.IndexByte(h.message, 0) >= 0 {
		s.torn = e.Place
	}
	if !s.message(h.message, h.function, h.level, e) {
		if bytes.HasPrefix(h.message, []byte("Cannot start job (")) {
			s.wrapped = append(s.wrapped[:0], h.message...)
		}
		return
	}
	if e.Kind == jobs.ClientError {
		s.seen[sort]--
		s.seen[client]++
		e.Worker = strconv.FormatInt(h.thread, 10)
		e.Thread = 0
	}
	if h.thread == 0 && e.Kind != jobs.Start {
		s.noThreads = true
	} else {
		s.withThreads = true
	}
	s.emit(e)
}

// mostWrapped is how many bytes a warning may come to that is put together from several lines.
const mostWrapped = 4096

// goesOn puts a warning together that was broken into lines.
func (s *scanner) goesOn(b []byte) bool {
	if len(b) == 0 || len(s.wrapped)+len(b) > mostWrapped {
		s.wrapped = s.wrapped[:0]
		return false
	}
	s.wrapped = append(append(s.wrapped, ' '), bytes.TrimLeft(b, "> |")...)
	e := s.event
	e.Kind = jobs.Other
	if s.message(s.wrapped, nil, 'w', &e) && (e.Printed || !has(s.wrapped, "owned by (")) {
		s.wrapped = s.wrapped[:0]
		s.emit(&e)
	}
	return true
}
