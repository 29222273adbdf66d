package model

// Unread are the bits of a state that tell nothing: the values of variables that steps only ever
// assign. Two states that differ in those alone can do the same, step for step, so a search may
// take one for the other.
func (m *Machine[S]) Unread() S {
	var bits S
	for v, read := range m.Program.read() {
		if f := m.layout.vars[v]; !read {
			bits[f.word] |= f.bits()
		}
	}
	return bits
}

// read tells for each variable whether anything looks at its value: a step, a check, or the rules
// about jobs, references and memory.
func (p *Program) read() []bool {
	read := make([]bool, len(p.Vars))
	look := func(checks []Check) {
		for i := range checks {
			for _, v := range exprVars(checks[i].Cond, nil) {
				read[v] = true
			}
		}
	}
	for v := range p.Vars {
		read[v] = p.Vars[v].Job || p.Vars[v].Refs || p.Vars[v].Counts || p.Vars[v].Exit || p.Vars[v].Starts > 0
	}
	leading, _ := p.leading()
	for _, v := range leading {
		read[v] = true
	}
	for i := range p.Objects {
		for _, v := range []VarID{p.Objects[i].Refs, p.Objects[i].Listed} {
			if v != None {
				read[v] = true
			}
		}
	}
	for t := range p.Threads {
		for i := range p.Threads[t].Nodes {
			n := &p.Threads[t].Nodes[i]
			if n.Var != None && n.Op != OpStore {
				read[n.Var] = true
			}
			look(n.Checks)
		}
	}
	return read
}
