package typestate

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// follows reports whether one broken need is only a consequence of another one: who has the async
// job lacks the nested one as well, and who is not in the monitor has the domain locked.
func follows(kind model.Kind, broken []*refNeed) bool {
	cause := map[model.Kind]model.Kind{model.NoJob: model.AsyncNesting, model.SelfDeadlock: model.MonitorUnbalanced}[kind]
	return slices.ContainsFunc(broken, func(n *refNeed) bool { return n.kind == cause })
}

// follows reports whether a function follows a parameter on some path.
func (s *summary) follows(param int) bool {
	for i := range s.cases {
		for _, n := range s.cases[i].needs {
			if n.ref.root == paramRoot && n.ref.index == param && n.ref.steps == "" && n.aspect == isThere && n.tested {
				return true
			}
		}
	}
	return false
}

// reachFreed looks at an object that a callee touches.
func (a *analysis) reachFreed(s *state, p place, pos model.Pos, callee string) {
	a.isLeft(s, p, pos)
	if v, ok := s.at(p, isFreed); ok && v == number(2) {
		a.report(s, model.UseAfterRelease, pos, p, callee+" is given "+a.ps.text(a.f, p)+
			" after its last reference may have gone", s.fact(p, isFreed).why)
		a.revive(s, p)
	}
}

// matched brings the arguments in the order of the parameters: where their numbers differ, by type.
func matched(a *analysis, sum *summary, args []value, exprs []syntax.Expr) ([]value, []syntax.Expr) {
	if len(args) == len(sum.params) {
		return args, exprs
	}
	outArgs, outExprs := make([]value, len(sum.params)), make([]syntax.Expr, len(sum.params))
	used := make([]bool, len(args))
	for i, t := range sum.params {
		outArgs[i] = unknown
		if t.stars == 0 {
			continue
		}
		for j, v := range args {
			if p, ok := v.place(); ok && !used[j] && a.ps.list[p].typ == t.name {
				outArgs[i], outExprs[i], used[j] = v, exprs[j], true
				break
			}
		}
	}
	// Numbers go with numbers, from the end.
	j := len(args) - 1
	for i := len(sum.params) - 1; i >= 0; i-- {
		if sum.params[i].stars > 0 {
			continue
		}
		for ; j >= 0; j-- {
			if _, pointer := args[j].place(); !used[j] && !pointer {
				outArgs[i], outExprs[i], used[j] = args[j], exprs[j], true
				break
			}
		}
	}
	return outArgs, outExprs
}

// A calling is one call of a function with a summary.
type calling struct {
	a     *analysis
	env   flow.Env
	c     *syntax.Call
	args  []value
	exprs []syntax.Expr
	f     *function
	sum   *summary
	opens uint8 // 1 + the parameter whose number is passed on as the kind of a job, 0 when none is
}

// resolve finds what a ref of the callee is here: a place, or a value that is no pointer.
func (k *calling) resolve(s *state, r ref) (place, value, bool) {
	a := k.a
	var p place
	switch r.root {
	case globalRoot:
		p = a.ps.top(globalRoot, 0, r.name, "")
	case freshRoot:
		p = a.ps.top(siteRoot, a.f.sites[k.c]+r.index<<20, "", "")
	case paramRoot:
		if r.index >= len(k.args) {
			return noPlace, unknown, false
		}
		var ok bool
		if p, ok = k.args[r.index].place(); !ok {
			return noPlace, k.args[r.index], r.steps == ""
		}
		if t := k.sum.params[r.index]; a.ps.list[p].typ == "" && t.stars == 1 {
			a.ps.list[p].typ = t.name
		}
	}
	if r.steps == "" {
		return p, unknown, p != noPlace
	}
	for step, rest, more := strings.Cut(r.steps, "."); ; step, rest, more = strings.Cut(rest, ".") {
		if step != "*" {
			p = a.ps.child(a.w.types, p, step)
			if p == noPlace {
				return noPlace, unknown, false
			}
		} else {
			p = a.target(s, p) // a pointer to a pointer that is handed on
		}
		if !more {
			break
		}
		var v value
		if n, ok := a.variable(p); ok {
			v = s.vars[n]
		} else if h, ok := s.at(p, holds); ok {
			v = h
		} else {
			continue
		}
		q, ok := v.place()
		if !ok {
			if v.isNull() {
				return noPlace, v, false
			}
			if step == "*" {
				return noPlace, unknown, false
			}
			continue
		}
		p = q
	}
	return p, unknown, p != noPlace
}

// object is resolve for an object: what a variable holds, and not the variable.
func (k *calling) object(s *state, r ref) (place, value, bool) {
	p, v, ok := k.resolve(s, r)
	if i, is := k.a.variable(p); ok && is && (r.steps == "*" || strings.HasSuffix(r.steps, ".*")) {
		if q, leads := s.vars[i].place(); leads {
			return q, unknown, true
		}
		return noPlace, s.vars[i], false
	}
	if ok && strings.HasSuffix(r.steps, "*") && p != noPlace {
		if h, there := s.at(p, holds); there {
			if q, leads := h.place(); leads {
				return q, unknown, true
			}
			return noPlace, h, false
		}
	}
	return p, v, ok
}

// origin is that of a callee's need, as this function has it.
func (k *calling) origin(n *refNeed) *origin {
	return &origin{
		pos: k.c.Pos(), fn: k.a.f.Name, text: "calls " + k.f.Name, in: n.origin, of: k.a.f, ref: n.ref,
		passes: k.passes(n.origin),
	}
}
