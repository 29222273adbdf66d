package lower

import (
	"slices"
)

// compute carries out an instruction on slots alone; false when C gives it no meaning here.
func (t *thread) compute(c *config, i *instr) bool {
	switch i.op {
	case iCopy:
		c.local(c.read(i.a))
	case iBinary:
		return t.binary(c, i, c.read(i.a), c.read(i.b))
	case iUnary:
		x := c.read(i.a)
		if x.kind == vUnknown {
			c.local(x)
			break
		}
		n, ok := i.typ.unary(i.operator, x)
		if !ok {
			t.undefined(c, i, "%s(%d) does not fit %s", i.operator, x.n, i.typ)
			return false
		}
		c.local(intValue(n))
	case iCompute:
		return t.computes(c, i)
	case iConvert:
		v := c.read(i.a)
		if v.kind != vInt && v.kind != vUnknown && !i.typ.isBool() {
			t.errorf(i.pos, "%s: the number of an address is not known", i.text())
			v = intValue(0)
		}
		c.local(i.typ.of(v))
	case iRetype:
		c.local(t.w.retyped(c.read(i.a), i.typ))
	case iHome:
		o, ok := t.homeOf(c, i)
		if !ok {
			return false
		}
		c.local(t.w.addressOf(cellRef{o, 0}))
	case iErrno:
		c.local(c.errno)
	case iSetErrno:
		c.errno = c.read(i.a)
		c.local(value{})
	case iClear:
		t.clearHome(c, i)
	case iJump:
		c.top().pc = i.then
	case iPrecondition:
		c.top().pc = i.then
		if t.opt.IgnoreRequires {
			c.top().pc = i.otherwise
		}
	case iBranch:
		c.top().pc = i.otherwise
		if c.read(i.a).isTrue() {
			c.top().pc = i.then
		}
	case iSwitch:
		c.top().pc = i.then
		if to := i.cases.Find(i.typ.ordered(c.read(i.a).n)); to >= 0 {
			c.top().pc = to
		}
	}
	return true
}

func (t *thread) binary(c *config, i *instr, x, y value) bool {
	if x.kind == vOpaque && y.kind == vOpaque {
		t.errorf(i.pos, "texts cannot be compared")
	}
	if v, known := t.ofItself(c, i); known {
		c.local(v)
		return true
	}
	if x.kind == vUnknown || y.kind == vUnknown {
		return t.unknown(c, i, y)
	}
	switch i.operator {
	case "==":
		c.local(boolValue(x == y))
		return true
	case "!=":
		c.local(boolValue(x != y))
		return true
	}
	n, ok := i.typ.apply(i.operator, x.n, y.n)
	switch {
	case ok:
		c.local(intValue(n))
	case slices.Contains([]string{"+", "-", "*"}, i.operator):
		t.undefined(c, i, "%d %s %d does not fit %s", x.n, i.operator, y.n, i.typ)
	default:
		t.undefined(c, i, "%s has no result for %d and %d", i.operator, x.n, y.n)
	}
	return ok
}
