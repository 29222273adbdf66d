package syntax

// This file knows the macros of GLib and libvirt that stand where C has no expression. A suite need
// not define them.

// declares reports whether a name is that of a macro which declares something at file scope.
func declares(name string) bool {
	switch name {
	case "G_DEFINE_AUTOPTR_CLEANUP_FUNC", "G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC", "VIR_DEFINE_AUTOPTR_FUNC",
		"VIR_DEFINE_AUTOCLEAN_FUNC",
		"G_LOCK_DEFINE", "G_LOCK_DEFINE_STATIC", "G_LOCK_EXTERN":
		return true
	}
	return false
}

// governs reports whether a name is that of a macro which holds something while the statement after
// it runs.
func governs(name string) bool {
	return name == "VIR_WITH_MUTEX_LOCK_GUARD" || name == "VIR_WITH_OBJECT_LOCK_GUARD"
}

// declaringMacro parses NAME(arguments); at file scope, nil when nothing of that kind stands there.
func (g *parser) declaringMacro() Decl {
	if !declares(g.tok().text) || g.peek(1).kind != pLparen {
		return nil
	}
	d := &MacroDecl{At: g.at(), Name: g.next().text}
	d.Args = g.attributeArgs()
	g.got(pSemi)
	return d
}
