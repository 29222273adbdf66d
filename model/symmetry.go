package model

import (
	"cmp"
	"reflect"
	"slices"
)

// A Symmetry knows which parts of a program can change places without anybody noticing: threads
// with the same program on the same objects, and objects (domains) with the same threads on them.
// Every state has a representative among those that such exchanges make of it, and a search needs
// to visit representatives only (Clarke, Enders, Filkorn and Jha, Exploiting Symmetry in Temporal
// Logic Model Checking, 1996; Ip and Dill, Better Verification through Symmetry, 1996). Path
// lengths, deadlocks and violations stay; counts become numbers of orbits.
//
// A state holds no thread's name: locks are single bits, and who owns them follows from the
// locations. So a representative is found by sorting: first the locations within each group of
// threads, then the groups of exchangeable objects. It is exact: two states have the same
// representative if and only if they are exchanges of each other.
type Symmetry[S Words] struct {
	m       *Machine[S]
	groups  [][]int // exchangeable threads
	classes [][]block
}

// block is one object's share of the state, in an order that is the same for all objects of its
// class.
type block struct {
	threads []int
	fields  []field // pc of the threads, then locks and variables
}

// NewSymmetry finds the symmetries of m's program.
func NewSymmetry[S Words](m *Machine[S]) *Symmetry[S] {
	y := &Symmetry[S]{m: m}
	f := symmetryFinder{p: m.Program}
	y.groups = f.threadGroups()
	for _, class := range f.clusterClasses(y.groups) {
		var blocks []block
		for _, c := range class {
			b := block{threads: c.threads}
			for _, t := range c.threads {
				b.fields = append(b.fields, m.layout.pc[t])
			}
			for _, l := range c.locks {
				b.fields = append(b.fields, m.layout.locks[l])
			}
			for _, v := range c.vars {
				b.fields = append(b.fields, m.layout.vars[v])
			}
			blocks = append(blocks, b)
		}
		y.classes = append(y.classes, blocks)
	}
	y.groups = slices.DeleteFunc(y.groups, func(g []int) bool { return len(g) < 2 })
	return y
}

// Trivial reports whether nothing can be exchanged.
func (y *Symmetry[S]) Trivial() bool { return len(y.groups)+len(y.classes) == 0 }

// Mirrors lists the threads that an exchange may put in each other's places, those of equal threads
// and those of equal objects. Where one of them takes a step, so does each other in some state that
// the same representative stands for.
func (y *Symmetry[S]) Mirrors() [][]int {
	mirrors := slices.Clone(y.groups)
	for _, class := range y.classes {
		for i := range class[0].threads {
			var same []int
			for _, b := range class {
				same = append(same, b.threads[i])
			}
			mirrors = append(mirrors, same)
		}
	}
	return mirrors
}

// Canonical is the representative of s.
func (y *Symmetry[S]) Canonical(s *S) S {
	c := *s
	y.sort(&c, nil)
	return c
}

// Permutation is the representative of s, and for each thread of the representative the thread of s
// that it is.
func (y *Symmetry[S]) Permutation(s *S) (S, []int) {
	perm := make([]int, len(y.m.threads))
	for t := range perm {
		perm[t] = t
	}
	c := *s
	y.sort(&c, perm)
	return c, perm
}

func (y *Symmetry[S]) sort(s *S, perm []int) {
	pc := y.m.layout.pc
	for _, g := range y.groups {
		// Groups are small and mostly sorted already: insertion.
		for i := 1; i < len(g); i++ {
			for j := i; j > 0; j-- {
				a, b := get(s, pc[g[j-1]]), get(s, pc[g[j]])
				if a <= b {
					break
				}
				put(s, pc[g[j-1]], b)
				put(s, pc[g[j]], a)
				if perm != nil {
					perm[g[j-1]], perm[g[j]] = perm[g[j]], perm[g[j-1]]
				}
			}
		}
	}
	for _, class := range y.classes {
		for i := 1; i < len(class); i++ {
			for j := i; j > 0 && compareBlocks(s, &class[j-1], &class[j]) > 0; j-- {
				swapBlocks(s, &class[j-1], &class[j], perm)
			}
		}
	}
}

func compareBlocks[S Words](s *S, a, b *block) int {
	for i := range a.fields {
		if c := cmp.Compare(get(s, a.fields[i]), get(s, b.fields[i])); c != 0 {
			return c
		}
	}
	return 0
}

