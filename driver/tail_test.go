package driver

import (
	"strings"
	"testing"
)

func TestTail(t *testing.T) {
	long := strings.Repeat("x", 300)
	for _, tt := range []struct {
		name   string
		writes []string
		want   string
	}{
		{"nothing", nil, ""},
		{"one line", []string{"unsupported ", "machine type\n"}, "unsupported machine type"},
		{"two lines", []string{"bad\r\n", "\nsee help"}, "bad; see help"},
		{"control characters", []string{"\x1b[2Jgone\a\n"}, `\x1b[2Jgone\a`},
		{"just as much", []string{long}, long},
		{"one more", []string{long + "y"}, "... " + long[1:] + "y"},
		{"much before", []string{long, "\n", "at last\n"}, "... at last"},
		{"a long line", []string{"begin" + long + "\n"}, "... " + long[1:]},
		{"in one piece", []string{strings.Repeat("noise\n", 1000) + "at last\n"}, "... " + strings.Repeat("noise; ", 48) + "at last"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var tail tail
			for _, w := range tt.writes {
				if n, err := tail.Write([]byte(w)); n != len(w) || err != nil {
					t.Fatal(n, err)
				}
			}
			if got := tail.String(); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
