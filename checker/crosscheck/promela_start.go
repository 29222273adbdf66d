package crosscheck

import (
	"cmp"
	"strconv"

	"github.com/lockproof/lockproof/model"
)

// chooses reports whether a thread has to take a step of SPIN's before it stands where it starts:
// it has several places to choose from, fails at once, or starts asleep.
func (p *plan) chooses(c *class) bool {
	start := c.thread.Start
	return len(start) > 1 || p.startFailure(&start[0]) != "" || c.places[start[0].To].node.Op == model.OpSleep
}

// startFailure is the kind of the first assert that fails on the way into a start, "" when all
// hold. The variables have their initial values there, so it is known beforehand.
func (p *plan) startFailure(e *model.Edge) model.Kind {
	read := func(v model.VarID) int64 { return p.program.Vars[v].Initial }
	for i := range e.Asserts {
		if c := &e.Asserts[i]; c.Cond == nil || c.Cond.Eval(read) == 0 {
			return c.Kind
		}
	}
	return ""
}

// start writes the choice of a process: in turn, and before every other step.
func (o *promela) start(c *class) {
	o.printf("\tif\n")
	for i := range c.thread.Start {
		e := &c.thread.Start[i]
		does := []code{"begun++"}
		does = append(does, o.arrive(c, e.To)...)
		if k := o.startFailure(e); k != "" {
			does = append(does, "if :: err == 0 -> FAIL("+macros[k]+") :: else -> skip fi")
		}
		o.printf("%s\n", option("begun == "+o.me(c), does, o.label(c, e.To), ""))
	}
	o.printf("\tfi;\n")
}

// extraStates counts the states before the last choice: the initial one, and for each process but
// the last the ways to have chosen so far.
func (o *promela) extraStates() int64 {
	type chosen struct {
		places string
		broken model.Kind
	}
	sofar := map[chosen]bool{{}: true}
	extra := int64(0)
	for _, c := range o.classes {
		if !o.chooses(c) {
			continue
		}
		for range c.threads {
			extra += int64(len(sofar))
			next := map[chosen]bool{}
			for state := range sofar {
				for i := range c.thread.Start {
					e := &c.thread.Start[i]
					next[chosen{
						places: state.places + " " + strconv.Itoa(int(e.To)),
						broken: cmp.Or(state.broken, o.startFailure(e)),
					}] = true
				}
			}
			sofar = next
		}
	}
	return extra
}
