package schedule

import (
	"path"
	"runtime"
	"slices"
	"strings"
)

// An Event is one operation of a traced run. Ride tells that it rode along with the step before it.
type Event struct {
	Step      int // from 0; -1 before the first
	Thread    int // from 0
	Name      string
	Operation string   // lock, unlock, wait for, ...
	Object    string   // vm1.lock
	Calls     []Frame  // the functions of the code under test, innermost last
	Held      []string // the mutexes that the thread holds afterwards
	Ride      bool
}

// A Frame is a function call.
type Frame struct {
	Function string // Conn.beginJob
	File     string // driver/job.go
	Line     int    // where the function is
}

// note writes an operation of the current thread down, if the run is traced.
func (w *world) note(v verb, object string) {
	if !w.tracing || w.stopping || w.phase != exploring {
		return
	}
	t := w.current
	if t == nil {
		return
	}
	w.settle(t)
	t.event = len(w.trace) + 1
	w.trace = append(w.trace, Event{
		Step:      len(w.picks) - 1,
		Thread:    t.id,
		Name:      t.name,
		Operation: v.String(),
		Object:    object,
		Calls:     calls(),
		Ride:      v >= unlockMutex,
	})
}

// settle completes the last event of a thread: what the thread holds now, it has held since.
func (w *world) settle(t *thread) {
	if t.event > 0 {
		w.trace[t.event-1].Held = t.heldNames()
	}
}

func (t *thread) heldNames() []string {
	var names []string
	for _, m := range t.holds {
		names = append(names, m.name)
	}
	return names
}

// calls is the stack of the current coroutine, without this package and without what is below the
// coroutine.
func calls() []Frame {
	var pcs [48]uintptr
	n := runtime.Callers(3, pcs[:])
	frames := runtime.CallersFrames(pcs[:n])
	var out []Frame
	for {
		f, more := frames.Next()
		if !strings.Contains(f.Function, ownPackage) && !strings.Contains(f.Function, "/schedule/coroutine.") &&
			!strings.HasPrefix(f.Function, "iter.") && !strings.HasPrefix(f.Function, "runtime.") {
			out = append(out, Frame{short(f.Function), path.Join(path.Base(path.Dir(f.File)), path.Base(f.File)), f.Line})
		}
		if !more {
			break
		}
	}
	slices.Reverse(out)
	return out
}

const ownPackage = "/checker/schedule."

// short is a function's name without the path of its package, and without its receiver's package.
func short(name string) string {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		name = name[i+1:]
	}
	if i := strings.IndexByte(name, '.'); i >= 0 {
		name = name[i+1:]
	}
	return strings.NewReplacer("(*", "", ")", "", "[...]", "").Replace(name)
}
