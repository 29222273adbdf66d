package typestate

import "github.com/lockproof/lockproof/model"

// A look-up that counts gives one reference. Who has found an object and given back its lock and
// all references that he had is through with it: a callee that does both again drops a reference of
// somebody else. With the lock held it may be one that a table had.

// endsAgain looks at a need for a lock that has been given back, on a way through a callee that
// drops a reference of the object in which the lock lies.
func (k *calling) endsAgain(s *state, n *refNeed, e *effect) {
	a := k.a
	l, _, ok := k.object(s, n.ref)
	d := e.drop("")
	if !ok || l == noPlace || d == nil || n.aspect != isHeld || n.val.isNull() || n.job {
		return
	}
	p, _, ok := k.object(s, d.ref)
	if !ok || p == noPlace || a.ps.list[l].parent != p || !a.isFresh(s, p) {
		return
	}
	if f := s.fact(p, refs); f != nil && f.val.known && f.val.n <= 0 {
		a.report(s, model.RefCount, k.c.Pos(), p, k.f.Name+" drops a reference of "+a.ps.text(a.f, p)+
			", and this thread has none any more", f.why)
	}
}
