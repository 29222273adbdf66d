package lower

import (
	"crypto/sha256"
	"slices"
	"strconv"

	"github.com/lockproof/lockproof/model"
)

// config is everything a thread knows at one point: its call stack with the values of its locals,
// what it holds, and what it has looked at. Two equal configs are one node.
type config struct {
	frames []frame
	held   []int // locks, ascending
	deep   []int // those held more than once, ascending, each as often as it was taken beyond the first time
	owned  []int // jobs, as variables, ascending
	rw     holdings
	phase  phase
	fail   *model.Check  // the next step can only fail
	spins  bool          // it goes round here for ever, without a step
	seen   []model.Local // what the check that fails has looked at; not part of the key
	alive  []int         // roots of the objects at which it has looked since the step before, ascending
	// restarts counts how often a looping thread began again since its last step.
	restarts int
	// disposed is the object, plus one, whose last reference the thread has dropped, and for which
	// it has called what is to be called then: the next step frees it.
	disposed int
	// child says that the process is a child of the one in which it all began.
	child bool
	// gone says that the client has gone for whom the thread works: it does not come back.
	gone bool
	// errno is the thread's errno, in programs that use it.
	errno value
	// made counts the objects that the thread allocated, by pool, ascending.
	made []made
	// result is what a thread that comes to its end returns, or how it ends the process.
	result value
	// gives is the allocated memory to which the result of a thread that has ended leads, ascending.
	gives []int
}

type frame struct {
	f     *function
	pc    int
	slots slots
	dst   int // where the caller wants the result; -1: nowhere
	path  int // by which calls the thread came here, see callPath
	// lives are the objects of those homes that others may see and that are alive, by home, plus one;
	// nil: there are none.
	lives []int
	// disposes is the object, plus one, for which the function was called because its last
	// reference is gone; 0: it was called by the C.
	disposes int
}

// instant is a place in a function: where a thread stands, or where it will go on after a call.
type instant struct {
	f   *function
	pc  int
	top bool
}

// phase is how far a condition wait has come.
type phase uint8

const (
	running    phase = iota
	sleeping         // in the waiter set
	woken            // must lock the mutex again
	startled         // must lock the mutex again, though nobody woke it
	gaveUp           // must lock the mutex again, and fails with -1
	arrived          // at a barrier: leaves when all have come
	remade           // what was destroyed is usable again: gets its kind, or its number
	leaving          // its thread-local variables end with it
	left             // they have ended
	ending           // says that it has ended
	exiting          // ends the process
	over             // has ended, though it loops
	unanswered       // waits for QEMU for ever
	restarting       // may restart the daemon before it begins
	behind           // is not there: the process is a child of the one that had it
)

func (c *config) clone() *config {
	d := *c
	d.frames = slices.Clone(c.frames)
	for i := range d.frames {
		d.frames[i].slots = d.frames[i].slots.clone()
		d.frames[i].lives = slices.Clone(d.frames[i].lives)
	}
	d.held, d.owned, d.alive = slices.Clone(c.held), slices.Clone(c.owned), slices.Clone(c.alive)
	d.deep = slices.Clone(c.deep)
	d.made, d.rw = slices.Clone(c.made), c.rw.clone() // gives never changes
	return &d
}

func (c *config) top() *frame { return &c.frames[len(c.frames)-1] }

func (c *config) finished() bool { return len(c.frames) == 0 }

func (c *config) instr() *instr {
	f := c.top()
	return &f.f.code[f.pc]
}

// read is the value of an operand in the current frame.
func (c *config) read(o operand) value {
	if o.slot < 0 {
		return o.value
	}
	return c.top().slots.get(o.slot)
}

func (c *config) set(dst int, v value) {
	if dst >= 0 {
		c.top().slots.set(dst, v)
	}
}

// done moves past the current instruction with its result.
func (c *config) done(v value) {
	c.called(c.instr(), v)
	c.set(c.instr().dst, v)
	c.top().pc++
	c.phase, c.fail, c.spins, c.seen, c.alive, c.restarts = running, nil, false, nil, nil, 0
}

