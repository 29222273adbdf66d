package lower

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// A thread that another starts is an automaton like any other, made for the function, the argument
// and the thread that starts it, as memory is made in pools: the first time, the second time, and
// so on. It takes no step before it was started, and is never used again. What has become of it
// stands in an object of its own.

// birth is how a thread comes to be that another starts.
type birth struct {
	record   int  // the object
	joinable bool // somebody may wait for it
	joined   fieldFact
	wanted   fieldFact // somebody who joins it wants the result
	results  []value   // by number; the first stands for one that nobody wants
}

// The fields of a record.
const (
	startedField = iota
	endedField
)

// What the second field says: a thread that can be joined, one that cannot, because it was joined
// or detached already, or, from there on, the number of the result of one that has ended and can be
// joined.
const (
	lifeJoinable = 0
	lifeNobodys  = model.LifeTaken
	lifeEnded    = lifeNobodys + 1
)

// threadStruct is what a record looks like, and what GLib's pointers to threads lead to.
var threadStruct = newRecord("_GThread", "started", "ended")

// processStruct has the field that says whether the process has ended.
var processStruct = newRecord("process", "exited")

func newRecord(tag string, fields ...string) *structDef {
	s := &structDef{tag: tag, defined: true, index: map[string]int{}, refcount: -1, counted: -1, listed: -1, mutex: -1}
	for _, f := range fields {
		s.fields = append(s.fields, &fieldDef{name: f, typ: atomicOf(intType)})
	}
	return s
}

func routineOf(result *typ) *typ {
	return pointerTo(&typ{kind: tFunction, params: []*typ{anyType}, result: result})
}

func (b *birth) gate() cellRef { return cellRef{b.record, startedField} }
func (b *birth) life() cellRef { return cellRef{b.record, endedField} }

// exitVar is the variable that says whether the process has ended.
func (w *world) exitVar() model.VarID {
	if w.process == 0 {
		w.process = w.instance(processStruct, "process", -1, 0)
	}
	return model.VarID(w.cell(cellRef{w.process, 0}).id)
}

// lifeOf says of a variable whether it is about the life of a thread, or of the process.
func (p *assembly) lifeOf(r cellRef, v *model.Var) {
	v.Exit = p.process > 0 && r.object == p.process
	for t, x := range p.threads {
		switch {
		case x.birth == nil || x.birth.record != r.object:
		case r.field == startedField:
			v.Starts = t + 1
		default:
			v.Life = t + 1
		}
	}
}

// child is the thread that a value names, nil when it names none that another starts.
func (p *assembly) child(v value) *thread {
	for i, t := range p.threads {
		if t.birth != nil && (v == intValue(int64(i+1)) || v == objectValue(t.birth.record)) {
			return t
		}
	}
	return nil
}

// threadStep carries out what is about threads, where is says that it is. It reports whether that
// is a step.
func (t *thread) threadStep(c *config, i *instr) (is, step bool) {
	if c.child && t.refusesInChild(c, i) {
		return true, true
	}
	switch i.prim.Effect {
	case vocabulary.Fork:
		return true, true
	case vocabulary.MakeThread:
		return true, t.makes(c, i)
	case vocabulary.StartThread:
		return true, true
	case vocabulary.JoinThread, vocabulary.DetachThread:
		return true, t.joins(c, i)
	case vocabulary.EndThread:
		return true, t.exits(c, i)
	case vocabulary.EndProcess:
		t.retire(c, exiting, intValue(model.ExitAnyhow))
		return true, true
	case vocabulary.Abort:
		c.fail = &model.Check{Kind: model.AssertKind, Pos: i.pos, Text: i.text() + " is reached"}
		return true, true
	}
	return false, false
}

