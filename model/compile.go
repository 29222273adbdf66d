package model

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"unsafe"
)

// Bounds limit the making of a machine. The zero value does not.
type Bounds struct {
	Bytes   int64       // that it may take; 0: any number
	Stopped func() bool // asked now and then; nil: never
}

// The errors of a machine that does not keep its [Bounds].
var (
	ErrTooLarge = errors.New("model: the machine takes too much memory")
	ErrStopped  = errors.New("model: stopped")
)

// NewMachine compiles p. The width of S must be [Width](p).
func NewMachine[S Words](p *Program) (*Machine[S], error) { return NewMachineWithin[S](p, Bounds{}) }

// NewMachineWithin compiles p unless that exceeds the bounds.
func NewMachineWithin[S Words](p *Program, within Bounds) (*Machine[S], error) {
	l, err := newLayout(p)
	if err != nil {
		return nil, err
	}
	var zero S
	if len(zero) != l.width {
		return nil, fmt.Errorf("model: a state of %d words does not fit a program of %d", len(zero), l.width)
	}
	if len(p.Threads) > MaxThreads {
		return nil, fmt.Errorf("model: %d threads are more than %d", len(p.Threads), MaxThreads)
	}
	c := &compiler[S]{m: &Machine[S]{Program: p, layout: l}, p: p, within: within}
	if err := livesFit(p); err != nil {
		return nil, err
	}
	c.m.leading, c.m.allocates = p.leading()
	c.sleepers()
	c.lives()
	for t := range p.Threads {
		if len(p.Threads[t].Start) == 0 {
			return nil, fmt.Errorf("model: %s begins nowhere", p.Threads[t].Name)
		}
		if err := c.thread(t); err != nil {
			return nil, err
		}
	}
	c.starts()
	return c.m, nil
}

// compiler turns nodes into rules. The rules of one node stand together, so that stepping reads
// them in order.
type compiler[S Words] struct {
	m      *Machine[S]
	p      *Program
	within Bounds
	sleep  []uint32 // by condition: the threads that may sleep on it
	gated  [][]bool // by thread that another starts, and node: it may stand there before that
}

// look tells whether the machine still keeps its bounds.
func (c *compiler[S]) look() error {
	var r rule[S]
	var info Step
	switch n := int64(len(c.m.rules)); {
	case n > math.MaxInt32/2, c.within.Bytes > 0 && n*int64(unsafe.Sizeof(r)+unsafe.Sizeof(info)) > c.within.Bytes:
		return ErrTooLarge
	case c.within.Stopped != nil && c.within.Stopped():
		return ErrStopped
	}
	return nil
}

// sleepers finds out who may sleep on which condition.
func (c *compiler[S]) sleepers() {
	c.sleep = make([]uint32, len(c.p.Conds))
	for t := range c.p.Threads {
		for n := range c.p.Threads[t].Nodes {
			if s := &c.p.Threads[t].Nodes[n]; s.Op == OpSleep {
				c.sleep[s.Cond] |= 1 << t
			}
		}
	}
}

// livesFit reports what could not be told from a field of bits: gates are 0 or 1, and no end of the
// process is 0, the first value.
func livesFit(p *Program) error {
	for v := range p.Vars {
		x := &p.Vars[v]
		if x.Starts > 0 && !slices.Equal(x.Values, []int64{0, 1}) || x.Exit && x.Values[0] != 0 {
			return fmt.Errorf("model: %s takes other values than the life of a thread has", x.Name)
		}
	}
	return nil
}

// lives finds the variables that say which threads exist, and whether the process does.
func (c *compiler[S]) lives() {
	c.m.gates = make([]field, len(c.p.Threads))
	c.gated = make([][]bool, len(c.p.Threads))
	for t, v := range c.p.Gates() {
		if v == None {
			continue
		}
		c.m.gates[t] = c.m.layout.vars[v]
		c.gated[t] = make([]bool, len(c.p.Threads[t].Nodes))
		for _, e := range c.p.Threads[t].Start {
			c.gated[t][e.To] = true
		}
	}
	if v := c.p.Exit(); v != None {
		c.m.exit = c.m.layout.vars[v]
	}
}

