package lower

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// stop is where local computation ends: in front of a step, or at the end of the thread.
type stop struct {
	c     *config
	round bool
	path  []int32 // the places on the way here
	chose model.Chose
	after int // of the tests of unknown values the last on the way, from 1
}

const (
	maxLocal = 100_000 // instructions between two steps
	maxForks = 256     // ways through nondet between two steps
)

// run carries out local computation from c on and returns every place at which it can stop.
func (t *thread) run(c *config) []stop {
	var stops []stop
	todo := []stop{{c: c}}
	t.tests = tests{}
	met := meetings{}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		forks := t.runOne(&s)
		if forks == nil {
			stops = append(stops, s)
			t.tests.end(s.after)
			continue
		}
		for _, f := range forks {
			if !met.again(t, &f) {
				todo = append(todo, f)
			}
		}
		if len(todo)+len(stops) > maxForks {
			t.refuse(s.c.where(), "too many ways through nondet without a step between them")
			return stops
		}
	}
	stops = append(stops, t.tests.endless()...)
	if met.happened {
		if len(stops) == 0 {
			t.refuse(c.where(), "a loop of choices that never takes a step and has no end")
			return nil
		}
		stops[0].path = append(stops[0].path, met.places...)
	}
	slices.Reverse(stops)
	return stops
}

// meetings are the choices that local computation has come to. Ways that come to one of them with
// the same knowledge are one way from there on; the places on those that end there are passed
// whenever the others are. A way that comes back to a choice goes round a loop: that a thread does
// so for ever is not modelled, as every way out of it is.
type meetings struct {
	seen     map[string]bool
	places   []int32
	happened bool
}

// again reports whether a way has come to a choice where another was before.
func (m *meetings) again(t *thread, s *stop) bool {
	if s.c.finished() || s.c.fail != nil || s.after != 0 {
		return false
	}
	key := t.key(s.c)
	if s.round {
		key = append(key, '!')
	}
	if !m.seen[string(key)] {
		if m.seen == nil {
			m.seen = map[string]bool{}
		}
		m.seen[string(key)] = true
		return false
	}
	m.happened, m.places = true, append(m.places, s.path...)
	return true
}

// runOne runs until a step (nil) or a nondeterministic choice (the ways on).
func (t *thread) runOne(s *stop) []stop {
	c := s.c
	if c.fail != nil {
		return nil
	}
	var loop turns
	for n := range maxLocal {
		if !t.meter.Work(1) {
			t.hopeless = true
			return nil
		}
		if c.phase == unanswered || c.phase == restarting || c.disposed > 0 {
			return nil
		}
		if c.finished() {
			if !t.spec.Loop || c.phase == over || c.phase == behind {
				s.finish()
				return nil
			}
			if c.restarts++; c.restarts > 1 {
				for _, spec := range t.specs {
					t.refuse(spec.Pos, "%s loops and never takes a step", t.name)
				}
				s.finish()
				return nil
			}
			s.round = true
			c.frames, c.gives, c.gone = t.begin(), nil, false
			continue
		}
		if c.spins = n > freeTurns && loop.again(t, c); c.spins {
			return nil
		}
		i := c.instr()
		s.pass(i)
		if t.usesUnset(c, i) {
			return nil
		}
		if t.testsUnknown(c, i) {
			return t.chance(s, i)
		}
		switch i.op {
		case iPrim:
			if ways, chooses := t.chooses(s, i); chooses {
				if ways == nil {
					continue
				}
				return ways
			}
			if t.isStep(c, i) {
				return nil
			}
		case iAllocate:
			if n := c.read(i.args[0]).n; n < 1 || n > maxCells {
				t.errorf(i.pos, "%s: %d objects cannot be modelled", i.text(), n)
				c.local(intValue(0))
				continue
			}
			if c.fail = t.exhausted(c, i); c.fail != nil {
				return nil
			}
			if t.spec.Faults.AllocFailure && i.prim.MayFail() {
				no := s.fork()
				if i.ways > 0 {
					no.note(i.ways)
				}
				no.c.local(intValue(0))
				t.allocate(c, i)
				return []stop{*s, no}
			}
			t.allocate(c, i)
		case iCall:
			if c.fail = t.tooDeep(c, i, i.callee); c.fail != nil {
				return nil
			}
			t.enter(c, i, i.callee)
		case iCallPointer:
			if t.callPointer(c, i) {
				return nil
			}
		case iCheck:
			if t.check(c, i) {
				return nil
			}
		case iLoad, iStore, iLoadPtr, iStorePtr, iField:
			if t.memory(c, i) {
				return nil
			}
		case iFirst, iShift, iRelate, iApart:
			if t.pointer(c, i) {
				return nil
			}
		case iText:
			if t.textsOf(c, i) {
				return nil
			}
		case iUpdate:
			if t.updates(c, i) {
				return nil
			}
		case iBegin:
			if t.begins(c, i) {
				return nil
			}
		case iGone:
			if t.ends(c, i.field) {
				return nil
			}
			c.top().pc++
		case iReturn:
			if t.endsLast(c) || t.leak(c, i) || t.comesToEnd(c, i) {
				return nil
			}
			t.leave(c, i)
		default:
			if !t.compute(c, i) {
				return nil
			}
		}
	}
	t.refuse(c.where(), "a loop without a step that does not end within %d instructions", maxLocal)
	s.c.frames = nil
	s.finish()
	return nil
}

// finish ends a thread.
func (s *stop) finish() {
	if s.c.alive, s.c.restarts = nil, 0; s.c.phase == left {
		s.c.phase = running
	}
}

func (c *config) where() model.Pos {
	if c.finished() {
		return model.Pos{}
	}
	return c.instr().pos
}

// local moves past an instruction that was not a step.
func (c *config) local(v value) {
	c.called(c.instr(), v)
	c.set(c.instr().dst, v)
	c.top().pc++
}
