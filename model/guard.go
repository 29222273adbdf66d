package model

import "slices"

// Guards say which locks protect a variable: those that a thread holds at every access. Who only
// reads may hold a reader-writer lock as a reader; who writes holds it alone.
//
// What protects a variable may begin later than the program: a thread fills what it has allocated,
// and then lets others find it. So it is asked of a state: which locks are held at every access
// that may come after it.
type Guards struct {
	at    []VarID        // by variable: see Program.locations
	after [][]guardSet   // by thread, then node and variable: at every access from there on
	last  []guardSet     // by variable: at every access after which its thread does not come to another
	alone [][]guardSet   // by thread and node: what it holds there alone
	fixed map[VarID]bool // those that nothing protects, whatever is held
}

// A guardSet is a set of locks, by [ResourceID]. Those for which it has no room protect nothing.
type guardSet uint64

// unused is what protects a variable that nobody accesses.
const unused = ^guardSet(0)

// Guards finds what protects the variables of p. It takes eight bytes for each location of a thread
// and variable.
func (p *Program) Guards() *Guards {
	a := &accesses{p: p, at: p.locations()}
	g := &Guards{at: a.at, last: slices.Repeat([]guardSet{unused}, len(p.Vars)), fixed: map[VarID]bool{}}
	for v := range p.Vars {
		if x := &p.Vars[v]; x.RWLock || x.Starts > 0 || x.Life > 0 || x.Exit {
			g.fixed[a.at[v]] = true
		}
	}
	for t := range p.Threads {
		th := &p.Threads[t]
		after := slices.Repeat([]guardSet{unused}, len(th.Nodes)*len(p.Vars))
		alone := make([]guardSet, len(th.Nodes))
		for n := range th.Nodes {
			node := &th.Nodes[n]
			var held guardSet
			held, alone[n] = p.guardsAt(node)
			here := after[n*len(p.Vars):][:len(p.Vars)]
			for _, v := range a.reads(node) {
				here[a.at[v]] &= held
			}
			for _, v := range p.writes(node) {
				here[a.at[v]] &= alone[n]
			}
		}
		here := slices.Clone(after)
		ways := flowOf(th, true, func(NodeID, *Outcome, *Edge) bool { return true })
		spread(ways, after, len(p.Vars))
		g.atLast(ways, here, after)
		g.after, g.alone = append(g.after, after), append(g.alone, alone)
	}
	return g
}

// atLast takes the last accesses of a thread into account.
func (g *Guards) atLast(ways flow, here, after []guardSet) {
	vars := len(g.last)
	for i, x := range here {
		n, v := i/vars, i%vars
		if x != unused && !slices.ContainsFunc(ways.to[ways.first[n]:ways.first[n+1]], func(to NodeID) bool {
			return after[int(to)*vars+v] != unused
		}) {
			g.last[v] &= x
		}
	}
}

// spread takes into account what comes later, until that changes nothing more.
func spread(ways flow, after []guardSet, vars int) {
	for changed := true; changed; {
		changed = false
		for n := len(ways.first) - 2; n >= 0; n-- {
			here := after[n*vars:][:vars]
			for _, to := range ways.to[ways.first[n]:ways.first[n+1]] {
				there := after[int(to)*vars:][:vars]
				for v := range here {
					if x := here[v] & there[v]; x != here[v] {
						here[v], changed = x, true
					}
				}
			}
		}
	}
}

// guardsAt are the locks that a thread holds at n, and those of them that it holds alone.
func (p *Program) guardsAt(n *Node) (held, alone guardSet) {
	excludes := p.Excludes(n)
	for i, r := range p.Holding(n) {
		if r >= 64 || i >= len(n.Held) && i < len(n.Held)+len(n.Owns) { // a job is no lock
			continue
		}
		held |= 1 << r
		if excludes[i] {
			alone |= 1 << r
		}
	}
	return held, alone
}

// writes lists the variables that the step of n may change.
func (p *Program) writes(n *Node) []VarID {
	switch n.Op {
	case OpStore, OpRef, OpUnref:
		return []VarID{n.Var}
	case OpUpdate:
		if slices.ContainsFunc(n.Out, func(o Outcome) bool { return !o.Looks }) {
			return []VarID{n.Var}
		}
	case OpRemove:
		if listed := p.Objects[n.Object].Listed; listed != None {
			return []VarID{n.Var, listed}
		}
		return []VarID{n.Var}
	}
	return nil
}

// A Ward is the variables that some thread keeps from all others: it holds a lock alone without
// which nobody looks at them, now or later.
type Ward struct {
	g    *Guards
	at   []NodeID // by thread
	held guardSet
}

// Ward is that of some threads, where all stand at the given nodes.
func (g *Guards) Ward(at []NodeID, threads uint32) Ward {
	w := Ward{g: g, at: at}
	for t, n := range at {
		if threads>>t&1 != 0 {
			w.held |= g.alone[t][n]
		}
	}
	return w
}

// Keeps reports whether a variable belongs to the ward: a lock that these threads hold alone is
// held at every access that may still come, and was or will be at the last one of each thread, for
// whoever looks at what is left.
func (w Ward) Keeps(v VarID) bool {
	v = w.g.at[v]
	if w.held == 0 || w.g.fixed[v] {
		return false
	}
	guards := w.g.last[v]
	for t, n := range w.at {
		guards &= w.g.after[t][int(n)*len(w.g.at)+int(v)]
	}
	return guards != unused && guards&w.held != 0
}