func (c *compiler[S]) thread(t int) error {
	th := &c.p.Threads[t]
	code := threadCode[S]{
		pc: c.m.layout.pc[t], nodes: make([]nodeCode[S], len(th.Nodes)),
		fanout: make([]int32, len(th.Nodes)), beds: make([]bed, len(th.Nodes)),
	}
	most := 1
	c.m.outside = c.m.outside || slices.ContainsFunc(th.Nodes, func(n Node) bool { return n.Outside })
	for n := range th.Nodes {
		if n%64 == 0 {
			if err := c.look(); err != nil {
				return err
			}
		}
		nc := nodeComp[S]{compiler: c, thread: t, id: NodeID(n), node: &th.Nodes[n]}
		code.nodes[n] = nc.compile()
		f := code.nodes[n].fanout()
		code.fanout[n] = int32(f)
		code.beds[n].cond = None
		if s := &th.Nodes[n]; s.Op == OpSleep {
			code.beds[n] = bed{s.Cond, s.Wake}
		}
		most = max(most, f)
	}
	c.m.threads = append(c.m.threads, code)
	c.m.maxSucc += most
	c.m.maxFanout = max(c.m.maxFanout, most)
	return nil
}

// code is the index of a value among those that the variable can take.
func (c *compiler[S]) code(v VarID, value int64) uint64 {
	i, ok := slices.BinarySearch(c.p.Vars[v].Values, value)
	if !ok {
		panic(fmt.Sprintf("model: %s never takes the value %d", c.p.Vars[v].Name, value))
	}
	return uint64(i)
}

// nodeComp compiles one node.
type nodeComp[S Words] struct {
	*compiler[S]
	thread int
	id     NodeID
	node   *Node
}

func (c *nodeComp[S]) compile() nodeCode[S] {
	var code nodeCode[S]
	first := len(c.m.rules)
	code.fails = c.span(c.fails)
	c.gate(&code, first)
	first = len(c.m.rules)
	code.suspects = c.suspects(code.fails)
	switch n := c.node; n.Op {
	case OpFinish, OpFail:
		code.spans = []span{c.span(func() {})}
	case OpLock:
		code.spans = c.one(func(r *rule[S]) { c.acquire(r, n.Lock) })
	case OpUnlock:
		code.spans = c.one(func(r *rule[S]) { c.clear(r, c.m.layout.locks[n.Lock]) })
	case OpWait:
		code.spans = c.one(func(r *rule[S]) {
			if n.Lock != None {
				c.clear(r, c.m.layout.locks[n.Lock])
			}
		})
	case OpAccess:
		code.spans = c.one(func(*rule[S]) {})
	case OpStore:
		code.spans = c.one(func(r *rule[S]) { c.assign(r, c.m.layout.vars[n.Var], c.code(n.Var, n.Value)) })
	case OpTryLock:
		code.sel = c.m.layout.locks[n.Lock]
		code.spans = c.each(2, func(held uint64, o *Outcome) (func(*rule[S]), bool) {
			return func(r *rule[S]) {
				if held == 0 {
					c.acquire(r, n.Lock)
				}
			}, o.When == int64(held)
		})
	case OpSleep:
		code.spans = []span{c.span(func() {
			for i := range n.Out {
				c.outcome(&n.Out[i], func(*rule[S]) {})
			}
		})}
	case OpReacquire:
		code.spans = []span{c.span(func() {
			for i := range n.Out {
				c.outcome(&n.Out[i], func(r *rule[S]) {
					if n.Out[i].Label == Normal && n.Lock != None {
						c.acquire(r, n.Lock)
					}
				})
			}
		})}
	case OpSignal, OpBroadcast:
		code.how, code.own, code.cond = signal, int32(len(n.Out[0].Next)), n.Cond
		code.sleepers = c.sleep[n.Cond] &^ (1 << c.thread)
		if n.Op == OpBroadcast {
			code.how = broadcast
		}
		code.spans = []span{c.span(c.wakers)}
	case OpLoad:
		if n.Open {
			c.partial(&code, func(*Outcome, *rule[S]) {})
			break
		}
		code.sel = c.m.layout.vars[n.Var]
		values := c.p.Vars[n.Var].Values
		code.spans = c.each(len(values), func(i uint64, o *Outcome) (func(*rule[S]), bool) {
			return func(*rule[S]) {}, o.When == values[i]
		})
	case OpUpdate:
		if n.Open {
			c.partial(&code, func(o *Outcome, r *rule[S]) { c.assign(r, c.m.layout.vars[n.Var], c.code(n.Var, o.Set)) })
			break
		}
		code.sel = c.m.layout.vars[n.Var]
		values := c.p.Vars[n.Var].Values
		code.spans = c.each(len(values), func(i uint64, o *Outcome) (func(*rule[S]), bool) {
			return func(r *rule[S]) { c.assign(r, c.m.layout.vars[n.Var], c.code(n.Var, o.Set)) }, o.When == values[i]
		})
	case OpRef, OpUnref, OpRemove:
		if n.Open {
			c.partial(&code, func(o *Outcome, r *rule[S]) { c.counts(r, o.When) })
			break
		}
		code.sel = c.m.layout.vars[n.Var]
		code.spans = c.count()
	case OpRestart:
		code.spans = []span{c.span(func() {
			for i := range n.Out {
				c.outcome(&n.Out[i], c.restart)
			}
		})}
	case OpFork:
		code.spans = []span{c.span(func() {
			c.outcome(&n.Out[0], func(*rule[S]) {})
			c.outcome(&n.Out[1], c.leave)
		})}
	case OpFind:
		code.sel, code.spans = c.find()
	default:
		panic(fmt.Sprintf("model: no code for %s", n.Op))
	}
	code.first = code.spans[0]
	c.gate(&code, first)
	if code.how == plain {
		c.common(&code)
	}
	return code
}

