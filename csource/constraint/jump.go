package constraint

import (
	"fmt"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A barrier is what no jump may enter: the scope of an array whose length is no constant (C11
// 6.8.4.2 and 6.8.6.1), and GNU's ({ ... }). The barriers around a place are a list, innermost
// first.
type barrier struct {
	outer *barrier
	what  string
	pos   model.Pos
}

// jumps are those of one function, and where they can lead.
type jumps struct {
	gotos  []jump
	labels map[string]*barrier
}

type jump struct {
	to   *syntax.Goto
	from *barrier
}

// within adds a barrier around what follows in the innermost scope.
func (c *checker) within(what string, pos model.Pos) {
	c.scope.barrier = &barrier{c.scope.barrier, what, pos}
}

// label notes where jumps to a label lead.
func (c *checker) label(s *syntax.Label) {
	if c.jumps != nil {
		c.jumps.labels[s.Name] = c.scope.barrier
	}
}

// jump notes a goto: its label may come later.
func (c *checker) jump(s *syntax.Goto) {
	if c.jumps != nil && s.X == nil {
		c.jumps.gotos = append(c.jumps.gotos, jump{s, c.scope.barrier})
	}
}

// landed looks at all jumps of a function.
func (c *checker) landed() {
	for _, j := range c.jumps.gotos {
		if to, known := c.jumps.labels[j.to.Label]; known {
			c.enters(j.to.LabelPos, "goto "+j.to.Label, j.from, to)
		}
	}
}

// enters reports a jump that goes past the beginning of a barrier.
func (c *checker) enters(pos model.Pos, jump string, from, to *barrier) {
	around := map[*barrier]bool{nil: true}
	for b := from; b != nil; b = b.outer {
		around[b] = true
	}
	if !around[to] {
		c.hintf(pos, fmt.Sprintf("it begins at %s", to.pos), "%s jumps into %s", jump, to.what)
	}
}
