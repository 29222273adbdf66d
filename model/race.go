package model

import "slices"

// A PlainAccess is an access of a node to a variable that may take part in a data race: no atomic
// one, of a variable that two threads touch, one of them to change it, with no lock in common. Var is
// [None] at every other node.
type PlainAccess struct {
	Var   VarID
	Store bool
}

// PlainAccesses lists, by thread and node, the accesses that may take part in a data race; nil when
// there are none. Two threads race in a state in which both take such an access next, of one variable,
// and one is a store: then nothing orders the two. On interleavings that is the same as two accesses
// that no happens-before relation orders (Adve and Boehm, Memory models, CACM 2010).
//
// Neither of two such accesses is a mover (see [Program.Movers]), for no lock protects their variable,
// so a search that merges steps visits every state in which two threads race.
func (p *Program) PlainAccesses() [][]PlainAccess {
	users := make([][]user, len(p.Vars))
	for t := range p.Threads {
		for i := range p.Threads[t].Nodes {
			n := &p.Threads[t].Nodes[i]
			if x, ok := p.plainAccess(n); ok {
				u := user{t, x.Store, n.Held}
				if !slices.ContainsFunc(users[x.Var], u.same) {
					users[x.Var] = append(users[x.Var], u)
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
	out := make([][]PlainAccess, len(p.Threads))
	for t := range p.Threads {
		for i := range p.Threads[t].Nodes {
			x, ok := p.plainAccess(&p.Threads[t].Nodes[i])
			if !ok || !races[x.Var] {
				x = PlainAccess{Var: None}
			}
			out[t] = append(out[t], x)
		}
	}
	return out
}

// user is how a thread uses a variable somewhere.
type user struct {
	thread int
	store  bool
	held   []LockID
}

func (u user) same(v user) bool {
	return u.thread == v.thread && u.store == v.store && slices.Equal(u.held, v.held)
}

// mayRace reports whether two threads use a variable, one to change it, with no lock in common.
func mayRace(users []user) bool {
	for i, u := range users {
		for _, v := range users[:i] {
			if u.thread != v.thread && (u.store || v.store) &&
				!slices.ContainsFunc(u.held, func(l LockID) bool { return slices.Contains(v.held, l) }) {
				return true
			}
		}
	}
	return false
}

// plainAccess is the access of a node that is not atomic, if it is one. Reference counts and lists
// are changed by functions that see to that themselves.
func (p *Program) plainAccess(n *Node) (PlainAccess, bool) {
	if n.Op != OpLoad && n.Op != OpStore || p.Vars[n.Var].Refs || p.Vars[n.Var].Atomic {
		return PlainAccess{Var: None}, false
	}
	return PlainAccess{Var: n.Var, Store: n.Op == OpStore}, true
}
