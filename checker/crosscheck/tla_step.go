package crosscheck

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// class writes the automaton of some threads: an action for each location, and their disjunction.
func (o *tla) class(c *class) {
	o.printf("%s\n\\* %s\n\n", strings.Repeat("-", 80), oneLine(c.whose()))
	var actions []string
	for i := range c.places {
		pl := &c.places[i]
		l := c.location(model.NodeID(i))
		o.printf("\\* %s\n", o.about(pl.node))
		if pl.node.Op == model.OpFinish {
			o.printf("\\* (no action at %d)\n\n", l)
			continue
		}
		o.action(c, pl, l)
		actions = append(actions, fmt.Sprintf("L%d(t)", l))
	}
	if len(actions) == 0 {
		actions = []string{"FALSE"}
	}
	o.printf("%s(t) ==\n    \\/ %s\n\n", c.name, strings.Join(actions, " \\/ "))
}

func (o *tla) action(c *class, pl *place, l int) {
	o.printf("L%d(t) ==\n    /\\ At(t, %d)\n", l, l)
	indent := "    /\\ "
	for i := range pl.fails {
		f := &pl.fails[i]
		when := o.holds(f.when, "")
		if i > 0 {
			indent = "       ELSE "
		}
		o.printf("%sIF %s THEN Fail(%q) \\* %s\n", indent, when, f.kind, oneLine(f.reason))
	}
	var steps [][]string
	for i := range pl.steps {
		s := &pl.steps[i]
		for k := range s.next {
			steps = append(steps, o.edge(c, s, &s.next[k], pl.node))
		}
	}
	margin := "    "
	if len(pl.fails) > 0 {
		o.printf("       ELSE ")
		margin = strings.Repeat(" ", len("       ELSE "))
	} else {
		o.printf("%s", margin)
	}
	o.printf("%s\n\n", layout(steps, margin))
}

// layout writes a disjunction of conjunctions, the first line without its margin.
func layout(steps [][]string, margin string) string {
	switch len(steps) {
	case 0:
		return "/\\ FALSE"
	case 1:
		return "/\\ " + strings.Join(steps[0], "\n"+margin+"/\\ ")
	}
	for i := range steps {
		steps[i] = []string{strings.Join(steps[i], "\n"+margin+"      /\\ ")}
	}
	text := "/\\"
	for i, s := range steps {
		if i > 0 {
			text += "\n" + margin + "  "
		}
		text += " \\/ /\\ " + s[0]
	}
	return text
}

// edge lists what is so of a step along one edge, before and after.
func (o *tla) edge(c *class, s *step, e *model.Edge, n *model.Node) []string {
	var parts []string
	for _, g := range s.when {
		parts = append(parts, o.guard(g))
	}
	locks, vars, same := "", "", []string{}
	for _, f := range s.does {
		switch {
		case f.lock != model.None:
			locks += fmt.Sprintf(", !.%s = %s", o.names.locks[f.lock], strings.ToUpper(strconv.FormatBool(f.value != 0)))
		case f.delta:
			vars += fmt.Sprintf(", !.%s = @ %s", o.names.vars[f.v], signed(f.value))
		default:
			vars += fmt.Sprintf(", !.%s = %d", o.names.vars[f.v], f.value)
		}
	}
	same = o.assigned(&parts, same, "lock", locks)
	same = o.assigned(&parts, same, "var", vars)
	to := c.location(e.To)
	moves, quiet := o.moves(s, n, to)
	switch {
	case len(e.Asserts) > 0:
	case quiet:
		moves = fmt.Sprintf("Go(t, %d)", to)
	default:
		same = append(same, "err")
	}
	parts = append(parts, moves)
	if len(same) == 1 {
		parts = append(parts, "UNCHANGED "+same[0])
	} else if len(same) > 1 {
		parts = append(parts, "UNCHANGED <<"+strings.Join(same, ", ")+">>")
	}
	if len(e.Asserts) > 0 { // last: TLC reads var' here, which must be known
		parts = append(parts, "err' = "+o.afterwards(e.Asserts))
	}
	if r := s.label.String(); r != "" {
		parts[len(parts)-1] += " \\* " + r
	}
	return parts
}

