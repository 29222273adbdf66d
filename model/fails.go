package model

// maxEnumerated bounds the values of a variable for which a check is turned into masks; a check
// over more values, or over several variables, is evaluated.
const maxEnumerated = 32

// fails emits the rules of the checks that precede a step: first "is everything that it touches
// alive", then the explicit checks in order. A check comes before everything else: it fails even
// where the step would have to wait for a lock.
func (c *nodeComp[S]) fails() {
	n := c.node
	if n.Op == OpFinish || n.Op == OpSleep {
		return
	}
	var listed rule[S]
	if n.Op == OpFind {
		if v := c.p.Objects[n.Object].Listed; v != None {
			c.guard(&listed, c.m.layout.vars[v], c.code(v, 1)) // an object that is off its list is not touched
		}
	}
	for _, o := range n.Alive {
		c.failFreed(listed, o)
	}
	for i := range n.Checks {
		c.failCheck(rule[S]{}, &n.Checks[i])
	}
	if n.Op == OpRef {
		var r rule[S]
		values := c.p.Vars[n.Var].Values
		c.guard(&r, c.m.layout.vars[n.Var], uint64(len(values)-1))
		c.fail(r, &Check{
			Kind: RefCount, Pos: n.Pos,
			Text: "the references of " + c.p.Objects[n.Object].Name +
				" grow without bound: each thread takes more than it drops",
		})
	}
}

func (c *nodeComp[S]) failFreed(r rule[S], o ObjectID) {
	refs := c.p.Objects[o].Refs
	if refs == None {
		return
	}
	c.guard(&r, c.m.layout.vars[refs], c.code(refs, 0))
	c.fail(r, &Check{Kind: UseAfterRelease, Pos: c.node.Pos, Text: c.p.Objects[o].Name + " was freed already"})
}

// failCheck turns a check of one variable into a guard per failing value, and leaves others to
// evaluation.
func (c *nodeComp[S]) failCheck(r rule[S], check *Check) {
	v, single := singleVar(check.Cond)
	if check.Cond == nil || !single || len(c.p.Vars[v].Values) > maxEnumerated {
		c.fail(r, check)
		return
	}
	always := *check
	always.Cond = nil
	for i, value := range c.p.Vars[v].Values {
		if check.Cond.Eval(func(VarID) int64 { return value }) == 0 {
			g := r
			c.guard(&g, c.m.layout.vars[v], uint64(i))
			c.fail(g, &always)
		}
	}
}

func (c *nodeComp[S]) fail(r rule[S], check *Check) {
	c.add(r, Step{Thread: c.thread, Node: c.id, To: c.id, Woken: None, Fails: check})
}

// singleVar returns the one variable that e reads; false when it reads none or several.
func singleVar(e *Expr) (VarID, bool) {
	v := VarID(None)
	ok := true
	var walk func(*Expr)
	walk = func(e *Expr) {
		if e == nil {
			return
		}
		if e.Op == ReadVar {
			if v != None && v != e.Var {
				ok = false
			}
			v = e.Var
		}
		walk(e.X)
		walk(e.Y)
	}
	walk(e)
	return v, ok && v != None
}
