package difftest

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// A cell is a scalar, a lock, or stands for an object, in the memory of an interpreted program.
type cell struct {
	name     string
	typ      *typ
	variable bool // to access it is a step
	value    interp.Value
	owner    int // of a mutex: a thread from 1
}

// An object is a struct or an array.
type object struct {
	name  string
	cells map[string]*cell
}

// An actor is a thread of an interpreted program: a coroutine that stops in front of each step.
type actor struct {
	resume  func() (struct{}, bool)
	stop    func()
	yield   func(struct{}) bool
	pending string // "", lock, reacquire, sleep, ended
	mutex   *cell
	cond    *cell
	holds   int
	result  int64
}

// A host is the world of an interpreted program.
type host struct {
	x       *pair
	memory  []*cell // by what is shown
	globals map[string]*cell
	actors  []*actor
	self    int
	choice  int
	failed  string
}

type over struct{} // a run that is not finished

var provided = []string{
	"pthread_mutex_lock", "pthread_mutex_unlock", "pthread_mutex_trylock",
	"pthread_cond_wait", "pthread_cond_timedwait", "pthread_cond_signal", "pthread_cond_broadcast",
	"assert", "check", "requires",
}

func (h *host) Provides(function string) bool { return slices.Contains(provided, function) }
func (h *host) Silent(string) bool            { return false }

// interprets prepares a program for the interpreter; nil where that does not know what is in it.
// What points to a scalar is the interpreter's own, and cannot lie in the memory of a host.
func (x *pair) interprets() *interp.Program {
	for _, v := range x.p.globals {
		if v.typ.atomic {
			return nil
		}
	}
	for _, l := range x.p.shared() {
		for _, part := range within(l) {
			if part.typ.kind == pointer && part.typ.elem.kind != structure {
				return nil
			}
		}
	}
	p := interp.New(x.m.files)
	for _, t := range x.p.threads {
		if p.Check(strings.TrimPrefix(t.f.name, "@"), &host{}).Err() != nil {
			return nil
		}
	}
	return p
}

// build makes the memory, with the values that the compiled program begins with.
func (h *host) build(first []string) {
	h.globals = map[string]*cell{}
	flags := h.x.f.flags()
	var build func(name string, t *typ) *cell
	build = func(name string, t *typ) *cell {
		c := &cell{name: name, typ: t}
		switch t.kind {
		case structure, array:
			o := &object{name, map[string]*cell{}}
			c.value.Object = o
			if t.kind == array {
				for i := range t.n {
					part := fmt.Sprintf("[%d]", i)
					o.cells[part] = build(name+part, t.elem)
				}
				break
			}
			for _, f := range t.fields {
				o.cells[f.name] = build(name+"."+f.name, f.typ)
			}
		case locking:
			if t.shown != "" {
				h.memory = append(h.memory, c)
			}
		default:
			c.variable = flags[len(h.memory)]
			h.memory = append(h.memory, c)
		}
		return c
	}
	byName := map[string]*cell{}
	for _, l := range h.x.p.shared() {
		h.globals[l.model] = build(l.model, l.typ)
	}
	var name func(c *cell)
	name = func(c *cell) {
		byName[c.name], byName["&"+c.name] = c, c
		if o, ok := c.value.Object.(*object); ok {
			for _, part := range o.cells {
				name(part)
			}
		}
	}
	for _, c := range h.globals {
		name(c)
	}
	for i, c := range h.memory {
		n, _ := strconv.ParseInt(first[i], 10, 64)
		switch {
		case c.typ.kind != pointer:
			c.value.Int = n
		case n >= 0:
			c.value.Object = byName[h.x.w.shows[i].targets[n]].pointer().Object
		}
	}
}

func (c *cell) pointer() interp.Value {
	if _, ok := c.value.Object.(*object); ok && c.typ.kind != pointer {
		return c.value
	}
	return interp.Value{Object: c}
}

