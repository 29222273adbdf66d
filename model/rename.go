package model

import "slices"

// renaming maps one cluster's objects, locks, conditions and variables to another's, in order of
// creation, and leaves all else as it is.
type renaming struct {
	objects map[ObjectID]ObjectID
	locks   map[LockID]LockID
	conds   map[CondID]CondID
	vars    map[VarID]VarID
}

func newRenaming(a, b *cluster) renaming {
	return renaming{pairs(a.objects, b.objects), pairs(a.locks, b.locks), pairs(a.conds, b.conds), pairs(a.vars, b.vars)}
}

func pairs[T comparable](a, b []T) map[T]T {
	m := map[T]T{}
	for i := range a {
		m[a[i]] = b[i]
	}
	return m
}

func renamed[T comparable](m map[T]T, x T) T {
	if y, ok := m[x]; ok {
		return y
	}
	return x
}

// aligned reports whether c can stand in for a: the same things in it, and for each thread on a one
// on c that does the same. It returns c with its threads in the order of a's.
func (f symmetryFinder) aligned(a *cluster, c cluster, groups [][]int) (cluster, bool) {
	if len(a.objects) != len(c.objects) || len(a.locks) != len(c.locks) || len(a.conds) != len(c.conds) ||
		len(a.vars) != len(c.vars) || len(a.threads) != len(c.threads) {
		return c, false
	}
	for i := range a.vars {
		x, y := &f.p.Vars[a.vars[i]], &f.p.Vars[c.vars[i]]
		if x.Initial != y.Initial || !slices.Equal(x.Values, y.Values) || x.Job != y.Job ||
			x.Refs != y.Refs || x.Counts != y.Counts || x.Persistent != y.Persistent {
			return c, false
		}
	}
	if !slices.Equal(f.neighbours(a.vars), f.neighbours(c.vars)) {
		return c, false
	}
	r := newRenaming(a, &c)
	for i := range a.objects {
		x, y := &f.p.Objects[a.objects[i]], &f.p.Objects[c.objects[i]]
		if renamed(r.objects, x.Block) != y.Block || x.Passing != y.Passing {
			return c, false
		}
	}
	left := slices.Clone(c.threads)
	var threads []int
	for _, t := range a.threads {
		i := slices.IndexFunc(left, func(u int) bool { return r.sameThread(&f.p.Threads[t], &f.p.Threads[u]) })
		if i < 0 {
			return c, false
		}
		threads = append(threads, left[i])
		left = slices.Delete(left, i, i+1)
	}
	c.threads = threads
	return c, true
}

// neighbours are by variable of a cluster the first of them that lies in the same memory location.
func (f symmetryFinder) neighbours(vars []VarID) []int {
	at := make([]int, len(vars))
	for i, v := range vars {
		at[i] = slices.IndexFunc(vars, func(w VarID) bool {
			return w == v || f.p.Vars[v].Location != 0 && f.p.Vars[w].Location == f.p.Vars[v].Location
		})
	}
	return at
}

// sameThread reports whether b is a under the renaming. Texts for people do not count.
func (r renaming) sameThread(a, b *Thread) bool {
	return a.Loop == b.Loop && sameEdges(a.Start, b.Start) &&
		slices.EqualFunc(a.Nodes, b.Nodes, func(x, y Node) bool { return r.sameNode(&x, &y) })
}

func (r renaming) sameNode(a, b *Node) bool {
	return a.Op == b.Op && renamed(r.objects, a.Object) == b.Object && renamed(r.locks, a.Lock) == b.Lock &&
		renamed(r.conds, a.Cond) == b.Cond && renamed(r.vars, a.Var) == b.Var && a.Value == b.Value && a.Wake == b.Wake &&
		a.Timed == b.Timed &&
		a.Open == b.Open && a.Atomic == b.Atomic && a.Outside == b.Outside && a.Left == b.Left &&
		slices.Equal(a.Cut, b.Cut) &&
		sameSet(r.objects, a.Alive, b.Alive) && sameSet(r.locks, a.Held, b.Held) && sameSet(r.vars, a.Owns, b.Owns) &&
		sameSet(r.objects, a.Made, b.Made) && sameSet(r.objects, a.Gives, b.Gives) &&
		sameSet(r.vars, a.Shares, b.Shares) && sameSet(r.vars, a.Writes, b.Writes) && a.Claim == b.Claim &&
		r.sameChecks(a.Checks, b.Checks) &&
		slices.EqualFunc(a.Out, b.Out, func(x, y Outcome) bool {
			return x.When == y.When && x.Set == y.Set && x.Looks == y.Looks && x.Label == y.Label && sameEdges(x.Next, y.Next)
		})
}

func sameSet[T comparable](m map[T]T, a, b []T) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(x T) bool { return !slices.Contains(b, renamed(m, x)) })
}

func sameEdges(a, b []Edge) bool {
	return slices.EqualFunc(a, b, func(x, y Edge) bool {
		return x.To == y.To && x.Round == y.Round
	})
}

func (r renaming) sameChecks(a, b []Check) bool {
	return slices.EqualFunc(a, b, func(x, y Check) bool { return x.Kind == y.Kind && r.sameExpr(x.Cond, y.Cond) })
}

func (r renaming) sameExpr(a, b *Expr) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Op == b.Op && a.Const == b.Const && (a.Op != ReadVar || renamed(r.vars, a.Var) == b.Var) &&
		r.sameExpr(a.X, b.X) && r.sameExpr(a.Y, b.Y)
}
