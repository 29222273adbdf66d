package driver

import (
	"encoding/json"
	"testing"
)

// A string in quotes is the string, whatever is in it.
func TestQuote(t *testing.T) {
	for _, s := range []string{"", "libvirt-1", `say "no"`, `a\b`, "line\nline", "\x01", "déjà vu"} {
		var got string
		if err := json.Unmarshal([]byte(quote(s)), &got); err != nil || got != s {
			t.Errorf("%q becomes %s: %v", s, quote(s), err)
		}
	}
}

// The pretended QEMU refuses what QEMU refuses, and says to which command that belongs.
func TestRefusalsOfGuest(t *testing.T) {
	for _, tt := range []struct {
		name, line, class, id string
		ready                 bool
	}{
		{"not JSON", `{"execute":`, "GenericError", "", true},
		{"arguments of another shape", `{"execute":"balloon","arguments":7,"id":"libvirt-1"}`, "GenericError", "", true},
		{"before the capabilities", `{"execute":"stop","id":"libvirt-2"}`, "CommandNotFound", "libvirt-2", false},
		{"no such command", `{"execute":"dance","id":"libvirt-3"}`, "CommandNotFound", "libvirt-3", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := guest{ready: tt.ready, running: true, memory: 1}
			r := g.answer([]byte(tt.line), NoFault)
			a, err := decodeAnswer([]byte(r.lines[0]))
			if err != nil || len(r.lines) != 1 || r.last || a.Error == nil || a.Error.Class != tt.class || a.ID != tt.id {
				t.Errorf("%q, %v", r.lines, err)
			}
			if g != (guest{ready: tt.ready, running: true, memory: 1}) {
				t.Errorf("it was done all the same: %+v", g)
			}
		})
	}
}
