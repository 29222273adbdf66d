package operator

import (
	"slices"
	"strconv"

	"github.com/lockproof/lockproof/csource/syntax"
)

var constant = Operator{
	Name: "constant", Does: "another number, the other of true and false, the next name of an enum",
	find: func(h *helper) (all []change) {
		compared, negative, returned := map[syntax.Expr]bool{}, map[syntax.Expr]bool{}, map[syntax.Expr]bool{}
		h.statements(func(s syntax.Stmt) {
			if r, ok := s.(*syntax.Return); ok && r.X != nil {
				returned[r.X] = true
			}
		})
		h.expressions(func(x syntax.Expr, reach span) {
			switch x := x.(type) {
			case *syntax.Binary:
				if slices.Contains([]string{"<", "<=", ">", ">="}, x.Op) { // boundary does that
					compared[x.X], compared[x.Y] = true, true
				}
			case *syntax.Unary:
				n, ok := x.X.(*syntax.IntLit)
				if !ok || x.Op != "-" {
					return
				}
				negative[n] = true
				minus, digits := h.word(x.Pos(), "-"), h.word(n.Pos(), n.Text)
				if !compared[x] && minus != nowhere && digits == (span{minus.to + 1, minus.to + 1}) {
					all = append(all, one(reach, span{minus.from, digits.to}, "0"))
				}
			case *syntax.IntLit:
				if at := h.word(x.Pos(), x.Text); at != nowhere && !compared[x] && !negative[x] {
					all = append(all, one(reach, at, otherNumber(x.Value, returned[x])))
				}
			case *syntax.Ident:
				at := h.word(x.Pos(), x.Name)
				if other := h.otherName(x.Name); other != "" && at != nowhere {
					all = append(all, one(reach, at, other))
				}
			}
		})
		return all
	},
}

// otherNumber is a number that means something else: failure where 0 is returned.
func otherNumber(n int64, returned bool) string {
	switch {
	case n == 0 && returned:
		return "-1"
	case n == 1:
		return "0"
	}
	return strconv.FormatInt(n+1, 10)
}

// otherName is another name of the same type; "" for what is no constant.
func (u *unit) otherName(name string) string {
	switch name {
	case "true":
		return "false"
	case "false":
		return "true"
	}
	for _, e := range u.enums {
		for i, x := range e.Enumerators {
			if x.Name == name && len(e.Enumerators) > 1 {
				return e.Enumerators[(i+1)%len(e.Enumerators)].Name
			}
		}
	}
	return ""
}

var mask = Operator{
	Name: "mask", Does: "another bit: | for &, no ~, shifted once more",
	find: func(h *helper) (all []change) {
		other := map[string]string{"&": "|", "|": "&", "^": "|", "&=": "|=", "|=": "&=", "<<": "<< 1 <<", ">>": ">> 1 >>"}
		h.expressions(func(x syntax.Expr, reach span) {
			at, text := nowhere, ""
			switch x := x.(type) {
			case *syntax.Binary:
				at, text = h.word(x.OpPos, x.Op), other[x.Op]
			case *syntax.Assign:
				at, text = h.word(x.OpPos, x.Op), other[x.Op]
			case *syntax.Unary:
				if x.Op == "~" {
					at, text = h.word(x.Pos(), "~"), " "
				}
			}
			if at != nowhere && text != "" {
				all = append(all, one(reach, at, text))
			}
		})
		return all
	},
}
