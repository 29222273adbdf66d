package typestate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// A child process has the locks of its parent as they were when it was forked, and none of the
// threads that would give them back. What is called there takes no lock of the driver. The contract
// says which functions call what they are given in a child, by a parameter of a prototype:
// `int runInFork(callback f __attribute__((in_child)))`.

// A childCall is a function that is called in a child process.
type childCall struct {
	fn   *tree.Function
	pos  model.Pos
	from string // who hands it over
	to   string
}

// An inChild is a parameter of a function that calls it in a child.
type inChild struct {
	fn    string
	param int
}

// forks notes the parameters in a file of the contract that are called in a child.
func (w *world) forks(f *syntax.File) {
	note := func(name string, typ *syntax.Func) {
		for i, p := range typ.Params {
			if syntax.FindAttr(p.Attrs, "in_child") != nil {
				w.inChild[inChild{name, i}] = true
			}
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *syntax.FuncDef:
			note(d.Name, d.Type)
		case *syntax.Prototype:
			note(d.Name, d.Type)
		}
	}
}

// childCalls lists the functions that a function hands over to be called in a child.
func (w *world) childCalls(m *mention) []childCall {
	var list []childCall
	for _, h := range m.pointers.hands {
		if h.what.fn != nil && w.inChild[inChild{h.to, h.arg}] {
			list = append(list, childCall{h.what.fn, h.call.Pos(), m.fn.Name, h.to})
		}
	}
	return list
}

// lockedInChildren reports the locks that are taken in child processes and lie in an object of
// which there is one for all, a driver: where the function that takes them is called. Other locks
// are of objects that the parent may have made for the child, or has locked itself before it forks.
func (w *world) lockedInChildren() {
	type culprit struct {
		pos   model.Pos
		class string
	}
	seen := map[culprit]bool{}
	slices.SortFunc(w.children, func(x, y childCall) int {
		return cmp.Or(comparePos(x.pos, y.pos), cmp.Compare(x.fn.Name, y.fn.Name))
	})
	for _, c := range w.children {
		f := w.byDef[c.fn]
		if f == nil || f.summary == nil {
			continue
		}
		for i := range f.summary.acquires {
			q := &f.summary.acquires[i]
			if q.again || strings.Count(q.single, ".") != 1 {
				continue
			}
			at := w.caller(q.where)
			if key := (culprit{at.pos, q.class}); !seen[key] {
				seen[key] = true
				w.result.Findings = append(w.result.Findings, childFinding(c, at, q))
			}
		}
	}
}

// caller is where the function is called that takes a lock and gives it back.
func (w *world) caller(o *origin) *origin {
	chain := []*origin{o}
	for ; o.in != nil; o = o.in {
		chain = append(chain, o.in)
	}
	i := len(chain) - 1
	for i > 0 && w.leavesLocked(chain[i]) {
		i--
	}
	return chain[max(i-1, 0)]
}

// leavesLocked reports whether a function returns with a lock that it has taken.
func (w *world) leavesLocked(o *origin) bool {
	for f, g := range w.byDef {
		if f.Name != o.fn || f.File.Name != o.pos.File || g.summary == nil {
			continue
		}
		for _, e := range g.summary.cases {
			if slices.ContainsFunc(e.facts, func(f refFact) bool { return f.aspect == isHeld && !f.val.val.isNull() }) {
				return true
			}
		}
	}
	return w.contract[o.fn] != nil
}

func childFinding(c childCall, at *origin, q *acquisition) Finding {
	f := Finding{
		Kind: model.SelfDeadlock, Severity: Warning, Confidence: Likely, Function: at.fn, Pos: at.pos, Object: q.class,
		Message: strings.TrimPrefix(at.text, "calls ") + " takes the lock of class " + q.class +
			" in a child process, where another thread may have held it when that was forked",
		Callers: []Note{{c.pos, c.from + " hands " + c.fn.Name + " to " + c.to}},
	}
	f.Path = []Step{{Pos: c.pos, Function: c.from, Text: "hands " + c.fn.Name + " to " + c.to}}
	f.Path = append(f.Path, stepsOf(q.where)...)
	return f
}