func swapBlocks[S Words](s *S, a, b *block, perm []int) {
	for i := range a.fields {
		x, y := get(s, a.fields[i]), get(s, b.fields[i])
		put(s, a.fields[i], y)
		put(s, b.fields[i], x)
	}
	if perm != nil {
		for i := range a.threads {
			perm[a.threads[i]], perm[b.threads[i]] = perm[b.threads[i]], perm[a.threads[i]]
		}
	}
}

// cluster is an object that a scenario's argument made, with all that lies in it and all threads
// that touch it.
type cluster struct {
	object  ObjectID
	threads []int
	objects []ObjectID
	locks   []LockID
	conds   []CondID
	vars    []VarID
}

type symmetryFinder struct{ p *Program }

// threadGroups partitions the threads into those with equal programs.
// A thread that others start is named by the variable that says so, and has no equal.
func (f symmetryFinder) threadGroups() [][]int {
	var groups [][]int
	gates := f.p.Gates()
next:
	for t := range f.p.Threads {
		for i, g := range groups {
			a, b := &f.p.Threads[g[0]], &f.p.Threads[t]
			if gates[t] == None && gates[g[0]] == None && a.Loop == b.Loop && reflect.DeepEqual(a.Nodes, b.Nodes) &&
				reflect.DeepEqual(a.Start, b.Start) {
				groups[i] = append(g, t)
				continue next
			}
		}
		groups = append(groups, []int{t})
	}
	return groups
}

// clusterClasses partitions the clusters into exchangeable ones; classes of one are left out.
func (f symmetryFinder) clusterClasses(groups [][]int) [][]cluster {
	var classes [][]cluster
next:
	for _, c := range f.clusters(groups) {
		for i := range classes {
			if d, ok := f.aligned(&classes[i][0], c, groups); ok {
				classes[i] = append(classes[i], d)
				continue next
			}
		}
		classes = append(classes, []cluster{c})
	}
	return slices.DeleteFunc(classes, func(c []cluster) bool { return len(c) < 2 })
}

// clusters lists the objects of arguments whose threads touch no other such object.
func (f symmetryFinder) clusters(groups [][]int) []cluster {
	byObject := map[ObjectID]*cluster{}
	var order []ObjectID
	at := func(o ObjectID) *cluster {
		top := None
		if o != None {
			top = int(f.p.Objects[o].Cluster)
		}
		if top == None {
			return nil
		}
		c := byObject[ObjectID(top)]
		if c == nil {
			c = &cluster{object: ObjectID(top)}
			byObject[c.object] = c
			order = append(order, c.object)
		}
		return c
	}
	for i := range f.p.Objects {
		if c := at(ObjectID(i)); c != nil {
			c.objects = append(c.objects, ObjectID(i))
		}
	}
	for i, l := range f.p.Locks {
		if c := at(l.Object); c != nil {
			c.locks = append(c.locks, LockID(i))
		}
	}
	for i, x := range f.p.Conds {
		if c := at(x.Object); c != nil {
			c.conds = append(c.conds, CondID(i))
		}
	}
	pointers := false
	for i, v := range f.p.Vars {
		if c := at(v.Object); c != nil {
			c.vars = append(c.vars, VarID(i))
		}
		pointers = pointers || v.Pointer
	}
	if pointers {
		return nil // a variable that points to an object names it: exchanging objects would be seen
	}
	shared := map[ObjectID]bool{}
	gates := f.p.Gates()
	for _, g := range groups {
		for _, t := range g {
			touched := f.touches(t)
			for _, o := range touched {
				byObject[o].threads = append(byObject[o].threads, t)
				if len(touched) > 1 || gates[t] != None {
					shared[o] = true
				}
			}
		}
	}
	var out []cluster
	for _, o := range order {
		if !shared[o] && len(byObject[o].threads) > 0 {
			out = append(out, *byObject[o])
		}
	}
	return out
}

// touches lists the clusters on which a thread works.
func (f symmetryFinder) touches(t int) []ObjectID {
	var out []ObjectID
	add := func(o ObjectID) {
		if o == None {
			return
		}
		if c := f.p.Objects[o].Cluster; c != None && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	for i := range f.p.Threads[t].Nodes {
		n := &f.p.Threads[t].Nodes[i]
		add(n.Object)
		for _, o := range n.Alive {
			add(o)
		}
		if n.Lock != None {
			add(f.p.Locks[n.Lock].Object)
		}
		for k := range n.Checks {
			for _, v := range exprVars(n.Checks[k].Cond, nil) {
				add(f.p.Vars[v].Object)
			}
		}
	}
	return out
}
