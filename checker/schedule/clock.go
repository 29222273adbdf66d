package schedule

// maxThreads bounds the threads of one run, those that the program starts itself included.
const maxThreads = 32

// A clock tells for each thread the number of the last of its steps that happens before a point;
// -1: none.
type clock [maxThreads]int32

func (c *clock) reset() {
	for i := range c {
		c[i] = -1
	}
}

func (c *clock) join(d *clock) {
	for i := range c {
		c[i] = max(c[i], d[i])
	}
}
