package vocabulary

import "strings"

// Timed reports whether a call of f that waits has a deadline: its end comes sooner or later, where
// the failure of any other wait may never come.
func (f *Function) Timed() bool { return f.Effect == Wait && timed[f.Name] }

// Posix reports whether a call of f that waits is one of POSIX, C11 or GLib, which may wake up
// though nobody signalled, and say so.
func (f *Function) Posix() bool {
	if f.Effect != Wait {
		return false
	}
	for _, prefix := range []string{"pthread_", "cnd_", "g_cond_"} {
		if strings.HasPrefix(f.Name, prefix) {
			return true
		}
	}
	return false
}

var timed = map[string]bool{
	"virCondWaitUntil": true, "pthread_cond_timedwait": true, "pthread_cond_clockwait": true, "cnd_timedwait": true,
	"g_cond_wait_until": true,
}

// Sleeps reports whether a function does nothing but let time pass.
func Sleeps(name string) bool {
	switch name {
	case "sleep", "usleep", "nanosleep", "clock_nanosleep", "g_usleep":
		return true
	}
	return false
}
