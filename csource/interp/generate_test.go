package interp_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// A generator writes functions in C that end, and whose meaning C does not leave open: an
// expression with side effects changes nothing that the rest of it depends on in an order that C
// does not give, locals are set before loops can come back to them. It likes jumps.
type generator struct {
	*rapid.T
	b       strings.Builder
	ints    []string // integer variables in scope that may be assigned
	ptrs    []string // pointers to objects in scope
	labels  int      // of the function
	placed  int
	helpers int
	loops   int // around the statement at hand
	cases   int
	names   int
	hiding  int // blocks around the statement at hand with an a of their own
}

func (g *generator) n(limit int) int { return rapid.IntRange(0, limit-1).Draw(g.T, "n") }

func (g *generator) pick(list ...string) string { return list[g.n(len(list))] }

func (g *generator) line(format string, args ...any) { fmt.Fprintf(&g.b, format+"\n", args...) }

// source writes some helpers and a function f(obj *o, int k) that may call them.
func (g *generator) source() string {
	g.line("static __thread int own = %d;", g.n(2))
	g.line("struct piece { int v, w[2]; };\nstatic int tab[3] = { 1, %d };\nstatic struct piece pieces[2] = { { 1, { 2 } }, { %d } };", g.n(3), g.n(3))
	g.line("static pthread_mutex_t locks[2];\nstatic obj *objs[2];\nstatic __thread int grid[2][2] = { { 1 }, { 2, 1 } };")
	for i := range g.n(3) {
		g.line("%s h%d(obj *o, int k, int *out)\n{", g.pick("int", "int", "static long", "unsigned char"), i)
		g.function(2)
		g.line("    *out = %s;", g.small(1))
		g.line("    return %s;\n}", g.small(2))
		g.helpers++
	}
	g.line("int f(obj *o, int k)\n{")
	g.function(4)
	g.line("    return a;\n}")
	return g.b.String()
}

func (g *generator) function(most int) {
	g.ints, g.ptrs, g.labels, g.placed = []string{"a", "b", "k", "shared", "o->n"}, []string{"p", "o"}, g.n(3), 0
	g.line("    static int st = %d;\n    int *ap = %s;\n    struct piece *pp = pieces;", g.n(3), g.pick("tab", "&tab[1]", "tab + 2"))
	g.line("    int a = %d, b = k, fuel = %d;\n    unsigned int u = 2; bool t = 1;\n    obj *p = %s;\n    int *ip = &a;", g.n(4), 1+g.n(4), g.pick("o", "o", "o", "NULL", "o->next"))
	for range 1 + g.n(most) {
		g.statement(2)
	}
	for g.placed < g.labels {
		g.placed++
		g.line("l%d:\n    %s;", g.placed, g.pick("a++", "", "shared = 1"))
	}
}

// block writes statements in braces. Its own variables hide others.
func (g *generator) block(depth int) {
	ints, ptrs, hiding := g.ints, g.ptrs, g.hiding
	if g.n(4) == 0 {
		g.names++
		switch name := fmt.Sprintf("v%d", g.names); g.n(3) {
		case 0:
			g.line("    int %s = %s;", name, g.pure(2))
			g.ints = append(g.ints[:len(g.ints):len(g.ints)], name)
		case 1:
			g.line("    obj *%s = %s;", name, g.pointer())
			g.ptrs = append(g.ptrs[:len(g.ptrs):len(g.ptrs)], name)
		case 2:
			g.line("    int a = b + 1, *%s = &a; *%s += 1;", name, name)
			g.hiding++
		}
	}
	for range 1 + g.n(2) {
		g.statement(depth)
	}
	g.ints, g.ptrs, g.hiding = ints, ptrs, hiding
}

// message tells things of which some are read, and some change.
func (g *generator) message() string {
	return fmt.Sprintf("VIR_DEBUG(\"%%d %%d %%f\", %s, (long) %s, nothing, 1.5, strerror(%s))", g.expr(2), g.look(), g.expr(1))
}

