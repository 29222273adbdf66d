package logs

import (
	"bytes"

	"github.com/lockproof/lockproof/checker/diagnose/jobs"
)

// reference reads a line about the references to an object.
func (s *scanner) reference(b []byte, e *jobs.Event) bool {
	what, rest, ok := before(b, ": obj=")
	if !ok {
		return false
	}
	switch string(what) {
	case "NEW":
		e.Kind = jobs.Born
	case "REF":
		e.Kind = jobs.Referenced
	case "UNREF":
		e.Kind = jobs.Dropped
	case "DISPOSE":
		e.Kind = jobs.Freed
	default:
		return false
	}
	e.Mon, rest, ok = pointer(rest)
	if class, named := cut(rest, " classname="); named {
		e.Text = s.name(class)
	}
	return ok && e.Mon != 0
}

// identity is the id of a command or an answer: libvirt-61.
func (s *scanner) identity(b []byte) string {
	i := bytes.LastIndex(b, []byte(`libvirt-`))
	if i < 0 {
		return ""
	}
	j := i + len("libvirt-")
	for j < len(b) && '0' <= b[j] && b[j] <= '9' && j < i+32 {
		j++
	}
	return string(b[i:j])
}

// text is a message as it is shown: it has an end.
func text(b []byte) string {
	const most = 160
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		b = b[:i]
	}
	if len(b) > most {
		return string(b[:most]) + "..."
	}
	return string(b)
}

// mostNames bounds the names that are kept once; others are made anew each time.
const mostNames = 1 << 16

// name is a text that is kept once.
func (s *scanner) name(b []byte) string {
	if n, ok := s.names[string(b)]; ok {
		return n
	}
	if len(b) > 256 {
		b = b[:256]
	}
	n := string(b)
	if len(s.names) < mostNames {
		s.names[n] = n
	}
	return n
}

// api is the name of a call; "" where there is none.
func (s *scanner) api(b []byte) string {
	if len(b) == 0 || string(b) == "<null>" || string(b) == "(null)" {
		return ""
	}
	return s.name(b)
}