// step stops in front of a step.
func (h *host) step(pending string) {
	a := h.actors[h.self]
	a.pending = pending
	if !a.yield(struct{}{}) {
		panic(over{})
	}
	a.pending = ""
}

// ends says that the step at hand failed.
func (h *host) ends(kind string) {
	h.failed = kind
	panic(over{})
}

func (h *host) read(c *cell) interp.Value {
	if c.variable {
		h.step("")
	}
	return c.value
}

func (h *host) part(o any, name string) *cell {
	if o, ok := o.(*object); ok {
		return o.cells[name]
	}
	return nil
}

func (h *host) Field(o any, name string) (interp.Value, bool) {
	c := h.part(o, name)
	if c == nil {
		return interp.Value{}, false
	}
	return h.read(c), true
}

func (h *host) Address(o any, name string) (interp.Value, bool) {
	c := h.part(o, name)
	if c == nil {
		return interp.Value{}, false
	}
	return c.pointer(), true
}

func (h *host) SetField(o any, name string, v interp.Value) bool {
	c := h.part(o, name)
	if c == nil {
		return false
	}
	h.step("")
	c.value = v
	return true
}

func (h *host) global(name string) *cell {
	if c := h.globals[name]; c != nil {
		return c
	}
	return h.globals[fmt.Sprintf("%s@%d", name, h.self+1)]
}

func (h *host) Global(name string) (interp.Value, bool) {
	c := h.global(name)
	switch {
	case c == nil:
		return interp.Value{}, false
	case c.typ.kind == integer || c.typ.kind == pointer:
		return h.read(c), true
	}
	return c.pointer(), true
}

func (h *host) SetGlobal(name string, v interp.Value) bool {
	c := h.global(name)
	if c == nil {
		return false
	}
	h.step("")
	c.value = v
	return true
}

func (h *host) AddressOfGlobal(name string) (interp.Value, bool) {
	c := h.global(name)
	if c == nil {
		return interp.Value{}, false
	}
	return c.pointer(), true
}

func (h *host) Call(_ interp.Site, function string, args []interp.Value) interp.Value {
	a := h.actors[h.self]
	lock := func(arg int) *cell { c, _ := args[arg].Object.(*cell); return c }
	release := func(m *cell) {
		if m.owner != h.self+1 {
			h.ends("bad-unlock")
		}
		m.owner = 0
		a.holds--
	}
	take := func(m *cell) {
		m.owner = h.self + 1
		a.holds++
	}
	switch function {
	case "assert", "requires":
		if !args[0].True() {
			h.step("")
			h.ends(function)
		}
	case "check":
		if !args[1].True() {
			h.step("")
			h.ends("no-job")
		}
	case "pthread_mutex_lock":
		a.mutex = lock(0)
		h.step("lock")
		if a.mutex.owner == h.self+1 {
			h.ends("self-deadlock")
		}
		take(a.mutex)
	case "pthread_mutex_trylock":
		m := lock(0)
		h.step("")
		if m.owner != 0 {
			busy, _ := vocabulary.Constant("EBUSY")
			return interp.Value{Int: busy}
		}
		take(m)
	case "pthread_mutex_unlock":
		m := lock(0)
		h.step("")
		release(m)
	case "pthread_cond_wait", "pthread_cond_timedwait":
		c, m := lock(0), lock(1)
		h.step("")
		if m.owner != h.self+1 {
			h.ends("missing-lock")
		}
		release(m)
		a.cond, a.mutex, a.result = c, m, 0
		h.step("sleep")
		take(m)
		return interp.Value{Int: a.result}
	case "pthread_cond_signal":
		c := lock(0)
		h.step("")
		if h.choice >= 0 {
			h.actors[h.choice].pending = "reacquire"
		}
		_ = c
	case "pthread_cond_broadcast":
		c := lock(0)
		h.step("")
		for _, other := range h.actors {
			if other.pending == "sleep" && other.cond == c {
				other.pending = "reacquire"
			}
		}
	}
	return interp.Value{}
}

