package slice

import (
	"github.com/lockproof/lockproof/csource/syntax"
)

// switched is a switch. Where its value or one of its cases is not known its cases are numbered,
// and it chooses one of the numbers.
func (f *function) switched(x *syntax.Switch) []syntax.Stmt {
	b, ok := x.Body.(*syntax.Block)
	if !ok {
		f.fail(x.Pos(), "a switch without a block cannot be sliced")
		return nil
	}
	v := f.value(x.X)
	sw := &switching{f: f, numbered: !v.known || !f.knowsCases(b)}
	f.open()
	list := sw.list(b.List)
	f.close()
	resets := f.forget(x.X)
	if !acts(&syntax.Block{List: list}) {
		return f.evaluated(x.At, v.x, x.X)
	}
	on := v.x
	if sw.numbered {
		f.chosen++
		on = after(x.At, v.x, oneOf(x.At, sw.cases))
	}
	s := &syntax.Switch{At: x.At, X: on, Body: &syntax.Block{At: b.At, List: list, Rbrace: b.Rbrace}}
	return append(resets, f.keep(s)...)
}

// knowsCases reports whether all values that a switch tells apart are known.
func (f *function) knowsCases(b *syntax.Block) bool {
	all := true
	syntax.Walk(b, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.Case); ok {
			all = all && f.value(c.Lo).known && (c.Hi == nil || f.value(c.Hi).known)
		}
		return all
	})
	return all
}

// oneOf is a number from 0 to n, where n is no case: default, or past the switch.
func oneOf(at syntax.At, n int) syntax.Expr {
	x := number(at, int64(n))
	for i := n - 1; i >= 0; i-- {
		x = &syntax.Cond{At: at, X: nondet(at), Then: number(at, int64(i)), Else: x}
	}
	return x
}

// switching is the body of a switch.
type switching struct {
	f        *function
	numbered bool
	cases    int
}

func (w *switching) list(in []syntax.Stmt) []syntax.Stmt {
	var out []syntax.Stmt
	for _, s := range in {
		out = append(out, w.stmt(s)...)
	}
	return out
}

// stmt is a statement of the body, with the cases in front of it.
func (w *switching) stmt(s syntax.Stmt) []syntax.Stmt {
	switch x := s.(type) {
	case *syntax.Case:
		c := &syntax.Case{At: x.At, Lo: x.Lo, Hi: x.Hi}
		if !w.numbered {
			c.Lo = w.f.value(x.Lo).x
			if x.Hi != nil {
				c.Hi = w.f.value(x.Hi).x
			}
		} else {
			c.Lo, c.Hi = number(x.At, int64(w.cases)), nil
			w.cases++
		}
		return w.marked(c, x.Body, x.At, func(s syntax.Stmt) { c.Body = s })
	case *syntax.Default:
		c := &syntax.Default{At: x.At}
		return w.marked(c, x.Body, x.At, func(s syntax.Stmt) { c.Body = s })
	}
	return w.f.stmt(s)
}

func (w *switching) marked(c, body syntax.Stmt, at syntax.At, put func(syntax.Stmt)) []syntax.Stmt {
	list := w.stmt(body)
	if len(list) == 0 {
		put(&syntax.Empty{At: at})
		return w.f.keep(c)
	}
	put(list[0])
	return append(w.f.keep(c), list[1:]...)
}
