package search

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// explainMemory names memory to which nothing leads, where it comes from, and the last shared
// variable that led to it on the way. Whose local variables did is no part of a state.
func (v viewer[S]) explainMemory(f *finding[S], out *Finding) {
	p := v.m.Program
	o := v.m.MemoryLeak(&f.state)
	out.Pos = p.Objects[o].Made
	for t := range p.Threads {
		if slices.Contains(v.m.At(&f.state, t).Made, o) {
			out.Threads = append(out.Threads, t)
		}
	}
	out.Message = fmt.Sprintf("all threads are finished, and %s, allocated at %s, is not freed: nothing leads to it",
		p.Objects[o].Name, p.Objects[o].Made)
	if last, until := v.lastLead(&out.Trace, o); last != "" {
		out.Message += fmt.Sprintf("; %s did, until %s", last, until)
	}
}

// lastLead is the shared variable that was the last to lead to memory, and the step with which that
// was over; "" where none ever did.
func (v viewer[S]) lastLead(t *Trace, o model.ObjectID) (name string, until model.Pos) {
	if t.Cut {
		return "", until
	}
	led := map[model.VarID]bool{}
	look := func(s *S, pos model.Pos) {
		for i := range v.m.Program.Vars {
			x := model.VarID(i)
			switch now := v.m.LeadsTo(s, x) == o; {
			case now:
				led[x] = true
			case led[x]:
				delete(led, x)
				name, until = v.m.Program.Vars[i].Name, pos
			}
		}
	}
	state := v.m.Initial(t.Initial)
	look(&state, until)
	for i := range t.Steps {
		succs := v.m.StepsOf(&state, t.Steps[i].Thread, nil)
		if t.Steps[i].Choice >= len(succs) {
			break
		}
		state = succs[t.Steps[i].Choice].State
		look(&state, t.Steps[i].Pos)
	}
	return name, until
}
