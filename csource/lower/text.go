package lower

import (
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// A string literal is an array of characters that exists from the start and that nobody may change.
// Each one in the source is an array of its own; whether two with the same characters are one is
// left open by C, and who asks for it is refused.

// textOperand is the array of a string literal in a function.
func (b *body) textOperand(e *syntax.StringLit) (operand, *typ) {
	if len(e.Macros) > 0 {
		return constant(value{kind: vOpaque}), pointerTo(charType)
	}
	return b.text(e, e.Value)
}

// text is the array of a text at a place in the source.
func (b *body) text(at syntax.Expr, s string) (operand, *typ) {
	t := arrayOf(charType, int64(len(s))+1)
	if b.dry {
		return constant(value{}), t
	}
	i, known := b.textAt[at]
	if !known {
		i = len(b.texts)
		b.textAt[at] = i
		b.texts = append(b.texts, s)
	}
	return constant(objectValue(firstText + i)), t
}

// firstText is the object of the first text in a function.
const firstText = globalsObject + 1

// textObject makes the array of a text.
func (w *world) textObject(s string) int {
	id := len(w.objects)
	name := strconv.Quote(s)
	if len(name) > maxTextName {
		name = name[:maxTextName] + `..."`
	}
	o := &object{
		name: name, array: arrayOf(charType, int64(len(s))+1), in: nowhere, parent: -1, root: -1,
		memory: -1, isText: true,
	}
	o.class = w.classOf(classKey{outer: fieldKey{-1, id}})
	w.objects = append(w.objects, o)
	if !w.count(w.textPos, len(s)+2) {
		return id
	}
	def := &fieldDef{typ: charType}
	for i := range len(s) + 1 {
		c := cell{def: def, typ: charType, id: len(w.vars)}
		if i < len(s) {
			c.init = intValue(int64(int8(s[i])))
		} else {
			c.init = intValue(0)
		}
		o.cells = append(o.cells, c)
		w.vars = append(w.vars, cellRef{id, i})
	}
	return id
}

const maxTextName = 40 // bytes of a text that are shown

// isText reports whether a pointer leads into a string literal.
func (w *world) isText(v value) bool {
	return (v.kind == vObject || v.kind == vField || v.kind == vAddress) && w.objects[v.obj].isText
}

// sameText reports whether two pointers lead into different literals with the same characters from
// there on: they may be one in memory.
func (w *world) sameText(x, y value) bool {
	if !w.isText(x) || !w.isText(y) || x.obj == y.obj {
		return false
	}
	rest := func(v value) string {
		var b strings.Builder
		for _, c := range w.objects[v.obj].cells[min(max(v.field, 0), len(w.objects[v.obj].cells)):] {
			b.WriteByte(byte(c.init.n))
		}
		return b.String()
	}
	return rest(x) == rest(y)
}

// signOf says that nothing but the sign of an expression matters: it is a condition, or compared
// with 0.
func (b *body) signOf(e syntax.Expr) {
	if not, ok := e.(*syntax.Unary); ok && not.Op == "!" {
		e = not.X
	}
	if _, call := e.(*syntax.Call); call {
		if b.bySign == nil {
			b.bySign = map[syntax.Expr]bool{}
		}
		b.bySign[e] = true
	}
}

// compareTexts compiles a function of texts.
func (b *body) compareTexts(e *syntax.Call, p *vocabulary.Function) (operand, *typ) {
	args := make([]operand, len(e.Args))
	for i, a := range e.Args {
		x, t := b.expr(a)
		if number := p.Params[i] == vocabulary.Number; number && t.kind != tInt ||
			!number && t.kind != tPointer && !isZero(a) {
			if t.kind != tOther {
				b.errorf(a.Pos(), "argument %d of %s is a text, and %s is %s", i+1, p.Name, syntax.FormatShort(a), t)
			}
		}
		args[i] = b.settled(x, i < len(e.Args)-1)
	}
	t := intType
	if p.Name == "strlen" {
		t = ulongType
	}
	dst := b.temp(t)
	b.emit(instr{op: iText, pos: e.Pos(), text: textOf(e), dst: dst, prim: p, args: args, exact: !b.bySign[e]})
	return inSlot(dst), t
}

// textsOf carries out a function of texts, and reports whether it is a step: one that fails.
func (t *thread) textsOf(c *config, i *instr) bool {
	var texts []string
	nulls := 0
	limit := -1
	for k, a := range i.args {
		v := c.read(a)
		switch {
		case i.prim.Params[k] == vocabulary.Number:
			if limit = int(v.n); v.kind == vUnknown || v.n < 0 || v.n > maxCells {
				t.errorf(i.pos, "%s: this length is not known", i.text())
			}
			continue
		case v.isNull() && i.prim.Params[k] == vocabulary.TextOrNull:
			nulls++
			texts = append(texts, "")
			continue
		case v.isNull():
			t.null(c, i)
			return true
		}
		s, ok := t.textFrom(c, i, v)
		if !ok {
			c.local(intValue(0))
			return false
		}
		texts = append(texts, s)
	}
	result := int64(len(texts[0]))
	if len(texts) == 2 {
		x, y := texts[0], texts[1]
		if limit >= 0 {
			x, y = x[:min(limit, len(x))], y[:min(limit, len(y))]
		}
		result = int64(strings.Compare(x, y))
		if nulls == 1 {
			result = 1
			if c.read(i.args[0]).isNull() {
				result = -1
			}
		}
	}
	switch i.prim.Name {
	case "STREQ", "STREQ_NULLABLE", "g_str_equal":
		result = boolValue(result == 0).n
	case "STRNEQ", "STRNEQ_NULLABLE":
		result = boolValue(result != 0).n
	case "STRPREFIX", "g_str_has_prefix":
		result = boolValue(strings.HasPrefix(texts[0], texts[1])).n
	case "strlen":
	default:
		if result != 0 && i.exact { // C says no more
			t.hintf(i.pos, "compare it with 0", "only the sign of %s is known", i.text())
		}
	}
	c.local(intValue(result))
	return false
}

// textFrom reads the characters from a pointer on up to the zero, as far as they are known without
// a step.
func (t *thread) textFrom(c *config, i *instr, v value) (string, bool) {
	refuse := func() (string, bool) {
		t.hintf(i.pos, "text that changes is not modelled", "%s: what %s points to is not known", i.text(), t.show(v))
		return "", false
	}
	var b strings.Builder
	array, at, ok := t.w.position(v)
	if !ok || !t.w.objects[array].array.elem.isByte() {
		return refuse()
	}
	for cells := t.w.objects[array].cells; at >= 0 && at < len(cells); at++ {
		r := cellRef{array, at}
		x := cells[at].init
		if f := t.frameOf(c, r); f != nil && t.w.seatOf(r) == nil {
			x = f.slots.get(cells[at].slot)
		} else if t.w.seatOf(r) != nil || t.assigned(r) || t.mortal(array) {
			return refuse()
		}
		if x.kind != vInt {
			return refuse()
		}
		if x.n == 0 {
			return b.String(), true
		}
		b.WriteByte(byte(x.n))
	}
	return refuse()
}
