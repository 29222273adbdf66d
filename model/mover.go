package model

import "slices"

// Movers finds the steps that a search may take together with the step before them.
//
// A step is a mover when it is never disabled and commutes to the left: taken earlier than a step
// of another thread it leads to the same state. Releases are such steps, and accesses to what the
// thread's own locks protect (Lipton, Reduction: a method of proving properties of parallel
// programs, CACM 1975). A search that takes them at once sees every deadlock, every violation and
// every partial deadlock that the full search sees: in the terms of partial-order reduction the
// mover alone is a persistent set, and it is invisible (Godefroid, Partial-Order Methods, 1996).
// Acquires are never movers: they can block, and the moment at which one blocks is what deadlocks
// are made of.
//
// What protects a variable or a condition is found from the program: the locks held at every
// location, of any thread, at which it is touched, or another variable of its memory location: no
// step that may race is a mover.
//
// The start of a thread is a release, too, and the last step of one for which others may wait. The
// end of the process is none, and it ends movers as well: what follows then, and is not followed,
// is nothing.
//
// Where the daemon may be restarted there are none: a restart sees what every step has stored that
// persists, and comes between any two. So does a fork, whose child has a copy of all.
//
// On every cycle of a thread's locations there is one at which it takes no mover, so that a search
// which merges comes to an end, and gives the others their turn.
//
// With assumeAlive the use-after-release checks are left out of account. That is sound as long as
// the reduced search frees no object: up to the first step that frees one, every check passes. A
// search that meets one must start again without the assumption.
func (p *Program) Movers(assumeAlive bool) [][]bool {
	a := newAccesses(p, assumeAlive)
	gates, cuts := p.Gates(), p.EndsOthers()
	movers := make([][]bool, len(p.Threads))
	for t := range p.Threads {
		movers[t] = make([]bool, len(p.Threads[t].Nodes))
		if cuts {
			continue
		}
		for n := range p.Threads[t].Nodes {
			movers[t][n] = a.isMover(t, &p.Threads[t].Nodes[n])
		}
		for _, e := range p.Threads[t].Start {
			movers[t][e.To] = movers[t][e.To] && gates[t] == None // it waits there until it was started
		}
		breakCycles(&p.Threads[t], movers[t])
	}
	return movers
}

// breakCycles takes movers away until no cycle consists of movers. The end of a round is no part of
// one: nothing is merged with it.
func breakCycles(th *Thread, movers []bool) {
	_, heads := flowOf(th, false, func(from NodeID, _ *Outcome, e *Edge) bool {
		return movers[from] && movers[e.To] && !e.Round
	}).loops()
	for n, head := range heads {
		movers[n] = movers[n] && !head
	}
}

// accesses knows for each variable and condition who touches it, and what all of them hold.
type accesses struct {
	p           *Program
	assumeAlive bool
	at          []VarID // by variable: see Program.locations
	vars        []protection
	conds       []protection
	tried       []bool     // locks that somebody only tries: their release can be seen
	restless    []bool     // conditions whose sleepers may leave unasked
	wanted      [][]LockID // by condition: what its sleepers must get back
}

type protection struct {
	locks   []LockID // held at every access
	touched bool
	threads uint32
}

func (pr *protection) add(t int, held []LockID) {
	if !pr.touched {
		pr.locks = slices.Clone(held)
	} else {
		pr.locks = slices.DeleteFunc(pr.locks, func(l LockID) bool { return !slices.Contains(held, l) })
	}
	pr.touched = true
	pr.threads |= 1 << t
}

// safe reports whether nobody else can touch the thing while a thread holds the given locks.
func (pr *protection) safe(t int, held []LockID) bool {
	return pr.threads&^(1<<t) == 0 || slices.ContainsFunc(pr.locks, func(l LockID) bool {
		return slices.Contains(held, l)
	})
}

