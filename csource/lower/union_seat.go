package lower

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// seat is where a cell in a union has its value.
type seat struct {
	first cellRef    // nowhere for what is never read
	mixed bool       // see leaf
	in    *structDef // the outermost union
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
			w.hintf(pos, "give each of them a place of its own, in a struct",
				"%s overlaps %s in part, and what is seen of one in the other is not known: both are used, that one at %s",
				w.cellName(r), x.name, x.pos)
			break
		}
	}
	if !known {
		w.uses[s] = append(slices.Clip(w.uses[s]), leafUse{i, w.cellName(r), pos})
	}
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
