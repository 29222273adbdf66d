package typestate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// What a function frees, it does not use afterwards. Only statements are looked at that follow in
// the same block, where no label stands between: there is no other way to them. That is cheap, so
// it is asked of all functions, of those with nothing of the protocol in them as well.

// freed looks at the functions that free something which a variable leads to.
func (w *world) freed(asked func(*tree.Function) bool) {
	list := w.mentions
	found := make([][]Finding, len(list))
	w.sideBySide(len(list), func(i int) {
		if m := list[i]; m.frees && (asked == nil || asked(m.fn)) {
			found[i] = usedFreed(m.fn)
		}
	})
	w.result.Findings = append(w.result.Findings, slices.Concat(found...)...)
}

// usedFreed finds what a function uses and has freed.
func usedFreed(f *tree.Function) []Finding {
	var found []Finding
	syntax.Walk(f.Body, func(n syntax.Node) bool {
		b, ok := n.(*syntax.Block)
		if !ok {
			return true
		}
		for i, s := range b.List {
			name, cleared := freedBy(s)
			if name == "" || !freesAll(f, s, name) {
				continue
			}
			u := &useOf{name: name, null: cleared}
			if u.list(b.List[i+1:]); u.at.Line == 0 {
				continue
			}
			text := name + " " + u.what + ", and was freed in line " + strconv.Itoa(s.Pos().Line)
			found = append(found, Finding{
				Kind: model.UseAfterRelease, Severity: Warning, Confidence: Sure, Function: f.Name, Pos: u.at,
				Message: text, Object: name,
				Path: []Step{{Pos: s.Pos(), Function: f.Name, Text: "frees " + name}},
			})
		}
		return true
	})
	return found
}

// freedBy is the variable that a statement frees, "" when it frees none, and whether it is NULL
// from then on.
func freedBy(s syntax.Stmt) (name string, cleared bool) {
	e, ok := s.(*syntax.ExprStmt)
	if !ok {
		return "", false
	}
	c, ok := e.X.(*syntax.Call)
	if !ok {
		return "", false
	}
	return freedByCall(c)
}

func freedByCall(c *syntax.Call) (name string, cleared bool) {
	f, ok := c.Fun.(*syntax.Ident)
	if !ok || len(c.Args) == 0 {
		return "", false
	}
	x := c.Args[0]
	v := vocabulary.Lookup(f.Name)
	switch {
	case v != nil && v.Effect == vocabulary.Clear && len(c.Args) == 2:
		u, ok := x.(*syntax.Unary)
		if !ok || u.Op != "&" {
			return "", false
		}
		x, cleared = u.X, true
	case v != nil && v.Effect == vocabulary.FreeAndClear:
		cleared = true
	case len(c.Args) == 1 && (v != nil && v.Effect == vocabulary.Free || v == nil && strings.HasSuffix(f.Name, "Free")):
	default:
		return "", false
	}
	if id, ok := x.(*syntax.Ident); ok {
		return id.Name, cleared
	}
	return "", false
}

// freesAll reports whether a statement frees all of what a variable leads to: a function for that
// is named for the type, or is one that is known.
func freesAll(f *tree.Function, s syntax.Stmt, name string) bool {
	callee := s.(*syntax.ExprStmt).X.(*syntax.Call).Fun.(*syntax.Ident).Name
	if vocabulary.Lookup(callee) != nil {
		return true
	}
	typ := ""
	for _, p := range f.Type.Params {
		if p.Name == name {
			typ = typeOf(p.Type).name
		}
	}
	syntax.Walk(f.Body, func(n syntax.Node) bool {
		if d, ok := n.(*syntax.VarDecl); ok && d.Name == name {
			typ = typeOf(d.Type).name
		}
		return true
	})
	return typ+"Free" == callee
}

// A useOf looks for the first use of a variable that leads to nothing any more.
type useOf struct {
	name string
	null bool      // it is NULL, else it leads to what was freed
	at   model.Pos // of the use
	what string    // is done
}

// A pace says how the search goes on after a piece of code.
type pace uint8

const (
	further pace = iota
	away         // control goes elsewhere
	over         // the variable has another value, somebody has asked for it, or a use is found
)

func (u *useOf) found(pos model.Pos, what string) pace {
	u.at, u.what = pos, what
	return over
}

func (u *useOf) list(list []syntax.Stmt) pace {
	for _, s := range list {
		if p := u.stmt(s); p != further {
			return p
		}
	}
	return further
}

