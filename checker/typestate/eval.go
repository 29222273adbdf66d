package typestate

import (
	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// An analysis is the work on one function.
type analysis struct {
	w        *world
	f        *function
	ps       *places
	mem      *memory
	exits    []exit
	reports  map[reportKey]*Finding
	origins  map[*trail]*origin // of facts, for callers
	states   int
	pos      model.Pos // of what is evaluated
	acquires []acquisition
	backs    []calledBack
	given    []value      // the numbers that it is called with, where they are known
	cut      bool         // not all paths were followed: what it does for callers is not known
	early    []start      // what it changes without a lock that its callers may have
	alone    *syntax.Call // the call that is a statement of its own
	testing  bool         // the calls at hand are made for a check or requires
	// what is changed under locks that callers hold
	alterations []acquisition
	// locks that must not be held while it runs
	blockings []blocking
	// the calls at hand are those of a condition
	branching  bool
	forEnded   map[model.Pos]forEnded
	clearsJobs bool            // it calls a function that clears a job
	kept       map[place]*kept // jobs of objects that it has found
	saying     told            // beside the summary
}

// eval is the value of an expression whose calls have been made, with its other effects carried
// out.
func (a *analysis) eval(s *state, env flow.Env, e syntax.Expr) value {
	switch e := e.(type) {
	case *syntax.IntLit:
		return number(e.Value)
	case *syntax.CharLit:
		return number(e.Value)
	case *syntax.StringLit:
		return value{signs: positive}
	case *syntax.Temp:
		return s.vars[len(a.f.graph.Locals)+e.Index]
	case *syntax.Ident:
		return a.name(s, env, e)
	case *syntax.Call:
		v, _ := s.resultOf(e)
		return v
	case *syntax.Cast:
		v := a.eval(s, env, e.X)
		if p, ok := v.place(); ok {
			if t := typeOf(e.Type); t.stars > 0 && a.ps.list[p].typ == "" {
				a.ps.list[p].typ = t.name
			}
		}
		return v
	case *syntax.Assign:
		v := a.eval(s, env, e.Y)
		switch e.Op {
		case "=":
		case "|=", "&=":
			v = a.arithmetic(e.Op[:1], a.eval(s, env, e.X), v)
		default:
			v = unknown
		}
		a.assign(s, env, e.X, v, e)
		return v
	case *syntax.Postfix:
		old := a.eval(s, env, e.X)
		a.assign(s, env, e.X, stepped(old), e)
		return old
	case *syntax.Unary:
		return a.unary(s, env, e)
	case *syntax.Binary:
		return a.binary(s, env, e)
	case *syntax.Member:
		return a.load(s, a.memberPlace(s, env, e))
	case *syntax.Index:
		a.eval(s, env, e.I)
		return a.load(s, a.placeOf(s, env, e))
	case *syntax.Comma:
		v := unknown
		for _, x := range e.List {
			v = a.eval(s, env, x)
		}
		return v
	}
	return unknown
}

// stepped is a number after ++ or --: a counter is not followed.
func stepped(old value) value {
	if old.signs&negative == 0 && old.at == 0 {
		return value{signs: zero | positive}
	}
	return unknown
}

func (a *analysis) unary(s *state, env flow.Env, e *syntax.Unary) value {
	switch e.Op {
	case "&":
		if p := a.placeOf(s, env, e.X); p != noPlace {
			return pointer(p)
		}
		return value{signs: positive}
	case "*":
		v := a.eval(s, env, e.X)
		if p, ok := v.place(); ok {
			return a.load(s, a.target(s, p))
		}
		a.follow(s, v, e.X, env)
		return unknown
	case "++", "--":
		v := stepped(a.eval(s, env, e.X))
		a.assign(s, env, e.X, v, e)
		return v
	case "!":
		if t, ok := a.truth(s, a.eval(s, env, e.X)); ok {
			return number(int64(boolBit(!t)))
		}
		return value{signs: zero | positive}
	case "-":
		v := a.eval(s, env, e.X)
		if v.known {
			return number(-v.n)
		}
		return unknown
	case "~":
		if v := a.eval(s, env, e.X); v.known && v.n < symbolBase {
			return number(^v.n)
		}
		return unknown
	}
	a.eval(s, env, e.X)
	return unknown
}

// truth is whether a value is not zero, as far as the state knows.
func (a *analysis) truth(s *state, v value) (truth, known bool) {
	if p, ok := v.place(); ok {
		if _, there := s.at(p, isThere); there || a.ps.list[p].root == localRoot || a.holdsBelow(s, p) {
			return true, true
		}
		return false, false
	}
	return v.truth()
}

// holdsBelow reports whether this thread holds something of an object, which is there then.
func (a *analysis) holdsBelow(s *state, p place) bool {
	for i := range s.facts {
		f := &s.facts[i]
		if f.aspect == isHeld && f.place != p && !f.val.isNull() && f.val.signs&zero == 0 && a.below(f.place, p) {
			return true
		}
	}
	return false
}

func (a *analysis) binary(s *state, env flow.Env, e *syntax.Binary) value {
	x, y := a.eval(s, env, e.X), a.eval(s, env, e.Y)
	switch e.Op {
	case "==", "!=", "<", "<=", ">", ">=":
		if t, known := a.compare(s, x, e.Op, y); known {
			return number(int64(boolBit(t)))
		}
		return value{signs: zero | positive}
	}
	return a.arithmetic(e.Op, x, y)
}

// arithmetic is the value of `x op y`, which is followed as far as flags go.
func (a *analysis) arithmetic(op string, x, y value) value {
	both := x.known && y.known && x.n < symbolBase && y.n < symbolBase
	switch op {
	case "+", "-":
		if x.at > 0 {
			return x
		}
		if both && op == "+" {
			return number(x.n + y.n)
		}
		if both {
			return number(x.n - y.n)
		}
	case "|":
		switch {
		case x.isNull():
			return y.plain()
		case y.isNull():
			return x.plain()
		case both:
			return number(x.n | y.n)
		}
	case "&":
		switch {
		case x.isNull(), y.isNull():
			return number(0)
		case both:
			return number(x.n & y.n)
		}
		return value{signs: zero | positive}
	}
	return unknown
}

func (a *analysis) compare(s *state, x value, op string, y value) (truth, known bool) {
	if x.known && !y.known {
		x, y = y, x
		op = map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}[op]
	}
	if x.from > 0 && x.from == y.from && !x.known {
		return op == "==" || op == "<=" || op == ">=", true
	}
	if p, ok := x.place(); ok {
		if q, same := y.place(); same && p == q {
			return op == "==" || op == "<=" || op == ">=", true
		}
		if t, known := a.truth(s, x); known && t && y.isNull() && (op == "==" || op == "!=") {
			return op == "!=", true
		}
		return false, false
	}
	if !y.known {
		return false, false
	}
	_, yes := x.narrowed(op, y.n, true)
	_, no := x.narrowed(op, y.n, false)
	return yes, yes != no
}
