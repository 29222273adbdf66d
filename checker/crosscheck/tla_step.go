package crosscheck

import "github.com/lockproof/lockproof/model"

// class writes the automaton of some threads: an action for each location, and their disjunction.
func (o *tla) class(c *class) {
	o.printf("%s\n%s\n", repeated("-", 80), tlaComment(c.whose()))
	var actions []code
	for i := range c.places {
		pl := &c.places[i]
		l := c.location(model.NodeID(i))
		o.printf("%s", tlaComment(o.about(pl.node)))
		if pl.node.Op == model.OpFinish {
			o.printf("\\* (no action at %s)\n\n", num(l))
			continue
		}
		o.action(c, pl, l, c.begins(model.NodeID(i)))
		actions = append(actions, codef("L%s(t)", num(l)))
	}
	if len(actions) == 0 {
		actions = []code{"FALSE"}
	}
	o.printf("%s(t) ==\n    \\/ %s\n\n", c.name, concat(actions, " \\/ "))
}

func (o *tla) action(c *class, pl *place, l int, begins bool) {
	o.printf("L%s(t) ==\n    /\\ At(t, %s)\n", num(l), num(l))
	if begins {
		o.printf("    /\\ var.%s # 0\n", o.names.vars[c.gate])
	}
	indent := code("    /\\ ")
	for i := range pl.fails {
		f := &pl.fails[i]
		when := o.holds(f.when)
		if i > 0 {
			indent = "       ELSE "
		}
		o.printf("%sIF %s THEN Fail(%s) %s", indent, when, quoted[f.kind], tlaComment(f.reason))
	}
	var steps [][]code
	for i := range pl.steps {
		s := &pl.steps[i]
		for k := range s.next {
			steps = append(steps, o.edge(c, s, &s.next[k], pl.node))
		}
	}
	margin := code("    ")
	if len(pl.fails) > 0 {
		o.printf("       ELSE ")
		margin = repeated(" ", len("       ELSE "))
	} else {
		o.printf("%s", margin)
	}
	o.printf("%s\n\n", layout(steps, margin))
}

// layout writes a disjunction of conjunctions, the first line without its margin.
func layout(steps [][]code, margin code) code {
	switch len(steps) {
	case 0:
		return "/\\ FALSE"
	case 1:
		return "/\\ " + concat(steps[0], "\n"+margin+"/\\ ")
	}
	for i := range steps {
		steps[i] = []code{concat(steps[i], "\n"+margin+"      /\\ ")}
	}
	text := code("/\\")
	for i, s := range steps {
		if i > 0 {
			text += "\n" + margin + "  "
		}
		text += " \\/ /\\ " + s[0]
	}
	return text
}

// edge lists what is so of a step along one edge, before and after.
func (o *tla) edge(c *class, s *step, e *model.Edge, n *model.Node) []code {
	var parts []code
	for _, g := range s.when {
		parts = append(parts, o.guard(g))
	}
	locks, vars, same := code(""), code(""), []code{}
	for _, f := range s.does {
		switch {
		case f.lock != model.None:
			locks += codef(", !.%s = %s", o.names.locks[f.lock], truth(f.value != 0))
		case f.delta:
			vars += codef(", !.%s = @ %s", o.names.vars[f.v], signed(f.value))
		default:
			vars += codef(", !.%s = %s", o.names.vars[f.v], num(f.value))
		}
	}
	same = o.assigned(&parts, same, "lock", locks)
	same = o.assigned(&parts, same, "var", vars)
	to := c.location(e.To)
	moves, quiet := o.moves(s, n, to)
	if quiet {
		moves = codef("Go(t, %s)", num(to))
	} else {
		same = append(same, "err")
	}
	parts = append(parts, moves)
	if len(same) == 1 {
		parts = append(parts, "UNCHANGED "+same[0])
	} else if len(same) > 1 {
		parts = append(parts, "UNCHANGED <<"+concat(same, ", ")+">>")
	}
	if r := s.label.String(); r != "" {
		parts[len(parts)-1] += " " + tlaNote(r)
	}
	return parts
}

func signed(x int64) code {
	if x < 0 {
		return codef("- %s", num(-x))
	}
	return codef("+ %s", num(x))
}

func truth(b bool) code {
	if b {
		return "TRUE"
	}
	return "FALSE"
}

func (o *tla) assigned(parts *[]code, same []code, record, changes code) []code {
	if changes == "" {
		return append(same, record)
	}
	*parts = append(*parts, codef("%s' = [%s EXCEPT %s]", record, record, changes[len(", "):]))
	return same
}

// moves says where threads stand after a step; quiet tells that only its own thread moves.
func (o *tla) moves(s *step, n *model.Node, to int) (text code, quiet bool) {
	if s.wakes == nobody {
		return codef("Move(t, %s)", num(to)), true
	}
	waiters := o.names.conds[n.Cond]
	if s.wakes == everyone {
		return codef("pc' = [w \\in Threads |-> IF w = t THEN %s ELSE IF w \\in %s THEN Wake(pc[w]) ELSE pc[w]]",
			num(to), waiters), false
	}
	return codef("IF %s = {} THEN Move(t, %s) ELSE \\E w \\in %s : pc' = [pc EXCEPT ![t] = %s, ![w] = Wake(@)]",
		waiters, num(to), waiters, num(to)), false
}

func (o *tla) guard(g guard) code {
	switch {
	case g.lock != model.None && g.held:
		return "lock." + o.names.locks[g.lock]
	case g.lock != model.None:
		return "~lock." + o.names.locks[g.lock]
	}
	return o.holds(g.cond)
}

var (
	tlaCompare = map[model.ExprOp]code{
		model.Eq: "=", model.Ne: "#", model.Lt: "<", model.Le: "<=", model.Gt: ">", model.Ge: ">=",
	}
	tlaLogic = map[model.ExprOp]code{model.And: "/\\", model.Or: "\\/"}
	tlaArith = map[model.ExprOp]code{model.Add: "+", model.Sub: "-", model.Mul: "*"}
)

// holds writes an expression as a truth value.
func (o *tla) holds(e *model.Expr) code {
	if op, ok := tlaCompare[e.Op]; ok {
		return o.value(e.X) + " " + op + " " + o.value(e.Y)
	}
	if op, ok := tlaLogic[e.Op]; ok {
		return "((" + o.holds(e.X) + ") " + op + " (" + o.holds(e.Y) + "))"
	}
	switch e.Op {
	case model.Const:
		return truth(e.Const != 0)
	case model.Not:
		return "~(" + o.holds(e.X) + ")"
	}
	return o.value(e) + " # 0"
}

// value writes an expression as a number.
func (o *tla) value(e *model.Expr) code {
	if op, ok := tlaArith[e.Op]; ok {
		return "(" + o.value(e.X) + " " + op + " " + o.value(e.Y) + ")"
	}
	switch e.Op {
	case model.Const:
		if e.Const < 0 {
			return codef("(%s)", num(e.Const))
		}
		return num(e.Const).fragment()
	case model.ReadVar:
		return "var." + o.names.vars[e.Var]
	case model.Neg:
		return "(-" + o.value(e.X) + ")"
	}
	return "(IF " + o.holds(e) + " THEN 1 ELSE 0)"
}
