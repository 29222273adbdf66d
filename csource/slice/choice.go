package slice

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// undecided is the value of a choice that has not been made.
const undecided = 2

// A choice is a condition that is not known and stands in several places.
type choice struct {
	name   string
	reads  map[string]bool // the names in it
	memory bool            // it reads what others may write
	places int
	made   bool // some place in what is left asks for it
}

// choices are those of one function, by their text.
type choices struct {
	byText map[string]*choice
	order  []*choice
	count  int
}

// findChoices reads all conditions of the function.
func (f *function) findChoices() *choices {
	cs := &choices{byText: map[string]*choice{}}
	syntax.Walk(f.def.Body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.If:
			cs.atoms(n.Cond)
		case *syntax.While:
			cs.atoms(n.Cond)
		case *syntax.DoWhile:
			cs.atoms(n.Cond)
		case *syntax.For:
			cs.atoms(n.Cond)
		case *syntax.Cond:
			cs.atoms(n.X)
		}
		return true
	})
	return cs
}

// atoms counts the conditions of which one is made by !, && and ||.
func (cs *choices) atoms(x syntax.Expr) {
	switch x := x.(type) {
	case nil:
		return
	case *syntax.Unary:
		if x.Op == "!" {
			cs.atoms(x.X)
			return
		}
	case *syntax.Binary:
		if x.Op == "&&" || x.Op == "||" {
			cs.atoms(x.X)
			cs.atoms(x.Y)
			return
		}
	}
	base, _ := normal(x)
	text := syntax.Format(base)
	c := cs.byText[text]
	if c == nil {
		if c = readsOf(base); c == nil {
			return
		}
		cs.byText[text] = c
		cs.order = append(cs.order, c)
	}
	if c.places++; c.places == 2 {
		cs.count++
		c.name = fmt.Sprintf("choice_%d", cs.count)
	}
}

// normal is a condition without a comparison with 0 or NULL, and whether that turned it round.
func normal(x syntax.Expr) (base syntax.Expr, not bool) {
	b, ok := x.(*syntax.Binary)
	if !ok || b.Op != "==" && b.Op != "!=" || !isZero(b.Y) {
		return x, false
	}
	return b.X, b.Op == "=="
}

func isZero(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.IntLit:
		return x.Value == 0
	case *syntax.Ident:
		return x.Name == "NULL" || x.Name == "false"
	}
	return false
}

// readsOf is a choice for a condition; nil where it does something, so that it can be another each
// time.
func readsOf(x syntax.Expr) *choice {
	c := &choice{reads: map[string]bool{}}
	pure := true
	syntax.Walk(x, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Ident:
			c.reads[n.Name] = true
		case *syntax.Call, *syntax.Assign, *syntax.Postfix, *syntax.StmtExpr, *syntax.BadExpr:
			pure = false
		case *syntax.Unary:
			if n.Op == "++" || n.Op == "--" {
				pure = false
			}
			c.memory = c.memory || n.Op == "*"
		case *syntax.Member:
			c.memory = c.memory || n.Arrow
		case *syntax.Index:
			c.memory = true
		}
		return pure
	})
	if !pure {
		return nil
	}
	return c
}

// used lists the choices for which the function needs a variable.
func (cs *choices) used() []*choice {
	return slices.DeleteFunc(slices.Clone(cs.order), func(c *choice) bool { return !c.made })
}

// findMade notes which choices stand in several places of what is left. One that stands in a single
// place, and is not in a loop that could come back to it, has no variable.
func (cs *choices) findMade(list []syntax.Stmt) {
	places := map[string]int{}
	for _, s := range list {
		syntax.Walk(s, func(n syntax.Node) bool {
			if a, ok := n.(*syntax.Assign); ok {
				if id, ok := a.X.(*syntax.Ident); ok {
					places[id.Name]++
				}
			}
			return true
		})
	}
	for _, c := range cs.order {
		c.made = c.name != "" && places[c.name] > 1
	}
}

