package model

import "slices"

// MemoryLeak looks at a state in which all threads are finished and returns memory that one of them
// has allocated, nobody has freed, and nothing leads to: no variable that is still alive, no other
// memory that something leads to, no result of a thread that is still there to be taken. Of several
// that nothing leads to it names one to which not even the others lead, where there is one. It
// returns None when all is well, where the program ignores leaks, and where the end of the process
// has cut threads off. Its cost is that of all variables, once for each step to the farthest
// memory.
func (m *Machine[S]) MemoryLeak(s *S) ObjectID {
	if !m.allocates || m.Program.IgnoreLeaks || m.cut(s) {
		return None
	}
	lost := map[ObjectID]bool{}
	for t := range m.threads {
		for _, o := range m.At(s, t).Made {
			if m.Exists(s, t) && !m.Freed(s, o) {
				lost[o] = true
			}
		}
	}
	if len(lost) == 0 {
		return None
	}
	find := func(o ObjectID) bool {
		was := lost[o]
		delete(lost, o)
		return was
	}
	for t := range m.threads {
		if n := m.At(s, t); m.Exists(s, t) && m.keepsResult(s, t) {
			for _, o := range n.Gives {
				find(o)
			}
		}
	}
	for more := true; more; {
		more = false
		for _, v := range m.leading {
			if in := m.Program.block(m.Program.Vars[v].Object); m.lives(s, v) && (in == None || !lost[in]) {
				more = find(m.leadsTo(s, v)) || more
			}
		}
	}
	return m.firstOf(s, lost)
}

// firstOf picks one of the memory that is lost.
func (m *Machine[S]) firstOf(s *S, lost map[ObjectID]bool) ObjectID {
	inner := map[ObjectID]bool{}
	for _, v := range m.leading {
		if in := m.Program.block(m.Program.Vars[v].Object); lost[in] && in != m.leadsTo(s, v) && m.lives(s, v) {
			inner[m.leadsTo(s, v)] = true
		}
	}
	var all, outer []ObjectID
	for o := range lost {
		all = append(all, o)
		if !inner[o] {
			outer = append(outer, o)
		}
	}
	switch {
	case len(outer) > 0:
		return slices.Min(outer)
	case len(all) > 0:
		return slices.Min(all)
	}
	return None
}

// LeadsTo is the allocated memory to which a variable leads in s, or None.
func (m *Machine[S]) LeadsTo(s *S, v VarID) ObjectID {
	if !m.Program.Vars[v].Pointer || !m.lives(s, v) {
		return None
	}
	return m.leadsTo(s, v)
}

func (m *Machine[S]) leadsTo(s *S, v VarID) ObjectID { return m.Program.target(m.Value(s, v)) }

// lives reports whether a variable is there, and not gone with its object, its scope or its thread.
func (m *Machine[S]) lives(s *S, v VarID) bool {
	o := m.Program.Vars[v].Object
	return o == None || !m.Freed(s, o) && !m.Program.Objects[o].Passing
}

// keepsResult reports whether the result of a finished thread is still there to be taken.
func (m *Machine[S]) keepsResult(s *S, t int) bool {
	v := slices.IndexFunc(m.Program.Vars, func(v Var) bool { return v.Life == t+1 })
	return v < 0 || m.Value(s, VarID(v)) != LifeTaken
}

// block is the allocated memory of which an object is a part.
func (p *Program) block(o ObjectID) ObjectID {
	if o == None {
		return None
	}
	return p.Objects[o].Block
}

// target is the allocated memory to which the value of a pointer leads.
func (p *Program) target(x int64) ObjectID {
	if x <= 0 || x > int64(len(p.Objects)) {
		return None
	}
	return p.Objects[x-1].Block
}

// leading lists the variables that may lead to allocated memory; none where no thread allocates any
// that somebody asks for at its end.
func (p *Program) leading() (vars []VarID, allocates bool) {
	for t := range p.Threads {
		for i := range p.Threads[t].Nodes {
			allocates = allocates || len(p.Threads[t].Nodes[i].Made) > 0
		}
	}
	if !allocates || p.IgnoreLeaks {
		return nil, false
	}
	for v := range p.Vars {
		x := &p.Vars[v]
		if x.Pointer && slices.ContainsFunc(x.Values, func(x int64) bool { return p.target(x) != None }) {
			vars = append(vars, VarID(v))
		}
	}
	return vars, true
}
