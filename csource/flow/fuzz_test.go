package flow_test

import (
	"testing"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
)

// Whatever the parser reads has a graph: each block has a way on that stays in the graph, each
// temporary is set on every way to where it is read, and the blocks that can be reached are marked.
func FuzzNew(f *testing.F) {
	for _, body := range []string{
		"if (a && (b || !c)) x = y ? z : w; else goto out; out: ;",
		"switch (x) { case 1: while (y) { case 2: break; default: continue; } }",
		"do { __attribute__((cleanup(c))) int v = a ? b : (c, d); if (v) continue; } while (x++ < 3 || y);",
		"return f(a, b ? c : d, ({ int t = e; t && u; }), g ?: h) + (i += j ? k : l);",
		"virCheckFlags(1, a && b); p->q[r ? 1 : 2] += s || t; *(u ? v : w) = 3;",
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		p := syntax.NewParser(t.Context(), syntax.Options{Mode: syntax.Tolerant})
		file := p.Parse(syntax.Source{Name: "t.c", Text: []byte("int f(int a, int b) {\n" + body + "\n}\n")})
		for _, d := range file.Decls {
			if d, ok := d.(*syntax.FuncDef); ok {
				g, _ := flow.New(d, flow.Options{})
				wellFormed(t, g)
			}
		}
	})
}

func wellFormed(t *testing.T, g *flow.Graph) {
	t.Helper()
	live := map[*flow.Block]bool{g.Blocks[0]: true}
	for i, b := range g.Blocks {
		if b.Index != i || b.End == nil {
			t.Fatalf("block %d has index %d and end %v", i, b.Index, b.End)
		}
		for _, next := range b.End.Next(nil) {
			if next == nil || next.Index >= len(g.Blocks) || g.Blocks[next.Index] != next {
				t.Fatalf("block %d leads out of the graph", i)
			}
			live[next] = live[next] || b.Live
		}
	}
	for _, b := range g.Blocks {
		if b.Live != live[b] {
			t.Fatalf("block %d: live is %v", b.Index, b.Live)
		}
	}
	temporaries(t, g)
	_ = g.String()
}

// temporaries checks by a forward analysis that what is read was set.
func temporaries(t *testing.T, g *flow.Graph) {
	t.Helper()
	set := make([]map[int]bool, len(g.Blocks)) // on all ways to a block
	set[0] = map[int]bool{}
	for todo := []*flow.Block{g.Blocks[0]}; len(todo) > 0; {
		b := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		now := map[int]bool{}
		for k := range set[b.Index] {
			now[k] = true
		}
		for _, i := range b.Items {
			if s, ok := i.(*flow.Set); ok {
				now[s.Temp.Index] = true
			}
		}
		for _, next := range b.End.Next(nil) {
			old := set[next.Index]
			both := map[int]bool{}
			for k := range now {
				if old == nil || old[k] {
					both[k] = true
				}
			}
			if old == nil || len(both) < len(old) {
				set[next.Index] = both
				todo = append(todo, next)
			}
		}
	}
	for _, b := range g.Blocks {
		if !b.Live {
			continue
		}
		now := set[b.Index]
		read := func(x syntax.Expr) {
			syntax.Walk(x, func(n syntax.Node) bool {
				if temp, ok := n.(*syntax.Temp); ok && !now[temp.Index] {
					t.Fatalf("t%d is read in block %d without having been set\n%s", temp.Index, b.Index, g)
				}
				return true
			})
		}
		for _, i := range b.Items {
			switch i := i.(type) {
			case *flow.Eval:
				read(i.X)
			case *flow.Init:
				read(i.X)
			case *flow.Set:
				read(i.X)
				now[i.Temp.Index] = true
			}
		}
		switch e := b.End.(type) {
		case *flow.Branch:
			read(e.Cond)
		case *flow.Switch:
			read(e.X)
		case *flow.Return:
			if e.X != nil {
				read(e.X)
			}
		}
	}
}
