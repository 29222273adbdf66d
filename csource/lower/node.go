package lower

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// node builds the step that a config takes next, with what it can lead to for the values that
// [thread.valuesOf] gives.
func (t *thread) node(c *config) model.Node {
	n := model.Node{Object: model.None, Lock: model.None, Cond: model.None, Var: model.None}
	if c.phase == behind {
		n.Op, n.Outside, n.Left = model.OpFinish, true, true
		return n
	}
	if c.finished() {
		n.Op, n.Made, n.Gives = model.OpFinish, t.allocations(c), modelIDs(c.gives)
		return n
	}
	i := c.instr()
	n.Pos = i.pos
	if c.phase == restarting {
		t.restartNode(c, &n)
		return n
	}
	if c.phase == unanswered {
		n.Op, n.Outside = model.OpFinish, true
		return n
	}
	if c.fail != nil {
		n.Op, n.Checks, n.Alive = model.OpFail, []model.Check{*c.fail}, t.aliveRoots(c)
		return n
	}
	if c.spins {
		t.spinNode(c, &n)
		return n
	}
	if c.disposed > 0 {
		t.freeNode(c, &n, c.disposed-1)
		return n
	}
	switch c.phase {
	case leaving:
		t.leavingNode(c, &n)
		return n
	case ending:
		t.lastNode(c, &n, i)
		return n
	case exiting:
		t.exitNode(c, &n)
		return n
	}
	switch i.op {
	case iLoad, iLoadPtr:
		t.loadNode(c, &n, i)
	case iStore, iStorePtr:
		t.storeNode(c, &n, i)
	case iUpdate:
		t.updateNode(c, &n, i)
	case iPrim:
		t.primNode(c, &n, i)
	case iGone, iReturn:
		t.endNode(c, &n)
	}
	t.markFaults(&n, i)
	return n
}

// after returns the edges that follow when the step gives v; change adapts what the thread holds.
func (t *thread) after(c *config, v value, change func(*config)) []model.Edge {
	d := c.clone()
	d.done(v)
	if change != nil {
		change(d)
	}
	return t.edges(d)
}

func (t *thread) one(n *model.Node, edges []model.Edge) {
	n.Out = []model.Outcome{{Next: edges}}
}

// fails adds a check that cannot hold here.
func fails(n *model.Node, kind model.Kind, format string, args ...any) {
	n.Checks = append(slices.Clip(n.Checks), model.Check{Kind: kind, Pos: n.Pos, Text: fmt.Sprintf(format, args...)})
}

// guard checks that the lock of a guarded field is held.
func (t *thread) guard(c *config, n *model.Node, r cellRef) {
	g := t.w.guardOf(r)
	if g == nowhere {
		return
	}
	lock := t.w.cell(g)
	isMutex := lock.typ.kind == tMutex
	switch {
	case isMutex && c.holds(lock.id), !isMutex && c.rw.writing(lock.id):
	case !isMutex && c.rw.reading(lock.id):
		if looks(n.Op) {
			return
		}
		fails(n, model.MissingLock, "%s is changed with %s held as a reader", t.w.cellName(r), t.w.cellName(g))
	default:
		fails(n, model.MissingLock, "%s is touched without %s", t.w.cellName(r), t.w.cellName(g))
	}
}

// looks reports whether a reader of a guarded field may take the step.
func looks(op model.Op) bool {
	return op == model.OpLoad || op == model.OpFind || op == model.OpSignal || op == model.OpBroadcast
}

func (t *thread) loadNode(c *config, n *model.Node, i *instr) {
	r, _ := t.cellOf(i, c.read(i.a))
	v := t.w.cell(t.w.seated(r)).id
	n.Op, n.Var, n.Object = model.OpLoad, model.VarID(v), modelID(r.object)
	n.Atomic = i.isAtomic(t.w.cell(r).typ)
	n.Alive = t.aliveRoots(c, r.object)
	t.guard(c, n, r)
	for _, x := range t.valuesOf(v) {
		if t.isCovered(i, r, t.decode(v, x)) {
			continue
		}
		if t.decode(v, x).kind == vUnset && !i.whole {
			n.Out = append(n.Out, model.Outcome{When: x, Next: t.unset(c, i, r)})
			continue
		}
		seen, wrong := t.loaded(i, r, t.decode(v, x))
		if wrong != "" {
			n.Out = append(n.Out, model.Outcome{When: x, Next: t.failing(c, i, model.Undefined, "%s", wrong)})
			continue
		}
		n.Out = append(n.Out, model.Outcome{When: x, Next: t.after(c, seen, nil)})
	}
}

