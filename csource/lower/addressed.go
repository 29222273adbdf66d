package lower

import (
	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// findAddressed finds the locals whose address is taken where it is evaluated: they need a home.
// What is assigned by the name of its address, as in g_steal_pointer(&p), needs none.
func (b *body) findAddressed(g *flow.Graph) map[*flow.Local]bool {
	found := map[*flow.Local]bool{}
	for _, block := range g.Blocks {
		for _, i := range block.Items {
			switch i := i.(type) {
			case *flow.Eval:
				b.addressedIn(i.X, i.Env, found)
			case *flow.Set:
				b.addressedIn(i.X, i.Env, found)
			case *flow.Init:
				b.addressedIn(i.X, i.Env, found)
			case *flow.Leave:
				if needsAddress(i) {
					found[i.Local] = true
				}
			}
		}
		switch e := block.End.(type) {
		case *flow.Branch:
			b.addressedIn(e.Cond, e.Env, found)
		case *flow.Switch:
			b.addressedIn(e.X, e.Env, found)
		case *flow.Return:
			if e.X != nil {
				b.addressedIn(e.X, e.Env, found)
			}
		}
	}
	return found
}

// needsAddress reports whether a variable is cleaned up by a function that takes its address.
func needsAddress(i *flow.Leave) bool {
	switch i.Attr.Name {
	case "cleanup":
		return true
	case "g_auto", "VIR_AUTOCLEAN":
		name, _ := i.Local.Type.(*syntax.TypeName)
		return name == nil || name.Name != "virLockGuard"
	}
	return false
}

func (b *body) addressedIn(x syntax.Expr, env flow.Env, found map[*flow.Local]bool) {
	var named syntax.Expr // the operand of an & that only names a variable
	var look func(n syntax.Node) bool
	look = func(n syntax.Node) bool {
		switch n := n.(type) {
		case syntax.Type, *syntax.SizeofExpr:
			return false
		case *syntax.Call:
			id, ok := n.Fun.(*syntax.Ident)
			if !ok || b.functions[id.Name] != nil || env.Find(id.Name) != nil {
				break
			}
			p := vocabulary.Lookup(id.Name)
			if p == nil {
				break
			}
			if p.Message() {
				_, parts := syntax.Told(n, b.describes)
				for _, part := range parts {
					if !syntax.Untold(*part, func(string) bool { return true }) {
						syntax.Walk(*part, look)
					}
				}
				return false
			}
			switch p.Effect {
			case vocabulary.Clear, vocabulary.Steal, vocabulary.UnlockGuard:
				if len(n.Args) > 0 {
					named = n.Args[0]
				}
			}
		case *syntax.Unary:
			if id, ok := n.X.(*syntax.Ident); ok && n.Op == "&" && n != named {
				if l := env.Find(id.Name); l != nil {
					found[l] = true
				}
			}
		}
		return true
	}
	syntax.Walk(x, look)
}

// parameterHomes gives a home to the parameters that are structs, or whose address is taken.
func (b *body) parameterHomes(g *flow.Graph) {
	for i, t := range b.f.params {
		l := g.Locals[i]
		if !b.hasHome[l] && !t.isObject() {
			continue
		}
		b.declareHome(l, t)
		if h, ok := b.homes[l]; ok {
			name := &syntax.Ident{At: syntax.At{Start: l.Pos}, Name: l.Name}
			p := &part{b: b, e: name, given: b.f.starts[i] + 1}
			b.begins = true
			p.object(b.addressOfHome(name, h), nil, t)
			b.begins = false
			b.done()
		}
	}
}
