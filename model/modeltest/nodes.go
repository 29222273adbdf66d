package modeltest

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/model"
)

var texts = map[stmtOp]string{
	sLock: "lock", sUnlock: "unlock", sTryLock: "trylock", sWait: "wait", sSignal: "signal", sBroadcast: "broadcast",
	sStore: "store", sAdd: "add", sSwap: "swap", sTakeOne: "take one", sMaybe: "set or not",
	sBranch: "load", sWhile: "load", sRef: "ref", sUnref: "unref", sRemove: "remove", sFind: "find",
	sAccess: "touch", sTake: "take", sGive: "give", sTouchJob: "load", sFail: "fail",
	sStart: "start", sExit: "exit", sEnd: "end", sJoin: "join", sDetach: "detach",
}

// node makes the step at a place.
func (a *automaton) node(p *place) model.Node {
	n := model.Node{Object: model.None, Lock: model.None, Cond: model.None, Var: model.None, Held: p.held, Owns: p.owns}
	c := &a.code[p.at]
	for _, at := range p.due {
		n.Checks = append(n.Checks, a.condition(at, a.code[at].check))
	}
	n.Pos, n.Text = position(p.at), fmt.Sprintf("%s %d", texts[c.op], p.at)
	n.Calls = []model.Call{{Function: "body", Pos: n.Pos}}
	if c.goes == ends {
		n.Text, n.Calls = "", nil
		if len(p.due) == 0 {
			return n // OpFinish
		}
		n.Op, n.Object = model.OpAccess, a.w.globals.object
		n.Alive = a.roots(p.due)
		a.leads(&n, 0, &place{at: p.at, held: p.held, owns: p.owns}, p.at)
		return n
	}
	a.step(&n, p, c)
	return n
}

func (a *automaton) step(n *model.Node, p *place, c *code) {
	n.Object = a.object(c.a)
	switch c.op {
	case sLock, sUnlock, sTryLock:
		a.locking(n, p, c)
	case sWait:
		a.waiting(n, p, c)
	case sSignal, sBroadcast:
		n.Op, n.Cond = model.OpSignal, a.cond(c.a)
		if c.op == sBroadcast {
			n.Op = model.OpBroadcast
		}
		n.Object = a.w.p.Conds[n.Cond].Object
		n.Alive = a.roots(p.due, n.Object)
		a.leads(n, 0, p, c.to)
	case sStore:
		v := a.plain(c.a)
		n.Atomic = c.atomic
		n.Op, n.Var, n.Value, n.Object = model.OpStore, v, c.value, a.w.p.Vars[v].Object
		if values := a.w.p.Vars[v].Values; c.self {
			n.Value = values[a.self%len(values)]
		}
		n.Alive = a.roots(p.due, n.Object)
		a.leads(n, 0, p, c.to)
	case sAdd, sSwap, sTakeOne, sMaybe:
		a.updating(n, p, c)
	case sBranch, sWhile:
		n.Atomic = c.atomic
		a.loading(n, p, c, a.plain(c.a), func(x int64) bool { return x == c.value })
	case sTouchJob:
		a.loading(n, p, c, a.domain(c.a).job, func(x int64) bool { return x != 0 })
	case sTake, sGive:
		a.job(n, p, c)
	case sRef, sUnref, sRemove:
		a.counting(n, p, c)
	case sFind:
		a.finding(n, p, c)
	case sAccess:
		n.Op = model.OpAccess
		n.Alive = a.roots(p.due, n.Object)
		a.leads(n, 0, p, c.to)
	case sEnd, sJoin, sDetach:
		a.outliving(n, p, c)
	case sStart, sExit:
		n.Op, n.Var, n.Value, n.Object = model.OpStore, a.w.gate, 1, model.None
		if c.op == sExit {
			n.Var, n.Value = a.w.exit, c.value
		}
		n.Alive, n.Atomic = a.roots(p.due), true
		a.leads(n, 0, p, c.to)
	case sFail:
		a.fails(n, model.NullVM)
	}
}

