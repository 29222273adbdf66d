package lower

import (
	"slices"
	"strconv"

	"github.com/lockproof/lockproof/model"
)

// finish makes the program: of the nodes to which there are ways, with tables of what some step
// uses, in order of creation.
func (p *assembly) finish() *model.Program {
	p.program = model.Program{}
	text := map[*instr]string{}
	for i, t := range p.threads {
		p.program.Threads = append(p.program.Threads, t.automaton(text))
		p.program.Threads[i].Name, p.program.Threads[i].Function, p.program.Threads[i].Loop = t.name,
			t.spec.Function, t.spec.Loop
	}
	u := newUse(p)
	for _, t := range p.threads {
		if t.birth != nil {
			mark(u.vars, model.VarID(p.cell(t.birth.gate()).id))
		}
	}
	locks := renumber(u.locks)
	conds := renumber(u.conds)
	vars := renumber(u.vars)
	p.locksUsed, p.varsUsed = locks, vars
	p.tables(u)
	p.cutOff()
	for t := range p.program.Threads {
		for i := range p.program.Threads[t].Nodes {
			n := &p.program.Threads[t].Nodes[i]
			n.Lock, n.Cond, n.Var = move(locks, n.Lock), move(conds, n.Cond), move(vars, n.Var)
			for k := range n.Held {
				n.Held[k] = move(locks, n.Held[k])
			}
			for k := range n.Owns {
				n.Owns[k] = move(vars, n.Owns[k])
			}
			for k := range n.Shares {
				n.Shares[k] = move(vars, n.Shares[k])
			}
			for k := range n.Writes {
				n.Writes[k] = move(vars, n.Writes[k])
			}
			n.Checks = renumberChecks(n.Checks, vars)
		}
	}
	p.program.Code, p.program.IgnoreLeaks = p.code(), p.opt.IgnoreLeaks
	return &p.program
}

// automaton is the thread as it is now, its nodes in their order.
func (t *thread) automaton(text map[*instr]string) model.Thread {
	order := t.order()
	t.listed = order
	ids := make([]model.NodeID, len(t.spots))
	for i, id := range order {
		ids[id] = model.NodeID(i)
	}
	edges := func(old []model.Edge) []model.Edge {
		es := slices.Clone(old)
		for i := range es {
			es[i].To = ids[es[i].To]
		}
		return es
	}
	out := model.Thread{Start: edges(t.starts), Nodes: make([]model.Node, len(order))}
	for i, id := range order {
		n := t.shown(t.spots[id], text)
		n.Out = slices.Clone(n.Out)
		for k := range n.Out {
			n.Out[k].Next = edges(n.Out[k].Next)
		}
		n.Open = n.Open || t.open && t.spots[id].enumerates
		if n.Op == model.OpSleep {
			n.Wake = ids[n.Wake]
		}
		out.Nodes[i] = n
	}
	return out
}

// use marks what the nodes of a program mention.
type use struct{ locks, conds, vars []bool }

func newUse(p *assembly) *use {
	u := &use{make([]bool, len(p.locks)), make([]bool, len(p.conds)), make([]bool, len(p.vars))}
	for t := range p.program.Threads {
		for i := range p.program.Threads[t].Nodes {
			n := &p.program.Threads[t].Nodes[i]
			mark(u.locks, n.Lock)
			mark(u.conds, n.Cond)
			mark(u.vars, n.Var)
			u.checks(n.Checks)
		}
	}
	return u
}

func mark[T ~int32](set []bool, id T) {
	if id >= 0 {
		set[id] = true
	}
}

func (u *use) checks(cs []model.Check) {
	for i := range cs {
		u.expr(cs[i].Cond)
	}
}

func (u *use) expr(e *model.Expr) {
	if e == nil {
		return
	}
	if e.Op == model.ReadVar {
		mark(u.vars, e.Var)
	}
	u.expr(e.X)
	u.expr(e.Y)
}

// renumber maps the marked members of a set to 0, 1, 2, ...
func renumber(set []bool) []int32 {
	ids := make([]int32, len(set))
	next := int32(0)
	for i, used := range set {
		ids[i] = model.None
		if used {
			ids[i] = next
			next++
		}
	}
	return ids
}

func move[T ~int32](ids []int32, id T) T {
	if id < 0 {
		return id
	}
	return T(ids[id])
}

