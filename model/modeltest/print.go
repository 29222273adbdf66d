package modeltest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// program prints all that a thread does, without names and places. What lies in a domain is written
// as the domain's mark and the number that it has among the domain's things.
func (c *conformance[S]) program(t int) string {
	if text, ok := c.texts[t]; ok {
		return text
	}
	th := &c.p.Threads[t]
	var b strings.Builder
	fmt.Fprintf(&b, "loop %v start", th.Loop)
	c.printEdges(&b, th.Start)
	for i := range th.Nodes {
		n := &th.Nodes[i]
		fmt.Fprintf(&b, "\n%s %s %s %s", n.Op, c.object(n.Object), c.lock(n.Lock), c.cond(n.Cond))
		fmt.Fprintf(&b, " %s := %d wakes at %d, outside %v, left %v, timed %v, atomic %v, claim %d, cut %v, alive",
			c.variable(n.Var), n.Value, n.Wake, n.Outside, n.Left, n.Timed, n.Atomic, n.Claim, n.Cut)
		printSet(&b, n.Alive, c.object)
		printSet(&b, n.Held, c.lock)
		printSet(&b, n.Owns, c.variable)
		printSet(&b, n.Shares, c.variable)
		printSet(&b, n.Writes, c.variable)
		printSet(&b, n.Made, c.object)
		printSet(&b, n.Gives, c.object)
		c.printChecks(&b, n.Checks)
		for k := range n.Out {
			fmt.Fprintf(&b, " %d %d %d %v", n.Out[k].When, n.Out[k].Set, n.Out[k].Label, n.Out[k].Looks)
			c.printEdges(&b, n.Out[k].Next)
		}
	}
	if c.texts == nil {
		c.texts = map[int]string{}
	}
	c.texts[t] = b.String()
	return b.String()
}

// printSet prints sets in the order of their texts: an exchange may change that of the members.
func printSet[T any](b *strings.Builder, set []T, text func(T) string) {
	var out []string
	for _, x := range set {
		out = append(out, text(x))
	}
	slices.Sort(out)
	fmt.Fprintf(b, " %v", out)
}

func (c *conformance[S]) printEdges(b *strings.Builder, edges []model.Edge) {
	for i := range edges {
		fmt.Fprintf(b, " ->%d %v", edges[i].To, edges[i].Round)
	}
}

func (c *conformance[S]) printChecks(b *strings.Builder, checks []model.Check) {
	for i := range checks {
		fmt.Fprintf(b, " %s(", checks[i].Kind)
		c.printExpr(b, checks[i].Cond)
		b.WriteString(")")
	}
}

func (c *conformance[S]) printExpr(b *strings.Builder, e *model.Expr) {
	if e == nil {
		b.WriteString("_")
		return
	}
	fmt.Fprintf(b, "%d %d", e.Op, e.Const)
	if e.Op == model.ReadVar {
		b.WriteString(c.variable(e.Var))
	}
	b.WriteString("(")
	c.printExpr(b, e.X)
	c.printExpr(b, e.Y)
	b.WriteString(")")
}

func (c *conformance[S]) object(o model.ObjectID) string {
	return c.thing("object", int(o), func(i int) model.ObjectID { return model.ObjectID(i) })
}

func (c *conformance[S]) lock(l model.LockID) string {
	return c.thing("lock", int(l), func(i int) model.ObjectID { return c.p.Locks[i].Object })
}

func (c *conformance[S]) cond(x model.CondID) string {
	return c.thing("cond", int(x), func(i int) model.ObjectID { return c.p.Conds[i].Object })
}

func (c *conformance[S]) variable(v model.VarID) string {
	return c.thing("var", int(v), func(i int) model.ObjectID { return c.p.Vars[i].Object })
}

// thing names the i-th of its kind.
func (c *conformance[S]) thing(kind string, i int, object func(int) model.ObjectID) string {
	if i == model.None {
		return "no " + kind
	}
	domain := c.domainOf(object(i))
	if domain == model.None {
		return fmt.Sprint(kind, i)
	}
	nth := 0
	for k := range i {
		if c.domainOf(object(k)) == domain {
			nth++
		}
	}
	return fmt.Sprint(mark(domain), kind, nth)
}

func (c *conformance[S]) domainOf(o model.ObjectID) model.ObjectID {
	if o == model.None {
		return model.None
	}
	return c.p.Objects[o].Cluster
}
