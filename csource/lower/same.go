package lower

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
)

// An unknown value that a local has is one value: a local that nobody changes between two looks at
// it is equal to itself, whatever it is.

// same says of the operands of an operator that they are one private variable, or one part of it.
type same struct {
	is   bool
	home int // the home in which it lies, and 1; 0: it is a slot, or errno
}

// sameLocal reports whether two expressions are one local variable, or one part of it, that has one
// value whichever is looked at first. Both are free of effects then.
func (b *body) sameLocal(x, y syntax.Expr) same {
	switch x := x.(type) {
	case *syntax.Ident:
		if other, ok := y.(*syntax.Ident); ok && other.Name == x.Name {
			return b.privateName(x.Name)
		}
	case *syntax.Member:
		if other, ok := y.(*syntax.Member); ok && !x.Arrow && !other.Arrow && other.Name == x.Name {
			return b.sameLocal(x.X, other.X)
		}
	case *syntax.Index:
		other, ok := y.(*syntax.Index)
		if !ok {
			break
		}
		i, one := b.length(x.I)
		j, two := b.length(other.I)
		if one && two && i == j {
			return b.sameLocal(x.X, other.X)
		}
	case *syntax.Cast:
		if other, ok := y.(*syntax.Cast); ok && b.resolve(x.Type).kind == tInt &&
			sameType(b.resolve(x.Type), b.resolve(other.Type)) {
			return b.sameLocal(x.X, other.X)
		}
	}
	return same{}
}

// alike notes of an operator, the last of what was emitted since, that its operands are one local.
func (b *body) alike(since int, x, y syntax.Expr) {
	if last := len(b.f.code) - 1; last >= since && b.f.code[last].op == iBinary {
		b.f.code[last].same = b.sameLocal(x, y)
	}
}

// privateName is that of a name which means a local variable, or errno.
func (b *body) privateName(name string) same {
	if b.isErrno(name) {
		return same{is: true}
	}
	l := b.env.Find(name)
	if l == nil {
		return same{}
	}
	if h, ok := b.homes[l]; ok {
		return same{is: true, home: h + 1}
	}
	_, slot := b.slots[l]
	return same{is: slot}
}

// ofItself is what an operator makes of an unknown value and itself, where that is known.
func (t *thread) ofItself(c *config, i *instr) (value, bool) {
	if !i.same.is || c.read(i.a).kind != vUnknown || c.read(i.b).kind != vUnknown ||
		i.same.home > 0 && t.isKnown(c, i.same.home-1) {
		return value{}, false
	}
	switch {
	case slices.Contains([]string{"==", "<=", ">="}, i.operator):
		return intValue(1), true
	case slices.Contains([]string{"!=", "<", ">", "-", "^"}, i.operator):
		return intValue(0), true
	}
	return value{}, false
}
