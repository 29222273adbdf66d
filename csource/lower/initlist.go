package lower

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
)

// initList takes an initialiser apart: which value belongs to which part of an object. It follows
// C11 6.7.9: designators, braces that may be left out, strings for arrays of characters, and a
// later value in the place of an earlier one. What has no value is zero.
type initList struct {
	*Unit
	// whole reports whether an expression has a struct type itself, so that it stands for all of its
	// parts.
	whole func(x syntax.Expr, t *typ) bool
	// number is the value of a designator's index.
	number  func(x syntax.Expr) (int64, bool)
	entries []initEntry
	last    []int // the part that lies furthest back of all that have a value
	longest int64 // the elements that an array without a length needs
}

// initEntry is a value, and the way from the object to the part that has it: fields and elements by
// their numbers.
type initEntry struct {
	path []int
	typ  *typ
	x    syntax.Expr
	n    int64 // of a character of a string, where x is that string
	char bool
}

// items are the values of one pair of braces; level is how many designators of the item at hand
// have been followed.
type items struct {
	list  []*syntax.InitItem
	at    int
	level int
	into  bool // the designator at hand names a part of a member without a name
}

func (c *items) item() *syntax.InitItem { return c.list[c.at] }
func (c *items) done() bool             { return c.at >= len(c.list) }
func (c *items) next()                  { c.at, c.level = c.at+1, 0 }

// designated reports whether designators of the item are left to be followed.
func (c *items) designated() bool { return c.level < len(c.item().Path) }

const maxInitialised = 1 << 16 // values of one initialiser

// value enters an initialiser for a part of type t.
func (in *initList) value(t *typ, x syntax.Expr, path []int) {
	in.meter.Work(1)
	if lit, ok := x.(*syntax.CompoundLit); ok && t.isAggregate() && sameType(t, in.resolve(lit.Type)) {
		x = lit.Init
	}
	list, braced := x.(*syntax.InitList)
	switch {
	case braced && t.isAggregate():
		in.forget(path)
		if s := in.text(t, list); s != nil {
			in.characters(t, s, path)
			return
		}
		in.parts(t, &items{list: list.Items}, path, false)
	case braced && !t.isWaitedFor():
		in.scalar(t, list, path)
	default:
		if s, ok := x.(*syntax.StringLit); ok && t.isText() {
			in.characters(t, s, path)
			return
		}
		in.add(initEntry{path: path, typ: t, x: x})
	}
}

// scalar is a value in braces for what has no parts.
func (in *initList) scalar(t *typ, list *syntax.InitList, path []int) {
	switch {
	case len(list.Items) == 0: // zero
	case len(list.Items) > 1 || len(list.Items[0].Path) > 0:
		in.errorf(list.Pos(), "%s takes one value, and here are %d", t, len(list.Items))
	default:
		in.value(t, list.Items[0].Value, path)
	}
}

// parts enters the items for the fields or elements of t, one after the other. Without braces of
// its own it ends where they are full, or where a designator names a part of what lies around.
func (in *initList) parts(t *typ, c *items, path []int, nested bool) {
	isUnion := t.kind == tStruct && t.strukt.isUnion
	for i := int64(0); !c.done() && !in.diags.Full() && in.meter.Work(1); i++ {
		item := c.item()
		hi := i
		switch {
		case c.designated():
			if nested && c.level == 0 && !c.into {
				return
			}
			var ok bool
			if i, hi, ok = in.designator(t, item, c.level); !ok {
				c.next()
				continue
			}
			if c.into = t.kind == tStruct && t.strukt.fields[i].name == ""; !c.into {
				c.level++
			}
		case i >= t.parts() && t.parts() >= 0, i > 0 && isUnion:
			if nested {
				return
			}
			has := plural(int(t.parts()), "part")
			if isUnion {
				has = "one value"
			}
			in.errorf(item.Value.Pos(), "%s has %s, and here is one value more", t, has)
			c.next()
			continue
		}
		for before := *c; i < hi; i++ {
			again := items{list: before.list[:before.at+1], at: before.at, level: before.level}
			in.part(t, &again, path, i)
		}
		in.part(t, c, path, i)
	}
}