// lasting is the address of a variable that lives as long as ip does. That the block of one was
// left is found by lower alone: see the limits of package interp.
func (g *generator) lasting() string {
	if g.hiding > 0 {
		return "&b"
	}
	return "&a"
}

func (g *generator) statement(depth int) {
	if g.placed < g.labels && g.n(4) == 0 {
		g.placed++
		g.line("l%d:", g.placed)
	}
	if depth == 0 || g.n(3) == 0 {
		g.line("    %s;", g.simple())
		return
	}
	switch g.n(9) {
	case 0, 1:
		g.line("    if (%s) {", g.condition())
		g.block(depth - 1)
		if g.n(2) == 0 {
			g.line("    } else {")
			g.block(depth - 1)
		}
		g.line("    }")
	case 2:
		g.loops++
		g.line("    while (fuel-- > 0 && %s) {", g.condition())
		g.block(depth - 1)
		g.line("    }")
		g.loops--
	case 3:
		g.loops++
		g.line("    do {")
		g.block(depth - 1)
		g.line("    } while (--fuel > 0 && %s);", g.condition())
		g.loops--
	case 4:
		g.loops++
		g.names++
		g.line("    for (int i%d = %d; i%d < 3 && fuel > 0; i%d++, fuel--) {", g.names, g.n(3), g.names, g.names)
		g.block(depth - 1)
		g.line("    }")
		g.loops--
	case 5, 6:
		g.choice(depth)
	case 7:
		if g.labels > 0 {
			g.line("    if (fuel-- > 0 && %s) goto l%d;", g.condition(), 1+g.n(g.labels))
		} else {
			g.line("    if (%s) return %s;", g.condition(), g.small(1))
		}
	case 8:
		g.line("    {")
		g.block(depth - 1)
		g.line("    }")
	}
}

// choice writes a switch.
func (g *generator) choice(depth int) {
	g.line("    switch (%s) {", g.expr(2))
	g.cases++
	for i := range 1 + g.n(3) {
		switch g.n(4) {
		case 0:
			g.line("    case %d ... %d:", i*4, i*4+g.n(4))
		case 1:
			g.line("    case %d: case %d:", i*4, i*4+1)
		default:
			g.line("    case %s:", []string{"A", "-1 + 5", "C + 2"}[i])
		}
		g.line("    {")
		g.block(depth - 1)
		g.line("    }")
		if g.n(3) > 0 {
			g.line("    break;")
		}
	}
	if g.n(2) == 0 {
		g.line("    default:")
		g.statement(depth - 1)
	}
	g.cases--
	g.line("    }")
}

