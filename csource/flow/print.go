package flow

import (
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
)

// String writes the graph for people and tests, as in the package comment. Blocks that no path
// reaches are left out.
func (g *Graph) String() string {
	var b strings.Builder
	for _, block := range g.Blocks {
		if !block.Live {
			continue
		}
		label := fmt.Sprintf("%d:", block.Index)
		for _, i := range block.Items {
			fmt.Fprintf(&b, "%-4s%s\n", label, itemText(i))
			label = ""
		}
		fmt.Fprintf(&b, "%-4s%s\n", label, endText(block.End))
	}
	return b.String()
}

func itemText(i Item) string {
	switch i := i.(type) {
	case *Eval:
		return "eval " + text(i.X)
	case *Set:
		return fmt.Sprintf("set t%d = %s", i.Temp.Index, text(i.X))
	case *Declare:
		return "declare " + i.Local.Name
	case *Init:
		return fmt.Sprintf("init %s = %s", i.Local.Name, text(i.X))
	case *Leave:
		args := make([]string, len(i.Attr.Args))
		for n, a := range i.Attr.Args {
			args[n] = text(a)
		}
		return fmt.Sprintf("leave %s: %s", i.Local.Name, strings.Join(args, ", "))
	case *Gone:
		return "gone " + i.Local.Name
	case *Types:
		return "types"
	}
	return "other"
}

func endText(e End) string {
	switch e := e.(type) {
	case *Jump:
		return fmt.Sprintf("jump %d", e.To.Index)
	case *Branch:
		hidden := ""
		if e.Hidden {
			hidden = "hidden "
		}
		return fmt.Sprintf("%sbranch %s: %d else %d", hidden, text(e.Cond), e.Then.Index, e.Else.Index)
	case *Switch:
		s := fmt.Sprintf("switch %s:", text(e.X))
		for i := range e.Cases {
			c := &e.Cases[i]
			s += " " + text(c.Lo)
			if c.Hi != nil {
				s += "..." + text(c.Hi)
			}
			s += fmt.Sprintf(" to %d,", c.To.Index)
		}
		return fmt.Sprintf("%s else %d", s, e.Default.Index)
	case *Precondition:
		return fmt.Sprintf("precondition: %d else %d", e.Look.Index, e.Past.Index)
	case *Return:
		if e.X != nil {
			return "return " + text(e.X)
		}
	}
	return "return"
}

// text is the C of an expression in which a temporary stands under its number.
func text(e syntax.Expr) string { return syntax.Format(numbered(e)) }

// numbered replaces temporaries by their names, in a copy.
func numbered(e syntax.Expr) syntax.Expr {
	switch x := e.(type) {
	case *syntax.Temp:
		return &syntax.Ident{At: x.At, Name: fmt.Sprintf("t%d", x.Index)}
	case *syntax.Binary:
		y := *x
		y.X, y.Y = numbered(x.X), numbered(x.Y)
		return &y
	case *syntax.Assign:
		y := *x
		y.X, y.Y = numbered(x.X), numbered(x.Y)
		if x.Old != nil {
			y.Op, y.Y = "=", &syntax.Binary{At: x.At, Op: x.Op[:len(x.Op)-1], X: numbered(x.Old), Y: y.Y}
		}
		return &y
	case *syntax.Unary:
		y := *x
		y.X = numbered(x.X)
		return &y
	case *syntax.Postfix:
		y := *x
		y.X = numbered(x.X)
		return &y
	case *syntax.Cast:
		y := *x
		y.X = numbered(x.X)
		return &y
	case *syntax.Member:
		y := *x
		y.X = numbered(x.X)
		return &y
	case *syntax.Index:
		y := *x
		y.X, y.I = numbered(x.X), numbered(x.I)
		return &y
	case *syntax.Call:
		y := *x
		y.Args = nil
		for _, a := range x.Args {
			y.Args = append(y.Args, numbered(a))
		}
		return &y
	}
	return e
}
