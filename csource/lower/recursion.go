package lower

import (
	"fmt"
	"maps"
	"slices"

	"github.com/lockproof/lockproof/model"
)

const (
	maxCalls     = 1000 // how deep functions may call one another
	maxRecursion = 100  // calls of one function inside one another
)

// boundCalls reports functions that call one another too deeply without recursion: each call has a
// frame of its own in what a thread knows. How deep recursion goes only a run can tell, see
// [thread.tooDeep].
func (u *Unit) boundCalls() {
	r := &callGraph{Unit: u, height: map[*function]int{}, at: map[*function]bool{}}
	for _, name := range slices.Sorted(maps.Keys(u.functions)) {
		if f := u.functions[name]; r.height[f] == 0 {
			r.visit(f)
		}
	}
}

type callGraph struct {
	*Unit
	height map[*function]int  // calls below a function and its own, when it has been visited
	at     map[*function]bool // it is being visited
	depth  int
}

// visit looks at all that f calls and returns its height. A call that comes back to where it began
// adds nothing.
func (r *callGraph) visit(f *function) int {
	r.depth++
	r.at[f] = true
	height := 1
	for _, c := range f.callees {
		r.meter.Work(1)
		below := r.height[c.to]
		switch {
		case r.at[c.to]:
			continue
		case r.depth > maxCalls: // do not go deeper: the height says so as well
			below = maxCalls
		case below == 0:
			below = r.visit(c.to)
		}
		if below >= maxCalls && height <= maxCalls {
			r.errorf(c.pos, "functions call one another more than %d deep", maxCalls)
		}
		height = max(height, below+1)
	}
	r.depth--
	delete(r.at, f)
	r.height[f] = height
	return height
}

// tooDeep is the failure of a call that would go deeper than a thread may: a limit.
func (t *thread) tooDeep(c *config, i *instr, to *function) *model.Check {
	calls := 0
	for k := range c.frames {
		if c.frames[k].f == to {
			calls++
		}
	}
	if calls < maxRecursion && len(c.frames) < maxCalls {
		return nil
	}
	return &model.Check{
		Kind: model.RecursionExceeded, Pos: i.pos,
		Text: fmt.Sprintf("%s calls itself more than %d deep, or others with it more than %d", to.name,
			maxRecursion, maxCalls),
	}
}

// enter calls a function.
func (t *thread) enter(c *config, i *instr, to *function) {
	from := c.top()
	path := t.w.pathOf(callPath{from.path, instant{f: from.f, pc: from.pc}, to})
	f := frame{f: to, slots: newSlots(len(to.slots)), dst: i.dst, path: path}
	for p, a := range i.args {
		f.slots.set(p, c.read(a))
	}
	c.frames = append(c.frames, f)
}
