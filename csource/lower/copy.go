package lower

import (
	"strconv"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// part is a scalar in an object that is copied or cleared.
type part struct {
	b      *body
	e      syntax.Expr
	what   string  // of the object: .a[1]
	copied int     // scalars so far
	fill   value   // what is stored where there is no source
	given  int     // the first of the slots that have what is stored, and 1; 0: nothing was given
	late   bool    // stores wait until everything is loaded
	stores []instr // those that wait
}

// maxCopied is how many scalars an object may have that is copied.
const maxCopied = 4096

// copyObject stores one object in another: a load and a store for each scalar in it, in the order
// of the fields. Without a source it stores zeros.
func (b *body) copyObject(e syntax.Expr, to operand, from *operand, t *typ) {
	b.fillObject(&part{b: b, e: e, fill: intValue(0)}, to, from, t)
}

func (b *body) fillObject(p *part, to operand, from *operand, t *typ) {
	p.object(to, from, t)
	if p.copied > maxCopied {
		b.errorf(p.e.Pos(), "an object of more than %d scalars cannot be copied in one go", maxCopied)
	}
}

// object copies what lies at an address.
func (p *part) object(to operand, from *operand, t *typ) {
	switch t.kind {
	case tStruct:
		if t.strukt.isUnion {
			p.union(to, from, t)
			return
		}
		for i, f := range t.strukt.fields {
			if p.copied > maxCopied || p.b.diags.Full() {
				return
			}
			p.field(to, from, t.strukt, i, f)
		}
	case tArray:
		p.elements(p.first(to, t), p.firstOf(from, t), t.elem, t.n)
	case tMutex, tCond, tOnce, tSem, tBarrier, tRWLock:
		p.b.errorf(p.e.Pos(), "%s: a %s cannot be copied or cleared", syntax.FormatShort(p.e), t)
	case tOther, tVoid:
		p.b.errorf(p.e.Pos(), "%s: %s cannot be copied", syntax.FormatShort(p.e), t)
	default:
		p.scalar(t, from, instr{op: iLoadPtr, typ: t}, instr{op: iStorePtr, a: to, typ: t})
	}
}

// scalar emits the load and the store of a scalar.
func (p *part) scalar(t *typ, from *operand, load, store instr) {
	p.copied++
	store.b, store.dst = constant(p.fill), -1
	if p.given > 0 {
		store.b = inSlot(p.given + p.copied - 2)
	}
	if from != nil {
		store.b = inSlot(p.b.temp(t))
		load.a, load.dst = *from, store.b.slot
		p.emit(load)
	}
	if p.late {
		store.pos, store.text, store.whole = p.e.Pos(), p.text(), true
		p.stores = append(p.stores, store)
		return
	}
	p.emit(store)
}

func (p *part) emit(i instr) {
	i.pos, i.text, i.whole = p.e.Pos(), p.text(), true
	p.b.emit(i)
}

// field copies a field. A scalar is loaded and stored by its name, as an assignment does it.
func (p *part) field(to operand, from *operand, s *structDef, i int, f *fieldDef) {
	outer := p.what
	defer func() { p.what = outer }()
	p.what += "." + f.name
	if f.typ.isObject() || f.typ.kind == tOther {
		source := from
		if from != nil {
			at := p.address(*from, s, i, f.typ)
			source = &at
		}
		p.object(p.address(to, s, i, f.typ), source, f.typ)
		return
	}
	p.scalar(f.typ, from, instr{op: iLoad, strukt: s, field: i}, instr{op: iStore, a: to, strukt: s, field: i})
}

// elements copies n elements from where two pointers lead.
func (p *part) elements(to operand, from *operand, t *typ, n int64) {
	outer := p.what
	defer func() { p.what = outer }()
	for i := int64(0); i < n && p.copied <= maxCopied && !p.b.diags.Full(); i++ {
		p.what = outer + "[" + strconv.FormatInt(i, 10) + "]"
		source := from
		if from != nil && i > 0 {
			at := p.b.shift(p.e, "+", *from, constant(intValue(i)), pointerTo(t))
			source = &at
		}
		at := to
		if i > 0 {
			at = p.b.shift(p.e, "+", to, constant(intValue(i)), pointerTo(t))
		}
		p.object(at, source, t)
		if t.isAggregate() && t.parts() == 0 {
			return
		}
	}
}

func (p *part) first(x operand, t *typ) operand {
	at, _ := p.b.decay(p.e, x, t)
	return at
}

func (p *part) firstOf(x *operand, t *typ) *operand {
	if x == nil {
		return nil
	}
	at := p.first(*x, t)
	return &at
}

func (p *part) address(x operand, s *structDef, i int, t *typ) operand {
	dst := p.b.temp(pointerTo(t))
	p.b.emit(instr{op: iField, pos: p.e.Pos(), text: p.text(), dst: dst, a: x, strukt: s, field: i})
	return inSlot(dst)
}

func (p *part) text() func() string {
	e, what := p.e, p.what
	return func() string {
		if what == "" {
			return syntax.FormatShort(e)
		}
		return syntax.FormatShort(e) + ": " + what
	}
}

// assignObject compiles X = Y for structs.
func (b *body) assignObject(e *syntax.Assign, p place) (operand, *typ) {
	to := p.base
	if p.kind == fieldPlace {
		to = inSlot(b.temp(pointerTo(p.typ)))
		b.emit(instr{
			op: iField, pos: e.X.Pos(), text: textOf(e.X), dst: to.slot, a: p.base, strukt: p.strukt,
			field: p.field,
		})
	}
	x, t := b.object(e.Y)
	if !sameType(t, p.typ) {
		if t.kind != tOther {
			b.errorf(e.Y.Pos(), "%s is %s, and %s is %s", syntax.FormatShort(e.X), p.typ, syntax.FormatShort(e.Y), t)
		}
		return to, p.typ
	}
	b.copyObject(e, to, &x, t)
	return to, p.typ
}

// memory compiles memset, memcpy and their like: as many stores as there are scalars in the objects
// that they cover, which must be whole ones.
func (b *body) memory(e *syntax.Call, p *vocabulary.Function) (operand, *typ) {
	to, t := b.expr(e.Args[0])
	last := e.Args[len(e.Args)-1]
	var from *operand
	if p.Effect == vocabulary.CopyMemory {
		to = b.settled(to, b.hasEffect(e.Args[1]))
		x, tx := b.expr(e.Args[1])
		from = &x
		if t.kind == tPointer && tx.kind == tPointer && !sameType(t.elem, tx.elem) {
			b.errorf(e.Pos(), "%s copies between %s and %s: assign the fields one by one", p.Name, tx, t)
		}
	} else if len(e.Args) == 3 {
		if n, ok := b.length(e.Args[1]); !ok || n != 0 {
			b.errorf(e.Args[1].Pos(), "%s with anything but 0 cannot be modelled: assign the fields one by one", p.Name)
		}
	}
	if t.kind != tPointer || t.elem.kind == tVoid || t.elem.kind == tOther {
		b.errorf(e.Args[0].Pos(), "%s needs a pointer to what it changes, and %s is %s", p.Name,
			syntax.FormatShort(e.Args[0]), t)
		return to, t
	}
	of, n, ok := b.extent(last)
	if bytes, known := b.length(last); !ok && known {
		size, _ := b.sizeOf(t.elem)
		ok = size > 0 && bytes >= 0 && bytes%size == 0
		of, n = t.elem, bytes/max(size, 1)
	}
	for ok && of.kind == tArray && !sameType(of, t.elem) {
		of, n = of.elem, n*of.n
	}
	if !ok || !sameType(of, t.elem) || n < 0 || n > maxCopied {
		b.hintf(last.Pos(), "write sizeof(*pointer), sizeof(variable), or a number times one of them",
			"%s is not known to be the size of a whole %s", syntax.FormatShort(last), t.elem)
		return to, t
	}
	if p.Name == "memcpy" {
		b.emit(instr{op: iApart, pos: e.Pos(), text: textOf(e), dst: -1, a: to, b: *from, field: int(n)})
	}
	// one object lies beside another, or is it
	whole := &part{b: b, e: e, fill: intValue(0), late: p.Name == "memmove" && n > 1}
	whole.elements(to, from, t.elem, n)
	for _, store := range whole.stores {
		b.emit(store)
	}
	if whole.copied > maxCopied {
		b.errorf(e.Pos(), "an object of more than %d scalars cannot be copied in one go", maxCopied)
	}
	return to, t
}

// extent is how many objects of which type a size stands for: sizeof, and a number times it.
func (b *body) extent(e syntax.Expr) (*typ, int64, bool) {
	switch e := e.(type) {
	case *syntax.SizeofType:
		return b.resolve(e.Type), 1, !e.Align
	case *syntax.SizeofExpr:
		t := b.typeNamed(e.X)
		return t, 1, t != nil && !e.Align
	case *syntax.Binary:
		if e.Op != "*" {
			return nil, 0, false
		}
		t, n, ok := b.extent(e.X)
		by, constant := b.length(e.Y)
		if !ok {
			t, n, ok = b.extent(e.Y)
			by, constant = b.length(e.X)
		}
		return t, n * by, ok && constant && by >= 0 && by <= maxCopied && n <= maxCopied
	}
	return nil, 0, false
}

// typeNamed is the type of an expression that is not evaluated; nil when it has none here.
func (b *body) typeNamed(e syntax.Expr) *typ {
	if t := b.typeOf(e); t.kind != tOther {
		return t
	}
	return nil
}
