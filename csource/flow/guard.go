package flow

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// guarded builds a block under a lock guard, VIR_WITH_MUTEX_LOCK_GUARD(&m) { ... }. The macro is a
// loop of one round in libvirt, so break and continue in the block leave the block alone.
func (b *builder) guarded(s *syntax.MacroBlock) bool {
	call, name := b.known(s.Call)
	lock := vocabulary.Guarding(name)
	if call == nil || lock == "" {
		return false
	}
	end := s.Body.Pos()
	if block, ok := s.Body.(*syntax.Block); ok {
		end = block.Rbrace
	}
	guard := &syntax.VarDecl{
		At: s.At, Name: syntax.FormatShort(call), Type: &syntax.TypeName{At: s.At, Name: "virLockGuard"},
		Attrs: []*syntax.Attr{{At: s.At, Name: "VIR_LOCK_GUARD", Macro: true}},
		Init: &syntax.Call{
			At: s.At, Fun: &syntax.Ident{At: s.At, Name: lock}, Args: call.Args, Lparen: call.Lparen, Rparen: call.Rparen,
		},
	}
	b.within(end, func() {
		b.declaration(guard)
		out := &Block{}
		b.body(s.Body, out, out)
		b.goOn(end, out)
	})
	return true
}
