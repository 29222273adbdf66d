package lower

import (
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// undefined makes the next step one that fails: the program does what C gives no meaning. It is a
// violation of those schedules that come there, and no other.
func (t *thread) undefined(c *config, i *instr, format string, args ...any) {
	c.fail = &model.Check{Kind: model.Undefined, Pos: i.pos, Text: fmt.Sprintf(format, args...)}
}

// isSet reports whether a value may be used; otherwise the next step fails.
func (t *thread) isSet(c *config, i *instr, vs ...operand) bool {
	for _, o := range vs {
		if o.slot < 0 || c.read(o).kind != vUnset {
			continue
		}
		name := c.top().f.slots[o.slot].name
		if name == "" {
			name = "a value"
		}
		t.undefined(c, i, "%s is used before it is set", name)
		return false
	}
	return true
}

// usesUnset reports whether an instruction reads a local that was never set, and then makes the
// next step fail.
func (t *thread) usesUnset(c *config, i *instr) bool {
	if usesA(i.op) && !t.isSet(c, i, i.a) || usesB(i.op) && i.op != iCheck && !i.whole && !t.isSet(c, i, i.b) {
		return true
	}
	return !i.whole && !t.isSet(c, i, i.args...)
}
