package operator

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A Mutant is the C with one mistake.
type Mutant struct {
	// ID is HELPER:LINE:OPERATOR, with .2, .3, ... where there are several.
	ID       string
	Helper   string
	Operator string
	Pos      model.Pos // of the first token that is changed
	// A run that passes nothing from First to Last does not notice whether the change is there.
	First, Last model.Pos
	// A jump has no step of its own: a run comes to it only if it passes something from Before to
	// Last. Else Before is First.
	Before model.Pos
	Lines  []Line
	Text   []byte // of the file Pos.File
}

// A Line is one that the change concerns, without its indentation.
type Line struct {
	Number        int
	Before, After string
}

// A change is what an operator proposes.
type change struct {
	reach span
	jump  span // the condition that leads to a jump, or nowhere
	edits []edit
}

// An Operator makes one kind of mistake.
type Operator struct {
	Name string
	Does string // in a few words
	// Asked says that it makes mutants only where it is named.
	Asked bool
	find  func(*helper) []change
}

// Operators lists all of them, in the order in which their mutants come.
func Operators() []Operator {
	return []Operator{
		dropCall, dropRef, dropUnref, dropAssignment, loseBranch, dropReturn,
		swapNeighbours, swapOperation, signalBroadcast, whileIf, negate, always,
		never, dropOperand, boundary, constant, mask, wrongLock, dropGuard, dropCheck,
	}
}

// Names lists the operators by name.
func Names() []string {
	var names []string
	for _, o := range Operators() {
		names = append(names, o.Name)
	}
	return names
}

// Find lists the mutants of some helpers: by helper in the order of the C, then by line, then in
// the order of the operators. trees are the C as it was parsed, texts the files in which helpers
// are; a helper is a function with a body in one of them.
func Find(trees []*syntax.File, texts []syntax.Source, helpers, operators func(name string) bool) []Mutant {
	u, defs := newUnit(trees, texts)
	var all []Mutant
	for _, d := range defs {
		f := u.files[d.Pos().File]
		if f == nil || d.FromMacro || d.Bad || f.word(d.Pos(), d.Name) == nowhere || !helpers(d.Name) {
			continue
		}
		all = append(all, (&helper{u, f, d}).mutants(operators)...)
	}
	return all
}

func newUnit(trees []*syntax.File, texts []syntax.Source) (u *unit, defs []*syntax.FuncDef) {
	u = &unit{files: map[string]*file{}, helpers: map[string]*syntax.FuncDef{}, owned: map[string]bool{}}
	for _, t := range texts {
		u.files[t.Name] = newFile(t)
	}
	for _, t := range trees {
		syntax.Walk(t, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.FuncDef:
				u.helpers[n.Name] = n
				defs = append(defs, n)
				return false
			case *syntax.VarDecl:
				u.globals = append(u.globals, n)
				u.owned[n.Name] = syntax.FindAttr(n.Attrs, "owner") != nil
			case *syntax.Field:
				u.owned[n.Name] = u.owned[n.Name] || syntax.FindAttr(n.Attrs, "owner") != nil
			case *syntax.EnumType:
				u.enums = append(u.enums, n)
			}
			return true
		})
	}
	return u, defs
}

// Helpers lists the functions that Find could change.
func Helpers(trees []*syntax.File, texts []syntax.Source) []string {
	var names []string
	for _, t := range trees {
		for _, d := range t.Decls {
			fn, ok := d.(*syntax.FuncDef)
			if ok && slices.ContainsFunc(texts, func(s syntax.Source) bool { return s.Name == fn.Pos().File }) {
				names = append(names, fn.Name)
			}
		}
	}
	return names
}

// mutants are those of one helper. Two that come to the same text are one.
func (h *helper) mutants(operators func(string) bool) []Mutant {
	var all []Mutant
	seen := map[string]bool{string(h.Text): true}
	for _, o := range Operators() {
		if !operators(o.Name) {
			continue
		}
		for _, c := range o.find(h) {
			text := h.apply(c.edits)
			if seen[string(text)] {
				continue
			}
			seen[string(text)] = true
			before := c.reach
			if c.jump != nowhere {
				before = c.jump
			}
			all = append(all, Mutant{
				Helper: h.def.Name, Operator: o.Name, Pos: h.tokens[c.edits[0].at.from].Pos, Text: text,
				Before: h.tokens[before.from].Pos, First: h.tokens[c.reach.from].Pos, Last: h.tokens[c.reach.to].Pos,
				Lines: changed(h.Text, text),
			})
		}
	}
	slices.SortStableFunc(all, func(a, b Mutant) int { return cmp.Compare(a.Pos.Line, b.Pos.Line) })
	count := map[string]int{}
	for i := range all {
		m := &all[i]
		m.ID = fmt.Sprintf("%s:%d:%s", m.Helper, m.Pos.Line, m.Operator)
		if count[m.ID]++; count[m.ID] > 1 {
			m.ID += fmt.Sprintf(".%d", count[m.ID])
		}
	}
	return all
}

// changed lists the lines in which two texts with as many lines differ.
func changed(before, after []byte) []Line {
	b, a := bytes.Split(before, []byte("\n")), bytes.Split(after, []byte("\n"))
	var lines []Line
	for i := range min(len(b), len(a)) {
		if !bytes.Equal(b[i], a[i]) {
			lines = append(lines, Line{i + 1, strings.TrimSpace(string(b[i])), strings.TrimSpace(string(a[i]))})
		}
	}
	return lines
}

// one is a change of some tokens.
func one(reach, at span, text string) change { return change{reach, nowhere, []edit{{at, text}}} }
