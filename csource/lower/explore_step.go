package lower

import (
	"github.com/lockproof/lockproof/model"
)

// step lets a thread take its step, as the machine does.
func (e *explorer) step(i int, t *thread) {
	if t.birth != nil && e.value(model.VarID(e.p.cell(t.birth.gate()).id)) == 0 {
		return // nobody has started it
	}
	id := model.NodeID(e.here[i])
	s := e.spotOf(t, id)
	n := &s.node
	if n.Op == model.OpFinish || n.Op != model.OpSleep && !e.passes(n) {
		return
	}
	switch n.Op {
	case model.OpLock:
		if !e.locked(n.Lock) {
			e.goes(i, &n.Out[0], func() { e.lock(n.Lock, true) })
		}
	case model.OpTryLock:
		if e.locked(n.Lock) {
			e.goes(i, &n.Out[1], nil)
		} else {
			e.goes(i, &n.Out[0], func() { e.lock(n.Lock, true) })
		}
	case model.OpUnlock, model.OpWait:
		e.goes(i, &n.Out[0], func() {
			if n.Lock != model.None {
				e.lock(n.Lock, false)
			}
		})
	case model.OpSleep:
		for k := range n.Out {
			e.goes(i, &n.Out[k], nil)
		}
	case model.OpReacquire:
		for k := range n.Out {
			switch {
			case n.Out[k].Label != model.Normal, n.Lock == model.None:
				e.goes(i, &n.Out[k], nil)
			case !e.locked(n.Lock):
				e.goes(i, &n.Out[k], func() { e.lock(n.Lock, true) })
			}
		}
	case model.OpSignal, model.OpBroadcast:
		e.wakes(i, n)
	case model.OpLoad:
		e.goes(i, e.outcome(t, id, s, 0), nil)
	case model.OpUpdate:
		value := e.value(n.Var)
		e.outcome(t, id, s, 0)
		for k := range n.Out {
			if o := &n.Out[k]; o.Label == model.Normal && o.When == value {
				e.goes(i, o, func() { e.store(n.Var, o.Set) })
			}
		}
	case model.OpStore:
		e.goes(i, &n.Out[0], func() { e.store(n.Var, n.Value) })
	case model.OpRef:
		if e.value(n.Var) < int64(len(e.p.facts.variable(int(n.Var)).values)-1) {
			e.counts(i, n, e.outcome(t, id, s, +1))
		}
	case model.OpUnref, model.OpRemove:
		if e.value(n.Var) > 0 {
			e.counts(i, n, e.outcome(t, id, s, -1))
		}
	case model.OpFind:
		switch {
		case n.Var != model.None && e.value(n.Var) == 0:
			e.goes(i, normal(n, 0), nil)
		case !e.locked(n.Lock):
			e.goes(i, normal(n, 1), func() { e.lock(n.Lock, true) })
		}
	case model.OpRestart:
		e.goes(i, &n.Out[0], func() { e.restart(i) })
	case model.OpFork:
		e.goes(i, &n.Out[0], nil)
		e.goes(i, &n.Out[1], func() { e.leave(i) })
	case model.OpAccess:
		e.goes(i, &n.Out[0], nil)
	}
}

// passes reports whether a step does not fail here.
func (e *explorer) passes(n *model.Node) bool {
	if n.Op != model.OpFind || n.Var == model.None || e.value(n.Var) != 0 {
		for _, o := range n.Alive {
			if r := e.refs(o); r >= 0 && e.value(model.VarID(r)) == 0 {
				return false
			}
		}
	}
	return n.Op != model.OpFail && e.hold(n.Checks)
}

// refs is the reference count of an object, where it can change; else -1.
func (e *explorer) refs(o model.ObjectID) int {
	if e.p.facts.isFreed(int(o)) {
		return e.p.cell(cellRef{int(o), e.p.objects[o].memory}).id
	}
	s := e.p.objects[o].strukt
	if s == nil || s.refcount < 0 || !e.p.facts.field(e.p.fieldKey(cellRef{int(o), s.refcount})).assigned {
		return -1
	}
	return e.p.cell(cellRef{int(o), s.refcount}).id
}

func (e *explorer) hold(checks []model.Check) bool {
	for i := range checks {
		if c := checks[i].Cond; c == nil || c.Eval(e.value) == 0 {
			return false
		}
	}
	return true
}

func (e *explorer) lock(l model.LockID, yes bool) {
	w := &e.there[e.locks+int(l)/32]
	if *w &^= 1 << (l % 32); yes {
		*w |= 1 << (l % 32)
	}
}

func (e *explorer) store(v model.VarID, x int64) {
	w := e.word(int(v))
	e.there[w] = e.p.facts.variable(int(v)).index[x]
}

// counts is a step that changes a reference count.
func (e *explorer) counts(i int, n *model.Node, o *model.Outcome) {
	if o == nil {
		return
	}
	e.goes(i, o, func() {
		e.store(n.Var, o.When)
		if s := e.p.objects[n.Object].strukt; n.Op == model.OpRemove {
			e.store(model.VarID(e.p.cell(cellRef{int(n.Object), s.listed}).id), 0)
		}
		for l := range e.p.locks {
			if o.When == 0 && e.p.locks[l].object == int(n.Object) {
				e.lock(model.LockID(l), false)
			}
		}
	})
}

// wakes is a signal, which moves one sleeper, any, or a broadcast, which moves all.
func (e *explorer) wakes(i int, n *model.Node) {
	var asleep []int
	for k, t := range e.p.threads {
		if s := e.spotOf(t, model.NodeID(e.here[k])); k != i && s.node.Op == model.OpSleep && s.node.Cond == n.Cond {
			asleep = append(asleep, k)
		}
	}
	wake := func(k int) { e.there[k] = uint32(e.p.threads[k].spots[e.here[k]].node.Wake) }
	if n.Op == model.OpBroadcast || len(asleep) == 0 {
		e.goes(i, &n.Out[0], func() {
			for _, k := range asleep {
				wake(k)
			}
		})
		return
	}
	for _, k := range asleep {
		e.goes(i, &n.Out[0], func() { wake(k) })
	}
}

// goes takes every way on of an outcome that has an effect.
func (e *explorer) goes(i int, o *model.Outcome, effect func()) {
	if o == nil {
		return
	}
	met := e.moved
	for k := range o.Next {
		e.there = append(e.there[:0], e.here...)
		if effect != nil {
			effect()
		}
		e.there[i] = uint32(o.Next[k].To)
		e.moved = met || !e.p.threads[i].spots[o.Next[k].To].made()
		e.add(e.there)
	}
	e.moved = met
}
