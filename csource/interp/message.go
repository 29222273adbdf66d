package interp

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// message compiles what of the arguments of a message is evaluated. Constants, texts, addresses and
// locals that only the function sees are left out, and so is what cannot be interpreted where it
// touches nothing else.
func (c *compiler) message(e *syntax.Call, k *call) {
	describes := func(e *syntax.Call) bool {
		id, ok := e.Fun.(*syntax.Ident)
		return ok && c.functions[id.Name] == nil && c.scope.find(id.Name) == nil && vocabulary.Describes(id.Name)
	}
	seen := func(name string) bool {
		known := c.scope.find(name)
		return known != nil && (known.kind == globalEntity || known.boxed)
	}
	_, parts := syntax.Told(e, describes)
	for _, p := range parts {
		if syntax.Untold(*p, seen) {
			continue
		}
		all := *c.needs
		x := c.expr(*p)
		if len(c.needs.faults) > len(all.faults) && !syntax.Touches(*p, seen, describes) {
			*c.needs = all
			continue
		}
		k.told = append(k.told, x.eval)
	}
}
