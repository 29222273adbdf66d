package lower

import (
	"cmp"
	"slices"
)

// The members of a union lie on one another. A leaf is a scalar in a union, however deep. Leaves
// that begin at one byte share a cell, that of the first one: so do those of the common initial
// sequence of structs (C11 6.5.2.3), and the members of a union that holds an integer or a pointer,
// as its tag says. Where their types differ the cell says with each value as what it was stored
// (see [value]), and it can only be read as something with the same bytes: an integer of the same
// size, or a pointer. Leaves that overlap without beginning together have cells of their own, and a
// program may use only one of them.
//
// What shares a cell is decided for the outermost union, for what lies in one twice.

// leaf is a scalar in a union.
type leaf struct {
	path   []int
	typ    *typ
	def    *fieldDef
	lo, hi int64 // its bytes; of a bit-field, those of its memory location
	first  int   // the first leaf that begins there: its own number where it is that itself
	mixed  bool  // values of several types are in its cell
}

// maxLeaves is how many scalars may lie in one union.
const maxLeaves = 4096

// word is struct or union.
func (s *structDef) word() string {
	if s.isUnion {
		return "union"
	}
	return "struct"
}

// String is the type as C writes it.
func (s *structDef) String() string { return s.word() + " " + s.tag }

// findLeaves finds the leaves of a union, and which of them share a cell.
func (u *Unit) findLeaves(s *structDef) {
	if !u.layoutOf(s).known {
		u.errorf(s.pos, "where the members of %s lie is not known, so it cannot be modelled", s)
		return
	}
	l := &leaves{u: u, s: s}
	l.walk(&typ{kind: tStruct, strukt: s}, nil, nil, 0)
	if len(l.all) > maxLeaves {
		u.errorf(s.pos, "%s has more than %d parts", s, maxLeaves)
		return
	}
	l.share()
	s.leaves, s.partly = l.all, l.partly()
}

type leaves struct {
	u   *Unit
	s   *structDef
	all []leaf
}

// walk finds the leaves in what lies at some bytes. Floating point is never read, so it is none.
func (l *leaves) walk(t *typ, def *fieldDef, path []int, at int64) {
	if !l.u.meter.Work(1) || len(l.all) > maxLeaves {
		return
	}
	switch t.kind {
	case tOther, tVoid, tFunction:
	case tStruct:
		for i, f := range t.strukt.fields {
			l.part(t, f, path, at, int64(i))
		}
		for _, f := range t.strukt.fields {
			if hasRole(nil, f) {
				l.u.errorf(f.pos, "%s lies in a union, and has a role by its attribute: put it into a struct of its own", f.name)
			}
		}
	case tArray:
		for i := range t.n {
			before := len(l.all)
			if l.part(t, def, path, at, i); len(l.all) == before || len(l.all) > maxLeaves {
				break
			}
		}
	default:
		size, _ := l.u.sizeOf(t)
		l.all = append(l.all, leaf{path: slices.Clone(path), typ: t, def: def, lo: at, hi: at + size, first: len(l.all)})
	}
}

func (l *leaves) part(t *typ, def *fieldDef, path []int, at, i int64) {
	offset, _ := l.u.partOffset(t, i)
	n := len(l.all)
	path = append(path, int(i))
	l.walk(t.part(i), def, path, at+offset)
	if t.kind != tStruct || !def.isBitField || len(l.all) == n {
		return
	}
	x, offsets := &l.all[n], l.u.layoutOf(t.strukt).offsets
	x.lo, x.hi = at+offset, at+offset
	for _, k := range t.strukt.locationOf(int(i)) {
		x.lo = min(x.lo, at+offsets[k])
		x.hi = max(x.hi, at+offsets[k]+(t.strukt.fields[k].width+14)/8)
	}
}

// locationOf lists the bit-fields in the memory location of one. In a union each has its own.
func (s *structDef) locationOf(field int) []int {
	if s.isUnion {
		return []int{field}
	}
	return s.beside(field)
}

// share finds the leaves that share a cell: integers and pointers that begin at one byte, and
// bit-fields of one struct at one place. Locks share nothing.
func (l *leaves) share() {
	type key struct {
		lo  int64
		def *fieldDef // of a bit-field
	}
	firsts := map[key]int{}
	for i := range l.all {
		x := &l.all[i]
		k := key{lo: x.lo}
		switch {
		case x.typ.bitField && !l.inUnion(x):
			k.def = x.def
		case x.typ.tag() == 0:
			continue
		}
		first, ok := firsts[k]
		if !ok {
			firsts[k] = i
			continue
		}
		x.first = first
		if of := &l.all[first]; of.typ.tag() != x.typ.tag() || !of.typ.is(x.typ) {
			of.mixed = true
		}
	}
	for i := range l.all {
		l.all[i].mixed = l.all[l.all[i].first].mixed
	}
}

// inUnion reports whether a leaf is itself a member of a union.
func (l *leaves) inUnion(x *leaf) bool {
	t := &typ{kind: tStruct, strukt: l.s}
	for _, i := range x.path[:len(x.path)-1] {
		t = t.part(int64(i))
	}
	return t.kind == tStruct && t.strukt.isUnion
}

// partly reports whether some leaves overlap that do not share a cell.
func (l *leaves) partly() bool {
	byLo := make([]int, len(l.all))
	for i := range byLo {
		byLo[i] = i
	}
	slices.SortStableFunc(byLo, func(i, j int) int { return cmp.Compare(l.all[i].lo, l.all[j].lo) })
	for n, i := range byLo {
		for _, j := range byLo[n+1:] {
			if l.all[j].lo >= l.all[i].hi || !l.u.meter.Work(1) {
				break
			}
			if l.s.apart(i, j, l.all) {
				return true
			}
		}
	}
	return false
}

// apart reports whether two leaves overlap and have cells of their own, so that one does not see
// what is stored in the other. Bit-fields of one memory location do not overlap.
func (s *structDef) apart(i, j int, all []leaf) bool {
	x, y := &all[i], &all[j]
	if x.lo >= y.hi || y.lo >= x.hi || x.first == y.first {
		return false
	}
	x, y = &all[x.first], &all[y.first]
	switch {
	case !x.typ.bitField || !y.typ.bitField || len(x.path) != len(y.path):
		return true
	}
	n := len(x.path) - 1
	l := &leaves{s: s}
	return !slices.Equal(x.path[:n], y.path[:n]) || l.inUnion(x)
}

// leafAt is the number of the leaf to which a path leads, -1 when there is none.
func (s *structDef) leafAt(path []int) int {
	i, ok := slices.BinarySearchFunc(s.leaves, path, func(x leaf, path []int) int { return comparePaths(x.path, path) })
	if !ok {
		return -1
	}
	return i
}

// cellsBefore is how many cells the leaves before one have; of the union where it is their number.
func (s *structDef) cellsBefore(i int) int {
	n := 0
	for k := range s.leaves[:i] {
		if s.leaves[k].first == k {
			n++
		}
	}
	return n
}
