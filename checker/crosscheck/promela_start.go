package crosscheck

import (
	"strconv"

	"github.com/lockproof/lockproof/model"
)

// chooses reports whether a thread has to take a step of SPIN's before it stands where it starts:
// it has several places to choose from, or starts asleep.
func (p *plan) chooses(c *class) bool {
	start := c.thread.Start
	return len(start) > 1 || c.places[start[0].To].node.Op == model.OpSleep
}

// start writes the choice of a process: in turn, and before every other step.
func (o *promela) start(c *class) {
	o.printf("\tif\n")
	for i := range c.thread.Start {
		e := &c.thread.Start[i]
		does := append([]code{"begun++"}, o.arrive(c, e.To)...)
		o.printf("%s\n", option("begun == "+o.me(c), does, o.label(c, e.To), ""))
	}
	o.printf("\tfi;\n")
}

// extraStates counts the states before the last choice: the initial one, and for each process but
// the last the ways to have chosen so far.
func (o *promela) extraStates() int64 {
	sofar := map[string]bool{"": true} // places
	extra := int64(0)
	for _, c := range o.classes {
		if !o.chooses(c) {
			continue
		}
		for range c.threads {
			extra += int64(len(sofar))
			next := map[string]bool{}
			for places := range sofar {
				for _, e := range c.thread.Start {
					next[places+" "+strconv.Itoa(int(e.To))] = true
				}
			}
			sofar = next
		}
	}
	return extra
}
