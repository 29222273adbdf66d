package lower

import (
	"slices"

	"github.com/lockproof/lockproof/csource/meter"
)

// span is a range of instructions, without its end.
type span struct{ from, to int }

// isLive reports whether the value of a slot may still be read from instruction pc on. Of a slot
// whose address is taken that is always so.
func (f *function) isLive(slot, pc int) bool {
	if f.taken[slot] {
		return true
	}
	spans := f.live[slot]
	i, _ := slices.BinarySearchFunc(spans, pc, func(s span, pc int) int { return s.to - pc - 1 })
	return i < len(spans) && spans[i].from <= pc
}

// liveAt lists the slots that are live at an instruction, ascending: what a node must remember.
func (f *function) liveAt(pc int) []int {
	var live []int
	for s := range f.slots {
		if f.isLive(s, pc) {
			live = append(live, s)
		}
	}
	return live
}

func (f *function) take(slot int) {
	if f.taken == nil {
		f.taken = map[int]bool{}
	}
	f.taken[slot] = true
}

// liveVariables finds for every slot where its value may still be read, by going backwards from
// each place that reads it to where it is set.
func (f *function) liveVariables(m *meter.Meter) {
	readers := make([][]int, len(f.slots))
	before := make([][]int, len(f.code)+1)
	for i := range f.code {
		c := &f.code[i]
		c.reads(func(slot int) { readers[slot] = append(readers[slot], i) })
		c.next(i, func(to int) { before[to] = append(before[to], i) })
	}
	f.live = make([][]span, len(f.slots))
	seen := make([]int, len(f.code)+1) // the last slot, from 1, that was found live there
	var todo, at []int
	for s := range f.slots {
		todo, at = todo[:0], at[:0]
		mark := func(i int) {
			if seen[i] != s+1 {
				seen[i] = s + 1
				todo = append(todo, i)
			}
		}
		for _, i := range readers[s] {
			mark(i)
		}
		for len(todo) > 0 {
			i := todo[len(todo)-1]
			todo, at = todo[:len(todo)-1], append(at, i)
			for _, p := range before[i] {
				if f.code[p].dst != s {
					mark(p)
				}
			}
			if !m.Work(1) {
				return
			}
		}
		f.live[s] = spans(at)
	}
}

// spans joins neighbouring instructions.
func spans(at []int) []span {
	slices.Sort(at)
	var out []span
	for _, i := range at {
		if n := len(out); n > 0 && out[n-1].to == i {
			out[n-1].to++
		} else {
			out = append(out, span{i, i + 1})
		}
	}
	return out
}

// next calls to for the instructions that can follow.
func (c *instr) next(i int, to func(int)) {
	switch c.op {
	case iJump:
		to(c.then)
	case iBranch, iPrecondition:
		to(c.then)
		to(c.otherwise)
	case iSwitch:
		to(c.then)
		for _, arm := range c.cases {
			to(arm.To)
		}
	case iReturn:
	default:
		to(i + 1)
	}
}

// reads calls slot for every slot whose value the instruction uses.
func (c *instr) reads(slot func(int)) {
	read := func(o operand) {
		if o.slot >= 0 {
			slot(o.slot)
		}
	}
	if usesA(c.op) {
		read(c.a)
	}
	if usesB(c.op) {
		read(c.b)
	}
	for _, a := range c.args {
		read(a)
	}
}

func usesA(op opcode) bool {
	switch op {
	case iCall, iPrim, iText, iPrecondition, iJump, iAllocate, iHome, iErrno, iBegin, iClear, iGone:
		return false
	}
	return true
}

func usesB(op opcode) bool {
	switch op {
	case iBinary, iStore, iStorePtr, iCheck, iShift, iRelate, iApart, iUpdate:
		return true
	}
	return false
}