// encode is how a variable keeps a value: an object as its number plus one, and so a pointer to
// something else.
func (w *world) encode(v value) int64 {
	switch {
	case w.isLocal(v): // it is private as long as nobody stores it
		return 0
	case v.tag != 0:
		return int64(w.target(v)) + 1
	case v.kind == vField || v.kind == vAddress || v.kind == vObject && v.n != 0:
		return int64(w.target(v)) + 1
	case v.kind == vObject:
		return int64(v.obj) + 1
	case v.kind == vFunction:
		return v.n + 1
	case v.kind == vUnset:
		return model.Unset
	case v.kind == vUnknown:
		return model.Opaque
	}
	return v.n
}

func (t *thread) decode(v int, x int64) value {
	switch x {
	case model.Unset:
		return value{}
	case model.Opaque:
		return value{kind: vUnknown}
	}
	if t.w.isMixed(t.w.vars[v]) && x != 0 {
		return t.w.objects[x-1].target
	}
	if t.w.cell(t.w.vars[v]).typ.isFunctionPointer() && x != 0 {
		return value{kind: vFunction, n: x - 1}
	}
	if t.w.cell(t.w.vars[v]).typ.kind == tPointer && x != 0 {
		if o := t.w.objects[x-1]; o.isTarget {
			return o.target
		}
		return objectValue(int(x - 1))
	}
	return intValue(x)
}

func (t *thread) storeNode(c *config, n *model.Node, i *instr) {
	r, _ := t.cellOf(i, c.read(i.a))
	at := t.w.seated(r)
	cell, as := t.w.cell(at), t.w.cell(r).typ
	x := c.read(i.b)
	n.Op, n.Var, n.Object = model.OpStore, model.VarID(cell.id), modelID(r.object)
	n.Alive, n.Atomic = t.aliveRoots(c, r.object), i.isAtomic(as)
	t.guard(c, n, r)
	if t.w.isLocal(x) {
		t.becomesKnown(n, x)
		return
	}
	x = t.stored(i, r, x)
	n.Value = t.w.encode(x)
	switch {
	case x.kind == vDangling || x.kind == vOpaque || as.isNumber(x) && i.union == nil:
		t.errorf(i.pos, "only integers and pointers to what is shared can be kept in shared variables")
		n.Value = 0
	case cell.def.refcount || cell.def.listed:
		t.errorf(i.pos, "%s is only changed by the functions that count references and keep lists", t.w.cellName(r))
		n.Value = 0
	}
	t.mayStore(i, x)
	if cell.def.owner && x.kind == vUnknown {
		t.errorf(i.pos, "%s is owned by who makes it non-zero, and what is stored here is not known", t.w.cellName(r))
	}
	t.facts.assign(t.w.fieldKey(at))
	t.facts.admit(cell.id, t.w.encode(cell.init))
	if !t.facts.admit(cell.id, n.Value) {
		n.Op = model.OpFail
		fails(n, model.RangeExceeded, "%s takes more than %d values", t.w.cellName(r), t.facts.most)
		return
	}
	own := func(*config) {}
	if cell.def.owner {
		own = t.ownership(c, n, r, x)
	}
	t.one(n, t.after(c, value{}, own))
}

// mayStore refuses the numbers that stand for what is none.
func (t *thread) mayStore(i *instr, x value) {
	switch n := t.w.encode(x); {
	case n == model.Unset && x.kind != vUnset:
		t.errorf(i.pos, "%d stands for memory that was never set, and cannot be stored", n)
	case n == model.Opaque && x.kind != vUnknown:
		t.errorf(i.pos, "%d stands for a number that is not known, and cannot be stored", n)
	}
}

