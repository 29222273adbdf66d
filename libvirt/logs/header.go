package logs

import (
	"bytes"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// A header is what stands before a message of the daemon.
type header struct {
	at       diagnose.Moment
	thread   int64
	level    byte // d, i, w or e; 0 where it is not said
	function []byte
	message  []byte
}

// header reads a line of the daemon's own format, with or without its stamp.
func (s *scanner) header(b []byte, h *header) bool {
	h.at, h.thread = diagnose.Moment{}, 0
	if len(b) < 12 {
		return false
	}
	rest := b
	if len(b) > 30 && b[4] == '-' && b[10] == ' ' {
		at, after, ok := s.dates.dated(b)
		if !ok {
			return false
		}
		if rest, ok = cut(after, ": "); !ok {
			return false
		}
		h.at = at
	} else if nano, after, ok := clock(b); ok && b[2] == ':' {
		if rest, ok = cut(after, ": "); !ok {
			return false
		}
		h.at = s.ofDay(nano)
	}
	return s.rest(rest, h)
}

// rest reads a header from the thread on, as syslog has it.
func (s *scanner) rest(b []byte, h *header) bool {
	if n, after, ok := number(b); ok {
		if after, ok = cut(after, ": "); !ok {
			return false
		}
		h.thread, b = n, after
	}
	var ok bool
	if h.level, b, ok = level(b); !ok {
		return false
	}
	h.function, h.message = nil, b
	for i, c := range b {
		switch {
		case c == ':':
			_, after, ok := number(b[i+1:])
			if !ok {
				return true
			}
			if after, ok = cut(after, " : "); ok {
				h.function, h.message = b[:i], after
			}
			return true
		case c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z'):
			return true
		}
	}
	return true
}

func level(b []byte) (byte, []byte, bool) {
	if len(b) < 7 {
		return 0, b, false
	}
	switch b[0] {
	case 'd':
		if b, ok := cut(b, "debug : "); ok {
			return 'd', b, true
		}
	case 'i':
		if b, ok := cut(b, "info : "); ok {
			return 'i', b, true
		}
	case 'w':
		if b, ok := cut(b, "warning : "); ok {
			return 'w', b, true
		}
	case 'e':
		if b, ok := cut(b, "error : "); ok {
			return 'e', b, true
		}
	}
	return 0, b, false
}

// ofDay is a time without a date. What goes back by half a day is the next one.
func (s *scanner) ofDay(nano int64) diagnose.Moment {
	const day = 24 * 3600 * 1e9
	if nano+s.midnight < s.lastOfDay-day/2 {
		s.midnight += day
	}
	s.lastOfDay = nano + s.midnight
	return diagnose.Moment{Clock: diagnose.Seconds, Nanos: s.lastOfDay}
}

// program reads what syslog puts after its stamp: host, program, and perhaps its process.
func program(b []byte) (name []byte, process int64, rest []byte, ok bool) {
	i := bytes.IndexByte(b, ' ')
	if i < 1 || i > 255 || len(b) < i+3 {
		return nil, 0, b, false
	}
	b = b[i+1:]
	for i, c := range b {
		switch {
		case c == ':' && i > 0 && i+1 < len(b) && b[i+1] == ' ':
			return b[:i], 0, b[i+2:], true
		case c == '[' && i > 0:
			n, after, ok := number(b[i+1:])
			if !ok {
				return nil, 0, b, false
			}
			after, ok = cut(after, "]: ")
			return b[:i], n, after, ok
		case c == ' ', i > 64:
			return nil, 0, b, false
		}
	}
	return nil, 0, b, false
}

// isDaemon reports whether a program is one of libvirt's daemons that have domains.
func isDaemon(name []byte) bool {
	switch string(name) {
	case "libvirtd", "virtqemud", "virtlxcd", "virtxend", "virtvzd", "virtbhyved", "virtvboxd",
		"lt-libvirtd", "lt-virtqemud":
		return true
	}
	return false
}
