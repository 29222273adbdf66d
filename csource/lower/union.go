package lower

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// The members of a union lie on one another. A leaf is a scalar in a union, however deep. Leaves that
// begin at one byte share a cell, that of the first one: so do those of the common initial sequence of
// structs (C11 6.5.2.3), and the members of a union that holds an integer or a pointer, as its tag
// says. Where their types differ the cell says with each value as what it was stored (see [value]),
// and it can only be read as something with the same bytes: an integer of the same size, or a pointer.
// Leaves that overlap without beginning together have cells of their own, and a program may use only
// one of them.
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

// seat is where a cell in a union has its value.
type seat struct {
	first cellRef    // nowhere for what is never read
	mixed bool       // see leaf
	in    *structDef // the outermost union
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

// The tags of values in mixed cells, by what has the same bytes.
const (
	tagInt8 uint8 = iota + 1
	tagInt16
	tagInt32
	tagInt64
	tagPointer
	tagFunction
)

// tag is that of values of the type; 0 of what is no plain integer or pointer.
func (t *typ) tag() uint8 {
	switch {
	case t.kind == tPointer && t.elem.kind == tFunction:
		return tagFunction
	case t.kind == tPointer:
		return tagPointer
	case t.kind != tInt || t.bitField:
		return 0
	case t.bits <= 8:
		return tagInt8
	case t.bits <= 16:
		return tagInt16
	case t.bits <= 32:
		return tagInt32
	}
	return tagInt64
}

// tagTypes are signed integers of the size of a tag: as such they are kept.
var tagTypes = map[uint8]*typ{tagInt8: scharType, tagInt16: shortType, tagInt32: intType, tagInt64: longType}

// tagged is a value of a type as a mixed cell keeps it.
func (t *typ) tagged(v value) value {
	switch {
	case v.kind == vUnset:
		return v
	case v.kind == vInt && tagTypes[t.tag()] != nil:
		v = tagTypes[t.tag()].of(v)
	}
	v.tag = t.tag()
	return v
}

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

// layOver gives the cells in an object of a union their seats.
func (w *world) layOver(id int) {
	s := w.objects[id].strukt
	w.makeSeats(id)
	refs := make([]cellRef, len(s.leaves))
	for i := range s.leaves {
		x := &s.leaves[i]
		refs[i] = w.cellAt(id, x.path)
		w.objects[refs[i].object].seats[refs[i].field] = seat{first: refs[x.first], mixed: x.mixed, in: s}
	}
}

// cellAt follows a path from an object to a cell.
func (w *world) cellAt(id int, path []int) cellRef {
	at := cellRef{id, path[0]}
	for _, i := range path[1:] {
		at = cellRef{w.cell(at).init.obj, i}
	}
	return at
}

// makeSeats makes the seats in an object and all that lies in it.
func (w *world) makeSeats(id int) {
	o := w.objects[id]
	o.seats = make([]seat, len(o.cells))
	for i := range o.cells {
		o.seats[i].first = nowhere
		if o.cells[i].typ.isAggregate() {
			w.makeSeats(o.cells[i].init.obj)
		}
	}
}

// seatOf is where a cell has its value; nil where it lies in no union.
func (w *world) seatOf(r cellRef) *seat {
	if o := w.objects[r.object]; r.field >= 0 && r.field < len(o.seats) && o.seats[r.field].in != nil {
		return &o.seats[r.field]
	}
	return nil
}

// seated is the cell that has the value of a cell.
func (w *world) seated(r cellRef) cellRef {
	if at := w.seatOf(r); at != nil {
		return at.first
	}
	return r
}

// leafUse is where a program touches a leaf of a union first.
type leafUse struct {
	leaf int
	name string
	pos  model.Pos
}

// touches notes that a program uses a cell. Another that overlaps it it must not use: what is seen
// there is not known.
func (w *world) touches(pos model.Pos, r cellRef) {
	if w.seatOf(r) == nil {
		return
	}
	path := []int{r.field}
	for o := r.object; ; {
		if s := w.objects[o].strukt; s != nil && s.isUnion {
			w.touchesLeaf(pos, r, s, s.leafAt(path))
		}
		in := w.objects[o].in
		if in.object < 0 || w.objects[in.object].isRoot() {
			return
		}
		path = slices.Insert(path, 0, in.field)
		o = in.object
	}
}

func (w *world) touchesLeaf(pos model.Pos, r cellRef, s *structDef, i int) {
	if i < 0 {
		return
	}
	known := false
	for _, x := range w.uses[s] {
		w.meter.Work(1)
		known = known || x.leaf == i
		if s.apart(i, x.leaf, s.leaves) {
			w.hintf(pos, "give each of them a place of its own, in a struct", "%s overlaps %s in part, and what is seen of one in the other is not known: both are used, that one at %s",
				w.cellName(r), x.name, x.pos)
			break
		}
	}
	if !known {
		w.uses[s] = append(slices.Clip(w.uses[s]), leafUse{i, w.cellName(r), pos})
	}
}

// stored is a value as the cell keeps it in which r has its value.
func (t *thread) stored(i *instr, r cellRef, v value) value {
	at := t.w.seatOf(r)
	if at == nil {
		return v
	}
	is := t.w.cell(r).typ
	if i.union != nil {
		return t.storedWhole(i, at, is, v)
	}
	if at.mixed && v.kind == vUnknown {
		t.hintf(i.pos, writeNondet, "%s shares its place with what has another type, and what is stored there is not known", t.w.cellName(r))
		return intValue(0)
	}
	if at.mixed {
		return is.tagged(v)
	}
	return v
}

// storedWhole is a value that is copied with the union around it. What lies in another union around
// that one as well is known to have no more bytes than the first leaf that begins there.
func (t *thread) storedWhole(i *instr, at *seat, is *typ, v value) value {
	if at.in != i.union && at.in.partly {
		t.hintf(i.pos, "assign its members one by one", "%s lies in %s, parts of which overlap others, and is changed as a whole", i.union, at.in)
	}
	switch {
	case at.mixed && v.kind == vUnknown:
		t.hintf(i.pos, writeNondet, "%s copies what is not known to where several types lie", i.text())
		return intValue(0)
	case at.mixed && v.tag == 0 && v.kind == vInt && at.in != i.union:
		return is.tagged(v)
	case at.mixed || v.tag == 0:
		return v
	case v.tag != is.tag():
		t.doubt(i.pos, "assign the member that was stored last", "%s copies %s to where %s is known", i.text(), tagNames[v.tag], is)
		return intValue(0)
	}
	v.tag = 0
	return is.of(v)
}

// loaded is a value of the cell in which r has its value, as what r is; wrong says why reading it has
// no meaning in C.
func (t *thread) loaded(i *instr, r cellRef, v value) (seen value, wrong string) {
	at := t.w.seatOf(r)
	if at == nil || v.kind == vUnset {
		return v, ""
	}
	is := t.w.cell(r).typ
	switch {
	case i.union != nil:
		if !at.mixed {
			v = is.tagged(v)
		}
		return v, ""
	case at.mixed && v.tag != 0 && v.tag != is.tag():
		t.doubt(i.pos, "read the member that was stored last", "%s is read as %s, and was stored as %s", t.w.cellName(r), is, tagNames[v.tag])
		return intValue(0), ""
	}
	v.tag = 0
	switch {
	case is.isBool() && v.kind == vInt && v.n != 0 && v.n != 1:
		return v, t.w.cellName(r) + " is a bool that is neither true nor false"
	case is.kind == tInt:
		v = is.of(v)
	case is.kind == tPointer && !v.isNull():
		v = t.w.retyped(v, is.elem)
	}
	return v, ""
}

// doubt refuses what depends on the values that variables have. A program that is closed over all of
// them may never come there, so it is made again and follows what is reached.
func (t *thread) doubt(pos model.Pos, hint, format string, args ...any) {
	if !t.open {
		t.large, t.hopeless = true, true
		return
	}
	t.spot(t.at).doubtful = true
	t.hintf(pos, hint, format, args...)
}

// doubtAgain has everything made anew that was refused for the values that variables had: some of them
// may have been there because something else was taken for a constant.
func (t *thread) doubtAgain() {
	for _, s := range append(slices.Clip(t.spots), t.start) {
		s.stale, s.doubtful = s.stale || s.doubtful, false
	}
}

var tagNames = map[uint8]string{
	tagInt8: "an integer of 8 bits", tagInt16: "an integer of 16 bits", tagInt32: "an integer of 32 bits", tagInt64: "an integer of 64 bits",
	tagPointer: "a pointer", tagFunction: "a pointer to a function",
}

// isCovered refuses to read a cell that was never set, where something may have been stored in others
// that overlap it.
func (t *thread) isCovered(i *instr, r cellRef, v value) bool {
	at := t.w.seatOf(r)
	if v.kind != vUnset || i.union != nil || at == nil || !at.in.partly {
		return false
	}
	t.doubt(i.pos, "store it first", "%s is read, and was not stored since other members were, which overlap it in part", t.w.cellName(r))
	return true
}

// updatable refuses a change in one step of what shares its place with other types.
func (t *thread) updatable(i *instr, r cellRef) {
	if at := t.w.seatOf(r); at != nil && at.mixed {
		t.errorf(i.pos, "%s shares its place with what has another type, and cannot be changed by an atomic operation", t.w.cellName(r))
	}
}

// isMixed reports whether values of several types are in a cell.
func (w *world) isMixed(r cellRef) bool {
	at := w.seatOf(r)
	return at != nil && at.mixed
}

// targetName is how an object is called that stands for what a shared variable holds.
func (w *world) targetName(v value) string {
	switch {
	case v.kind == vInt:
		return strconv.FormatInt(v.n, 10)
	case v.kind == vFunction:
		return w.numbered[v.n].name
	}
	return "&" + w.pointerName(value{kind: v.kind, obj: v.obj, field: v.field})
}

// isAtStart reports whether a cell has the address of the object in which it is.
func (w *world) isAtStart(r cellRef) bool {
	s := w.objects[r.object].strukt
	return r.field == 0 || s != nil && s.isUnion && r.field < len(s.fields)
}

// begin gives a cell the value with which it begins. What else lies there is zero.
func (w *world) begin(pos model.Pos, r cellRef, v value) {
	w.touches(pos, r)
	at := w.cell(w.seated(r))
	if at.init = v; w.isMixed(r) && v != intValue(0) {
		at.init = w.cell(r).typ.tagged(v)
	}
}

// seats are the leaves of a union that have cells; none of a struct.
func (s *structDef) seats() []leaf {
	var list []leaf
	for i, x := range s.leaves {
		if x.first == i {
			list = append(list, x)
		}
	}
	return list
}

// loadLeaf and storeLeaf are the accesses with which a leaf of a whole union is copied.
func (p *part) loadLeaf(from operand, t *typ, x leaf) instr {
	at, in := p.inside(from, t, x.path[:len(x.path)-1])
	if in.kind == tStruct {
		return instr{op: iLoad, a: at, strukt: in.strukt, field: x.path[len(x.path)-1], union: t.strukt}
	}
	return instr{op: iLoadPtr, a: p.elementAt(at, in, x), typ: x.typ, union: t.strukt}
}

func (p *part) storeLeaf(to operand, t *typ, x leaf) instr {
	at, in := p.inside(to, t, x.path[:len(x.path)-1])
	if in.kind == tStruct {
		return instr{op: iStore, a: at, strukt: in.strukt, field: x.path[len(x.path)-1], union: t.strukt}
	}
	return instr{op: iStorePtr, a: p.elementAt(at, in, x), typ: x.typ, union: t.strukt}
}

func (p *part) elementAt(at operand, in *typ, x leaf) operand {
	return p.b.shift(p.e, "+", p.first(at, in), constant(intValue(int64(x.path[len(x.path)-1]))), pointerTo(in.elem))
}

// inside is the address of a part of what lies at an address, with its type.
func (p *part) inside(at operand, t *typ, path []int) (operand, *typ) {
	for _, i := range path {
		if t.kind == tArray {
			at = p.b.shift(p.e, "+", p.first(at, t), constant(intValue(int64(i))), pointerTo(t.elem))
		} else {
			at = p.address(at, t.strukt, i, t.part(int64(i)))
		}
		t = t.part(int64(i))
	}
	return at, t
}

// union copies a union: what is in its cells, whatever was stored there.
func (p *part) union(to operand, from *operand, t *typ) {
	outer := p.what
	defer func() { p.what = outer }()
	for _, x := range t.strukt.seats() {
		if p.copied > maxCopied || p.b.diags.Full() {
			return
		}
		p.what = outer + t.way(x.path)
		if x.typ.isWaitedFor() {
			p.b.errorf(p.e.Pos(), "%s: a %s cannot be copied or cleared", syntax.FormatShort(p.e), x.typ)
			return
		}
		if from == nil {
			p.scalar(x.typ, nil, instr{}, p.storeLeaf(to, t, x))
			continue
		}
		load := p.loadLeaf(*from, t, x)
		p.scalar(x.typ, &load.a, load, p.storeLeaf(to, t, x))
	}
}

// throughUnion reports whether a part lies in a union.
func (t *typ) throughUnion(path []int) bool {
	for _, i := range path {
		if t.kind == tStruct && t.strukt.isUnion {
			return true
		}
		t = t.part(int64(i))
	}
	return false
}

// hasUnion reports whether a type is a union, or has one in it.
func (t *typ) hasUnion() bool {
	isUnion := func(t *typ, _ *fieldDef) bool { return t.kind == tStruct && t.strukt.isUnion }
	return t.isAggregate() && (isUnion(t, nil) || t.holds(isUnion))
}

// initUnions begins the unions in a home of which one member has a value: the rest of that member is
// zero, and of what lies beside it nothing is known. Those of which nothing is said are zero.
func (b *body) initUnions(l *flow.Local, x syntax.Expr, t *typ, path []int, entries []initEntry) {
	if !t.hasUnion() {
		return
	}
	inside := entriesIn(entries, path)
	if len(inside) == 0 || len(inside[0].path) == len(path) {
		return
	}
	if t.kind != tStruct || !t.strukt.isUnion {
		for k := 0; k < len(inside); {
			part := inside[k].path[len(path)]
			b.initUnions(l, x, t.part(int64(part)), append(slices.Clone(path), part), inside)
			for k++; k < len(inside) && inside[k].path[len(path)] == part; k++ {
			}
		}
		return
	}
	home := b.f.homes[b.homes[l]].typ
	p := &part{b: b, e: x}
	at, _ := p.inside(b.addressOfHome(x, b.homes[l]), home, path)
	b.begins = true
	defer func() { b.begins = false }()
	for _, leaf := range t.strukt.seats() {
		if !leaf.typ.isWaitedFor() {
			p.scalar(leaf.typ, nil, instr{}, p.storeLeaf(at, t, leaf))
		}
	}
	member := inside[0].path[len(path)]
	for _, leaf := range t.strukt.leaves {
		if leaf.path[0] == member && !leaf.typ.isWaitedFor() && !t.otherMember(path, leaf.path, inside) {
			p.fill = leaf.typ.tagged(intValue(0))
			p.scalar(leaf.typ, nil, instr{}, p.storeLeaf(at, t, leaf))
		}
	}
}

// otherMember reports whether a leaf of a union lies in a member of a union in it of which another
// member has a value.
func (t *typ) otherMember(at, leaf []int, entries []initEntry) bool {
	for k := range leaf {
		if t.kind == tStruct && t.strukt.isUnion {
			way := slices.Concat(at, leaf[:k])
			if in := entriesIn(entries, way); len(in) > 0 && len(in[0].path) > len(way) && in[0].path[len(way)] != leaf[k] {
				return true
			}
		}
		t = t.part(int64(leaf[k]))
	}
	return false
}

// entriesIn are the entries for a part and what lies in it.
func entriesIn(entries []initEntry, path []int) []initEntry {
	var list []initEntry
	for _, e := range entries {
		if hasPrefix(e.path, path) {
			list = append(list, e)
		}
	}
	return list
}