func (u *useOf) stmt(s syntax.Stmt) pace {
	switch s := s.(type) {
	case nil:
		return further
	case *syntax.ExprStmt:
		return u.expr(s.X)
	case *syntax.DeclStmt:
		return u.decls(s.Decls)
	case *syntax.Block:
		return u.list(s.List)
	case *syntax.If:
		if p := u.expr(s.Cond); p != further {
			return p
		}
		return u.either(s.Then, s.Else)
	case *syntax.While:
		if p := u.expr(s.Cond); p != further {
			return p
		}
		return u.either(s.Body, nil)
	case *syntax.Return:
		if id, ok := s.X.(*syntax.Ident); ok && id.Name == u.name {
			if !u.null {
				return u.found(id.Pos(), "is returned")
			}
			return over
		}
		if p := u.expr(s.X); p != further {
			return p
		}
		return away
	case *syntax.Goto, *syntax.Break, *syntax.Continue:
		return away
	case *syntax.Empty:
		return further
	case *syntax.MacroBlock:
		if p := u.expr(s.Call); p != further {
			return p
		}
		return u.either(s.Body, nil)
	}
	return over
}

// either is one statement or another one.
func (u *useOf) either(s, t syntax.Stmt) pace {
	p, q := u.stmt(s), pace(further)
	if p != over && t != nil {
		null := u.null
		q = u.stmt(t)
		u.null = u.null && null
	}
	switch {
	case p == over || q == over:
		return over
	case p == away && q == away:
		return away
	}
	return further
}

func (u *useOf) decls(list []syntax.Decl) pace {
	for _, d := range list {
		v, ok := d.(*syntax.VarDecl)
		if !ok {
			continue
		}
		if v.Name == u.name {
			return over
		}
		if p := u.expr(v.Init); p != further {
			return p
		}
	}
	return further
}

// is reports whether an expression is the variable.
func (u *useOf) is(e syntax.Expr) bool {
	for {
		c, ok := e.(*syntax.Cast)
		if !ok {
			break
		}
		e = c.X
	}
	id, ok := e.(*syntax.Ident)
	return ok && id.Name == u.name
}

func (u *useOf) expr(e syntax.Expr) pace {
	switch e := e.(type) {
	case nil:
		return further
	case *syntax.Ident:
		if e.Name == u.name {
			return over
		}
		return further
	case *syntax.Assign:
		if p := u.expr(e.Y); p != further {
			return p
		}
		if !u.is(e.X) {
			return u.expr(e.X)
		}
		if id, ok := e.Y.(*syntax.Ident); ok && id.Name == "NULL" && e.Op == "=" {
			u.null = true
			return further
		}
		return over
	case *syntax.Member:
		if e.Arrow && u.is(e.X) {
			return u.found(e.Pos(), "is followed")
		}
		return u.expr(e.X)
	case *syntax.Index:
		if u.is(e.X) {
			return u.found(e.Pos(), "is followed")
		}
	case *syntax.Unary:
		if e.Op == "*" && u.is(e.X) {
			return u.found(e.Pos(), "is followed")
		}
	case *syntax.Call:
		return u.call(e)
	case *syntax.SizeofExpr, *syntax.SizeofType:
		return further
	}
	p := pace(further)
	syntax.Walk(e, func(n syntax.Node) bool {
		if x, ok := n.(syntax.Expr); ok && n != syntax.Node(e) && p == further {
			p = u.expr(x)
		}
		return n == syntax.Node(e)
	})
	return p
}

func (u *useOf) call(c *syntax.Call) pace {
	f, named := c.Fun.(*syntax.Ident)
	message := named && vocabulary.IsMessage(f.Name)
	if message && showsPointer(c) {
		return further
	}
	freed := ""
	if named {
		freed, _ = freedByCall(c)
	}
	for _, x := range c.Args {
		switch {
		case !u.is(x):
			if p := u.expr(x); p != further {
				return p
			}
		case named && strings.HasPrefix(f.Name, "NULLSTR"):
		case message:
			return u.found(x.Pos(), "is shown")
		case freed == u.name && u.null:
		case freed == u.name || u.null:
			return over
		default:
			return u.found(x.Pos(), "is given to a function")
		}
	}
	return further
}

// showsPointer reports whether a message shows the pointer itself.
func showsPointer(c *syntax.Call) bool {
	shows := false
	syntax.Walk(c, func(n syntax.Node) bool {
		s, ok := n.(*syntax.StringLit)
		shows = shows || ok && strings.Contains(s.Value, "%p")
		return true
	})
	return shows
}
