package driver

import "strings"

// maxTail is how much of its stderr a QEMU is quoted with.
const maxTail = 300

// A tail keeps the end of what is written to it.
type tail struct {
	text []byte
	cut  bool // something is missing before it
}

func (t *tail) Write(text []byte) (int, error) {
	t.text = append(t.text, text...)
	if more := len(t.text) - maxTail; more > 0 {
		t.text, t.cut = append(t.text[:0], t.text[more:]...), true
	}
	return len(text), nil
}

// String is the text in one line, fit for a terminal: all lines, not the last alone, as QEMU gives
// the reason first and then a hint what to do. A line whose beginning is lost is left out if there
// are others.
func (t *tail) String() string {
	lines := strings.FieldsFunc(string(t.text), func(r rune) bool { return r == '\n' || r == '\r' })
	more := ""
	if t.cut {
		more = "... "
		if len(lines) > 1 {
			lines = lines[1:]
		}
	}
	return more + printable(strings.Join(lines, "; "))
}
