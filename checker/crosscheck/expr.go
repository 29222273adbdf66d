package crosscheck

import (
	"fmt"
	"math"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// never is the condition that does not hold in any state.
var never = &model.Expr{Op: model.Const}

func constant(x int64) *model.Expr { return &model.Expr{Op: model.Const, Const: x} }

func compare(op model.ExprOp, v model.VarID, x int64) *model.Expr {
	return &model.Expr{Op: op, X: &model.Expr{Op: model.ReadVar, Var: v}, Y: constant(x)}
}

func equals(v model.VarID, x int64) *model.Expr { return compare(model.Eq, v, x) }

// isConst reports whether e is a constant with that truth value.
func isConst(e *model.Expr, truth bool) bool {
	return e.Op == model.Const && (e.Const != 0) == truth
}

var opposite = map[model.ExprOp]model.ExprOp{
	model.Eq: model.Ne, model.Ne: model.Eq, model.Lt: model.Ge, model.Ge: model.Lt, model.Gt: model.Le, model.Le: model.Gt,
}

// negate is the truth value, and the shortest text, of "not e" that still reads well.
func negate(e *model.Expr) *model.Expr {
	if op, ok := opposite[e.Op]; ok {
		return &model.Expr{Op: op, X: e.X, Y: e.Y}
	}
	switch {
	case e.Op == model.Not:
		return e.X
	case isConst(e, false):
		return constant(1)
	case e.Op == model.Const:
		return never
	}
	return &model.Expr{Op: model.Not, X: e}
}

func both(op model.ExprOp, x, y *model.Expr) *model.Expr {
	unit := op == model.And // and: true is the unit, false wins
	switch {
	case isConst(x, unit) || isConst(y, !unit):
		return y
	case isConst(y, unit) || isConst(x, !unit):
		return x
	}
	return &model.Expr{Op: op, X: x, Y: y}
}

func and(x, y *model.Expr) *model.Expr { return both(model.And, x, y) }
func or(x, y *model.Expr) *model.Expr  { return both(model.Or, x, y) }

// excludes reports whether e says of a variable that it has, or exceeds, a value other than the one
// which f, a "not equal", denies.
func excludes(e, f *model.Expr) bool {
	simple := func(x *model.Expr) bool {
		return x.X != nil && x.Y != nil && x.X.Op == model.ReadVar && x.Y.Op == model.Const
	}
	if f.Op != model.Ne || !simple(f) || !simple(e) || e.X.Var != f.X.Var {
		return false
	}
	return e.Op == model.Eq && e.Y.Const != f.Y.Const || e.Op == model.Ge && e.Y.Const > f.Y.Const
}

// oneOf is the condition that v has one of some values, all of which it can take; nil when that is
// always so.
func oneOf(p *model.Program, v model.VarID, values []int64) *model.Expr {
	all := p.Vars[v].Values
	if len(values) == len(all) {
		return nil
	}
	if len(values) > 1 && len(values) == len(all)-1 {
		for _, x := range all {
			if !slices.Contains(values, x) {
				return compare(model.Ne, v, x)
			}
		}
	}
	e := never
	for _, x := range values {
		e = or(e, equals(v, x))
	}
	return e
}

// span is the range in which the values of an expression lie.
type span struct{ lo, hi float64 }

// rangeOf bounds what e and its parts can be, and fails where that does not fit the 32-bit integers
// of SPIN and TLC.
func rangeOf(p *model.Program, e *model.Expr) (span, error) {
	var s span
	switch e.Op {
	case model.Const:
		s = span{float64(e.Const), float64(e.Const)}
	case model.ReadVar:
		vs := p.Vars[e.Var].Values
		s = span{float64(vs[0]), float64(vs[len(vs)-1])}
	default:
		x, err := rangeOf(p, e.X)
		if err != nil {
			return x, err
		}
		y := span{}
		if e.Y != nil {
			if y, err = rangeOf(p, e.Y); err != nil {
				return y, err
			}
		}
		s = combine(e.Op, x, y)
	}
	if s.lo < math.MinInt32 || s.hi > math.MaxInt32 {
		return s, fmt.Errorf("crosscheck: a value in a check exceeds the 32-bit integers of SPIN and TLC")
	}
	return s, nil
}

func combine(op model.ExprOp, x, y span) span {
	switch op {
	case model.Neg:
		return span{-x.hi, -x.lo}
	case model.Add:
		return span{x.lo + y.lo, x.hi + y.hi}
	case model.Sub:
		return span{x.lo - y.hi, x.hi - y.lo}
	case model.Mul:
		products := []float64{x.lo * y.lo, x.lo * y.hi, x.hi * y.lo, x.hi * y.hi}
		return span{slices.Min(products), slices.Max(products)}
	}
	return span{0, 1}
}