func (g *generator) simple() string {
	switch g.n(20) {
	case 17:
		return g.element() + g.pick(" = ", " = ", " += ", " ^= ") + g.small(1)
	case 18:
		return g.pick("ap++", "ap--", "--ap", "ap += 1", "ap = &tab[k & 1]", "ap = tab + (k & 1)", "ap = 1 + tab", "ap -= k & 1", "pp = &pieces[k & 1]", "pp = pieces + (a & 1)",
			"a = ap - tab", "b = pp - pieces", "t = ap < tab + 2", "t = pp == pieces", "t = &pieces[1] == pp && ap != tab", "ip = ap", "objs[k & 1] = "+g.pointer(), "cur = objs[1]")
	case 19:
		i := g.pick("0", "1", "k & 1", "a & 1")
		return "pthread_mutex_lock(&locks[" + i + "]); shared = a & 3; pthread_mutex_unlock(locks + (" + i + "))"
	case 0:
		return g.pick("shared", "st", "own") + " = " + g.small(2)
	case 1:
		return "other = " + g.small(2)
	case 2:
		return g.object() + "->n = " + g.small(2)
	case 3:
		return g.object() + "->part.m = " + g.small(1)
	case 4, 5:
		return g.pick("a", "b", "*ip") + " = " + g.expr(3)
	case 6:
		return g.pick("a", "b", "k", "shared", "st", "own") + g.pick(" += ", " -= ", " ^= ", " |= ", " &= ", " *= ") + g.pick("1", "2", "3", "k", "t")
	case 7:
		return "p = " + g.pointer()
	case 8:
		return g.pick("cur", "o->next") + " = " + g.pointer()
	case 9:
		return "ip = " + g.pick(g.lasting(), "&b", "&k", "&o->n", "&shared", "&o->part.m", "&st", "&own", "tab", "&tab[2]", "&pieces[1].v", "pieces->w + 1", "&grid[1][1]")
	case 10:
		return g.pick("*ip = 2", "(*ip)++", "u++", "u--", "t = !t", "t = a > b", "u = 3", "other++", g.message(), g.message(), "(void) shared", "ignore_value(shared)")
	case 11:
		return g.pick("pthread_mutex_lock(&o->lock)", "pthread_mutex_unlock(&o->lock)", "pthread_mutex_lock(&big); access(o); pthread_mutex_unlock(&big)",
			"if (pthread_mutex_trylock(&o->lock) == 0) pthread_mutex_unlock(&o->lock)", "pthread_condattr_destroy(shared ? &big : NULL)",
			"switch (pthread_mutex_trylock(&o->lock)) { case 0: pthread_mutex_unlock(&o->lock); break; case EBUSY: b = 2; }")
	case 12:
		return g.pick("a = virDomainObjRef(o)", "if (a > 1) virDomainObjRef(o)", "virDomainObjUnref(o)", "virObjectUnref("+g.object()+")",
			"if ((p = listFind(o))) pthread_mutex_unlock(&p->lock)", "listRemove(o)", "access("+g.object()+")", "access(o->side)")
	case 13:
		return g.pick("o->job = self()", "o->job = 0", "check(no_job, held(&o->job) || !a)", "requires(p == o || !"+g.object()+" || k < 9)",
			"assert("+g.look()+" || shared < 3)", "assert(o->n >= 0 || other != 1)", "check(\"missing-lock\", !held(&"+g.object()+"->lock) || !"+g.look()+")",
			"assert("+g.condition()+" || 1)", "requires(a != 9 || ("+g.expr(2)+"))", "check(no-job, "+g.expr(2)+" + 20)", "t = held(&o->lock)",
			"assert(held(&big) ? "+g.pure(1)+" < 9 : shared < 9)")
	case 14:
		return "pthread_mutex_lock(&big); a = " + g.pick("pthread_cond_wait(&o->cond, &big)", "pthread_cond_signal(&o->cond)",
			"pthread_cond_broadcast(&o->cond)", "virCondWaitUntil(&o->cond, &big, 9)", "virCondWait(&o->cond, &big)",
			"pthread_cond_timedwait(&o->cond, &big, NULL) == ETIMEDOUT") + "; pthread_mutex_unlock(&big)"
	case 15:
		if g.loops > 0 {
			return "if (" + g.condition() + ") " + g.pick("break", "continue")
		}
		return "if (nondet()) other = 1"
	}
	if g.helpers > 0 {
		return "a = " + g.call()
	}
	return "a++"
}

// element is an element of an array, now and then one that is not there.
func (g *generator) element() string {
	return g.pick("tab[1]", "tab[k & 1]", "tab[a & 3]", "*ap", "ap[0]", "ap[-1]", "1[ap]", "pieces[1].v", "pieces[b & 1].w[1]", "pp->v", "(pp - 0)->w[k & 1]", "(*pp).w[0]", "*pp->w",
		"grid[1][0]", "grid[k & 1][a & 1]", "*(grid[1] + 1)", "(*grid)[1]")
}

func (g *generator) call() string {
	return fmt.Sprintf("h%d(%s, %s, &%s)", g.n(g.helpers), g.object(), g.pure(2), g.pick("a", "b", "k", "o->n", "shared", "st", "own"))
}

