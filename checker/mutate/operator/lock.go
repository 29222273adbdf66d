package operator

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// mostLocks is how many wrong locks are tried in the place of one.
const mostLocks = 3

var wrongLock = Operator{
	Name: "wrong-lock", Does: "takes, gives back or waits with another lock",
	find: func(h *helper) (all []change) {
		h.expressions(func(x syntax.Expr, reach span) {
			c, ok := x.(*syntax.Call)
			if !ok {
				return
			}
			if h.wraps(callee(c)) != vocabulary.None {
				all = append(all, h.otherWrapper(c, reach)...)
				return
			}
			arg := lockArgument(h.effect(c))
			args := h.arguments(c)
			if arg < 0 || arg >= len(args) || len(args) != len(c.Args) {
				return
			}
			now := syntax.Format(c.Args[arg])
			n := 0
			for _, other := range h.locksNamed(objectLock(h.effect(c))) {
				if other != now && n < mostLocks {
					n++
					all = append(all, one(reach, args[arg], other))
				}
			}
		})
		return all
	},
}

// lockArgument is which argument of a call is the lock; -1 where none is.
func lockArgument(e vocabulary.Effect) int {
	switch e {
	case vocabulary.Lock, vocabulary.TryLock, vocabulary.Unlock, vocabulary.LockObject, vocabulary.UnlockObject,
		vocabulary.TimedLock:
		return 0
	case vocabulary.Wait:
		return 1
	}
	return -1
}

// objectLock reports whether a lock is named by its object.
func objectLock(e vocabulary.Effect) bool {
	return e == vocabulary.LockObject || e == vocabulary.UnlockObject
}

// locksNamed lists the locks that the helper names, preconditions included, in its order; or the
// objects that it locks or counts.
func (h *helper) locksNamed(objects bool) (all []string) {
	add := func(x syntax.Expr) {
		if text := syntax.Format(x); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	syntax.Walk(h.def.Body, func(n syntax.Node) bool {
		c, ok := n.(*syntax.Call)
		if !ok {
			return true
		}
		e := h.effect(c)
		switch arg := lockArgument(e); {
		case objects && (objectLock(e) || e == vocabulary.Ref || e == vocabulary.Unref) && len(c.Args) > 0:
			add(c.Args[0])
		case objects:
		case e == vocabulary.Held && len(c.Args) == 1 && h.isLockName(c.Args[0]):
			add(c.Args[0])
		case arg >= 0 && arg < len(c.Args) && !objectLock(e):
			add(c.Args[arg])
		}
		return true
	})
	return all
}

// isLockName reports whether what is held is a lock: what only has an owner is none.
func (u *unit) isLockName(x syntax.Expr) bool {
	a, ok := x.(*syntax.Unary)
	if !ok || a.Op != "&" {
		return false
	}
	switch x := a.X.(type) {
	case *syntax.Member:
		return !u.owned[x.Name]
	case *syntax.Ident:
		return !u.owned[x.Name]
	}
	return true
}

// wraps is the effect of a helper that only takes, or only gives back, the lock of what it is
// given; None of all others.
func (u *unit) wraps(name string) vocabulary.Effect {
	d := u.helpers[name]
	if d == nil || len(d.Type.Params) != 1 {
		return vocabulary.None
	}
	effect := vocabulary.None
	for _, s := range d.Body.List {
		e, ok := s.(*syntax.ExprStmt)
		if !ok {
			return vocabulary.None
		}
		c, ok := e.X.(*syntax.Call)
		if !ok {
			return vocabulary.None
		}
		if u.specifies(c) {
			continue
		}
		switch x := u.effect(c); {
		case effect != vocabulary.None:
			return vocabulary.None
		case x == vocabulary.Lock || x == vocabulary.LockObject:
			effect = vocabulary.Lock
		case x == vocabulary.Unlock || x == vocabulary.UnlockObject:
			effect = vocabulary.Unlock
		default:
			return vocabulary.None
		}
	}
	return effect
}

// otherWrapper calls the helpers that do the same to other locks, as far as the function has
// something to give them.
func (h *helper) otherWrapper(c *syntax.Call, reach span) (all []change) {
	at := h.call(c)
	if at == nowhere {
		return nil
	}
	for _, name := range h.wrappers() {
		if name == callee(c) || h.wraps(name) != h.wraps(callee(c)) || len(all) >= mostLocks {
			continue
		}
		if arg := h.something(h.helpers[name].Type.Params[0].Type); arg != "" {
			all = append(all, one(reach, at, name+"("+arg+")"))
		}
	}
	return all
}

// wrappers lists them by name.
func (u *unit) wrappers() (names []string) {
	for name := range u.helpers {
		if u.wraps(name) != vocabulary.None {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// something is an expression of the helper with a type: what it gives to such a wrapper already, a
// parameter, a variable at file scope; "" where there is none.
func (h *helper) something(t syntax.Type) (text string) {
	want := syntax.FormatDecl(t, "")
	syntax.Walk(h.def.Body, func(n syntax.Node) bool {
		c, ok := n.(*syntax.Call)
		if !ok || text != "" {
			return text == ""
		}
		if d := h.helpers[callee(c)]; d != nil && h.wraps(d.Name) != vocabulary.None && len(c.Args) == 1 &&
			syntax.FormatDecl(d.Type.Params[0].Type, "") == want {
			text = syntax.Format(c.Args[0])
		}
		return true
	})
	for _, p := range h.def.Type.Params {
		if text == "" && p.Name != "" && syntax.FormatDecl(p.Type, "") == want {
			text = p.Name
		}
	}
	for _, g := range h.globals {
		if text == "" && syntax.FormatDecl(g.Type, "") == want {
			text = g.Name
		}
	}
	return text
}
