package operator

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
)

// conditions visits those of if and the loops.
func (h *helper) conditions(visit func(s syntax.Stmt, x syntax.Expr, at span)) {
	h.statements(func(s syntax.Stmt) {
		var x syntax.Expr
		at := h.head(s)
		switch s := s.(type) {
		case *syntax.If:
			x = s.Cond
		case *syntax.While:
			x = s.Cond
		case *syntax.DoWhile:
			x = s.Cond
		case *syntax.For:
			if x = s.Cond; x != nil {
				at = h.second(at)
			}
		}
		if x != nil && at != nowhere {
			visit(s, x, at)
		}
	})
}

// second is what stands between the semicolons of a for.
func (f *file) second(head span) span {
	if head == nowhere {
		return nowhere
	}
	first := f.semicolon(head.from)
	if first < 0 {
		return nowhere
	}
	if second := f.semicolon(first + 1); second > first+1 {
		return span{first + 1, second - 1}
	}
	return nowhere
}

var negate = Operator{
	Name: "negate", Does: "negates a condition",
	find: func(h *helper) (all []change) {
		h.conditions(func(_ syntax.Stmt, _ syntax.Expr, at span) {
			all = append(all, one(at, at, "!("+h.text(at)+")"))
		})
		return all
	},
}

var always = Operator{
	Name: "always", Does: "takes a condition for true",
	find: func(h *helper) (all []change) {
		h.conditions(func(_ syntax.Stmt, x syntax.Expr, at span) {
			all = append(all, one(at, at, h.valued(x, at, "1")))
		})
		return all
	},
}

var never = Operator{
	Name: "never", Does: "takes the condition of a loop, or of an if with an else, for false",
	find: func(h *helper) (all []change) {
		h.conditions(func(s syntax.Stmt, x syntax.Expr, at span) {
			if i, ok := s.(*syntax.If); ok && i.Else == nil { // lose-branch does that
				return
			}
			all = append(all, one(at, at, h.valued(x, at, "0")))
		})
		return all
	},
}

var dropOperand = Operator{
	Name: "drop-operand", Does: "looks at one side of && or || alone",
	find: func(h *helper) (all []change) {
		h.expressions(func(x syntax.Expr, reach span) {
			b, ok := x.(*syntax.Binary)
			if !ok || b.Op != "&&" && b.Op != "||" {
				return
			}
			op := h.word(b.OpPos, b.Op)
			if op == nowhere {
				return
			}
			left, right := h.leftOf(op.from, b.Op), h.rightOf(op.from, b.Op)
			if left <= op.from && right >= op.from {
				all = append(all, one(reach, span{left, op.from}, ""), one(reach, span{op.from, right}, ""))
			}
		})
		return all
	},
}

// loose are tokens that bind less than && does, on its left or right, or end an expression.
var loose = []string{
	"?", ":", ",", ";", "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=",
	"^=", "<<=", ">>=", "return", "case", "(", "[", "{", ")", "]", "}",
}

// leftOf is the first token of what an operator has on its left.
func (f *file) leftOf(op int, text string) int {
	i := op
	for i > 0 {
		t := f.tokens[i-1].Text
		switch {
		case f.match[i-1] >= 0 && f.match[i-1] < i-1:
			i = f.match[i-1]
			continue
		case slices.Contains(loose, t), text == "&&" && t == "||":
			return i
		}
		i--
	}
	return i
}

// rightOf is the last token of what an operator has on its right.
func (f *file) rightOf(op int, text string) int {
	i := op
	for i+1 < len(f.tokens) {
		t := f.tokens[i+1].Text
		switch {
		case f.match[i+1] > i+1:
			i = f.match[i+1]
			continue
		case slices.Contains(loose, t), t == "||", text == "&&" && t == "&&":
			return i
		}
		i++
	}
	return i
}

var boundary = Operator{
	Name: "boundary", Does: "compares with < where <= stood, and so on",
	find: func(h *helper) (all []change) {
		other := map[string]string{"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
		h.expressions(func(x syntax.Expr, reach span) {
			b, ok := x.(*syntax.Binary)
			if !ok || other[b.Op] == "" {
				return
			}
			if op := h.word(b.OpPos, b.Op); op != nowhere {
				all = append(all, one(reach, op, other[b.Op]))
			}
		})
		return all
	},
}
