package typestate

import (
	"slices"
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
	a.starts = each(f.starts, func(s *start) { s.from = v.origin(s.from) })
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

// each is a copy of a list of which each element is moved.
func each[T any](list []T, move func(*T)) []T {
	out := slices.Clone(list)
	for i := range out {
		move(&out[i])
	}
	return out
}

func (v *mover) steps(list []Step) []Step {
	return each(list, func(s *Step) { s.Pos = v.pos(s.Pos) })
}

func (v *mover) notes(list []Note) []Note {
	return each(list, func(n *Note) { n.Pos = v.pos(n.Pos) })
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
	return each(list, func(q *acquisition) { q.where = v.origin(q.where) })
}

func (v *mover) summary(s *summary) *summary {
	if s == nil {
		return nil
	}
	to := *s
	to.of = v.w.mine(s.of)
	to.cases = each(s.cases, func(e *effect) {
		e.needs = each(e.needs, func(n *refNeed) { n.origin = v.origin(n.origin) })
		e.facts = each(e.facts, func(f *refFact) { f.origin = v.origin(f.origin) })
	})
	to.acquires, to.alters = v.acquisitions(s.acquires), v.acquisitions(s.alters)
	to.backs = each(s.backs, func(b *calledBack) { b.what, b.where = v.target(b.what), v.origin(b.where) })
	to.blocks = each(s.blocks, func(b *blocking) { b.where = v.origin(b.where) })
	return &to
}

func (v *mover) findings(list []Finding) []Finding {
	return each(list, func(f *Finding) {
		v.text(f.Message)
		f.Pos, f.Path, f.Callers, f.chain = v.pos(f.Pos), v.steps(f.Path), v.notes(f.Callers), v.origin(f.chain)
		f.cause.of, f.cause.since = v.w.mine(f.cause.of), v.pos(f.cause.since)
		if f.otherwise != nil {
			o := *f.otherwise
			o.Finding = v.findings([]Finding{o.Finding})[0]
			f.otherwise = &o
		}
	})
}

func (v *mover) told(t *told) *told {
	to := *t
	to.findings, to.blames = v.findings(t.findings), v.findings(t.blames)
	to.demands = map[demand]*tally{}
	for d, n := range t.demands {
		d.of = v.w.mine(d.of)
		to.demands[d] = &tally{
			met: n.met, from: each(n.from, func(up *demand) { up.of = v.w.mine(up.of) }),
			also: each(n.also, func(o **origin) { *o = v.origin(*o) }),
		}
	}
	to.callbacks = each(t.callbacks, func(b *callback) {
		b.from, b.helper, b.given, b.pos = v.w.mine(b.from), v.w.mine(b.helper), v.w.mine(b.given), v.pos(b.pos)
	})
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
	to.gaps = each(t.gaps, func(g *Gap) { g.Pos = v.pos(g.Pos) })
	return &to
}