func (c *config) holds(lock int) bool { _, ok := slices.BinarySearch(c.held, lock); return ok }
func (c *config) owns(v int) bool     { _, ok := slices.BinarySearch(c.owned, v); return ok }

func insert(set []int, x int) []int {
	i, ok := slices.BinarySearch(set, x)
	if ok {
		return set
	}
	return slices.Insert(set, i, x)
}

func remove(set []int, x int) []int {
	if i, ok := slices.BinarySearch(set, x); ok {
		return slices.Delete(set, i, i+1)
	}
	return set
}

// key identifies the config; dead locals do not count. It is valid until the next one is made.
func (t *thread) key(c *config) []byte {
	b := t.buffer[:0]
	for i := range c.frames {
		f := &c.frames[i]
		b = append(b, f.f.name...)
		b = append(b, ':')
		b = strconv.AppendInt(b, int64(f.pc), 36)
		b = append(b, '(')
		for _, s := range t.live(f, i == len(c.frames)-1) {
			b = strconv.AppendInt(b, int64(s), 36)
			b = append(b, '=')
			b = f.slots.get(s).appendKey(b)
		}
		for h, o := range f.lives {
			if o > 0 {
				b = append(b, ';')
				b = strconv.AppendInt(b, int64(h), 36)
				b = append(b, '@')
				b = strconv.AppendInt(b, int64(o), 36)
			}
		}
		if f.disposes > 0 {
			b = append(b, '!')
			b = strconv.AppendInt(b, int64(f.disposes), 36)
		}
		b = append(b, ')')
	}
	for _, set := range [][]int{c.held, c.deep, c.owned, c.alive, c.rw.reads, c.rw.writes} {
		b = append(b, '|')
		for _, x := range set {
			b = strconv.AppendInt(b, int64(x), 36)
			b = append(b, ',')
		}
	}
	for _, m := range c.made {
		b = append(b, '|')
		b = strconv.AppendInt(b, int64(m.pool), 36)
		b = append(b, '#')
		b = strconv.AppendInt(b, int64(m.count), 36)
	}
	if c.errno.kind != vUnset {
		b = append(b, '|', 'e')
		b = c.errno.appendKey(b)
	}
	b = append(b, '|', byte('0'+c.phase))
	if c.phase == ending || c.phase == exiting {
		b = c.result.appendKey(b)
	}
	for _, o := range c.gives {
		b = append(b, '|', 'g')
		b = strconv.AppendInt(b, int64(o), 36)
	}
	if c.fail != nil {
		b = append(b, c.fail.Text...)
	}
	if c.spins {
		b = append(b, '@')
	}
	if c.gone {
		b = append(b, 'G')
	}
	if c.child {
		b = append(b, 'C')
	}
	if c.disposed > 0 {
		b = append(b, 'D')
		b = strconv.AppendInt(b, int64(c.disposed), 36)
	}
	t.buffer = b
	t.meter.Work(1 + len(b)/64)
	if len(b) > maxKey {
		sum := sha256.Sum256(b)
		return sum[:]
	}
	return b
}

// maxKey is how long a key may be; a longer one is replaced by its hash, for as many are kept as a
// thread has nodes.
const maxKey = 512

// live lists the slots that matter: in a caller's frame those that are read after the call.
func (t *thread) live(f *frame, top bool) []int {
	at := instant{f.f, f.pc, top}
	live, ok := t.lives[at]
	if ok {
		return live
	}
	if top {
		live = f.f.liveAt(f.pc)
	} else {
		dst := f.f.code[f.pc].dst
		live = slices.DeleteFunc(f.f.liveAt(f.pc+1), func(s int) bool { return s == dst && !f.f.taken[s] })
	}
	t.meter.Work(len(f.f.slots))
	t.meter.Take(8*len(live) + 64)
	t.lives[at] = live
	return live
}