// afterwards is the kind of the first assert that fails in the state that a step makes, or "none".
func (o *tla) afterwards(asserts []model.Check) string {
	kind := `"none"`
	for _, a := range slices.Backward(asserts) {
		holds := never
		if a.Cond != nil {
			holds = a.Cond
		}
		kind = fmt.Sprintf("IF %s THEN %q ELSE %s", o.holds(negate(holds), "'"), a.Kind, kind)
	}
	return kind
}

func signed(x int64) string {
	if x < 0 {
		return fmt.Sprintf("- %d", -x)
	}
	return fmt.Sprintf("+ %d", x)
}

func (o *tla) assigned(parts *[]string, same []string, record, changes string) []string {
	if changes == "" {
		return append(same, record)
	}
	*parts = append(*parts, fmt.Sprintf("%s' = [%s EXCEPT %s]", record, record, strings.TrimPrefix(changes, ", ")))
	return same
}

// moves says where threads stand after a step; quiet tells that only its own thread moves.
func (o *tla) moves(s *step, n *model.Node, to int) (text string, quiet bool) {
	if s.wakes == nobody {
		return fmt.Sprintf("Move(t, %d)", to), true
	}
	waiters := o.names.conds[n.Cond]
	if s.wakes == everyone {
		return fmt.Sprintf("pc' = [w \\in Threads |-> IF w = t THEN %d ELSE IF w \\in %s THEN Wake(pc[w]) ELSE pc[w]]", to, waiters), false
	}
	return fmt.Sprintf("IF %s = {} THEN Move(t, %d) ELSE \\E w \\in %s : pc' = [pc EXCEPT ![t] = %d, ![w] = Wake(@)]",
		waiters, to, waiters, to), false
}

func (o *tla) guard(g guard) string {
	switch {
	case g.lock != model.None && g.held:
		return "lock." + o.names.locks[g.lock]
	case g.lock != model.None:
		return "~lock." + o.names.locks[g.lock]
	}
	return o.holds(g.cond, "")
}

var (
	tlaCompare = map[model.ExprOp]string{
		model.Eq: "=", model.Ne: "#", model.Lt: "<", model.Le: "<=", model.Gt: ">", model.Ge: ">=",
	}
	tlaLogic = map[model.ExprOp]string{model.And: "/\\", model.Or: "\\/"}
	tlaArith = map[model.ExprOp]string{model.Add: "+", model.Sub: "-", model.Mul: "*"}
)

// holds writes an expression as a truth value; prime is ' where it is about the state after the step.
func (o *tla) holds(e *model.Expr, prime string) string {
	if op, ok := tlaCompare[e.Op]; ok {
		return o.value(e.X, prime) + " " + op + " " + o.value(e.Y, prime)
	}
	if op, ok := tlaLogic[e.Op]; ok {
		return "((" + o.holds(e.X, prime) + ") " + op + " (" + o.holds(e.Y, prime) + "))"
	}
	switch e.Op {
	case model.Const:
		return strings.ToUpper(strconv.FormatBool(e.Const != 0))
	case model.Not:
		return "~(" + o.holds(e.X, prime) + ")"
	}
	return o.value(e, prime) + " # 0"
}

// value writes an expression as a number.
func (o *tla) value(e *model.Expr, prime string) string {
	if op, ok := tlaArith[e.Op]; ok {
		return "(" + o.value(e.X, prime) + " " + op + " " + o.value(e.Y, prime) + ")"
	}
	switch e.Op {
	case model.Const:
		if e.Const < 0 {
			return fmt.Sprintf("(%d)", e.Const)
		}
		return strconv.FormatInt(e.Const, 10)
	case model.ReadVar:
		return "var." + o.names.vars[e.Var] + prime
	case model.Neg:
		return "(-" + o.value(e.X, prime) + ")"
	}
	return "(IF " + o.holds(e, prime) + " THEN 1 ELSE 0)"
}
