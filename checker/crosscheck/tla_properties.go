package crosscheck

import "github.com/lockproof/lockproof/model"

// properties writes what must hold in every state.
func (o *tla) properties() {
	var locks, jobs []code
	for _, c := range o.classes {
		for i := range c.places {
			n := c.places[i].node
			if n.Op != model.OpFinish {
				continue
			}
			lock, job := o.leaks(n)
			at := codef("\n        /\\ (pc[t] = %s => ", num(c.location(model.NodeID(i))))
			if !isConst(lock, false) {
				locks = append(locks, at+o.holds(negate(lock))+")")
			}
			if !isConst(job, false) {
				jobs = append(jobs, at+o.holds(negate(job))+")")
			}
		}
	}
	o.printf("NoBrokenRule == err = \"none\"\n\n")
	for _, l := range o.leakInvariants() {
		switch l.kind {
		case model.LockLeak:
			o.invariant(l.name, locks)
		case model.JobLeak:
			o.invariant(l.name, jobs)
		default:
			o.printf("%s == err = \"none\" /\\ AllFinished%s => %s\n\n", l.name, o.uncut(), o.holds(o.balanced()))
		}
	}
	o.printf("Stuck == err = \"none\" /\\ ~AllFinished /\\ ~ENABLED Next\n\n")
	o.observed()
}

// uncut is the condition that nobody waits for what lies outside of the program, that the end of
// the process has cut nobody off, and that somebody is to ask.
func (o *tla) uncut() code {
	inside := code("")
	if o.waitsOutside() {
		var at []code
		for _, c := range o.classes {
			for i := range c.places {
				if c.places[i].node.Outside {
					at = append(at, num(c.location(model.NodeID(i))).fragment())
				}
			}
		}
		inside = codef(" /\\ (\\A t \\in Threads : pc[t] \\notin {%s}%s)", concat(at, ", "), o.unborn())
	}
	if o.exit == model.None {
		return inside
	}
	var done []code
	for _, c := range o.classes {
		for i := range c.places {
			if c.places[i].node.Op == model.OpFinish {
				done = append(done, num(c.location(model.NodeID(i))).fragment())
			}
		}
	}
	return inside + codef(" /\\ var.%s # %s /\\ (\\A t \\in Threads : pc[t] \\in {%s}%s)",
		o.names.vars[o.exit], num(model.ExitAnyhow), concat(done, ", "), o.unborn())
}

// invariant writes what must hold of every thread that has finished.
func (o *tla) invariant(name code, parts []code) {
	if len(parts) == 0 {
		o.printf("%s == TRUE\n\n", name)
		return
	}
	o.printf("%s == err = \"none\" => \\A t \\in Threads :%s\n\n", name, concat(parts, ""))
}

// observed is always true, and prints each kind of finding when it is met first.
func (o *tla) observed() {
	notes := []code{`"deadlock", Stuck`}
	for _, l := range o.leakInvariants() {
		notes = append(notes, quoted[l.kind]+", ~"+l.name)
	}
	for _, k := range o.kinds {
		notes = append(notes, quoted[k]+", err = "+quoted[k])
	}
	o.printf("ASSUME \\A i \\in 1..%s : TLCSet(i, FALSE)\n\n", num(len(notes)))
	o.printf("Note(i, what, is) == is => TLCGet(i) \\/ (TLCSet(i, TRUE) /\\ PrintT(<<\"lockproof\", what>>))\n\n")
	o.printf("Observed ==\n")
	for i, n := range notes {
		o.printf("    /\\ Note(%s, %s)\n", num(i+1), n)
	}
}
