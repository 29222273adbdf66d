package typestate

import "strings"

// A place is a piece of memory as a function sees it: what a parameter points to, a variable, a
// field of one of those. The object to which a field points is the same place as the field.
type place int32

const noPlace place = -1

// A root says where a path begins.
type root uint8

const (
	paramRoot  root = iota // what a parameter points to
	globalRoot             // a variable at file scope, or the one object of a type
	localRoot              // a variable
	siteRoot               // what a call returned, or an assignment reached
	freshRoot              // in a summary: an object that the callee found or made
)

// maxDepth is how many fields a path has at most.
const maxDepth = 7

type placeInfo struct {
	parent place
	step   string // field, "*" for what a pointer to a pointer leads to, "[]" for an element
	root   root
	index  int
	name   string // of a global, or a local
	typ    string // of the struct that lies there, or to which it points
	number bool   // holds a number
	depth  int
	top    place  // the first place of the path
	first  place  // of the places that are one step longer, 0 when there is none
	next   place  // of those that the parent has, 0 after the last one
	path   string // the steps from the top, joined by dots, when somebody has asked

	field   *field // that it is in the type of its parent, which was fieldOf when it was looked up
	fieldOf string
}

type placeKey struct {
	root  root
	index int
	name  string
}

// places numbers the places of one function.
type places struct {
	list []placeInfo
	tops map[placeKey]place
}

func newPlaces() *places { return &places{tops: map[placeKey]place{}} }

func (ps *places) top(r root, index int, name, typ string) place {
	key := placeKey{r, index, ""}
	if r == globalRoot {
		key.name = name
	}
	p, ok := ps.tops[key]
	if !ok {
		p = place(len(ps.list))
		ps.tops[key] = p
		ps.list = append(ps.list, placeInfo{parent: noPlace, root: r, index: index, name: name, typ: typ, top: p})
	}
	if ps.list[p].typ == "" {
		ps.list[p].typ = typ
	}
	return p
}

// child is a field of a place. An embedded parent is the object itself.
func (ps *places) child(ts *types, p place, step string) place {
	if step == "parent" || p == noPlace {
		return p
	}
	in := &ps.list[p]
	for c := in.first; c > 0; c = ps.list[c].next {
		if ps.list[c].step == step {
			return c
		}
	}
	if in.depth >= maxDepth {
		return noPlace
	}
	info := placeInfo{
		parent: p, step: step, root: in.root, index: in.index, depth: in.depth + 1, top: in.top, next: in.first,
	}
	switch step {
	case "*", "[]":
		info.typ, info.number = in.typ, in.number
	default:
		if f := ts.field(in.typ, step); f != nil {
			info.typ = f.typ
			info.number = f.number || !f.pointer && ts.structs[f.typ] == nil
		}
	}
	c := place(len(ps.list))
	in.first = c
	ps.list = append(ps.list, info)
	return c
}

// path is the steps from the top, joined by dots.
func (ps *places) path(p place) string {
	info := &ps.list[p]
	if info.path == "" && info.parent != noPlace {
		info.path = info.step
		if up := ps.path(info.parent); up != "" {
			info.path = up + "." + info.step
		}
	}
	return info.path
}

// element reports whether a place lies in some element of an array, which cannot be told from the
// others.
func (ps *places) element(p place) bool {
	for ; p != noPlace; p = ps.list[p].parent {
		if ps.list[p].step == "[]" {
			return true
		}
	}
	return false
}

// repeats reports whether a step stands twice in a path: a list is being followed.
func (ps *places) repeats(p place) bool {
	last := ps.list[p].step
	for q := ps.list[p].parent; q != noPlace; q = ps.list[q].parent {
		if ps.list[q].step == last && last != "" {
			return true
		}
	}
	return false
}

// text writes a place as C would.
func (ps *places) text(f *function, p place) string {
	if p == noPlace {
		return "?"
	}
	info := &ps.list[p]
	if info.parent == noPlace {
		switch info.root {
		case paramRoot:
			if f != nil && info.index < len(f.graph.Locals) {
				return f.graph.Locals[info.index].Name
			}
		case globalRoot:
			return info.name
		case localRoot:
			return info.name
		case siteRoot, freshRoot:
			if info.name != "" {
				return info.name
			}
			return "object"
		}
		return "object"
	}
	base := ps.text(f, info.parent)
	switch info.step {
	case "*":
		return base
	case "[]":
		return base + "[]"
	}
	sep := "->"
	if strings.HasSuffix(base, "[]") {
		sep = "."
	}
	return base + sep + info.step
}
