package model

import "slices"

// An Access is an access of a node to a memory location that may take part in a data race: two
// threads access it, one of them to change it, not both by atomic operations, with no lock in
// common. Location is the first variable that lies there, and [None] at every other node.
type Access struct {
	Location VarID
	Store    bool // for some value of the variable: see [Outcome.Looks]
	Atomic   bool
}

// Conflicts reports whether two accesses of different threads race where both are next (C11,
// 5.1.2.4 paragraph 25).
func (x Access) Conflicts(y Access) bool {
	return x.Location != None && x.Location == y.Location && (x.Store || y.Store) && !(x.Atomic && y.Atomic)
}

// Accesses lists, by thread and node, the accesses that may take part in a data race; nil when
// there are none. Two threads race in a state in which both take such an access next, of one
// location, one of them is a store, and one is not atomic: then nothing orders the two. On
// interleavings that is the same as two accesses that no happens-before relation orders, where
// atomic operations are sequentially consistent (Adve and Boehm, Memory models, CACM 2010).
//
// Neither of two such accesses is a mover (see [Program.Movers]), for no lock protects their
// location, so a search that merges steps visits every state in which two threads race.
func (p *Program) Accesses() [][]Access {
	at := p.locations()
	users := make([][]user, len(p.Vars))
	for t := range p.Threads {
		for i := range p.Threads[t].Nodes {
			n := &p.Threads[t].Nodes[i]
			if x := p.access(n, at); x.Location != None {
				u := user{x, t, n.Held}
				if !slices.ContainsFunc(users[x.Location], u.same) {
					users[x.Location] = append(users[x.Location], u)
				}
			}
		}
	}
	races, some := make([]bool, len(p.Vars)), false
	for v := range users {
		races[v] = mayRace(users[v])
		some = some || races[v]
	}
	if !some {
		return nil
	}
	out := make([][]Access, len(p.Threads))
	for t := range p.Threads {
		for i := range p.Threads[t].Nodes {
			x := p.access(&p.Threads[t].Nodes[i], at)
			if x.Location == None || !races[x.Location] {
				x = Access{Location: None}
			}
			out[t] = append(out[t], x)
		}
	}
	return out
}

// locations are by variable the first one that lies in the same memory location.
func (p *Program) locations() []VarID {
	first := map[int]VarID{}
	at := make([]VarID, len(p.Vars))
	for v := range p.Vars {
		at[v] = VarID(v)
		if l := p.Vars[v].Location; l != 0 {
			if _, known := first[l]; !known {
				first[l] = VarID(v)
			}
			at[v] = first[l]
		}
	}
	return at
}

// user is how a thread uses a location somewhere.
type user struct {
	Access
	thread int
	held   []LockID
}

func (u user) same(v user) bool {
	return u.thread == v.thread && u.Access == v.Access && slices.Equal(u.held, v.held)
}

// mayRace reports whether two threads have accesses that conflict, with no lock in common.
func mayRace(users []user) bool {
	for i, u := range users {
		for _, v := range users[:i] {
			if u.thread != v.thread && u.Conflicts(v.Access) &&
				!slices.ContainsFunc(u.held, func(l LockID) bool { return slices.Contains(v.held, l) }) {
				return true
			}
		}
	}
	return false
}

// access is the access of a node, if it is one. Reference counts and lists are changed by functions
// that see to that themselves.
func (p *Program) access(n *Node, at []VarID) Access {
	x := Access{Location: None}
	switch n.Op {
	case OpLoad, OpStore, OpUpdate:
		if p.Vars[n.Var].Refs {
			break
		}
		x = Access{Location: at[n.Var], Store: n.Op == OpStore, Atomic: n.Atomic || n.Op == OpUpdate}
		if n.Op == OpUpdate {
			x.Store = slices.ContainsFunc(n.Out, func(o Outcome) bool { return !o.Looks })
		}
	}
	return x
}
