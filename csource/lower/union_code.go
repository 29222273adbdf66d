package lower

import (
	"slices"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
)

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

// initUnions begins the unions in a home of which one member has a value: the rest of that member
// is zero, and of what lies beside it nothing is known. Those of which nothing is said are zero.
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
