package logs

import (
	"bytes"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// An unfolded entry of the journal has a line for each field, as journalctl prints it with -o
// verbose or -o export.
type unfolded struct {
	open    bool
	verbose bool // indented, below a line with the stamp
	at      diagnose.Moment
	line    int // of the message
	key     string
	values  map[string][]byte
}

// wanted are the fields that matter.
var wanted = map[string]bool{
	"MESSAGE": true, "CODE_FUNC": true, "SYSLOG_IDENTIFIER": true, "_COMM": true, "_PID": true, "PRIORITY": true,
	"__REALTIME_TIMESTAMP": true,
}

// unfold reads a line of such an entry.
func (s *scanner) unfold(b []byte) bool {
	x := &s.unfolded
	switch {
	case len(b) > 40 && b[len(b)-1] == ']' && has(b, " [s="):
		s.fold()
		_, stamp, _ := before(b, " ") // behind the day of the week
		at, rest, ok := s.dates.dated(stamp)
		if !ok {
			return false
		}
		if at.Clock == diagnose.WallTime && bytes.HasPrefix(rest, []byte(" UTC ")) {
			at.Clock = diagnose.Instant
		}
		x.open, x.verbose, x.at = true, true, at
		return true
	case len(b) > 9 && b[0] == '_' && bytes.HasPrefix(b, []byte("__CURSOR=")):
		s.fold()
		x.open, x.verbose, x.at = true, false, diagnose.Moment{}
		return true
	case !x.open:
		return false
	case x.verbose:
		b = bytes.TrimLeft(b, " ")
	case len(b) == 0:
		s.fold()
		return true
	case x.key != "": // the value of a field that is no plain text: eight bytes say how long it is
		if len(b) >= 8 {
			s.field(x.key, b[8:])
		}
		x.key = ""
		return true
	}
	name, value, ok := bytes.Cut(b, []byte("="))
	switch {
	case !isField(name):
		return x.verbose && len(b) > 0 && !ok // a message of several lines
	case ok:
		s.field(string(name), value)
	case !x.verbose:
		x.key = string(name)
	}
	return true
}

// isField reports whether something is the name of a field.
func isField(name []byte) bool {
	for _, c := range name {
		if c != '_' && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(name) > 0 && len(name) <= 64
}

// field keeps the value of a field.
func (s *scanner) field(name string, value []byte) {
	x := &s.unfolded
	if !wanted[name] {
		return
	}
	if x.values == nil {
		x.values = map[string][]byte{}
	}
	x.values[name] = append(x.values[name][:0], value...)
	if name == "MESSAGE" {
		x.line = s.line
	}
}

// fold reads the entry that has come to its end.
func (s *scanner) fold() {
	x := &s.unfolded
	if !x.open {
		return
	}
	x.open, x.key = false, ""
	get := func(name string) []byte {
		if v := x.values[name]; len(v) > 0 {
			return v
		}
		return nil
	}
	r := record{
		message: get("MESSAGE"), function: get("CODE_FUNC"), program: get("SYSLOG_IDENTIFIER"), command: get("_COMM"),
		process: get("_PID"), priority: get("PRIORITY"), micros: get("__REALTIME_TIMESTAMP"),
	}
	at := x.at
	if !at.Known() {
		at = instantOf(r.micros)
	}
	if r.message != nil {
		line := s.line
		s.line = x.line
		s.entryOf(&r, r.message, at, syslog)
		s.line = line
	}
	for name := range x.values {
		x.values[name] = x.values[name][:0]
	}
}
