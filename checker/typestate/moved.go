package typestate

import (
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// A moved is a function that stands as it is at other lines of a file that differs.
type moved struct{ first, last, by int }

// hasMoved says by how many lines a function has moved; false when more than that differs.
func hasMoved(from, to *tree.Function) (moved, bool) {
	if !syntax.Alike(from.FuncDef, to.FuncDef) {
		return moved{}, false
	}
	m := moved{from.Pos().Line, from.Body.Rbrace.Line, to.Pos().Line - from.Pos().Line}
	var at []model.Pos
	places := func(f *tree.Function, note func(model.Pos) bool) {
		syntax.Walk(f.Body, func(n syntax.Node) bool {
			if b, ok := n.(*syntax.Block); ok && !note(b.Rbrace) {
				return false
			}
			return note(n.Pos())
		})
	}
	places(from, func(p model.Pos) bool {
		at = append(at, p)
		return true
	})
	i, same := 0, true
	places(to, func(p model.Pos) bool {
		same = same && i < len(at) && p.Line == at[i].Line+m.by && p.Col == at[i].Col
		i++
		return same
	})
	return m, same
}

// An adoption is what was found out about a function in another tree, as it is said here.
type adoption struct {
	summary *summary
	starts  []start
	jobNeed *origin
	told    *told
}

// A mover says what was found out in another tree as it is said here.
type mover struct {
	w       *world
	origins map[*origin]*origin
	lost    bool // something has no place here
}

// adoption is what is known of a function of the other tree, nil when some of it has no place here.
func (w *world) adoption(f *function) *adoption {
	v := &mover{w: w, origins: map[*origin]*origin{}}
	a := &adoption{summary: v.summary(f.summary), jobNeed: v.origin(f.jobNeed), told: v.told(f.told)}
	for _, s := range f.starts {
		s.from = v.origin(s.from)
		a.starts = append(a.starts, s)
	}
	if v.lost {
		return nil
	}
	return a
}

func (v *mover) pos(p model.Pos) model.Pos {
	list, differs := v.w.pair.moved[p.File]
	if !differs {
		return p
	}
	for _, m := range list {
		if m.first <= p.Line && p.Line <= m.last {
			p.Line += m.by
			return p
		}
	}
	v.lost = v.lost || p.IsValid()
	return p
}

// text is something that is said; with the number of a line in it, it is lost.
func (v *mover) text(s string) { v.lost = v.lost || strings.Contains(s, " line ") }

func (v *mover) origin(o *origin) *origin {
	if o == nil {
		return nil
	}
	if to := v.origins[o]; to != nil {
		return to
	}
	to := *o
	to.pos, to.in, to.of = v.pos(o.pos), v.origin(o.in), v.w.mine(o.of)
	v.origins[o] = &to
	return &to
}

func (v *mover) steps(list []Step) []Step {
	out := make([]Step, len(list))
	for i, s := range list {
		s.Pos = v.pos(s.Pos)
		out[i] = s
	}
	return out
}

func (v *mover) notes(list []Note) []Note {
	out := make([]Note, len(list))
	for i, n := range list {
		n.Pos = v.pos(n.Pos)
		out[i] = n
	}
	return out
}

func (v *mover) target(t target) target {
	if t.fn != nil {
		m := v.w.pair.here(v.w.pair.other.index[t.fn])
		if m == nil {
			v.lost = true
			return t
		}
		t.fn = m.fn
	}
	return t
}

func (v *mover) acquisitions(list []acquisition) []acquisition {
	out := make([]acquisition, len(list))
	for i, q := range list {
		q.where = v.origin(q.where)
		out[i] = q
	}
	return out
}

func (v *mover) summary(s *summary) *summary {
	if s == nil {
		return nil
	}
	to := *s
	to.of = v.w.mine(s.of)
	to.cases = make([]effect, len(s.cases))
	for i, e := range s.cases {
		needs, facts := make([]refNeed, len(e.needs)), make([]refFact, len(e.facts))
		for j, n := range e.needs {
			n.origin = v.origin(n.origin)
			needs[j] = n
		}
		for j, f := range e.facts {
			f.origin = v.origin(f.origin)
			facts[j] = f
		}
		to.cases[i] = effect{needs, facts, e.result}
	}
	to.acquires, to.alters = v.acquisitions(s.acquires), v.acquisitions(s.alters)
	to.backs, to.blocks = make([]calledBack, len(s.backs)), make([]blocking, len(s.blocks))
	for i, b := range s.backs {
		b.what, b.where = v.target(b.what), v.origin(b.where)
		to.backs[i] = b
	}
	for i, b := range s.blocks {
		b.where = v.origin(b.where)
		to.blocks[i] = b
	}
	return &to
}

func (v *mover) findings(list []Finding) []Finding {
	out := make([]Finding, len(list))
	for i, f := range list {
		v.text(f.Message)
		f.Pos, f.Path, f.Callers, f.chain = v.pos(f.Pos), v.steps(f.Path), v.notes(f.Callers), v.origin(f.chain)
		f.cause.of, f.cause.since = v.w.mine(f.cause.of), v.pos(f.cause.since)
		if f.otherwise != nil {
			o := *f.otherwise
			o.Finding = v.findings([]Finding{o.Finding})[0]
			f.otherwise = &o
		}
		out[i] = f
	}
	return out
}

func (v *mover) told(t *told) *told {
	to := *t
	to.findings, to.blames = v.findings(t.findings), v.findings(t.blames)
	to.demands = map[demand]*tally{}
	for d, n := range t.demands {
		d.of = v.w.mine(d.of)
		c := &tally{met: n.met}
		for _, up := range n.from {
			up.of = v.w.mine(up.of)
			c.from = append(c.from, up)
		}
		for _, o := range n.also {
			c.also = append(c.also, v.origin(o))
		}
		to.demands[d] = c
	}
	to.callbacks = make([]callback, len(t.callbacks))
	for i, b := range t.callbacks {
		b.from, b.helper, b.given, b.pos = v.w.mine(b.from), v.w.mine(b.helper), v.w.mine(b.given), v.pos(b.pos)
		to.callbacks[i] = b
	}
	to.uses = map[lockOfCallee]use{}
	for key, u := range t.uses {
		key.callee = v.w.mine(key.callee)
		to.uses[key] = u
	}
	to.edges = map[[2]string]edge{}
	for key, e := range t.edges {
		e.pos, e.since, e.where = v.pos(e.pos), v.steps(e.since), v.origin(e.where)
		to.edges[key] = e
	}
	to.held = map[heldBack]*holder{}
	for key, h := range t.held {
		key.what = v.target(key.what)
		c := *h
		c.pos, c.where, c.since, c.others = v.pos(h.pos), v.origin(h.where), v.steps(h.since), v.notes(h.others)
		to.held[key] = &c
	}
	to.gaps = make([]Gap, len(t.gaps))
	for i, g := range t.gaps {
		g.Pos = v.pos(g.Pos)
		to.gaps[i] = g
	}
	return &to
}