// leads adds an outcome after which the thread goes on somewhere, with what it holds at p.
func (a *automaton) leads(n *model.Node, when int64, p *place, to int) {
	n.Out = append(n.Out, model.Outcome{When: when, Next: a.edges(place{at: to, held: p.held, owns: p.owns}, false)})
}

// fails makes the step one that cannot go well; its violation comes last.
func (a *automaton) fails(n *model.Node, kind model.Kind) {
	n.Op = model.OpFail
	a.never(n, kind)
}

func (a *automaton) never(n *model.Node, kind model.Kind) {
	n.Checks = append(n.Checks, model.Check{Kind: kind, Pos: n.Pos, Text: "not here"})
}

func (a *automaton) locking(n *model.Node, p *place, c *code) {
	l := a.lock(c.a)
	n.Lock, n.Object = l, a.w.p.Locks[l].Object
	n.Alive = a.roots(p.due, n.Object)
	got := &place{held: with(p.held, l), owns: p.owns}
	switch {
	case c.op == sUnlock:
		n.Op = model.OpUnlock
		if !slices.Contains(p.held, l) {
			a.never(n, model.BadUnlock)
		}
		a.leads(n, 0, &place{held: without(p.held, l), owns: p.owns}, c.to)
	case c.op == sTryLock:
		n.Op = model.OpTryLock
		if !slices.Contains(p.held, l) {
			a.leads(n, 0, got, c.to)
		}
		a.leads(n, 1, p, c.other)
	case slices.Contains(p.held, l):
		a.fails(n, model.SelfDeadlock)
	default:
		n.Op = model.OpLock
		a.leads(n, 0, got, c.to)
	}
}

// waiting makes the node of a wait's phase.
func (a *automaton) waiting(n *model.Node, p *place, c *code) {
	l := a.lock(c.b)
	n.Cond, n.Lock, n.Object = a.cond(c.a), l, a.w.p.Conds[a.cond(c.a)].Object
	n.Alive = a.roots(p.due, n.Object)
	held := without(p.held, l)
	keeps := c.keeps && slices.Contains(p.held, l)
	if keeps {
		n.Lock, held = model.None, p.held
	}
	to := func(x phase) []model.Edge {
		return []model.Edge{{To: a.intern(place{at: p.at, phase: x, held: held, owns: p.owns})}}
	}
	again := &place{held: with(p.held, l), owns: p.owns}
	switch p.phase {
	case fresh:
		n.Op = model.OpWait
		if !slices.Contains(p.held, l) {
			a.never(n, model.MissingLock)
		}
		n.Out = []model.Outcome{{Next: to(asleep)}}
	case asleep:
		n.Op, n.Wake, n.Timed = model.OpSleep, to(woken)[0].To, a.faults.timed
		if a.faults.timeout {
			n.Out = append(n.Out, model.Outcome{Label: model.TimedOut, Next: to(gaveUp)})
		}
		if a.faults.spurious {
			n.Out = append(n.Out, model.Outcome{Label: model.Spuriously, Next: to(startled)})
		}
	case woken, startled:
		n.Op = model.OpReacquire
		a.leads(n, 0, again, c.to)
		if a.faults.stolen && p.phase == woken {
			n.Out = append(n.Out, model.Outcome{Label: model.Stolen, Next: to(gaveUp)})
		}
	case gaveUp:
		n.Op = model.OpReacquire
		a.leads(n, 0, again, c.other)
	}
}

func (a *automaton) loading(n *model.Node, p *place, c *code, v model.VarID, yes func(int64) bool) {
	n.Op, n.Var, n.Object = model.OpLoad, v, a.w.p.Vars[v].Object
	n.Alive = a.roots(p.due, n.Object)
	for _, x := range a.w.p.Vars[v].Values {
		to := c.other
		if yes(x) {
			to = c.to
		}
		a.leads(n, x, p, to)
	}
}

