package typestate

import (
	"slices"
	"strconv"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// Callbacks that stand in one column of a table are called alike, with a job or without one as the
// caller could get it. Then an argument says which: those that need the job look at it, and one
// that does not is called without the job too.

// columns finds the functions that stand in the same place of each row of a table.
func (w *world) columns(index map[*tree.Function]*mention, scopes []fileScope) {
	for i := range scopes {
		for _, l := range scopes[i].lists {
			w.columnsOf(l, w.tree.Files[i], index)
		}
	}
}

func (w *world) columnsOf(l *syntax.InitList, file *tree.File, index map[*tree.Function]*mention) {
	group := map[string][]*mention{}
	for _, row := range l.Items {
		cells, ok := row.Value.(*syntax.InitList)
		if !ok {
			return // no table of rows
		}
		for i, cell := range cells.Items {
			at := strconv.Itoa(i)
			if len(cell.Path) > 0 {
				at = cell.Path[0].Field
			}
			id, ok := cell.Value.(*syntax.Ident)
			if !ok {
				continue
			}
			m := index[w.tree.Find(file, id.Name)]
			if m != nil && w.isGivenObject(m.fn) && !slices.Contains(group[at], m) {
				group[at] = append(group[at], m)
			}
		}
	}
	for _, g := range group {
		for _, m := range g {
			m.column = g
		}
	}
}

// jobNeed is where the function needs a job of its callers, nil when it does not.
func (a *analysis) jobNeed() *origin {
	for i := range a.exits {
		s := a.exits[i].s
		for j := range s.needs {
			n := &s.needs[j]
			if d := a.fieldOf(n.place); n.aspect == isHeld && n.tested && !n.val.isNull() && d != nil && d.owner {
				return n.origin
			}
		}
	}
	return nil
}

// unasked reports a function that needs a job and does not look at the argument at which all others
// of its table that need one look.
func (w *world) unasked(f *function) {
	if f.jobNeed == nil {
		return
	}
	for i, p := range f.Type.Params {
		if mentionsParam(f, i) || p.Name == "" {
			continue
		}
		look, all := 0, true
		for _, g := range f.column {
			if g == f || g.jobNeed == nil {
				continue
			}
			if len(g.Type.Params) == len(f.Type.Params) && mentionsParam(g, i) {
				look++
			} else {
				all = false
			}
		}
		if look < 2 || !all {
			continue
		}
		i := slices.IndexFunc(f.column, func(g *function) bool { return g != f && g.jobNeed != nil })
		out := Finding{
			Kind: model.NoJob, Severity: Warning, Confidence: Likely, Function: f.Name, Pos: f.jobNeed.pos,
			Message: "needs a job, and does not look at " + p.Name + " as " + f.column[i].Name +
				" and others do that are called alike",
		}
		for o, depth := f.jobNeed, 0; o != nil; o, depth = o.in, depth+1 {
			out.Path = append(out.Path, Step{Pos: o.pos, Function: o.fn, Text: o.text, Depth: depth})
		}
		w.result.Findings = append(w.result.Findings, out)
		return
	}
}

// mentionsParam reports whether a function looks at a parameter.
func mentionsParam(f *function, i int) bool {
	name, found := f.Type.Params[i].Name, false
	syntax.Walk(f.Body, func(n syntax.Node) bool {
		id, ok := n.(*syntax.Ident)
		found = found || ok && id.Name == name
		return !found
	})
	return found
}
