package lower

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/lockproof/lockproof/model"
)

// A pointer to a struct or an array is a vObject; one to anything else is the vField that names its
// cell. value.n counts the elements by which a pointer lies beside an object that is not in an
// array. Such a pointer, and one to an element that is not there, may be computed, compared and
// changed, but not followed.

// element is the address of an element of an array, which need not be there.
func (w *world) element(array, i int) value {
	if cells := w.objects[array].cells; i >= 0 && i < len(cells) && cells[i].typ.isAggregate() {
		return cells[i].init
	}
	return value{kind: vField, obj: array, field: i}
}

// position finds the element of an array to which v points.
func (w *world) position(v value) (array, i int, ok bool) {
	switch v.kind {
	case vObject:
		array, i = w.objects[v.obj].in.object, w.objects[v.obj].in.field
	case vField:
		array, i = v.obj, v.field
	default:
		return 0, 0, false
	}
	return array, i, array >= 0 && w.objects[array].array != nil
}

// moved is a pointer that is n elements further.
func (w *world) moved(v value, n int64) (value, bool) {
	if array, i, ok := w.position(v); ok {
		to := int64(i) + n
		return w.element(array, int(to)), to > -maxOutside && to < maxOutside
	}
	switch v.kind {
	case vObject, vField:
		v.n += n
		return v, v.n > -maxOutside && v.n < maxOutside
	}
	return v, n == 0
}

// maxOutside bounds how far beside an array a pointer may lie.
const maxOutside = 1 << 30

// isOutside reports whether a pointer to an object leads beside it.
func (w *world) isOutside(v value) bool {
	switch v.kind {
	case vAddress:
		return true
	case vObject:
		return v.n != 0
	case vField:
		return v.n != 0 || v.field < 0 || v.field >= len(w.objects[v.obj].cells)
	}
	return false
}

// describeOutside says beside what a pointer lies.
func (w *world) describeOutside(v value) string {
	if array, i, ok := w.position(v); ok {
		return "element " + strconv.Itoa(i) + " of " + w.objects[array].name + ", which has " +
			plural(len(w.objects[array].cells), "element")
	}
	return "what lies beside " + w.pointerName(v)
}

// pointerName is the name of what a pointer leads to.
func (w *world) pointerName(v value) string {
	if v.kind == vObject || v.kind == vAddress && v.field < 0 {
		return w.objects[v.obj].name
	}
	if o := w.objects[v.obj]; o.array != nil {
		return w.fieldName(o, v.field)
	}
	return w.cellName(cellRef{v.obj, v.field})
}

// way is the outermost object in which the target of a pointer lies, and the fields and elements
// that lead to it: pointers within one object are in the order of their ways. A struct or array and
// its first part have the same address, so the way ends at the first part that has none.
func (w *world) way(v value) (object int, path []int) {
	at := cellRef{v.obj, v.field}
	if v.kind == vObject {
		at = w.objects[v.obj].in
		if at.object < 0 {
			at = cellRef{v.obj, 0}
		}
	}
	for w.isInside(at) && w.cell(at).typ.isAggregate() {
		at = cellRef{w.cell(at).init.obj, 0}
	}
	path = []int{at.field, int(v.n)}
	for object = at.object; ; object = at.object {
		in := w.objects[object].in
		if in.object < 0 || w.objects[in.object].isRoot() {
			break
		}
		at = in
		path = append(path, at.field)
	}
	slices.Reverse(path[2:])
	return object, append(path[2:], path[0], path[1])
}

func (w *world) isInside(r cellRef) bool {
	return r.field >= 0 && r.field < len(w.objects[r.object].cells)
}

// relate compares two pointers, or subtracts them; false when C leaves the result open, because
// they do not lead into one array or object.
func (w *world) relate(op string, x, y value, of *typ) (value, bool) {
	if !isAddress(x) || !isAddress(y) || x.isNull() || y.isNull() {
		switch op {
		case "==":
			return boolValue(x == y), true
		case "!=":
			return boolValue(x != y), true
		}
		return intValue(0), x == y
	}
	if op == "-" {
		return w.difference(x, y, of)
	}
	c, same := w.order(x, y)
	switch op {
	case "==":
		return boolValue(same && c == 0), true
	case "!=":
		return boolValue(!same || c != 0), true
	}
	return boolValue(map[string]bool{"<": c < 0, "<=": c <= 0, ">": c > 0, ">=": c >= 0}[op]), same
}