// makes finds the thread that a call will start. It reports whether that fails.
func (t *thread) makes(c *config, i *instr) bool {
	routine, arg, joinable := c.read(i.args[0]), c.read(i.args[1]), c.read(i.args[2]).isTrue()
	if routine.isNull() {
		c.fail = &model.Check{Kind: model.NullVM, Pos: i.pos, Text: i.text() + " starts a thread at a NULL pointer"}
		return true
	}
	refuse := func(hint, format string, args ...any) bool {
		t.hintf(i.pos, hint, format, args...)
		t.undefined(c, i, "what was refused")
		return true
	}
	if routine.kind != vFunction {
		return refuse("", "%s starts a thread at something that is not a function", i.text())
	}
	f := t.w.numbered[routine.n]
	switch {
	case len(f.params) != 1:
		return refuse("", "%s starts %s, which takes %s", i.text(), f.name, plural(len(f.params), "argument"))
	case f.params[0].kind != tPointer && arg.kind != vInt:
		return refuse("", "%s gives %s a pointer, and it takes %s", i.text(), f.name, f.params[0])
	case t.w.isLocal(arg):
		c.fail = t.shares(arg)
		return true
	case arg.kind == vDangling:
		t.dangling(c, i, arg)
		return true
	}
	key := fmt.Sprint(t.self(), f.number, arg, joinable)
	pool := t.children[key]
	if pool == nil {
		pool = newPool(-1 - len(t.children))
		t.children[key] = pool
	}
	n, _ := c.count(pool)
	if n == len(pool.objects) {
		if len(t.threads) == model.MaxThreads {
			c.fail = &model.Check{
				Kind: model.ThreadsExceeded, Pos: i.pos, Text: fmt.Sprintf("%s starts one of more than %d threads", i.text(),
					model.MaxThreads),
			}
			return true
		}
		pool.objects = append(pool.objects, t.bear(i, f, arg, joinable))
	}
	c.makes(pool)
	made := t.threads[pool.objects[n]-1]
	if i.prim.Result == vocabulary.ThreadObject {
		c.local(objectValue(made.birth.record))
	} else {
		c.local(intValue(int64(pool.objects[n])))
	}
	return false
}

func newPool(id int) *pool { return &pool{id: id} }

// bear adds a thread to the program, and returns its number.
func (t *thread) bear(i *instr, f *function, arg value, joinable bool) int {
	p := t.assembly
	number := len(p.threads) + 1
	spec := Thread{Pos: i.pos, Function: f.name, Faults: t.spec.Faults}
	record, ok := p.records[number]
	if !ok {
		record = p.instance(threadStruct, fmt.Sprintf("T%d", number), -1, 0)
		p.records[number] = record
	}
	p.world.threadLocals(number)
	child := newThread(p, number, spec, []value{f.params[0].of(arg)})
	child.birth = &birth{record: record, joinable: joinable, results: []value{intValue(0)}}
	shown := t.show(arg)
	if f.params[0].kind == tPointer && arg.isNull() {
		shown = "NULL"
	}
	child.name = f.name + "(" + shown + ")"
	child.specs = []Thread{spec}
	p.threads = append(p.threads, child)
	p.lefts()
	p.facts.moved = p.facts.moved || p.open
	p.facts.change(&p.facts.several)
	gate := p.cell(child.birth.gate()).id
	p.facts.assign(p.fieldKey(child.birth.gate()))
	p.facts.admit(gate, 0)
	p.facts.admit(gate, 1)
	return number
}

// startNode is the step with which a thread begins to exist.
func (t *thread) startNode(c *config, n *model.Node, child *thread) {
	r := child.birth.gate()
	n.Op, n.Var, n.Object, n.Value = model.OpStore, model.VarID(t.w.cell(r).id), modelID(r.object), 1
	n.Alive, n.Atomic = t.aliveRoots(c), true
	t.one(n, t.after(c, intValue(0), nil))
}

// joins looks at the thread that is to be joined or detached. It reports whether that is a step.
func (t *thread) joins(c *config, i *instr) bool {
	v := c.read(i.args[0])
	if v.isNull() && i.prim.Params[0] == vocabulary.ThreadPointer {
		t.null(c, i)
		return true
	}
	child := t.child(v)
	switch {
	case v.kind == vUnknown:
		t.errorf(i.pos, "%s: which thread that is cannot be told", i.text())
		t.undefined(c, i, "what was refused")
	case child == nil && v.kind == vInt && v.n > 0 && v.n <= int64(len(t.threads)):
		t.errorf(i.pos, "%s is about T%d, which the scenario names: who may wait for it is not known", i.text(), v.n)
		t.undefined(c, i, "what was refused")
		return true
	case child == nil:
		t.undefined(c, i, "%s is about something that is no thread", i.text())
	case child == t && i.prim.Effect == vocabulary.JoinThread:
		t.undefined(c, i, "a thread waits for itself")
	case !child.birth.joinable:
		t.undefined(c, i, "%s was started as one for which nobody waits", child.name)
	}
	return true
}

// joinNode is the step that waits until a thread has ended, or says that nobody will. Neither may
// be done after either.
func (t *thread) joinNode(c *config, n *model.Node, i *instr, child *thread) {
	join := i.prim.Effect == vocabulary.JoinThread
	if join {
		t.facts.change(&child.birth.joined)
	}
	if join && i.dst >= 0 {
		t.facts.change(&child.birth.wanted)
	}
	s := t.record(c, n, i, child)
	for _, x := range s.values(false) {
		switch {
		case x == lifeNobodys:
			s.undefined(x, "%s was joined or detached already", child.name)
		case !join:
			s.to(x, lifeNobodys, intValue(0))
		case x >= lifeEnded:
			s.to(x, lifeNobodys, child.birth.results[x-lifeEnded])
		}
	}
}

