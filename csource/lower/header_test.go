package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
)

// TestHeaderStructs uses structs of the system's headers, and one that the source defines itself.
func TestHeaderStructs(t *testing.T) {
	for name, c := range map[string]string{
		"a local":       "int shared; void f(void) { struct timespec t; t.tv_sec = 3; shared = t.tv_sec == 3; check(assert, shared == 1); }",
		"a global":      "struct timeval t; void f(void) { t.tv_usec = 2; check(assert, t.tv_usec == 2); check(assert, t.tv_sec == 0); }",
		"in a struct":   "struct s { struct timespec until; } s; void f(void) { s.until.tv_nsec = 1; check(assert, s.until.tv_nsec == 1); }",
		"one's own":     "struct timespec { int x; }; struct timespec t; void f(void) { t.x = 1; check(assert, t.x == 1); }",
		"defined later": "struct timespec *p; struct timespec { int x; }; struct timespec t; void f(void) { t.x = 1; check(assert, t.x == 1); }",
	} {
		t.Run(name, func(t *testing.T) {
			if v, kind, _ := verdict(t, c, "f()"); v != model.OK {
				t.Errorf("%s %s", v, kind)
			}
		})
	}
}
