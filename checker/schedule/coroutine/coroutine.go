// Package coroutine is bodies that hand over to each other, on one goroutine at a time.
package coroutine

import "iter"

// A Coroutine runs bodies, one after the other. It is kept between runs: to make one costs more
// than many steps, and its stack has grown to what the bodies need.
type Coroutine struct {
	// Resume runs the body until it yields or returns.
	Resume func() (struct{}, bool)
	// Yield is called by the body, and returns when it is resumed.
	Yield func(struct{}) bool
	// Body is what the next Resume begins.
	Body func()
	stop func()
}

func newCoroutine() *Coroutine {
	c := &Coroutine{}
	c.Resume, c.stop = iter.Pull(func(yield func(struct{}) bool) {
		c.Yield = yield
		for {
			c.Body()
			c.Body = nil
			if !yield(struct{}{}) {
				return
			}
		}
	})
	return c
}

// A Pool is the coroutines of one search.
type Pool struct {
	all  []*Coroutine
	used int
}

// Take is a coroutine that nobody else has in this run.
func (p *Pool) Take() *Coroutine {
	if p.used == len(p.all) {
		p.all = append(p.all, newCoroutine())
	}
	p.used++
	return p.all[p.used-1]
}

// GiveBack ends a run. All its bodies have ended.
func (p *Pool) GiveBack() { p.used = 0 }

// Close ends the coroutines.
func (p *Pool) Close() {
	for _, c := range p.all {
		c.stop()
	}
}
