// Package eras says which of libvirt's contracts a source tree keeps.
//
// The helpers that take and give back locks, jobs and the monitor changed their names, arguments
// and results every few years. An era is a shipped protocol, a file of C that defines those helpers
// as they were; a tree is of the era whose helpers it has. Nothing is listed here by hand: what an
// era's helpers are is read in its C.
package eras

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/lockproof/lockproof/checker/typestate"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// An Era is one of libvirt's contracts.
type Era struct {
	Name     string // of the protocol: libvirt-2011-04
	Title    string
	Contract *typestate.Contract
	helpers  map[string]shape
}

// A shape is what a function looks like from outside.
type shape struct {
	result string // void, pointer or value; "" when only calls are known
	params int
}

// prefix begins the names of the protocols that are libvirt's.
const prefix = "libvirt-"

// All lists the eras, oldest first.
var All = sync.OnceValues(func() ([]*Era, error) {
	var all []*Era
	for _, p := range scenarios.Protocols() {
		if !strings.HasPrefix(p.Name, prefix) {
			continue
		}
		e, err := parse(&p)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *Era) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
})

// parse reads the C of a protocol as a contract.
func parse(p *scenarios.Protocol) (*Era, error) {
	files := map[string]syntax.Source{}
	for _, f := range p.Files {
		files[f.Name] = f
	}
	opt := syntax.Options{Include: func(from model.Pos, name string) (syntax.Source, error) {
		f, ok := files[path.Join(path.Dir(from.File), name)]
		if !ok {
			return f, fmt.Errorf("the protocol %s does not come with it", p.Name)
		}
		return f, nil
	}}
	ctx := context.Background()
	c, err := typestate.ParseContract(ctx, p.Name, p.Files[:1], opt)
	if err != nil {
		return nil, err
	}
	f := syntax.NewParser(ctx, opt).Parse(p.Files[0])
	e := &Era{Name: p.Name, Title: p.Title, Contract: c, helpers: map[string]shape{}}
	for _, d := range f.Decls {
		if d, ok := d.(*syntax.FuncDef); ok {
			e.helpers[d.Name] = shapeOf(d.Type)
		}
	}
	return e, nil
}

func shapeOf(f *syntax.Func) shape {
	s := shape{"value", len(f.Params)}
	switch t := f.Result.(type) {
	case *syntax.Basic:
		if t.Name == "void" {
			s.result = "void"
		}
	case *syntax.Pointer:
		s.result = "pointer"
	case *syntax.TypeName:
		if strings.HasSuffix(t.Name, "Ptr") {
			s.result = "pointer"
		}
	}
	return s
}

// Named returns the era of a name, with or without its prefix.
func Named(name string) (*Era, error) {
	all, err := All()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range all {
		if e.Name == name || e.Name == prefix+name {
			return e, nil
		}
		names = append(names, e.Name)
	}
	return nil, fmt.Errorf("there is no era %q (%s)", name, scenarios.Hint(name, names))
}

// A Match says how much a tree has of an era.
type Match struct {
	Era    *Era
	Common int // helpers of the era that the tree has with the same result
	Of     int // helpers that the era has
	Differ int // what only one of them has, or what looks different, weighed
	part   bool
	lacks  int // helpers of the era that a part of libvirt has not
}

// Fits reports whether the tree is of the era, and not only more like it than like others: it has
// most of the helpers, or calls some that it has not, and so is a part of something larger.
func (m Match) Fits() bool { return m.part || 2*m.Common > m.Of }

// Of compares a tree with every era, the one that fits best first, and of those that fit alike the
// latest: they differ in what their helpers do, which has been repaired since. A tree that defines
// and declares none of the helpers is judged by which it calls. It is empty when the tree has none
// of the helpers that tell libvirt's eras apart: then it is no libvirt with a protocol.
func Of(t *tree.Tree) ([]Match, error) {
	all, err := All()
	if err != nil {
		return nil, err
	}
	has := shapes(t)
	for name, s := range called(t) {
		if _, known := has[name]; !known {
			has[name] = s
		}
	}
	return match(all, has), nil
}

// match compares what a tree has with eras. Who has a helper that some era has differs from one who
// has it not; another result or number of parameters is a difference of its own. A part of libvirt
// need not have all, so there that decides only between eras that fit alike; of a tree that does
// nothing but call it says nothing.
func match(all []*Era, has map[string]shape) []Match {
	names := map[string]bool{}
	for _, e := range all {
		for name := range e.helpers {
			names[name] = true
		}
	}
	part, calls := false, true
	for name := range names {
		if s, ok := has[name]; ok {
			part = part || s.result == ""
			calls = calls && s.result == ""
		}
	}
	var out []Match
	for _, e := range all {
		m := Match{Era: e, Of: len(e.helpers), part: part}
		for name := range names {
			mine, inEra := e.helpers[name]
			theirs, inTree := has[name]
			switch {
			case !inEra && !inTree, !inTree && calls:
			case !inTree && part:
				m.lacks++
			case inEra != inTree:
				m.Differ += 2
			case theirs.result != "" && mine.result != theirs.result:
				m.Differ += 8 // what a result means is what eras are about
			case mine.params != theirs.params:
				m.Differ++
				m.Common++
			default:
				m.Common++
			}
		}
		if m.Common > 0 {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b Match) int {
		return cmp.Or(a.Differ-b.Differ, a.lacks-b.lacks, strings.Compare(b.Era.Name, a.Era.Name))
	})
	return out
}

// shapes lists the functions that a tree defines or declares.
func shapes(t *tree.Tree) map[string]shape {
	has := map[string]shape{}
	for _, f := range t.Files {
		for _, d := range f.Syntax.Decls {
			switch d := d.(type) {
			case *syntax.FuncDef:
				has[d.Name] = shapeOf(d.Type)
			case *syntax.Prototype:
				if _, known := has[d.Name]; !known {
					has[d.Name] = shapeOf(d.Type)
				}
			}
		}
		for _, fn := range f.Functions {
			if _, known := has[fn.Name]; fn.Arm > 0 && !known {
				has[fn.Name] = shapeOf(fn.Type) // in another arm of an #if
			}
		}
	}
	return has
}

// called lists the functions that a tree calls.
func called(t *tree.Tree) map[string]shape {
	has := map[string]shape{}
	for _, f := range t.Files {
		for _, fn := range f.Functions {
			syntax.Walk(fn.Body, func(n syntax.Node) bool {
				if c, ok := n.(*syntax.Call); ok {
					if id, ok := c.Fun.(*syntax.Ident); ok {
						has[id.Name] = shape{params: len(c.Args)}
					}
				}
				return true
			})
		}
	}
	return has
}
