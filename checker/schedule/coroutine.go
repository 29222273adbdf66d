package schedule

import "iter"

// A coroutine runs bodies, one after the other. It is kept between runs: to make one costs more than many steps, and its stack
// has grown to what the bodies need.
type coroutine struct {
	resume func() (struct{}, bool)
	stop   func()
	yield  func(struct{}) bool
	body   func()
}

func newCoroutine() *coroutine {
	c := &coroutine{}
	c.resume, c.stop = iter.Pull(func(yield func(struct{}) bool) {
		c.yield = yield
		for {
			c.body()
			c.body = nil
			if !yield(struct{}{}) {
				return
			}
		}
	})
	return c
}

// A pool is the coroutines of one search.
type pool struct {
	all  []*coroutine
	used int
}

// take is a coroutine that nobody else has in this run.
func (p *pool) take() *coroutine {
	if p.used == len(p.all) {
		p.all = append(p.all, newCoroutine())
	}
	p.used++
	return p.all[p.used-1]
}

// giveBack ends a run. All its bodies have ended.
func (p *pool) giveBack() { p.used = 0 }

// close ends the coroutines.
func (p *pool) close() {
	for _, c := range p.all {
		c.stop()
	}
}