// gate lets the rules from first on wait until the thread was started.
func (c *nodeComp[S]) gate(code *nodeCode[S], first int) {
	if c.gated[c.thread] == nil || !c.gated[c.thread][c.id] {
		return
	}
	started := rule[S]{}
	c.guard(&started, c.m.gates[c.thread], 1)
	code.guard, code.want = started.guard, started.want
	for i := first; i < len(c.m.rules); i++ {
		c.guard(&c.m.rules[i], c.m.gates[c.thread], 1)
	}
}

func (c *nodeComp[S]) span(emit func()) span {
	lo := int32(len(c.m.rules))
	emit()
	return span{lo, int32(len(c.m.rules))}
}

// one compiles a node with a single outcome.
func (c *nodeComp[S]) one(effect func(*rule[S])) []span {
	return []span{c.span(func() { c.outcome(&c.node.Out[0], effect) })}
}

// each compiles a node whose rules are picked by a field with n values: pick says which outcome
// belongs to which.
func (c *nodeComp[S]) each(n int, pick func(uint64, *Outcome) (func(*rule[S]), bool)) []span {
	spans := make([]span, n)
	for v := range spans {
		spans[v] = c.span(func() {
			for i := range c.node.Out {
				if effect, ok := pick(uint64(v), &c.node.Out[i]); ok {
					c.outcome(&c.node.Out[i], effect)
				}
			}
		})
	}
	return spans
}

// count compiles the steps on a reference count. A count of 0 has no rule: the object is freed, and
// the step failed.
func (c *nodeComp[S]) count() []span {
	n := c.node
	values := c.p.Vars[n.Var].Values
	return c.each(len(values), func(i uint64, o *Outcome) (func(*rule[S]), bool) {
		delta := int64(-1)
		if n.Op == OpRef {
			delta = 1
		}
		after := values[i] + delta
		return func(r *rule[S]) { c.counts(r, after) }, o.When == after && values[i] > 0
	})
}

// counts is what a step on a reference count does that leaves so many references.
func (c *nodeComp[S]) counts(r *rule[S], after int64) {
	n := c.node
	c.assign(r, c.m.layout.vars[n.Var], c.code(n.Var, after))
	if listed := c.p.Objects[n.Object].Listed; n.Op == OpRemove && listed != None {
		c.assign(r, c.m.layout.vars[listed], c.code(listed, 0))
	}
	if after == 0 {
		c.free(r, n.Object)
	}
}

// leave puts all others where they are not there any more.
func (c *nodeComp[S]) leave(r *rule[S]) {
	for t, to := range c.node.Cut {
		if t != c.thread {
			c.assign(r, c.m.layout.pc[t], uint64(to))
		}
	}
}