// updating reads a variable and writes it in one step. All values that differ lead to one place,
// but for those after a swap that changed nothing.
func (a *automaton) updating(n *model.Node, p *place, c *code) {
	v := a.plain(c.a)
	n.Op, n.Var, n.Object = model.OpUpdate, v, a.w.p.Vars[v].Object
	n.Alive = a.roots(p.due, n.Object)
	values := a.w.p.Vars[v].Values
	leads := func(when, set int64, to int) {
		a.leads(n, when, p, to)
		n.Out[len(n.Out)-1].Set = set
	}
	for i, x := range values {
		switch c.op {
		case sAdd:
			leads(x, values[(i+int(c.value))%len(values)], c.to)
		case sSwap:
			to := c.other
			if x != c.value {
				to = c.to
			}
			leads(x, c.value, to)
			n.Out[len(n.Out)-1].Looks = x == c.value
		case sTakeOne:
			if i > 0 {
				leads(x, values[i-1], c.to)
			}
		case sMaybe:
			leads(x, c.value, c.to)
			leads(x, x, c.to)
			n.Out[len(n.Out)-1].Looks = true
		}
	}
}

// outliving is about the life of the started thread: 0, 1 when nobody joins it any more, and 2 when
// it has ended and can be joined.
func (a *automaton) outliving(n *model.Node, p *place, c *code) {
	n.Op, n.Var, n.Object = model.OpUpdate, a.w.life, model.None
	leads := func(when, set int64) {
		a.leads(n, when, p, c.to)
		n.Out[len(n.Out)-1].Set = set
	}
	switch c.op {
	case sEnd:
		leads(0, 2)
		leads(1, 1)
	case sJoin:
		leads(2, 1)
	case sDetach:
		leads(0, 1)
		leads(2, 1)
	}
}

// job takes or gives the job of a domain. Taking what somebody has is a violation, and so is giving
// what one does not have.
func (a *automaton) job(n *model.Node, p *place, c *code) {
	v := a.domain(c.a).job
	n.Op, n.Var = model.OpStore, v
	n.Alive = a.roots(p.due, n.Object)
	has := slices.Contains(p.owns, v)
	if c.op == sGive {
		if !has {
			a.never(n, model.JobUnbalanced)
		}
		a.leads(n, 0, &place{held: p.held, owns: without(p.owns, v)}, c.to)
		return
	}
	n.Value = int64(1 + a.self%2)
	if !has {
		free := &model.Expr{Op: model.Eq, X: &model.Expr{Op: model.ReadVar, Var: v}, Y: &model.Expr{Op: model.Const}}
		n.Checks = append(n.Checks, model.Check{Kind: model.NoJob, Cond: free, Pos: n.Pos, Text: "taken"})
	}
	a.leads(n, 0, &place{held: p.held, owns: with(p.owns, v)}, c.to)
}

func (a *automaton) counting(n *model.Node, p *place, c *code) {
	d := a.domain(c.a)
	n.Op, n.Var = model.OpUnref, d.refs
	n.Alive = a.roots(p.due, n.Object)
	values := a.w.p.Vars[d.refs].Values
	counts := values[:len(values)-1]
	switch c.op {
	case sRef:
		n.Op, counts = model.OpRef, values[2:]
	case sRemove:
		n.Op = model.OpRemove
	}
	for _, count := range counts {
		after, to := *p, c.to
		if count == 0 {
			for i := range a.w.p.Locks { // they die with it
				if a.w.p.Locks[i].Object == n.Object {
					after.held = without(after.held, model.LockID(i))
				}
			}
			to = c.other
		}
		a.leads(n, count, &after, to)
	}
}

func (a *automaton) finding(n *model.Node, p *place, c *code) {
	d := a.domain(c.a)
	l := d.locks[own]
	n.Lock = l
	n.Alive = a.roots(p.due, n.Object)
	if slices.Contains(p.held, l) {
		a.fails(n, model.SelfDeadlock)
		return
	}
	n.Op = model.OpFind
	if d.listed != model.None {
		n.Var = d.listed
		a.leads(n, 0, p, c.other)
	}
	a.leads(n, 1, &place{held: with(p.held, l), owns: p.owns}, c.to)
}
