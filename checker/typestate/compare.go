package typestate

import (
	"context"
	"sync"

	"github.com/lockproof/lockproof/csource/tree"
)

// Two trees of which most is the same are compared by what differs. A function is looked at in both
// if its text differs, or if what its callers know of a function that it calls does. Where that is
// the same, all that calls it is judged as before: most changes end there. That is the early cutoff
// of incremental builds (Mokhov, Mitchell and Peyton Jones, ICFP 2018).

// A Side is one of two trees that are compared.
type Side struct {
	Tree     *tree.Tree
	Contract *Contract
	// Changed says which functions mean something else than in the other tree, whatever they call. It
	// must not be nil.
	Changed func(*tree.Function) bool
	// Asked are those about which something was asked in the end.
	Asked map[*tree.Function]bool
}

// Compare holds two trees to contracts, as Check does with Only for those functions that the
// difference of the trees concerns: what is found in others is found in both. Not seen is how the
// two differ in findings that functions make which do not call one another; see [Options].
func Compare(ctx context.Context, before, after *Side, opt Options) (was, is *Result, err error) {
	c := &comparison{asked: map[identity]bool{}, all: before.Contract != after.Contract}
	for i, s := range []*Side{before, after} {
		opt.Contract = s.Contract
		w := newWorld(s.Tree, opt)
		w.keeps = i == 0
		if i > 0 {
			w.pair = &pairing{other: c.sides[0].w, twins: map[*function]*function{}}
		}
		w.load(s.Contract)
		c.sides[i] = &side{Side: s, w: w}
	}
	var reading sync.WaitGroup
	for _, s := range c.sides {
		reading.Go(s.read)
	}
	reading.Wait()
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	for todo := c.first(); len(todo) > 0; {
		if err := c.look(ctx, todo); err != nil {
			return nil, nil, err
		}
		todo = c.concerned(todo)
	}
	for _, s := range c.sides {
		s.w.result.Relevant = len(s.list)
		s.w.beside(s.list)
		s.w.finish(s.isAsked)
	}
	return c.sides[0].w.result, c.sides[1].w.result, nil
}

// A comparison is two trees, and the functions that are asked about in both.
type comparison struct {
	sides [2]*side
	asked map[identity]bool
	all   bool // whoever calls what differs is concerned, whatever he knows of it
}

// An identity is what makes functions of two trees one: file, name, and which of several.
type identity struct {
	file, name string
	arm, nth   int
}

type side struct {
	*Side
	w       *world
	by      map[identity]*mention
	is      map[*mention]identity
	callers map[*mention][]*mention
	list    []*function // that were looked at
}

// read reads the functions of a side, and who calls them.
func (s *side) read() {
	s.w.read()
	s.Asked = map[*tree.Function]bool{}
	s.by, s.is = map[identity]*mention{}, map[*mention]identity{}
	s.callers = map[*mention][]*mention{}
	for _, m := range s.w.mentions {
		id := identity{m.fn.File.Name, m.fn.Name, m.fn.Arm, 0}
		for s.by[id] != nil {
			id.nth++
		}
		s.by[id], s.is[m] = m, id
		for _, names := range [][]string{m.calls, m.also, m.contract} {
			for _, name := range names {
				if to := s.w.index[s.w.tree.Find(m.fn.File, name)]; to != nil {
					s.callers[to] = append(s.callers[to], m)
				}
			}
		}
	}
}

func (s *side) isAsked(f *tree.Function) bool { return s.Asked[f] }

// first are the functions that differ, or of whose surroundings something differs: what stands
// beside them, where jobs begin, flags and recursive mutexes. Where something else differs that was
// read in all of the trees, all callers of what differs are concerned as well.
func (c *comparison) first() []identity {
	same := c.sides[0].sameOutside(c.sides[1])
	c.all = c.all || !same
	others := c.sides[0].otherFields(c.sides[1])
	var list []identity
	for i, s := range c.sides {
		other := c.sides[1-i]
		for _, m := range s.w.mentions {
			id := s.is[m]
			if n := other.by[id]; s.Changed(m.fn) || n == nil || m.uses(others) || i == 0 && !s.sameUses(m, other, n) {
				list = append(list, id)
			}
		}
	}
	c.pair(same, list)
	return c.take(nil, list)
}

// pair tells the second tree what of it is the same in the first one, but for the functions that
// differ.
func (c *comparison) pair(same bool, differ []identity) {
	was, is := c.sides[0], c.sides[1]
	p := is.w.pair
	p.of = func(m *mention) *mention { return was.by[is.is[m]] }
	p.same = func(f *function) bool { return was.sameFor(is, is.is[is.w.index[f.Function]]) }
	if !same || !is.w.sameAs(was.w) {
		return
	}
	p.here = func(m *mention) *mention { return is.by[was.is[m]] }
	p.moved, p.like = map[string][]moved{}, map[*mention]bool{}
	for _, m := range was.w.mentions {
		if is.w.index[m.fn] == nil {
			p.moved[m.fn.File.Name] = nil
		}
	}
	for _, m := range is.w.mentions {
		n := p.of(m)
		if was.w.index[m.fn] != nil {
			p.like[m] = n != nil && n.fn == m.fn
			continue
		}
		list := p.moved[m.fn.File.Name]
		if n != nil {
			if by, ok := hasMoved(n.fn, m.fn); ok {
				list, p.like[m] = append(list, by), true
			}
		}
		p.moved[m.fn.File.Name] = list
	}
	for _, id := range differ {
		delete(p.like, is.by[id])
	}
	for _, m := range is.w.mentions {
		if n := p.of(m); n == nil || !was.sameText(n, is, m) {
			for _, by := range is.callers[m] {
				delete(p.like, by)
			}
		}
	}
}

// take adds those that are not asked about yet.
func (c *comparison) take(list, more []identity) []identity {
	for _, id := range more {
		if !c.asked[id] {
			c.asked[id] = true
			list = append(list, id)
		}
	}
	return list
}

// look analyses functions in both trees.
func (c *comparison) look(ctx context.Context, ids []identity) error {
	for _, s := range c.sides {
		now := map[*tree.Function]bool{}
		for _, id := range ids {
			if m := s.by[id]; m != nil {
				now[m.fn], s.Asked[m.fn] = true, true
			}
		}
		list, err := s.w.look(ctx, func(f *tree.Function) bool { return now[f] })
		if err != nil {
			return err
		}
		s.list = append(s.list, list...)
	}
	return nil
}

// concerned are the callers of those functions of which they know something else now, and what
// stands in one table with them.
func (c *comparison) concerned(ids []identity) []identity {
	var next []identity
	for _, id := range ids {
		if !c.all && c.sides[0].sameFor(c.sides[1], id) && c.sides[0].sameRoots(c.sides[1], id) {
			continue
		}
		for _, s := range c.sides {
			m := s.by[id]
			if m == nil {
				continue
			}
			for _, group := range [][]*mention{s.callers[m], m.table, m.column} {
				for _, to := range group {
					next = c.take(next, []identity{s.is[to]})
				}
			}
		}
	}
	return next
}
