package model_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/lockproof/lockproof/model"
)

// TestExpr computes every operator as C does.
func TestExpr(t *testing.T) {
	constant := func(n int64) *model.Expr { return &model.Expr{Op: model.Const, Const: n} }
	read := func(v model.VarID) int64 { return []int64{3, 0, -2}[v] }
	truth := map[bool]int64{false: 0, true: 1}
	for x := int64(-2); x <= 3; x++ {
		for y := int64(-2); y <= 3; y++ {
			for op, want := range map[model.ExprOp]int64{
				model.Add: x + y, model.Sub: x - y, model.Mul: x * y,
				model.Eq: truth[x == y], model.Ne: truth[x != y], model.Lt: truth[x < y], model.Le: truth[x <= y],
				model.Gt: truth[x > y], model.Ge: truth[x >= y],
				model.And: truth[x != 0 && y != 0], model.Or: truth[x != 0 || y != 0],
			} {
				e := &model.Expr{Op: op, X: constant(x), Y: constant(y)}
				if got := e.Eval(read); got != want || model.Apply(op, x, y) != want {
					t.Errorf("operator %d of %d and %d: %d and %d, want %d", op, x, y, got, model.Apply(op, x, y), want)
				}
			}
		}
		not := &model.Expr{Op: model.Not, X: constant(x)}
		neg := &model.Expr{Op: model.Neg, X: constant(x)}
		if not.Eval(read) != truth[x == 0] || neg.Eval(read) != -x {
			t.Errorf("!%d = %d, -%d = %d", x, not.Eval(read), x, neg.Eval(read))
		}
	}
	for v, want := range []int64{3, 0, -2} {
		e := &model.Expr{Op: model.ReadVar, Var: model.VarID(v)}
		if got := e.Eval(read); got != want {
			t.Errorf("variable %d is %d, want %d", v, got, want)
		}
	}
	defer func() {
		if r := recover(); r != "model: operator 2 is not binary" {
			t.Errorf("recovered %v", r)
		}
	}()
	model.Apply(model.Not, 1, 1)
}

func TestPos(t *testing.T) {
	for want, p := range map[string]model.Pos{
		"-": {}, "a.c": {File: "a.c"}, "a.c:3": {File: "a.c", Line: 3}, "a.c:3:7": {File: "a.c", Line: 3, Col: 7},
	} {
		if got := p.String(); got != want || p.IsValid() != (p.Line > 0) {
			t.Errorf("%+v prints as %s, want %s", p, got, want)
		}
	}
	sorted := []model.Pos{
		{File: "a.c", Line: 1, Col: 9}, {File: "a.c", Line: 2, Col: 1}, {File: "a.c", Line: 2, Col: 3}, {File: "b.c", Line: 1, Col: 1},
	}
	for i := range sorted {
		for j := range sorted {
			if got := sorted[i].Before(sorted[j]); got != (i < j) {
				t.Errorf("%s before %s: %v", sorted[i], sorted[j], got)
			}
		}
	}
}

func TestNames(t *testing.T) {
	var ops []string
	for op := model.OpFinish; op <= model.OpFork; op++ {
		ops = append(ops, op.String())
	}
	want := "[finish lock trylock unlock wait sleep reacquire signal broadcast load store ref unref find remove access fail update restart fork]"
	if got := fmt.Sprint(ops); got != want {
		t.Error(got)
	}
	if got := (model.OpFork + 1).String(); got != "op(20)" {
		t.Error(got)
	}
	for label, want := range map[model.Label]string{
		model.Normal: "", model.TimedOut: "times out", model.Stolen: "times out and swallows the signal", model.Spuriously: "wakes up spuriously",
		model.InChild: "goes on as the child",
	} {
		if label.String() != want {
			t.Errorf("label %d prints as %q", label, label)
		}
	}
	kinds := model.Kinds()
	for i, k := range kinds {
		if !model.IsKind(string(k)) || slices.Index(kinds, k) != i {
			t.Errorf("%s is no kind, or one twice", k)
		}
	}
	if len(kinds) == 0 || model.IsKind("") || model.IsKind(string(model.RangeExceeded)) || model.IsKind("deadlock") {
		t.Errorf("%d kinds", len(kinds))
	}
	if got := fmt.Sprint(model.Verdicts()); got != "[violation deadlock partial-deadlock starvation unknown ok]" {
		t.Error(got)
	}
}

func TestFunction(t *testing.T) {
	n := model.Node{}
	if got := n.Function(); got != "" {
		t.Error(got)
	}
	n.Calls = []model.Call{{Function: "outer"}, {Function: "inner"}}
	if got := n.Function(); got != "inner" {
		t.Error(got)
	}
}