// look is an operand of a rule.
func (g *generator) look() string { return g.pick("a", "b == 1", "o->n", "shared", "k + 1", "p", "B") }

func (g *generator) object() string { return g.ptrs[g.n(len(g.ptrs))] }

func (g *generator) pointer() string {
	return g.pick("o", "o", "NULL", "p", "cur", "o->next", "(obj *) o", "(void *) p", "k > 1 ? p : o", "(a++, o)", "*&p")
}

// small is an expression between 0 and 3.
func (g *generator) small(depth int) string { return "(" + g.expr(depth) + ") & 3" }

func (g *generator) condition() string {
	switch g.n(7) {
	case 0:
		return g.object() + g.pick(" == ", " != ") + g.pick("NULL", "o", "p", "cur")
	case 1:
		return g.object()
	case 2:
		return "!(" + g.expr(2) + ")"
	case 3:
		return "((" + g.expr(2) + ") && " + g.expr(2) + ")"
	case 4:
		return "((" + g.expr(2) + ") || !" + g.object() + "->n)"
	}
	return "(" + g.expr(2) + ")" + g.pick(" < ", " <= ", " == ", " != ", " > ", " >= ") + g.pick("0", "1", "2", "b", "u")
}

// pure is an expression without side effects.
func (g *generator) pure(depth int) string {
	if g.n(8) == 0 {
		return g.element()
	}
	if depth == 0 || g.n(3) == 0 {
		return g.pick("0", "1", "2", "3", "-1", "A", "B", "'\\1'", "a", "b", "k", "shared", "other", "o->n", "o->part.m", "*ip", "t", "o->job", "st", "own", "(int) u", "true", "self()")
	}
	x, y := g.pure(depth-1), g.pure(depth-1)
	switch g.n(7) {
	case 0:
		return "(" + x + ")" + g.pick(" / ", " % ") + g.pick("2", "3", "-2", "C")
	case 1:
		return "(" + x + " ? " + y + " : " + g.pure(depth-1) + ")"
	case 2:
		return g.pick("-", "!", "+", "(long) ", "(int) ") + "(" + x + ")"
	case 3:
		return "(" + x + ")" + g.pick(" << 1", " >> 1", " & 7", " | 1", " ^ 2")
	}
	return "(" + x + ")" + g.pick(" + ", " - ", " * ", " < ", " == ", " != ", " >= ", " && ", " || ") + "(" + y + ")"
}

// expr is an expression that may have side effects, on variables that stand nowhere else in it or
// between sequence points. Some of what C leaves open is written all the same: operands are
// evaluated from left to right here.
func (g *generator) expr(depth int) string {
	if depth == 0 {
		return g.pure(1)
	}
	switch g.n(12) {
	case 0:
		return "(a = " + g.pure(1) + ", " + g.expr(depth-1) + ")"
	case 1:
		return "(" + g.expr(depth-1) + " ? " + g.expr(depth-1) + " : " + g.pure(1) + ")"
	case 2:
		return "(" + g.expr(depth-1) + g.pick(" && ", " || ") + g.expr(depth-1) + ")"
	case 3:
		return "(" + g.pure(1) + " + " + g.pick("a++", "--b", "k++", "shared++", "++other", "o->n--", "(a = 2)", "(*ip)++", "(shared = 1)", "(a = b = 3)") + ")"
	case 4:
		return "(" + g.pick("a++", "--b", "k--", "(a = b)", "(b = 1)") + g.pick(" * ", " - ", " == ") + g.pure(1) + ")"
	case 5:
		if g.helpers > 0 {
			return "(" + g.pure(1) + g.pick(" + ", " < ") + g.call() + ")"
		}
	case 6:
		return g.pick("(a"+g.pick(" + ", " < ", " == ")+"a++)", "(a += a++)", "(k -= (a = 2, k++))")
	}
	return g.pure(depth)
}