// ownership tracks the job: who makes it non-zero owns it, and only the owner may change or end it.
func (t *thread) ownership(c *config, n *model.Node, r cellRef, x value) func(*config) {
	id := t.w.cell(r).id
	if !x.isTrue() {
		if !c.owns(id) {
			fails(n, model.JobUnbalanced, "%s is ended by a thread that does not own it", t.w.cellName(r))
		}
		return func(d *config) { d.owned = remove(d.owned, id) }
	}
	if !c.owns(id) {
		n.Checks = append(slices.Clip(n.Checks), model.Check{
			Kind: model.NoJob, Pos: n.Pos, Text: t.w.cellName(r) + " is taken although another thread owns it",
			Cond: &model.Expr{
				Op: model.Eq, X: &model.Expr{Op: model.ReadVar, Var: model.VarID(id)}, Y: &model.Expr{Op: model.Const},
			},
		})
	}
	return func(d *config) { d.owned = insert(d.owned, id) }
}

func (t *thread) primNode(c *config, n *model.Node, i *instr) {
	if i.prim.Effect == vocabulary.Fork {
		t.forkNode(c, n)
		return
	}
	v := c.read(i.args[0])
	if t.remakes(c, i) {
		t.remakeNode(c, n, i, cellRef{v.obj, v.field})
		return
	}
	defer t.usable(n, c, i)
	switch i.prim.Effect {
	case vocabulary.Destroy:
		t.destroyNode(c, n, cellRef{v.obj, v.field})
	case vocabulary.EndThread:
		t.endNode(c, n)
	case vocabulary.StartThread:
		t.startNode(c, n, t.child(v))
	case vocabulary.JoinThread, vocabulary.DetachThread:
		t.joinNode(c, n, i, t.child(v))
	case vocabulary.Lock, vocabulary.TryLock, vocabulary.TimedLock, vocabulary.Unlock:
		t.lockNode(c, n, i, cellRef{v.obj, v.field})
	case vocabulary.Wait:
		t.waitNode(c, n, i, cellRef{v.obj, v.field})
	case vocabulary.Signal, vocabulary.Broadcast:
		r := cellRef{v.obj, v.field}
		n.Op, n.Cond, n.Object = model.OpSignal, model.CondID(t.w.cell(r).id), modelID(v.obj)
		if i.prim.Effect == vocabulary.Broadcast {
			n.Op = model.OpBroadcast
		}
		n.Alive = t.aliveRoots(c, v.obj)
		t.guard(c, n, r)
		t.one(n, t.after(c, intValue(0), nil))
	case vocabulary.Ref, vocabulary.Unref, vocabulary.Remove:
		t.countNode(c, n, i, v.obj)
	case vocabulary.OnceBegin, vocabulary.OnceEnd:
		t.onceNode(c, n, i)
	case vocabulary.SemInit, vocabulary.SemWait, vocabulary.SemTryWait, vocabulary.SemTimedWait,
		vocabulary.SemPost, vocabulary.SemValue:
		t.semNode(c, n, i)
	case vocabulary.BarrierInit, vocabulary.BarrierWait, vocabulary.BarrierDestroy:
		t.barrierNode(c, n, i)
	case vocabulary.ReadLock, vocabulary.TryReadLock, vocabulary.TimedReadLock, vocabulary.WriteLock,
		vocabulary.TryWriteLock,
		vocabulary.TimedWriteLock, vocabulary.RWInit,
		vocabulary.UnlockEither, vocabulary.ReadUnlock, vocabulary.WriteUnlock:
		t.rwlockNode(c, n, i)
	case vocabulary.MutexInit:
		t.initNode(c, n, cellRef{v.obj, v.field}, t.kindGiven(c, i))
	case vocabulary.Free:
		t.freeNode(c, n, t.w.block(v))
	case vocabulary.Find:
		t.findNode(c, n, v.obj)
	case vocabulary.LookUp:
		t.lookUpNode(c, n, v.obj)
	case vocabulary.Access:
		n.Op, n.Object = model.OpAccess, modelID(v.obj)
		n.Alive = t.aliveRoots(c, v.obj)
		t.one(n, t.after(c, intValue(0), nil))
	}
}