// order compares where two pointers lead; false when that is in two objects.
func (w *world) order(x, y value) (int, bool) {
	u, i, known := w.bytesTo(x)
	v, j, ok := w.bytesTo(y)
	if known && ok {
		return cmp.Compare(i, j), u == v
	}
	if x.kind == vAddress || y.kind == vAddress {
		return 0, false
	}
	oa, pa := w.way(x)
	ob, pb := w.way(y)
	return comparePaths(pa, pb), oa == ob && (!w.objects[oa].isRoot() || pa[0] == pb[0])
}

// pointer carries out an instruction on pointers, and reports whether it is a step: one that fails.
func (t *thread) pointer(c *config, i *instr) bool {
	x := c.read(i.a)
	switch i.op {
	case iFirst:
		if x.isNull() {
			t.null(c, i)
			return true
		}
		if t.w.isOutside(x) {
			t.outside(c, i, x)
			return true
		}
		c.local(t.w.element(x.obj, 0))
	case iShift:
		if c.read(i.b).kind == vUnknown {
			t.hintf(i.pos, writeNondet, "%s: the index is not known, for it comes from a clock or a random number", i.text())
		}
		n := c.read(i.b).n
		if x.isNull() && n != 0 {
			t.null(c, i)
			return true
		}
		if far := n <= -maxOutside || n >= maxOutside || i.huge && n < 0; isAddress(x) && far {
			t.farOutside(c, i, x, n)
			return true
		}
		if i.operator == "-" {
			n = -n
		}
		v, ok := t.w.advanced(x, i.typ, n)
		if !ok {
			t.errorf(i.pos, "%s: this pointer leads to nothing that is known", i.text())
			v = x
		}
		c.local(v)
	case iRelate:
		y := c.read(i.b)
		if x.kind == vOpaque && y.kind == vOpaque || t.w.sameText(x, y) {
			t.hintf(i.pos, "compare their characters with strcmp",
				"two texts with the same characters may be one in memory, or two")
		}
		v, ok := t.w.relate(i.operator, x, y, i.typ)
		switch {
		case ok:
		case isAddress(x) && isAddress(y):
			t.undefined(c, i, "%s has no result: %s and %s do not lie in one object", i.text(), t.show(x), t.show(y))
			return true
		default:
			t.errorf(i.pos, "%s has no result: %s and %s do not lie in one object", i.text(), t.show(x), t.show(y))
		}
		c.local(v)
	case iApart:
		if d, ok := t.w.relate("-", x, c.read(i.b), t.w.pointedAt(x)); ok && !x.isNull() && max(d.n, -d.n) < int64(i.field) {
			t.undefined(c, i, "%s copies between objects that overlap", i.text())
			return true
		}
		c.top().pc++
	}
	return false
}

// isAddress reports whether a pointer leads into an object, or is NULL.
func isAddress(v value) bool {
	return v.kind == vObject || v.kind == vField || v.kind == vAddress || v.isNull()
}

// outside makes the next step one that fails because it follows a pointer beside an object.
func (t *thread) outside(c *config, i *instr, v value) {
	c.fail = &model.Check{Kind: model.OutOfBounds, Pos: i.pos, Text: i.text() + " touches " + t.w.describeOutside(v)}
}

// farOutside makes the next step one that fails because it makes a pointer by a number of elements
// that no object has.
func (t *thread) farOutside(c *config, i *instr, x value, n int64) {
	number := strconv.FormatInt(n, 10)
	if i.huge {
		number = strconv.FormatUint(uint64(n), 10)
	}
	c.fail = &model.Check{
		Kind: model.OutOfBounds, Pos: i.pos,
		Text: i.text() + " moves " + t.show(x) + " by " + number + " elements",
	}
}

// target is the number by which a shared variable holds a pointer to something that is not an
// object of its own: a variable, a field, an element.
func (w *world) target(v value) int {
	id, ok := w.targets[v]
	if !ok {
		id = len(w.objects)
		w.targets[v] = id
		name := w.targetName(v)
		if v.n != 0 && v.tag == 0 {
			name += fmt.Sprintf("%+d", v.n)
		}
		w.objects = append(w.objects, &object{
			name: name, isTarget: true, target: v, in: nowhere, parent: -1,
			root: -1, memory: -1,
		})
	}
	return id
}
