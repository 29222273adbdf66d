package interp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// Check finds everything that a run of the function could come to and that cannot be interpreted
// with this host: unknown functions, fields and variables that the host lacks, nondet without a
// host that chooses, recursion, what C has and this interpreter does not. Of the host it asks
// Provides and Silent, of a [Partial] what it has, and whether it is a [Globals].
func (p *Program) Check(name string, h Host) syntax.Diagnostics {
	c := &checker{program: p, host: h, state: map[*function]progress{}}
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
	state   map[*function]progress
	path    []string
}

type progress uint8

const (
	unseen progress = iota
	active
	done
)

func (c *checker) function(f *function) {
	c.state[f] = active
	c.path = append(c.path, f.name)
	c.code(&f.needs)
	c.path = c.path[:len(c.path)-1]
	c.state[f] = done
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
	case f != nil && c.state[f] == active:
		loop := c.path[slices.Index(c.path, f.name):]
		c.found.Add(k.pos, fmt.Sprintf("recursive call: %s -> %s; there is no recursion here", strings.Join(loop, " -> "), f.name), "")
	case f != nil && c.state[f] == unseen:
		c.function(f)
	case f != nil:
	case c.host.Silent(k.name):
		return
	case k.inert || k.passes:
	default:
		c.found.Add(k.pos, k.missing(), "")
	}
	c.code(&k.needs)
}