func (t *thread) lockNode(c *config, n *model.Node, i *instr, r cellRef) {
	id := t.w.cell(r).id
	n.Lock, n.Object = model.LockID(id), modelID(r.object)
	n.Alive = t.aliveRoots(c, r.object)
	take := func(d *config) { d.held = insert(d.held, id) }
	wrong := t.w.cellName(r) + " is unlocked by a thread that does not hold it"
	switch {
	case i.prim.Effect == vocabulary.Unlock:
		switch {
		case c.depth(id) > 0:
			n.Op = model.OpAccess
			t.one(n, t.after(c, intValue(0), func(d *config) { d.deep = remove(d.deep, id) }))
			return
		case !c.holds(id) && t.notHeld(c, n, i, r, model.BadUnlock, wrong):
			return
		}
		n.Op = model.OpUnlock
		if !c.holds(id) {
			fails(n, model.BadUnlock, "%s", wrong)
		}
		t.one(n, t.after(c, intValue(0), func(d *config) { d.held = remove(d.held, id) }))
	case c.holds(id) && t.lockAgain(c, n, i, r):
	case i.prim.Effect == vocabulary.TryLock,
		i.prim.Effect == vocabulary.TimedLock && (t.spec.Faults.WaitTimeout || c.holds(id)):
		// A thread that waits with a limit in time is one that has not taken its step yet.
		n.Op = model.OpTryLock
		taken, _ := i.prim.Result.Failure()
		n.Out = []model.Outcome{
			{When: 0, Next: t.after(c, intValue(i.prim.Result.Success()), take)},
			{When: 1, Next: t.after(c, intValue(taken), nil)},
		}
	case c.holds(id):
		t.selfDeadlock(n, r)
	default:
		n.Op = model.OpLock
		t.one(n, t.after(c, intValue(0), take))
	}
}

func (t *thread) selfDeadlock(n *model.Node, r cellRef) {
	n.Op = model.OpFail
	fails(n, model.SelfDeadlock, "%s is locked by the thread that holds it already", t.w.cellName(r))
}

func (t *thread) waitNode(c *config, n *model.Node, i *instr, r cellRef) {
	m := c.read(i.args[1])
	lock := t.w.cell(cellRef{m.obj, m.field}).id
	n.Cond, n.Lock, n.Object = model.CondID(t.w.cell(r).id), model.LockID(lock), modelID(r.object)
	n.Alive = t.aliveRoots(c, r.object, m.obj)
	// A mutex that was taken more than once is given back once, and so stays with the thread.
	kept := c.depth(lock) > 0 || c.phase != running && c.holds(lock)
	to := func(p phase) []model.Edge {
		d := c.clone()
		d.phase, d.alive, d.restarts = p, nil, 0
		switch {
		case !kept:
			d.held = remove(d.held, lock)
		case c.phase == running:
			d.deep = remove(d.deep, lock)
		}
		return []model.Edge{{To: t.intern(d)}}
	}
	again := func(d *config) { d.held = insert(d.held, lock) }
	if kept {
		n.Lock = model.None
		again = func(d *config) { d.deeper(lock) }
	}
	faults := t.spec.Faults
	late, limited := i.prim.Result.Failure() // a wait without a limit does not give up
	switch c.phase {
	case running:
		wrong := fmt.Sprintf("%s is waited for without %s", t.w.cellName(r), t.w.cellName(t.w.locks[lock]))
		if !c.holds(lock) && t.notHeld(c, n, i, t.w.locks[lock], model.MissingLock, wrong) {
			return
		}
		n.Op = model.OpWait
		if !c.holds(lock) {
			fails(n, model.MissingLock, "%s", wrong)
		}
		t.one(n, to(sleeping))
	case sleeping:
		n.Op = model.OpSleep
		n.Wake, n.Timed = to(woken)[0].To, i.prim.Timed()
		if limited && (faults.WaitTimeout || faults.SignalStolen) {
			n.Out = append(n.Out, model.Outcome{Label: model.TimedOut, Next: to(gaveUp)})
		}
		if faults.SpuriousWakeup || faults.PosixSpurious && i.prim.Posix() {
			phase := woken
			if limited && faults.SignalStolen {
				phase = startled // there was no signal that could be stolen
			}
			n.Out = append(n.Out, model.Outcome{Label: model.Spuriously, Next: to(phase)})
		}
	case woken:
		n.Op = model.OpReacquire
		t.one(n, t.after(c, intValue(i.prim.Result.Success()), again))
		if limited && faults.SignalStolen {
			n.Out = append(n.Out, model.Outcome{Label: model.Stolen, Next: to(gaveUp)})
		}
	case startled:
		n.Op = model.OpReacquire
		t.one(n, t.after(c, intValue(i.prim.Result.Success()), again))
	case gaveUp:
		n.Op = model.OpReacquire
		t.one(n, t.after(c, intValue(late), again))
	}
}

