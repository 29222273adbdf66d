package difftest

import (
	"context"
	"errors"
	"slices"
)

// A shrinker makes a program smaller as long as it still differs.
type shrinker struct {
	w    *workshop
	seed uint64
	left int // tries
	last *difference
}

// differs compares a program with its twin.
func (s *shrinker) differs(ctx context.Context, p *program, n uint64) bool {
	s.left--
	x, err := pairUp(p, s.seed, n, 0)
	if x == nil || err != nil {
		return false
	}
	_, err = s.w.run(ctx, "shrink", []*pair{x})
	return errors.As(err, &s.last)
}

// shrink takes out threads, functions, statements and variables, one at a time.
func (s *shrinker) shrink(ctx context.Context, d *difference) *difference {
	s.last = d
	p, n := d.pair.p, d.pair.n
	without := func(list []start, i int) []start { return slices.Delete(slices.Clone(list), i, i+1) }
	for again := true; again && s.left > 0; {
		again = false
		for i := 0; i < len(p.threads) && len(p.threads) > 1; i++ {
			old := p.threads
			if p.threads = without(old, i); s.differs(ctx, p, n) {
				again = true
				i--
			} else {
				p.threads = old
			}
		}
		for i := 0; i < len(p.funs); i++ {
			old := p.funs
			if p.funs = slices.Delete(slices.Clone(old), i, i+1); s.differs(ctx, p, n) {
				again = true
				i--
				continue
			}
			p.funs = old
			again = s.list(ctx, p, n, &p.funs[i].body) || again
		}
		for i := 0; i < len(p.globals); i++ {
			old := p.globals
			if p.globals = slices.Delete(slices.Clone(old), i, i+1); s.differs(ctx, p, n) {
				again = true
				i--
			} else {
				p.globals = old
			}
		}
	}
	if s.differs(ctx, p, n); s.last != nil {
		return s.last
	}
	return d
}

// list takes statements out of a list, and puts what they hold in their place.
func (s *shrinker) list(ctx context.Context, p *program, n uint64, list *[]stmt) (smaller bool) {
	for i := 0; i < len(*list) && s.left > 0; i++ {
		old := *list
		if _, ok := old[i].(returns); ok && i == len(old)-1 {
			continue // a function that has a result gives it
		}
		if *list = slices.Delete(slices.Clone(old), i, i+1); s.differs(ctx, p, n) {
			smaller = true
			i--
			continue
		}
		*list = old
		for _, part := range old[i].parts() {
			if *list = slices.Concat(old[:i], *part, old[i+1:]); s.differs(ctx, p, n) {
				smaller = true
				break
			}
			*list = old
			smaller = s.list(ctx, p, n, part) || smaller
		}
	}
	return smaller
}
