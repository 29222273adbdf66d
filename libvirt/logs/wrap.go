package logs

import (
	"bytes"
	"strconv"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// A record is what a line of JSON has of that which matters.
type record struct {
	message, function, program, command, process, micros, priority []byte // of the journal
	msg, position, thread, stamp, component, part, level           []byte // of KubeVirt
	log                                                            []byte
	array                                                          bool // the message is an array of bytes
}

// json reads a line of JSON: of the journal, of KubeVirt, or of a container around any other line.
func (s *scanner) json(b []byte) bool {
	var r record
	whole := fields(b, func(key, value []byte, quoted bool) {
		switch string(key) {
		case "MESSAGE":
			r.message, r.array = value, !quoted
		case "CODE_FUNC":
			r.function = value
		case "SYSLOG_IDENTIFIER":
			r.program = value
		case "_COMM":
			r.command = value
		case "PRIORITY":
			r.priority = value
		case "_PID":
			r.process = value
		case "__REALTIME_TIMESTAMP":
			r.micros = value
		case "msg":
			r.msg = value
		case "pos":
			r.position = value
		case "thread":
			r.thread = value
		case "timestamp":
			r.stamp = value
		case "component":
			r.component = value
		case "subcomponent":
			r.part = value
		case "level":
			r.level = value
		case "log":
			r.log = value
		}
	})
	switch {
	case r.message != nil && r.micros != nil:
		return s.journal(&r)
	case string(r.part) == "libvirt" && r.msg != nil:
		return s.kubevirt(&r)
	case bytes.HasPrefix(r.component, []byte("virt-launcher")):
		s.seen[kubevirt]++
		s.quoting(b, s.instant(r.stamp))
		return true
	case whole && r.log != nil && r.msg == nil:
		return s.own(bytes.TrimRight(append([]byte(nil), unquote(r.log, nil)...), "\n"))
	}
	return false
}

// mostObject is how many bytes an object of JSON may come to that stands on several lines.
const mostObject = 1 << 16

// pretty puts an object together that stands on several lines, as journalctl -o json-pretty prints
// it: a brace alone begins it and one ends it. Its line is the last.
func (s *scanner) pretty(b []byte) bool {
	switch {
	case len(s.braces) == 0:
		if len(b) != 1 || b[0] != '{' {
			return false
		}
	case len(s.braces)+len(b) > mostObject:
		s.braces = s.braces[:0]
		return false
	}
	s.braces = append(append(s.braces, b...), ' ')
	if len(b) > 0 && b[0] == '}' {
		if !s.json(s.braces) {
			s.seen[foreign]++
		}
		s.braces = s.braces[:0]
	}
	return true
}

// journal reads a line of the journal. It has no thread, but the function, and the number of the
// process.
func (s *scanner) journal(r *record) bool {
	at := instantOf(r.micros)
	var msg []byte
	if r.array {
		s.message1 = byteArray(r.message, s.message1)
		msg = s.message1
	} else {
		msg = unquote(r.message, s.message1)
	}
	return s.entryOf(r, msg, at, journal)
}

// instantOf is a number of microseconds since 1970.
func instantOf(micros []byte) diagnose.Moment {
	n, _, _ := number(micros)
	if n == 0 || n > 1<<52 {
		return diagnose.Moment{}
	}
	return diagnose.Moment{Clock: diagnose.Instant, Nanos: n * 1000}
}

// entryOf reads an entry of the journal, whatever form it had.
func (s *scanner) entryOf(r *record, msg []byte, at diagnose.Moment, as sort) bool {
	name := r.program
	if name == nil {
		name = r.command
	}
	if s.system(name, msg, at) {
		s.seen[foreign]++
		return true
	}
	if !isDaemon(name) && !isDaemon(r.command) {
		s.seen[foreign]++
		s.quoting(msg, at)
		return true
	}
	process, _, _ := number(r.process)
	h := header{at: at, message: msg}
	if r.function == nil && s.rest(msg, &h) { // what went through syslog has a header of its own
		s.daemon(as, &h, process)
		return true
	}
	h = header{at: at, message: msg, function: r.function, level: levelOf(r)}
	s.daemon(as, &h, process)
	return true
}

// levelOf is the priority of syslog.
func levelOf(r *record) byte {
	if len(r.priority) != 1 {
		return 0
	}
	switch c := r.priority[0]; {
	case c <= '3':
		return 'e'
	case c == '4':
		return 'w'
	case c <= '6':
		return 'i'
	}
	return 'd'
}

// kubevirt reads a line that virt-launcher passes on. Its levels are not those of the daemon.
func (s *scanner) kubevirt(r *record) bool {
	h := header{at: s.instant(r.stamp), message: unquote(r.msg, s.message1)}
	h.thread, _, _ = number(r.thread)
	h.function, _, _ = before(r.position, ":")
	if h.level = 'd'; len(r.level) > 0 && r.level[0] == 'e' {
		h.level = 'e'
	} else if bytes.Equal(h.function, []byte("virObjectGetLockableObj")) {
		h.level = 'w'
	}
	s.daemon(kubevirt, &h, 0)
	return true
}

// instant reads a stamp that is the value of a field: text, or seconds since 1970.
func (s *scanner) instant(b []byte) diagnose.Moment {
	if at, _, ok := s.dates.stamp(b); ok && at.Clock != diagnose.Seconds {
		return at
	}
	if f, err := strconv.ParseFloat(string(b), 64); err == nil && f > 1e8 && f < 1e19 {
		for f > 1e11 { // thousandths, or less
			f /= 1000
		}
		return diagnose.Moment{Clock: diagnose.Instant, Nanos: int64(f * 1e9)}
	}
	return diagnose.Moment{}
}

// quoting reads what somebody else says, with the stamp that it has.
func (s *scanner) quoting(b []byte, at diagnose.Moment) {
	s.flush()
	if !hot(b) {
		return
	}
	s.entry.begin(at, s.line, unescaped(b))
	s.entry.hot, s.entry.hotLine = true, s.line
	s.flush()
}

// unescaped takes the escapes of quotes away, which would hide what stands in them.
func unescaped(b []byte) []byte {
	if bytes.IndexByte(b, '\\') < 0 {
		return b
	}
	return unquote(b, nil)
}