// countNode builds the steps that change a reference count.
func (t *thread) countNode(c *config, n *model.Node, i *instr, o int) {
	s := t.w.objects[o].strukt
	field := s.refcount
	if s.counted >= 0 && i.prim.Effect != vocabulary.Remove {
		t.countedNode(c, n, i, o)
		return
	}
	if field < 0 {
		t.errorf(i.pos, "%s has no reference count", t.w.objects[o].name)
		n.Op = model.OpFail
		fails(n, model.RefCount, "no reference count")
		return
	}
	r := cellRef{o, field}
	v := t.w.cell(r).id
	t.facts.assign(t.w.fieldKey(r))
	n.Var, n.Object = model.VarID(v), modelID(o)
	n.Alive = t.aliveRoots(c, o)
	t.guard(c, n, r)
	below := int64(1) // by how much the count is less than before
	switch i.prim.Effect {
	case vocabulary.Ref:
		n.Op = model.OpRef
		t.site(v, c)
		below = 0
	case vocabulary.Unref:
		n.Op = model.OpUnref
	case vocabulary.Remove:
		n.Op = model.OpRemove
		listed := cellRef{o, s.listed}
		if listed.field < 0 {
			t.errorf(i.pos, "%s is on no list", t.w.objects[o].name)
			n.Op = model.OpFail
			fails(n, model.RefCount, "on no list")
			return
		}
		t.facts.assign(t.w.fieldKey(listed))
		t.facts.admit(t.w.cell(listed).id, 0)
		t.facts.admit(t.w.cell(listed).id, 1)
		t.guard(c, n, listed)
	}
	for _, count := range t.valuesOf(v) {
		if count -= below; count < 0 || below == 0 && count < 2 {
			continue
		}
		result := t.counted(i, o, count)
		n.Out = append(n.Out, model.Outcome{When: count, Next: t.after(c, result, func(d *config) {
			if count == 0 {
				t.release(d, o)
			}
		})})
	}
}

// release forgets the locks of an object that dies: they die with it.
func (t *thread) release(d *config, o int) {
	gone := func(l int) bool { return t.w.locks[l].object == o }
	d.held, d.deep = slices.DeleteFunc(d.held, gone), slices.DeleteFunc(d.deep, gone)
	d.rw.drop(func(v int) bool { return t.w.enclosing(t.w.vars[v].object) == o })
}

func (t *thread) findNode(c *config, n *model.Node, o int) {
	s := t.w.objects[o].strukt
	lock, listed := cellRef{o, s.mutex}, cellRef{o, s.listed}
	if lock.field < 0 || listed.field < 0 {
		t.errorf(n.Pos, "%s cannot be found: it has no lock, or is on no list", t.w.objects[o].name)
		n.Op = model.OpFail
		fails(n, model.NullVM, "not an object of a list")
		return
	}
	id := t.w.cell(lock).id
	n.Op, n.Object, n.Lock = model.OpFind, modelID(o), model.LockID(id)
	n.Alive = t.aliveRoots(c, o)
	if c.holds(id) {
		if kind, known := t.kindOf(lock); !known || kind == vocabulary.RecursiveMutex {
			t.hintf(n.Pos, "unlock it before",
				"listFind of %s, whose recursive mutex the thread holds, cannot be modelled", t.w.objects[o].name)
		}
		t.selfDeadlock(n, lock)
		return
	}
	if t.assigned(listed) {
		n.Var = model.VarID(t.w.cell(listed).id)
		t.guard(c, n, listed)
		n.Out = append(n.Out, model.Outcome{When: 0, Next: t.after(c, intValue(0), nil)})
	}
	n.Out = append(n.Out, model.Outcome{When: 1, Next: t.after(c, objectValue(o), func(d *config) {
		d.held = insert(d.held, id)
	})})
}

// lookUpNode asks the list and not the object, which may be gone: it needs not be alive.
func (t *thread) lookUpNode(c *config, n *model.Node, o int) {
	listed := cellRef{o, t.w.objects[o].strukt.listed}
	v := t.w.cell(listed).id
	n.Op, n.Var, n.Object = model.OpLoad, model.VarID(v), modelID(o)
	for _, x := range t.valuesOf(v) {
		found := intValue(0)
		if x != 0 {
			found = objectValue(o)
		}
		n.Out = append(n.Out, model.Outcome{When: x, Next: t.after(c, found, nil)})
	}
}
