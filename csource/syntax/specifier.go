package syntax

import "github.com/lockproof/lockproof/model"

// declWords is what the words of a declaration say besides its type, as far as C forbids some of
// them together (C11 6.7.1, 6.7.2).
type declWords struct {
	storage  string // the storage class, as written
	thread   bool   // it is thread-local
	types    int    // built-in words are one together
	restrict bool
	last     model.Pos // of the last type, or word of one
}

// another says that the current token begins a type.
func (w *declWords) another(g *parser) { w.types, w.last = w.types+1, g.pos() }

// add takes in one word that says where something is stored: there may be one, and _Thread_local
// beside static or extern.
func (w *declWords) add(g *parser, t token) {
	switch t.kind {
	case kwTypedef, kwExtern, kwStatic, kwRegister, kwAuto:
		switch {
		case g.mode != Strict:
		case w.storage == t.text:
			g.complain(g.pos(), "", "`%s` stands twice in one declaration", t.text)
		case w.storage != "":
			g.complain(g.pos(), "", "`%s` and `%s` cannot stand in one declaration", w.storage, t.text)
		}
		w.storage = t.text
	case kwThread:
		w.thread = true
	default:
		return
	}
	if w.thread && w.storage != "" && w.storage != "static" && w.storage != "extern" && g.mode == Strict {
		g.complain(g.pos(), "", "what is declared `%s` cannot be thread-local", w.storage)
	}
}

// check complains about words that make no type together.
func (w *declWords) check(g *parser, s *specs, basic *basicWords) {
	if g.mode != Strict {
		return
	}
	switch {
	case w.types > 1 && s.defines:
		g.complain(w.last, "a `;` may be missing before the second", "two types in one declaration")
	case w.types > 1:
		g.complain(w.last, "", "two types in one declaration")
	case basic.seen && !basic.isType():
		g.complain(w.last, "", "these words are no type together")
	case w.restrict && (basic.seen || s.defines):
		g.complain(s.pos, "", "`restrict` is for pointers")
	}
}

// isType reports whether the built-in words are one of C's types, in whatever order.
func (b *basicWords) isType() bool {
	length := b.longs
	if b.short {
		length++
	}
	signs := b.signed || b.unsigned
	switch {
	case b.wrong, b.signed && b.unsigned, b.short && b.longs > 0:
		return false
	}
	switch b.base {
	case "", "int":
		return length <= 2
	case "char", "__int128":
		return length == 0
	case "double":
		return length <= 1 && !b.short && !signs
	}
	return length == 0 && !signs
}

// fileScope complains about a storage class that only variables in a function have.
func (g *parser) fileScope(s specs) {
	if w := s.words.storage; g.mode == Strict && (w == "register" || w == "auto") {
		g.complain(s.pos, "", "`%s` is for variables in a function", w)
	}
}

// onlyRegister complains about a storage class other than register.
func (g *parser) onlyRegister(s specs, what string) {
	if s.words.storage != "register" {
		g.noStorage(s, what)
	}
}

// noStorage complains about any storage class.
func (g *parser) noStorage(s specs, what string) {
	switch w := s.words; {
	case g.mode != Strict:
	case w.storage != "":
		g.complain(s.pos, "", "%s cannot be `%s`", what, w.storage)
	case w.thread:
		g.complain(s.pos, "", "%s cannot be thread-local", what)
	}
}