func newAccesses(p *Program, assumeAlive bool) *accesses {
	a := &accesses{
		p: p, assumeAlive: assumeAlive, at: p.locations(), vars: make([]protection, len(p.Vars)),
		conds: make([]protection, len(p.Conds)),
		tried: make([]bool, len(p.Locks)), restless: make([]bool, len(p.Conds)), wanted: make([][]LockID, len(p.Conds)),
	}
	for t := range p.Threads {
		for i := range p.Threads[t].Nodes {
			n := &p.Threads[t].Nodes[i]
			for _, v := range a.reads(n) {
				a.vars[a.at[v]].add(t, n.Held)
			}
			switch n.Op {
			case OpWait, OpSignal, OpBroadcast:
				a.conds[n.Cond].add(t, n.Held)
			case OpSleep:
				a.restless[n.Cond] = a.restless[n.Cond] || len(n.Out) > 0
				if !slices.Contains(a.wanted[n.Cond], n.Lock) {
					a.wanted[n.Cond] = append(a.wanted[n.Cond], n.Lock)
				}
			case OpTryLock:
				a.tried[n.Lock] = true
			}
		}
	}
	return a
}

// reads lists the variables that a step touches, its checks included.
func (a *accesses) reads(n *Node) []VarID {
	var vs []VarID
	switch n.Op {
	case OpLoad, OpStore, OpUpdate, OpRef, OpUnref, OpRemove:
		vs = append(vs, n.Var)
	}
	if n.Op == OpFind || n.Op == OpRemove {
		if v := a.p.Objects[n.Object].Listed; v != None {
			vs = append(vs, v)
		}
	}
	for i := range n.Checks {
		vs = exprVars(n.Checks[i].Cond, vs)
	}
	if !a.assumeAlive {
		for _, o := range n.Alive {
			if v := a.p.Objects[o].Refs; v != None {
				vs = append(vs, v)
			}
		}
	}
	return vs
}

func exprVars(e *Expr, vs []VarID) []VarID {
	if e == nil {
		return vs
	}
	if e.Op == ReadVar {
		vs = append(vs, e.Var)
	}
	return exprVars(e.Y, exprVars(e.X, vs))
}

func (a *accesses) isMover(t int, n *Node) bool {
	for i := range n.Checks {
		if n.Checks[i].Cond == nil {
			return false // a violation is worth a state of its own
		}
	}
	if n.Op == OpUpdate && a.p.Vars[n.Var].Life == t+1 && a.ends(t, n) {
		return true // others wait for it, or want nothing of it any more, and either comes to the same
	}
	if n.Op == OpStore && a.p.Vars[n.Var].Exit {
		return false // it disables all others
	}
	for _, v := range a.reads(n) {
		if !a.vars[a.at[v]].safe(t, n.Held) {
			return false
		}
	}
	switch n.Op {
	case OpUnlock:
		return !a.tried[n.Lock]
	case OpWait:
		return n.Lock != None && !a.tried[n.Lock] && a.conds[n.Cond].safe(t, []LockID{n.Lock})
	case OpSignal, OpBroadcast:
		return !a.restless[n.Cond] && a.conds[n.Cond].safe(t, n.Held) && a.wakesUnder(n)
	case OpLoad, OpStore, OpRef, OpUnref, OpRemove, OpAccess:
		return true
	case OpUpdate:
		return a.total(n)
	}
	return false
}

// ends reports whether a step is the last of its thread.
func (a *accesses) ends(t int, n *Node) bool {
	return !slices.ContainsFunc(n.Out, func(o Outcome) bool {
		return slices.ContainsFunc(o.Next, func(e Edge) bool { return a.p.Threads[t].Nodes[e.To].Op != OpFinish })
	})
}

// total reports whether an update has an outcome for every value, so that it never waits.
func (a *accesses) total(n *Node) bool {
	return !slices.ContainsFunc(a.p.Vars[n.Var].Values, func(x int64) bool {
		return !slices.ContainsFunc(n.Out, func(o Outcome) bool { return o.When == x && len(o.Next) > 0 })
	})
}

// wakesUnder reports whether whoever a signal wakes must first get a lock that the signaller holds.
func (a *accesses) wakesUnder(signal *Node) bool {
	return !slices.ContainsFunc(a.wanted[signal.Cond], func(l LockID) bool { return !slices.Contains(signal.Held, l) })
}
