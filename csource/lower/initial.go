package lower

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// newInitList takes initialisers apart. At file scope no expression is a struct.
func (u *Unit) newInitList(whole func(syntax.Expr, *typ) bool) *initList {
	if whole == nil {
		whole = func(syntax.Expr, *typ) bool { return false }
	}
	return &initList{Unit: u, whole: whole, number: u.length}
}

// initialise gives a variable that exists from the start its value. What is not named in braces is
// zero.
func (w *world) initialise(r cellRef, x syntax.Expr) {
	in := w.newInitList(nil)
	in.value(w.cell(r).typ, x, nil)
	for _, e := range in.entries {
		at := r
		for _, part := range e.path {
			at = cellRef{w.cell(at).init.obj, part}
		}
		switch c := w.cell(at); {
		case c.typ.isWaitedFor():
			c.beginAs(w.initialLock(c.typ, e.x))
		case c.typ.isObject():
			w.errorf(e.x.Pos(), "%s takes its value in braces, and this is %s", w.cellName(at), syntax.FormatShort(e.x))
		case e.char:
			w.begin(e.x.Pos(), at, c.typ.of(intValue(e.n)))
		default:
			v := c.typ.of(w.initial(e.x))
			if c.typ.kind == tPointer {
				v = w.retyped(v, c.typ.elem)
			}
			w.begin(e.x.Pos(), at, v)
		}
	}
}

// initialLock accepts what makes a lock or a condition that is free: the usual macros, and zeros.
// It returns the kind of lock.
func (u *Unit) initialLock(t *typ, x syntax.Expr) (kind int64) {
	if list, ok := x.(*syntax.InitList); ok {
		for _, item := range list.Items {
			if n, ok := syntax.EvalConst(item.Value, nil); ok && n == 0 {
				continue
			}
			kind = u.initialLock(t, item.Value)
		}
		return kind
	}
	names := initializers[t.kind]
	if n, ok := syntax.EvalConst(x, nil); ok && n == 0 && t.kind == tOnce { // what the macro is
		return 0
	}
	if id, ok := x.(*syntax.Ident); ok && slices.Contains(names, id.Name) {
		if t.kind == tRWLock {
			return vocabulary.RWKind(id.Name)
		}
		return vocabulary.MutexKind(id.Name)
	}
	hint := "leave it out"
	if len(names) > 0 {
		hint = "write " + names[0] + ", or leave it out"
	}
	u.hintf(x.Pos(), hint, "%s that begins as %s cannot be modelled", t, syntax.FormatShort(x))
	return 0
}

// initializers are the macros with which those begin for which threads wait.
var initializers = map[typeKind][]string{
	tMutex: {
		"PTHREAD_MUTEX_INITIALIZER", "VIR_MUTEX_INITIALIZER", "PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP",
		"PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP", "PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP",
	},
	tCond:   {"PTHREAD_COND_INITIALIZER", "VIR_COND_INITIALIZER"},
	tRWLock: {"PTHREAD_RWLOCK_INITIALIZER", "PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP"},
	tOnce:   {"PTHREAD_ONCE_INIT", "VIR_ONCE_CONTROL_INITIALIZER", "ONCE_FLAG_INIT"},
}

// initial evaluates the initial value of a variable: a constant, another variable's initial value,
// or an address.
func (w *world) initial(x syntax.Expr) value {
	if v, ok := w.address(x); ok {
		return v
	}
	switch e := x.(type) {
	case *syntax.Cast:
		return w.resolve(e.Type).of(w.initial(e.X))
	case *syntax.StringLit:
		if len(e.Macros) > 0 {
			return value{kind: vOpaque}
		}
		o, known := w.initTexts[e]
		if !known {
			w.textPos = e.Pos()
			o = w.textObject(e.Value)
			w.initTexts[e] = o
		}
		return w.element(o, 0)
	case *syntax.Ident:
		switch e.Name {
		case "NULL", "false", "FALSE", "nullptr", "ATOMIC_FLAG_INIT":
			return intValue(0)
		case "true", "TRUE":
			return intValue(1)
		}
		if i := w.globalOf(e); i >= 0 && !w.globals[i].threadLocal && !w.globals[i].typ.isObject() {
			return w.objects[globalsObject].cells[i].init
		}
	}
	n, ok := w.length(x)
	if !ok {
		w.errorf(x.Pos(), "the initial value %s is not a constant", syntax.FormatShort(x))
	}
	return intValue(n)
}

// address evaluates C's address constants: &x, &x.f, &a[i], arrays, and these with an integer
// added.
func (w *world) address(x syntax.Expr) (value, bool) {
	switch e := x.(type) {
	case *syntax.Cast:
		return w.address(e.X)
	case *syntax.Ident:
		if f := w.functions[e.Name]; f != nil && w.globalOf(e) < 0 {
			return value{kind: vFunction, n: int64(f.number)}, true
		}
	case *syntax.Unary:
		if e.Op == "&" {
			if v, ok := w.address(e.X); ok && v.kind == vFunction {
				return v, true
			}
			return w.lvalue(e.X)
		}
	case *syntax.Binary:
		return w.addressAnd(e)
	}
	if v, ok := w.lvalue(x); ok && v.kind == vObject && w.objects[v.obj].array != nil && v.n == 0 {
		return w.element(v.obj, 0), true
	}
	return value{}, false
}

// addressAnd is an address with an integer added or subtracted.
func (w *world) addressAnd(e *syntax.Binary) (value, bool) {
	at, by := e.X, e.Y
	v, ok := w.address(at)
	if !ok && e.Op == "+" {
		at, by = by, at
		v, ok = w.address(at)
	}
	n, constant := w.length(by)
	if !ok || !constant || e.Op != "+" && e.Op != "-" {
		return value{}, false
	}
	if e.Op == "-" {
		n = -n
	}
	return w.moved(v, n)
}

// lvalue is the address of what an expression without effects names at file scope.
func (w *world) lvalue(x syntax.Expr) (value, bool) {
	switch e := x.(type) {
	case *syntax.CompoundLit:
		if i, ok := w.Unit.literals[e]; ok {
			return w.addressOf(cellRef{globalsObject, i}), true
		}
	case *syntax.Ident:
		if i := w.globalOf(e); i >= 0 && !w.globals[i].threadLocal {
			return w.addressOf(cellRef{globalsObject, i}), true
		}
	case *syntax.Member:
		v, ok := w.lvalue(e.X)
		if e.Arrow {
			v, ok = w.address(e.X)
		}
		if !ok || v.kind != vObject || v.n != 0 || w.objects[v.obj].strukt == nil {
			return value{}, false
		}
		path := w.objects[v.obj].strukt.find(e.Name)
		for _, i := range path {
			v = w.addressOf(cellRef{v.obj, i})
		}
		return v, path != nil
	case *syntax.Index:
		return w.addressAnd(&syntax.Binary{At: e.At, Op: "+", X: e.X, Y: e.I})
	case *syntax.Unary:
		if e.Op == "*" {
			return w.address(e.X)
		}
	}
	return value{}, false
}

// addressOf is the pointer to a cell.
func (w *world) addressOf(r cellRef) value {
	if c := w.cell(r); c.typ.isAggregate() {
		return c.init
	}
	return value{kind: vField, obj: r.object, field: r.field}
}