// renumberChecks copies: several nodes may share one check.
func renumberChecks(cs []model.Check, vars []int32) []model.Check {
	cs = slices.Clone(cs)
	for i := range cs {
		cs[i].Cond = renumberExpr(cs[i].Cond, vars)
	}
	return cs
}

func renumberExpr(e *model.Expr, vars []int32) *model.Expr {
	if e == nil {
		return nil
	}
	n := *e
	if n.Op == model.ReadVar {
		n.Var = move(vars, n.Var)
	}
	n.X, n.Y = renumberExpr(n.X, vars), renumberExpr(n.Y, vars)
	return &n
}

func (p *assembly) tables(u *use) {
	vars := renumber(u.vars)
	id := func(r cellRef) model.VarID {
		if r.field < 0 {
			return model.None
		}
		return move(vars, model.VarID(p.cell(r).id))
	}
	made := map[int]bool{} // by an argument
	for _, o := range p.named {
		made[o] = true
	}
	for i, o := range p.objects {
		p.meter.Work(1)
		obj := model.Object{
			Name: o.name, Type: p.typeName(i), Root: modelID(p.modelRoot(i)), Cluster: p.cluster(i, made),
			Refs: model.None, Listed: model.None,
		}
		if o.ofThread > 0 {
			obj.Name = "thread-local storage of T" + strconv.Itoa(o.ofThread)
		}
		obj.Block, obj.Made, obj.Passing = modelID(p.memoryAt(i)), o.made, p.passes(i)
		if o.strukt != nil {
			obj.Refs = id(cellRef{i, o.strukt.refcount})
			obj.Listed = id(cellRef{i, o.strukt.listed})
		}
		if p.facts.isFreed(i) {
			obj.Refs = id(cellRef{i, o.memory})
		}
		p.program.Objects = append(p.program.Objects, obj)
	}
	for l, used := range u.locks {
		if r := p.locks[l]; used {
			p.program.Locks = append(p.program.Locks, model.Lock{
				Name: p.cellName(r), Class: p.class(r),
				Object: modelID(r.object),
			})
		}
	}
	for c, used := range u.conds {
		if r := p.conds[c]; used {
			p.program.Conds = append(p.program.Conds, model.Cond{
				Name: p.cellName(r), Object: modelID(r.object), Jobs: p.jobsOf(r, id),
			})
		}
	}
	for v, used := range u.vars {
		if used {
			p.program.Vars = append(p.program.Vars, p.variable(v))
		}
	}
}

// jobsOf lists the jobs for which others sleep on a condition, where some job beside it names its
// conditions.
func (p *assembly) jobsOf(cond cellRef, id func(cellRef) model.VarID) []model.VarID {
	s := p.objects[cond.object].strukt
	if s == nil {
		return nil
	}
	jobs, named := []model.VarID{}, false
	for i, f := range s.fields {
		is := len(f.wakes) == 0
		for _, name := range f.wakes {
			named = true
			is = is || name == s.fields[cond.field].name
		}
		if v := id(cellRef{cond.object, i}); f.owner && is && v != model.None {
			jobs = append(jobs, v)
		}
	}
	if !named {
		return nil
	}
	return jobs
}

// cluster is the outermost object in which one lies, when an argument made it.
func (p *assembly) cluster(o int, made map[int]bool) model.ObjectID {
	for p.objects[o].parent >= 0 {
		o = p.objects[o].parent
	}
	if made[o] {
		return modelID(o)
	}
	return model.None
}

func (p *assembly) variable(v int) model.Var {
	r := p.vars[v]
	c := p.cell(r)
	p.admitInitial(v)
	out := model.Var{
		Name: p.cellName(r), Object: modelID(r.object), Class: p.class(r), Initial: p.encode(c.init),
		Values: slices.Clone(p.facts.variable(v).values), Pointer: p.isMixed(r) ||
			c.typ.kind == tPointer && !c.typ.isFunctionPointer(), Job: c.def.owner, Refs: c.def.refcount,
		Counts:     c.def.refcount && c.def.dispose != nil,
		Persistent: c.def.persistent,
		RWLock:     c.typ.kind == tRWLock, Location: p.location(r),
	}
	p.lifeOf(r, &out)
	return out
}