// record is a step on what has become of a thread.
func (t *thread) record(c *config, n *model.Node, i *instr, of *thread) *syncStep {
	s := &syncStep{t, c, n, i, of.birth.life()}
	n.Op, n.Var, n.Object = model.OpUpdate, model.VarID(t.w.cell(s.r).id), modelID(s.r.object)
	n.Alive = t.aliveRoots(c)
	t.facts.assign(t.w.fieldKey(s.r))
	return s
}

// comesToEnd reports whether a return is the last of its thread, and a step.
func (t *thread) comesToEnd(c *config, i *instr) bool {
	switch {
	case len(c.frames) > 1:
		return false
	case t.isMain() && t.changes(&t.facts.several):
		t.retire(c, exiting, intValue(model.ExitAtEnd))
		return true
	}
	return t.leaves(c) || t.tells(c, c.read(i.a))
}

// tells reports whether the end of a thread is a step: where somebody may wait for it, and where
// there would be none before it.
func (t *thread) tells(c *config, result value) bool {
	if t.birth == nil || !t.changes(&t.birth.joined) && t.at != atStart {
		return false
	}
	c.gives = t.given(result)
	if !t.changes(&t.birth.wanted) {
		result = intValue(0)
	}
	if t.w.isLocal(result) {
		result = value{kind: vDangling}
	}
	t.retire(c, ending, result)
	return true
}

// isMain reports whether the thread is C's main, whose end is that of the process.
func (t *thread) isMain() bool {
	return t.birth == nil && t.spec.Function == "main" && !t.spec.Loop && t.functions["main"].result.kind == tInt
}

// exits ends the thread where it stands, and before that its local variables that others may see,
// the last one first. It reports whether that is a step.
func (t *thread) exits(c *config, i *instr) bool {
	for k := range c.frames {
		if f := c.frames[k].f; f.cleans {
			t.hintf(i.pos, "return from the function", "%s may clean up the variables of %s, or not", i.text(), f.name)
			break
		}
	}
	if t.spec.Loop {
		t.errorf(i.pos, "%s ends a thread that loops", i.text())
	}
	if c.lastAlive() >= 0 || t.leak(c, i) || t.leaves(c) || t.tells(c, c.read(i.args[0])) {
		return true
	}
	gives := t.given(c.read(i.args[0]))
	c.frames, c.gives = nil, gives
	return false
}

// retire brings a thread to its last step: it has no use for its variables any more.
func (t *thread) retire(c *config, p phase, result value) {
	c.phase, c.result = p, result
	for k := range c.frames {
		c.frames[k].slots, c.frames[k].lives = newSlots(len(c.frames[k].f.slots)), nil
	}
}

// lastNode is the step with which a thread says that it has ended.
func (t *thread) lastNode(c *config, n *model.Node, i *instr) {
	s := t.record(c, n, i, t)
	for _, x := range s.values(false) {
		set := x
		if x == lifeJoinable {
			set = lifeEnded + t.birth.number(c.result, t.changes(&t.birth.wanted))
		}
		if x <= lifeNobodys {
			s.next(x, set, func() []model.Edge { return t.finished(c) })
		}
	}
}

// number is that of a result.
func (b *birth) number(result value, wanted bool) int64 {
	if !wanted {
		return 0
	}
	k := slices.Index(b.results[1:], result) + 1
	if k == 0 {
		k = len(b.results)
		b.results = append(b.results, result)
	}
	return int64(k)
}

// finished leads to the end of the thread.
func (t *thread) finished(c *config) []model.Edge {
	d := c.clone()
	d.frames, d.phase, d.result, d.alive = nil, over, value{}, nil
	return t.edges(d)
}

// exitNode is the step that ends the process. Who does so where it stands is not asked what it
// holds.
func (t *thread) exitNode(c *config, n *model.Node) {
	v := t.w.exitVar()
	r := t.w.vars[v]
	n.Op, n.Var, n.Object, n.Value = model.OpStore, v, modelID(r.object), c.result.n
	n.Alive, n.Atomic = t.aliveRoots(c), true
	t.facts.assign(t.w.fieldKey(r))
	t.facts.admit(int(v), 0)
	t.facts.admit(int(v), n.Value)
	d := c.clone()
	if n.Value == model.ExitAnyhow {
		d.held, d.owned, d.rw = nil, nil, holdings{}
	}
	t.one(n, t.finished(d))
}