// choose is the value of a condition that is not known.
func (f *function) choose(x syntax.Expr) syntax.Expr {
	f.chosen++
	at := syntax.At{Start: x.Pos()}
	base, not := normal(x)
	c := f.choices.byText[syntax.Format(base)]
	if c == nil || c.places < 2 || f.again && !c.made {
		return nondet(at)
	}
	name := func() syntax.Expr { return &syntax.Ident{At: at, Name: c.name} }
	var e syntax.Expr = &syntax.Cond{
		At:   at,
		X:    &syntax.Binary{At: at, Op: "==", OpPos: at.Start, X: name(), Y: number(at, undecided)},
		Then: &syntax.Assign{At: at, Op: "=", OpPos: at.Start, X: name(), Y: nondet(at)},
		Else: name(),
	}
	if not {
		e = &syntax.Unary{At: at, Op: "!", X: e}
	}
	return e
}

// forget makes choices anew whose operands an expression changes, or calls that it makes may.
func (f *function) forget(xs ...syntax.Expr) []syntax.Stmt {
	changed, called := map[string]bool{}, false
	for _, x := range xs {
		if x == nil {
			continue
		}
		syntax.Walk(x, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.Assign:
				root(n.X, changed)
			case *syntax.Postfix:
				root(n.X, changed)
			case *syntax.Unary:
				if n.Op == "++" || n.Op == "--" || n.Op == "&" {
					root(n.X, changed)
				}
			case *syntax.Call:
				called = true
			}
			return true
		})
	}
	return f.reset(changed, called, posOf(xs))
}

func posOf(xs []syntax.Expr) (p model.Pos) {
	for _, x := range xs {
		if x != nil {
			return x.Pos()
		}
	}
	return p
}

func (f *function) reset(changed map[string]bool, called bool, pos model.Pos) []syntax.Stmt {
	var list []syntax.Stmt
	at := syntax.At{Start: pos}
	for _, c := range f.choices.order {
		if !c.made || !(c.memory && called) && !anyOf(c.reads, changed) {
			continue
		}
		list = append(list, &syntax.ExprStmt{At: at, X: &syntax.Assign{
			At: at, Op: "=", OpPos: pos, X: &syntax.Ident{At: at, Name: c.name}, Y: number(at, undecided),
		}})
	}
	return list
}

func anyOf(a, b map[string]bool) bool {
	for name := range b {
		if a[name] {
			return true
		}
	}
	return false
}

// root notes the variable of which a place is a part.
func root(x syntax.Expr, names map[string]bool) {
	for {
		switch y := x.(type) {
		case *syntax.Ident:
			names[y.Name] = true
			return
		case *syntax.Member:
			x = y.X
		case *syntax.Index:
			x = y.X
		case *syntax.Unary:
			x = y.X
		case *syntax.Cast:
			x = y.X
		default:
			return
		}
	}
}

// nondet is a call that gives 0 or 1.
func nondet(at syntax.At) syntax.Expr {
	return &syntax.Call{At: at, Fun: &syntax.Ident{At: at, Name: "nondet"}, Lparen: at.Start, Rparen: at.Start}
}

func number(at syntax.At, n int64) syntax.Expr {
	if n < 0 {
		return &syntax.Unary{At: at, Op: "-", X: number(at, -n)}
	}
	return &syntax.IntLit{At: at, Value: n, Text: fmt.Sprint(n)}
}

// anyNumber is any class of result: 0, -1 or 1; of a bool 0 or 1.
func (f *function) anyNumber(at syntax.At, typ syntax.Type) syntax.Expr {
	f.chosen++
	if f.types.isBool(typ) {
		return nondet(at)
	}
	return &syntax.Cond{
		At: at, X: nondet(at), Then: number(at, 0),
		Else: &syntax.Cond{At: at, X: nondet(at), Then: number(at, -1), Else: number(at, 1)},
	}
}
