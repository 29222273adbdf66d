package protocol

import (
	"sync"
	"sync/atomic"

	"github.com/lockproof/lockproof/libvirt/lazy"
)

// A pattern is a family of names. Stacks have few names and have them often, so what was asked once
// is remembered, up to a bound.
type pattern struct {
	*lazy.Regexp
	known sync.Map // by name
	n     atomic.Int64
}

const mostRemembered = 10_000

func re(text string) *pattern { return &pattern{Regexp: lazy.New(text)} }

// MatchString reports whether a name is of the family.
func (p *pattern) MatchString(name string) bool {
	if v, ok := p.known.Load(name); ok {
		return v.(bool)
	}
	yes := p.Regexp.MatchString(name)
	if len(name) < 200 && p.n.Load() < mostRemembered {
		p.n.Add(1)
		p.known.Store(name, yes)
	}
	return yes
}
