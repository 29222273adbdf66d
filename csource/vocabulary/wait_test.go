package vocabulary_test

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/csource/vocabulary"
)

// TestWaits checks which of all waits have a deadline and which may wake up spuriously: their names
// say so.
func TestWaits(t *testing.T) {
	timed, posix := 0, 0
	for _, name := range vocabulary.Names() {
		f := vocabulary.Lookup(name)
		wait := f.Effect == vocabulary.Wait
		deadline := wait && (strings.Contains(name, "timed") || strings.Contains(strings.ToLower(name), "until") || strings.Contains(name, "clock"))
		if f.Timed() != deadline {
			t.Errorf("%s has a deadline: %v", name, f.Timed())
		}
		if f.Posix() != (wait && !strings.HasPrefix(name, "vir")) {
			t.Errorf("%s is of POSIX, C11 or GLib: %v", name, f.Posix())
		}
		if f.Timed() {
			timed++
		}
		if f.Posix() {
			posix++
		}
	}
	if timed < 2 || posix < 2 {
		t.Errorf("%d waits have a deadline, %d are of POSIX, C11 or GLib", timed, posix)
	}
}
