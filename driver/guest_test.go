package driver

import (
	"encoding/json"
	"strings"
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
	if got := quote("\xff"); got != `"\ufffd"` {
		t.Errorf("what is no text becomes %q", got)
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
			if says := strings.Contains(r.lines[0], `"id"`); says != (tt.id != "") {
				t.Errorf("%s: it says an id: %v", r.lines[0], says)
			}
			if g != (guest{ready: tt.ready, running: true, memory: 1}) {
				t.Errorf("it was done all the same: %+v", g)
			}
		})
	}
}

// What the pretended QEMU says to each command, and what becomes of it.
func TestAnswersOfGuest(t *testing.T) {
	stopped, running := guest{ready: true, memory: 1}, guest{ready: true, running: true, memory: 1}
	const stop, resume = `{"timestamp":{"seconds":0,"microseconds":0},"event":"STOP"}`, `{"timestamp":{"seconds":0,"microseconds":0},"event":"RESUME"}`
	const ok = `{"return":{},"id":"libvirt-7"}`
	status := func(running, status string) string {
		return `{"return":{"running":` + running + `,"singlestep":false,"status":"` + status + `"},"id":"libvirt-7"}`
	}
	for _, tt := range []struct {
		name    string
		before  guest
		command string
		after   guest
		lines   []string
	}{
		{"negotiates", guest{}, "qmp_capabilities", guest{ready: true}, []string{ok}},
		{"runs", running, "query-status", running, []string{status("true", "running")}},
		{"does not", stopped, "query-status", stopped, []string{status("false", "paused")}},
		{"stops", running, "stop", stopped, []string{stop, ok}},
		{"has stopped", stopped, "stop", stopped, []string{ok}},
		{"goes on", stopped, "cont", running, []string{resume, ok}},
		{"goes on as before", running, "cont", running, []string{ok}},
		{"takes memory", running, "balloon", guest{ready: true, running: true, memory: 4096}, []string{ok}},
		{"is not migrated", running, "query-migrate", running, []string{`{"return":{"status":"active"},"id":"libvirt-7"}`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var arguments any
			if tt.command == "balloon" {
				arguments = balloon{4096}
			}
			line, err := encodeCommand(tt.command, arguments, 7)
			must(t, err)
			g := tt.before
			r := g.answer(line, NoFault)
			want := strings.Join(tt.lines, "\n") + "\n"
			if got := strings.Join(r.lines, ""); got != want || r.last || g != tt.after {
				t.Errorf("%s%+v, the last %v; want %s%+v", got, g, r.last, want, tt.after)
			}
		})
	}
}

// What the pretended QEMU says where something goes wrong, and what becomes of it.
func TestFaultsOfGuest(t *testing.T) {
	stopped, running := guest{ready: true}, guest{ready: true, running: true}
	const (
		stop = `{"timestamp":{"seconds":0,"microseconds":0},"event":"STOP"}` + "\n"
		ok   = `{"return":{},"id":"libvirt-7"}` + "\n"
	)
	for _, tt := range []struct {
		fault Fault
		want  string
		last  bool
		after guest
	}{
		{NoFault, stop + ok, false, stopped},
		{SlowAnswer, stop + ok, false, stopped},
		{DomainDeath, "", true, running},
		{Garbage, "{\"return\": }\n", false, running},
		{CommandError, `{"error":{"class":"GenericError","desc":"the command did not work out"},"id":"libvirt-7"}` + "\n", false, running},
		{WrongID, `{"return":{},"id":"libvirt-0"}` + "\n", false, running},
		{HalfLine, stop + ok[:len(ok)/2], true, stopped},
		{ExtraEvent, `{"timestamp":{"seconds":0,"microseconds":0},"event":"RTC_CHANGE"}` + "\n" + stop + ok, false, stopped},
		{GuestShutdown, stop + ok + `{"timestamp":{"seconds":0,"microseconds":0},"event":"SHUTDOWN"}` + "\n", true, stopped},
	} {
		t.Run(string(tt.fault), func(t *testing.T) {
			g := running
			r := g.answer([]byte(`{"execute":"stop","id":"libvirt-7"}`), tt.fault)
			if got := strings.Join(r.lines, ""); got != tt.want || r.last != tt.last || g != tt.after {
				t.Errorf("%s%+v, the last %v; want %s%+v", got, g, r.last, tt.want, tt.after)
			}
		})
	}
	for lie, g := range map[string]guest{`"running":false`: running, `"running":true`: stopped} {
		r := g.answer([]byte(`{"execute":"query-status","id":"libvirt-7"}`), WrongID)
		if got := strings.Join(r.lines, ""); !strings.Contains(got, lie) || !strings.Contains(got, `"id":"libvirt-0"`) {
			t.Errorf("the wrong answer, which would be a lie if it were taken: %s", got)
		}
	}
}