// restart puts back everything but the thread's own location and what persists.
func (c *nodeComp[S]) restart(r *rule[S]) {
	c.leave(r)
	for l := range c.p.Locks {
		c.clear(r, c.m.layout.locks[l])
	}
	for v := range c.p.Vars {
		if x := &c.p.Vars[v]; !x.Persistent {
			c.assign(r, c.m.layout.vars[v], c.code(VarID(v), x.Initial))
		}
	}
}

// free releases the locks of an object that dies: whoever waits for one of them goes on, into a use
// after release.
func (c *nodeComp[S]) free(r *rule[S], o ObjectID) {
	for l := range c.p.Locks {
		if c.p.Locks[l].Object == o {
			c.clear(r, c.m.layout.locks[l])
		}
	}
}

func (c *nodeComp[S]) find() (field, []span) {
	n := c.node
	listed := c.p.Objects[n.Object].Listed
	acquire := func(r *rule[S]) { c.acquire(r, n.Lock) }
	if listed == None {
		return field{}, []span{c.span(func() {
			for i := range n.Out {
				if n.Out[i].When == 1 {
					c.outcome(&n.Out[i], acquire)
				}
			}
		})}
	}
	values := c.p.Vars[listed].Values // only 1, where nobody removes this object
	return c.m.layout.vars[listed], c.each(len(values), func(i uint64, o *Outcome) (func(*rule[S]), bool) {
		if values[i] == 0 {
			return func(*rule[S]) {}, o.When == 0
		}
		return acquire, o.When == 1
	})
}

// outcome emits one rule for every edge of o.
func (c *nodeComp[S]) outcome(o *Outcome, effect func(*rule[S])) {
	for i := range o.Next {
		e := &o.Next[i]
		var r rule[S]
		effect(&r)
		c.move(&r, c.thread, c.id, e.To)
		to := &c.p.Threads[c.thread].Nodes[e.To]
		info := Step{
			Thread: c.thread, Node: c.id, To: e.To, Label: o.Label, When: o.When, Woken: None,
			Round: e.Round || to.Op == OpFinish, Path: e.Path,
		}
		if to.Op == OpFinish && !to.Outside && len(to.Held)+len(to.Owns) > 0 {
			info.leak = LockLeak
		}
		info.Optional = c.node.Optional(o)
		c.add(r, info)
	}
}

// wakers emits the rules of a signal or broadcast: the signaller's own step, one rule for each way
// on; then, of a signal, the same once more for each thread that it may wake. Where the woken
// thread goes its own location says.
func (c *nodeComp[S]) wakers() {
	own := &c.node.Out[0]
	c.outcome(own, func(*rule[S]) {})
	if c.node.Op != OpSignal {
		return
	}
	for rest := c.sleep[c.node.Cond] &^ (1 << c.thread); rest != 0; rest &= rest - 1 {
		c.outcome(own, func(*rule[S]) {})
		for i := len(c.m.infos) - len(own.Next); i < len(c.m.infos); i++ {
			c.m.infos[i].Woken = bits.TrailingZeros32(rest)
		}
	}
}

func (c *nodeComp[S]) add(r rule[S], info Step) {
	c.m.rules = append(c.m.rules, r)
	c.m.infos = append(c.m.infos, info)
	c.m.leaks = append(c.m.leaks, info.leak != "")
	c.m.mayLeak = c.m.mayLeak || info.leak != ""
	c.m.completes = append(c.m.completes, info.Round)
	c.m.optional = append(c.m.optional, info.Optional)
	c.m.mayStay = c.m.mayStay || info.Optional
	c.m.actors = append(c.m.actors, uint8(info.Thread))
}

func (c *nodeComp[S]) guard(r *rule[S], f field, v uint64) {
	r.guard[f.word] |= f.bits()
	r.want[f.word] |= f.place(v)
}

func (c *nodeComp[S]) clear(r *rule[S], f field) { r.clear[f.word] |= f.bits() }

func (c *nodeComp[S]) assign(r *rule[S], f field, v uint64) {
	c.clear(r, f)
	r.set[f.word] |= f.place(v)
}

func (c *nodeComp[S]) acquire(r *rule[S], l LockID) {
	f := c.m.layout.locks[l]
	c.guard(r, f, 0)
	c.assign(r, f, 1)
}

// move takes a thread from one node to another.
func (c *nodeComp[S]) move(r *rule[S], t int, from, to NodeID) {
	if from != to {
		c.assign(r, c.m.layout.pc[t], uint64(to))
	}
}