// part enters the item at hand for part i of t.
func (in *initList) part(t *typ, c *items, path []int, i int64) {
	if t.kind == tArray && len(path) == 0 {
		in.longest = max(in.longest, i+1)
	}
	if len(in.entries) > maxInitialised || i >= maxCells {
		in.errorf(c.item().Pos(), "an initialiser of more than %d values", maxInitialised)
		c.at = len(c.list)
		return
	}
	if t.kind == tStruct && t.strukt.isUnion {
		in.only(path, int(i))
	}
	item, p := c.item(), t.part(i)
	path = append(path[:len(path):len(path)], int(i))
	_, braced := item.Value.(*syntax.InitList)
	if lit, ok := item.Value.(*syntax.CompoundLit); ok {
		braced = sameType(p, in.resolve(lit.Type))
	}
	_, text := item.Value.(*syntax.StringLit)
	switch {
	case c.designated() && p.isAggregate():
		in.parts(p, c, path, true)
	case c.designated():
		in.errorf(item.Pos(), "%s has no parts", p)
		c.next()
	case p.isAggregate() && !braced && !(text && p.isText()) && !in.whole(item.Value, p):
		at := c.at
		if in.parts(p, c, path, true); c.at == at && p.parts() > 0 {
			c.next()
		}
	default:
		in.value(p, item.Value, path)
		c.next()
	}
}

// designator is the part that .field, [i] or [i ... j] names.
func (in *initList) designator(t *typ, item *syntax.InitItem, level int) (lo, hi int64, ok bool) {
	d := item.Path[level]
	if d.Field != "" {
		if t.kind != tStruct {
			in.errorf(item.Pos(), "%s has no field %s", t, d.Field)
			return 0, 0, false
		}
		path := t.strukt.find(d.Field)
		if path == nil {
			in.errorf(item.Pos(), "%s has no field %s", t.strukt, d.Field)
			return 0, 0, false
		}
		return int64(path[0]), int64(path[0]), true
	}
	if t.kind != tArray {
		in.errorf(item.Pos(), "%s has no elements", t)
		return 0, 0, false
	}
	lo, ok = in.number(d.Lo)
	if hi = lo; ok && d.Hi != nil {
		hi, ok = in.number(d.Hi)
	}
	if !ok || lo < 0 || hi < lo || t.n >= 0 && hi >= t.n || hi >= maxCells {
		in.errorf(d.Lo.Pos(), "%s has no such element", t)
		return 0, 0, false
	}
	return lo, hi, true
}

// add enters a value, in the place of an earlier one for the same part.
func (in *initList) add(e initEntry) {
	in.forget(e.path)
	in.entries = append(in.entries, e)
	if comparePaths(in.last, e.path) < 0 {
		in.last = e.path
	}
}

// forget drops what was said of a part before.
func (in *initList) forget(path []int) {
	if comparePaths(in.last, path) < 0 {
		return // the usual case: parts have their values in order
	}
	kept := in.entries[:0]
	for _, e := range in.entries {
		in.meter.Work(1)
		if !hasPrefix(e.path, path) {
			kept = append(kept, e)
		}
	}
	in.entries = kept
}

// only drops what was said of other members of a union than one.
func (in *initList) only(union []int, member int) {
	if comparePaths(in.last, union) < 0 {
		return
	}
	in.entries = slices.DeleteFunc(in.entries, func(e initEntry) bool {
		in.meter.Work(1)
		return hasPrefix(e.path, union) && (len(e.path) == len(union) || e.path[len(union)] != member)
	})
}

func hasPrefix(path, prefix []int) bool {
	if len(path) < len(prefix) {
		return false
	}
	for i := range prefix {
		if path[i] != prefix[i] {
			return false
		}
	}
	return true
}

// comparePaths orders parts as they lie in memory; one that lies in another is after it.
func comparePaths(a, b []int) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[i] - b[i]
		}
	}
	return len(a) - len(b)
}

// text is the string of { "..." }.
func (in *initList) text(t *typ, list *syntax.InitList) *syntax.StringLit {
	if !t.isText() || len(list.Items) != 1 || len(list.Items[0].Path) > 0 {
		return nil
	}
	s, _ := list.Items[0].Value.(*syntax.StringLit)
	return s
}

// characters enters the bytes of a string, and the zero after them where there is room for it.
func (in *initList) characters(t *typ, s *syntax.StringLit, path []int) {
	if len(s.Macros) > 0 {
		in.errorf(s.Pos(), "a string with a part that is not known")
		return
	}
	n := int64(len(s.Value))
	if t.n >= 0 && n > t.n {
		in.errorf(s.Pos(), "the string has %d characters, and the array %d", n, t.n)
		return
	}
	if len(path) == 0 {
		in.longest = n + 1
	}
	for i := range n {
		way := append(path[:len(path):len(path)], int(i))
		in.add(initEntry{path: way, typ: t.elem, x: s, n: int64(int8(s.Value[i])), char: true})
	}
}
