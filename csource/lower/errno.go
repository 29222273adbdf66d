package lower

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// errno belongs to a thread: reading and writing it is local computation. What a call that fails
// sets it to is known; after a call that may set it to anything nothing is known of it, and a test
// goes both ways. Only programs that name it keep it in what a thread knows.

// findErrno looks whether the program reads or writes errno.
func (u *Unit) findErrno(files []*syntax.File) {
	for _, f := range files {
		syntax.Walk(f, u.readsErrno)
	}
}

// readsErrno looks at a node. A message that shows errno as it is does not read it.
func (u *Unit) readsErrno(n syntax.Node) bool {
	switch n := n.(type) {
	case *syntax.Ident:
		u.usesErrno = u.usesErrno || n.Name == "errno"
	case *syntax.Call:
		if id, ok := n.Fun.(*syntax.Ident); ok && u.functions[id.Name] == nil && vocabulary.IsMessage(id.Name) {
			_, parts := syntax.Told(n, u.describes)
			for _, p := range parts {
				if _, named := (*p).(*syntax.Ident); !named {
					syntax.Walk(*p, u.readsErrno)
				}
			}
			return false
		}
	}
	return !u.usesErrno && u.meter.Work(1)
}

// isErrno reports whether a name means the errno of the thread. `extern int errno;` is how old
// sources declare it.
func (b *body) isErrno(name string) bool {
	if name != "errno" || b.env.Find(name) != nil {
		return false
	}
	i := b.globalIndex(name)
	return i < 0 || !b.globals[i].isDefined()
}

// readErrno compiles the use of errno.
func (b *body) readErrno(e syntax.Expr) operand {
	dst := b.temp(intType)
	b.emit(instr{op: iErrno, pos: e.Pos(), text: textOf(e), dst: dst})
	return inSlot(dst)
}

// setErrno compiles what changes errno; a value that is unknown stands for anything.
func (b *body) setErrno(e syntax.Expr, x operand) {
	if b.usesErrno {
		b.emit(instr{op: iSetErrno, pos: e.Pos(), text: textOf(e), dst: -1, a: x})
	}
}

// called lets a call have its effect on errno.
func (c *config) called(i *instr, result value) {
	if c.errno.kind == vUnset || i.op != iPrim && i.op != iAllocate {
		return
	}
	failed := false
	if i.op == iAllocate {
		failed = result.isNull()
	} else if failure, may := i.prim.Result.Failure(); may {
		failed = result == intValue(failure)
	} else if i.prim.Effect == vocabulary.SemInit {
		failed = result != intValue(0)
	}
	switch name, known := i.prim.Errno(failed); {
	case name != "" && known:
		x, _ := vocabulary.Constant(name)
		c.errno = intValue(x)
	case !known:
		c.errno = value{kind: vUnknown}
	}
}