// act runs a thread.
func (h *host) act(p *interp.Program, id int, yield func(struct{}) bool) {
	defer func() {
		if r := recover(); r != nil && r != (over{}) {
			panic(r)
		}
	}()
	a := h.actors[id]
	a.yield = yield
	t := h.x.p.threads[id]
	var args []interp.Value
	for _, text := range t.args {
		n, _ := strconv.ParseInt(text, 0, 64)
		args = append(args, interp.Value{Int: n})
	}
	_, err := p.Run(h, strings.TrimPrefix(t.f.name, "@"), args)
	var failed *interp.RunError
	if errors.As(err, &failed) {
		kind, ok := map[interp.ErrorKind]string{
			interp.Null: "null-vm", interp.Outside: "out-of-bounds",
			interp.Undefined: "undefined", interp.Uninitialised: "undefined", interp.Dangling: "undefined",
		}[failed.Kind]
		if !ok {
			h.ends("refused " + failed.Msg)
		}
		h.step("")
		h.ends(kind)
	}
	a.pending = "ended"
	if a.holds > 0 {
		h.failed = "lock-leak"
	}
	yield(struct{}{})
}

func (h *host) enabled(t int) bool {
	a := h.actors[t]
	switch a.pending {
	case "lock":
		return a.mutex.owner == 0 || a.mutex.owner == t+1
	case "reacquire":
		return a.mutex.owner == 0
	case "sleep", "ended":
		return false
	}
	return true
}

func (h *host) look() (threads string, values []string) {
	for t, a := range h.actors {
		switch {
		case a.pending == "ended":
			threads += "f"
		case a.pending == "sleep":
			threads += "s"
		case h.enabled(t):
			threads += "r"
		default:
			threads += "b"
		}
	}
	for i, c := range h.memory {
		switch o := c.value.Object.(type) {
		case *object:
			values = append(values, fmt.Sprint(max(-2, h.target(i, o.name))))
		case *cell:
			values = append(values, fmt.Sprint(max(-2, h.target(i, "&"+o.name))))
		default:
			if c.typ.kind == pointer {
				values = append(values, "-1")
			} else {
				values = append(values, fmt.Sprint(c.value.Int))
			}
		}
	}
	return threads, values
}

func (h *host) target(shown int, name string) int {
	if at := slices.Index(h.x.w.shows[shown].targets, name); at >= 0 {
		return at
	}
	return -2
}

// interpret takes a walk through an interpreted program, and says what is not the same. first is
// what there is at the start.
func (x *pair) interpret(p *interp.Program, w *walk, first []string) (done int, err error) {
	h := &host{x: x}
	h.build(first[1:])
	for id := range x.p.threads {
		a := &actor{}
		h.actors = append(h.actors, a)
		a.resume, a.stop = iter.Pull(func(yield func(struct{}) bool) { h.act(p, id, yield) })
		defer a.stop()
	}
	for id, a := range h.actors {
		h.self = id
		a.resume()
	}
	for i, want := range w.seen {
		if i > 0 {
			s := w.steps[i-1]
			a := h.actors[s.thread]
			h.choice = s.choice
			switch {
			case a.pending == "sleep" && s.choice > 0:
				a.pending = "reacquire"
				if s.choice == 1 {
					a.result, _ = vocabulary.Constant("ETIMEDOUT")
				}
			case h.enabled(s.thread):
				h.self = s.thread
				a.resume()
			default:
				h.failed = "cannot step"
			}
		}
		if strings.HasPrefix(h.failed, "refused") {
			return i, nil
		}
		got := "failed " + h.failed
		if h.failed == "" {
			threads, values := h.look()
			got = threads + " " + strings.Join(values, " ")
		}
		start := first
		if text, ok := compare(x.w.shows, want, got, &start); !ok {
			return i, &difference{x, w, i, got, text, "the interpreter"}
		}
	}
	return len(w.seen), nil
}
