package lower

func (t *thread) leave(c *config, i *instr) {
	f := c.top()
	vs := make([]value, 1, 1+len(i.args))
	vs[0] = c.read(i.a)
	if n, _ := f.f.result.scalars(); f.f.result.isObject() {
		vs = make([]value, n) // of what returns without a value nothing is set
		for k, a := range i.args {
			vs[k] = c.read(a)
		}
	}
	c.frames = c.frames[:len(c.frames)-1]
	if c.finished() {
		c.gives = t.given(vs...)
		return
	}
	if f.disposes > 0 {
		c.disposed = f.disposes
		t.orphan(c, value{}, f.path)
		return
	}
	if len(f.f.taken) > 0 {
		for k := range vs {
			vs[k] = t.orphan(c, vs[k], f.path)
		}
	}
	t.returned(c, vs)
}

// orphan marks every address of a local variable of the frame that has just gone, in v and in what
// is left of the thread: the next call will use its place.
func (t *thread) orphan(c *config, v value, path int) value {
	return c.forget(v, value{kind: vDangling}, func(v value) bool {
		return t.w.isLocal(v) && t.w.objects[v.obj].local.path == path
	})
}

// forget replaces what a thread can no longer use, in v and in all that it knows.
func (c *config) forget(v, by value, gone func(value) bool) value {
	replaced := func(v value) value {
		if gone(v) {
			left := by
			left.tag = v.tag
			return left
		}
		return v
	}
	for i := range c.frames {
		c.frames[i].slots.update(replaced)
	}
	return replaced(v)
}

// dangling makes the next step one that fails because it follows the address of a local variable
// that is gone.
func (t *thread) dangling(c *config, i *instr, v value) {
	if v.n == 0 {
		t.undefined(c, i, "%s follows the address of a local variable whose function has returned", i.text())
	} else {
		t.undefined(c, i, "%s follows the address of a local variable whose block was left", i.text())
	}
}
