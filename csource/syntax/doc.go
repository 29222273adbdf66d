// Package syntax reads C as libvirt's developers write it: a lexer, a small preprocessor, a parser,
// and the tree they produce. It knows nothing of locks; what a program means is decided by the
// packages that walk the tree.
//
// There are two modes. Strict is for protocols and scenarios: nothing is guessed, and every error
// is reported with its position and what was expected, all at once. Tolerant is for files of a real
// source tree whose headers are absent: unknown names are taken for types, attributes or macros
// where only that makes sense, a function that cannot be parsed becomes one diagnostic and a
// FuncDef with Bad set, and parsing goes on with the next one.
//
//	p := syntax.NewParser(context.Background(), syntax.Options{})
//	protocol := p.Parse(syntax.Source{Name: "protocol.c", Text: helpers})
//	bodies := p.Parse(syntax.Source{Name: "bodies.c", Text: threads}) // sees the protocol's macros and typedefs
//	if err := p.Diagnostics().Err(); err != nil { ... }
//
// The tree is untyped: names are resolved only as far as parsing needs, which is to tell a type
// from a variable. Qualifiers (const, volatile, restrict) are dropped. Macros are expanded, and a
// token out of a macro's body carries the position where the macro was used. Not supported: K&R
// parameter declarations, nested functions, trigraphs, and line markers (#line).
package syntax
