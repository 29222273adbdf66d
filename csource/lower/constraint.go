package lower

import (
	"github.com/lockproof/lockproof/csource/constraint"
	"github.com/lockproof/lockproof/csource/syntax"
)

// hold holds the files against the constraints of C. On a line on which something is wrong already
// nothing is added: it would be told twice.
func (u *Unit) hold(files []*syntax.File) {
	if u.meter.Err() != nil {
		return
	}
	type line struct {
		file string
		n    int
	}
	told := map[line]bool{}
	for _, d := range u.diags {
		told[line{d.Pos.File, d.Pos.Line}] = true
	}
	for _, d := range constraint.Check(u.meter, files, constraint.Headers{Type: systemType, Struct: inHeaders}) {
		if !told[line{d.Pos.File, d.Pos.Line}] {
			u.diags.Add(d.Pos, d.Msg, d.Hint)
		}
	}
}

// systemType says what a typedef of the system's headers is, as far as C's constraints ask. What
// glibc has as an integer is not known there.
func systemType(name string) constraint.System {
	t := builtinTypes[name]
	if t == nil {
		t, _ = atomicType(name)
	}
	if t == nil {
		return constraint.System{}
	}
	s := constraint.System{Pointer: t.kind == tPointer}
	if s.Pointer {
		t = t.elem
	}
	if t == builtinTypes["pthread_spinlock_t"] {
		return constraint.System{}
	}
	switch t.kind {
	case tVoid:
		s.Integer = "void"
	case tInt:
		switch s.Integer = t.name; {
		case t.name == boolType.name:
			s.Integer = "_Bool"
		case basicTypes[t.name] == nil: // attributes
			s.Integer, s.Object = "", t.name
		}
	case tMutex, tCond, tSem, tBarrier, tRWLock:
		s.Object = t.String()
	default:
		return constraint.System{}
	}
	return s
}

// inHeaders reports whether the system's headers may define a struct: those are not declared with
// their fields by who uses them.
func inHeaders(tag string) bool { return headerStructs[tag] != nil }
