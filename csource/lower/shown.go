package lower

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/lockproof/lockproof/model"
)

// shown adds to a node what is known of the thread there. It is the same for every program that has
// the node, and made when there is one.
func (t *thread) shown(s *spot, text map[*instr]string) model.Node {
	n, c := s.node, s.c
	switch {
	case c.finished(): // the end of the process may bring a thread there, after which nobody moves
		n = t.node(c)
	case !s.made(): // nobody has come there
		n = model.Node{Op: model.OpFail, Object: model.None, Lock: model.None, Cond: model.None, Var: model.None, Open: true}
		n.Checks = []model.Check{{Kind: model.Unexplored, Text: "a step was not lowered"}}
	}
	for _, l := range c.held {
		n.Held = append(n.Held, model.LockID(l))
	}
	for _, v := range c.owned {
		n.Owns = append(n.Owns, model.VarID(v))
	}
	for _, v := range c.rw.all() {
		n.Shares = append(n.Shares, model.VarID(v))
	}
	for _, v := range c.rw.writes {
		n.Writes = append(n.Writes, model.VarID(v))
	}
	if c.finished() {
		return n
	}
	i := c.instr()
	if _, ok := text[i]; !ok && i.text != nil {
		text[i] = i.text()
	}
	n.Text = text[i]
	switch {
	case c.spins:
		n.Text = "loops for ever"
	case c.phase == leaving:
		n.Text = "the thread-local variables of " + t.name + " are gone"
	case c.phase == ending:
		n.Text = t.name + " ends"
	case c.phase == unanswered:
		n.Text = "waits for QEMU, which does not answer"
	case c.phase == restarting:
		n.Text = "the daemon restarts"
	case c.phase == exiting:
		n.Text = "the process ends"
	}
	n.Calls = make([]model.Call, len(c.frames))
	for k := range c.frames {
		f := &c.frames[k]
		n.Calls[k] = model.Call{Function: f.f.name, Pos: f.f.code[f.pc].pos, Wrapper: f.f.wrapper}
	}
	n.Locals = t.locals(c)
	if c.fail != nil {
		n.Locals = slices.Clone(c.seen)
	}
	return n
}

// locals shows the named live locals of the innermost function.
func (t *thread) locals(c *config) []model.Local {
	f := c.top()
	var out []model.Local
	for _, s := range t.live(f, true) {
		if name := f.f.slots[s].name; name != "" {
			out = append(out, model.Local{Name: name, Value: t.show(f.slots.get(s))})
		}
	}
	return out
}

func (t *thread) show(v value) string {
	switch v.kind {
	case vInt:
		return strconv.FormatInt(v.n, 10)
	case vObject:
		return t.w.objects[v.obj].name
	case vField:
		return "&" + t.w.pointerName(v)
	case vAddress:
		return fmt.Sprintf("(char *) &%s%+d", t.w.pointerName(v), v.n)
	case vDangling:
		return "&(a local that is gone)"
	case vFunction:
		return t.w.numbered[v.n].name
	case vUnknown:
		return "(unknown)"
	case vOpaque:
		return "(text)"
	}
	return "(unset)"
}
