package interp

import (
	"fmt"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// Check finds everything that a run of the function could come to and that cannot be interpreted
// with this host: unknown functions, fields and variables that the host lacks, nondet without a
// host that chooses, what C has and this interpreter does not. Of the host it asks
// Provides and Silent, of a [Partial] what it has, and whether it is a [Globals].
func (p *Program) Check(name string, h Host) syntax.Diagnostics {
	c := &checker{program: p, host: h, seen: map[*function]bool{}}
	switch f := p.functions[name]; {
	case h.Provides(name):
	case f == nil:
		c.found.Add(model.Pos{}, "unknown function "+name, "")
	default:
		c.function(f)
	}
	return c.found
}

type checker struct {
	program *Program
	host    Host
	found   syntax.Diagnostics
	seen    map[*function]bool
}

func (c *checker) function(f *function) {
	c.seen[f] = true
	c.code(&f.needs)
}

func (c *checker) code(n *needs) {
	c.found = append(c.found, n.faults...)
	for _, u := range n.uses {
		if lack := c.lacks(u); lack != "" {
			c.found.Add(u.pos, lack, "")
		}
	}
	for _, k := range n.calls {
		c.call(k)
	}
}

// lacks says what the host does not have, or does not let the program do; "" when all is well.
func (c *checker) lacks(u *use) string {
	p, partial := c.host.(Partial)
	has := func(how Use) bool { return !partial || p.Has(u.tag, u.name, how) }
	_, globals := c.host.(Globals)
	switch {
	case u.tag == "" && !has(Read):
		return "the host has no variable " + u.name
	case u.tag == "" && u.how != Read && !(globals && has(u.how)):
		return u.name + " is changed here, and the host's variables cannot be"
	case !has(Read):
		return fmt.Sprintf("the host has no field %s for %s", u.name, u.text)
	case u.how == Pointed && !has(Pointed):
		return "the host has no address for " + u.name
	case u.how == Changed && !has(Changed):
		return u.text + " is changed here, and the host's field cannot be"
	}
	return ""
}

func (c *checker) call(k *call) {
	f := c.program.functions[k.name]
	switch {
	case c.host.Provides(k.name):
	case f != nil && !c.seen[f]:
		c.function(f)
	case f != nil:
	case c.host.Silent(k.name):
		c.code(&k.tells)
		return
	case k.inert || k.passes:
	default:
		c.found.Add(k.pos, k.missing(), "")
	}
	c.code(&k.needs)
}
