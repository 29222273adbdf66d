package terminal

import (
	"strings"
	"testing"
)

func TestWrap(t *testing.T) {
	for _, tc := range []struct {
		text  string
		width int
		want  string
	}{
		{"", 10, ""},
		{"one two three", 7, "one two|three"},
		{"qemuMonitorCommand(mon)", 13, "qemuMonitor|Command(mon)"},
		{"vm1.privateData.mon", 12, "vm1.private|Data.mon"},
		{"0123456789", 4, "0123|4567|89"},
	} {
		if got := strings.Join(wrap(tc.text, tc.width), "|"); got != tc.want {
			t.Errorf("wrap(%q, %d) = %s", tc.text, tc.width, got)
		}
	}
}
