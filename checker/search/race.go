package search

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// Races says what is done about data races: two threads that access one memory location next, one
// of them to change it, and not both by atomic operations. Nothing orders such accesses, so C gives
// the program no meaning.
type Races uint8

// What is done about data races.
const (
	IgnoreRaces Races = iota // nothing, at no cost
	WarnOfRaces              // a race stands beside the verdict, in Result.Race
	CheckRaces               // a race is a violation of the kind [model.DataRace]
)

// race looks whether two threads race in a state, and notes it.
func (w *worker[S]) race(state *S) {
	if a, _ := (viewer[S]{w.s.m}).race(state, w.s.access); a != model.None {
		w.saw.races.note(finding[S]{verdict: model.Violation, kind: model.DataRace, level: w.s.depth(), state: *state})
	}
}

// race finds two threads that race in a state, the lowest ones; [model.None] when there are none. A
// step that fails a check is no access.
func (v viewer[S]) race(state *S, access [][]model.Access) (a, b int) {
	for b := range access {
		y := access[b][v.m.Location(state, b)]
		if y.Location == model.None {
			continue
		}
		for a := range b {
			x := access[a][v.m.Location(state, a)]
			if x.Conflicts(y) && v.now(state, a, x).Conflicts(v.now(state, b, y)) && v.goesWell(state, a) &&
				v.goesWell(state, b) {
				return a, b
			}
		}
	}
	return model.None, model.None
}

// now is an access as it is in a state: an update may look at a value, and change another.
func (v viewer[S]) now(state *S, t int, x model.Access) model.Access {
	if n := v.m.At(state, t); n.Op == model.OpUpdate && x.Store {
		value := v.m.Value(state, n.Var)
		x.Store = slices.ContainsFunc(n.Out, func(o model.Outcome) bool { return o.When == value && !o.Looks })
	}
	return x
}

func (v viewer[S]) goesWell(state *S, t int) bool {
	steps := v.m.StepsOf(state, t, nil)
	return len(steps) > 0 && !anyFailed(steps)
}

// showRaces puts the nearest race into words: as one of the findings, or beside them.
func (s *search[S]) showRaces(r *Result) {
	if s.plan.Races != WarnOfRaces {
		return
	}
	for _, f := range s.saw.races {
		way := s.paths([]target[S]{{f.state, f.level}}[:s.showable([]target[S]{{f.state, f.level}})])
		out := s.put(&f, append(way, nil)[0])
		r.Race = &out
	}
}

// explainRace names the two accesses, and what their threads hold.
func (v viewer[S]) explainRace(f *finding[S], out *Finding) {
	a, b := v.race(&f.state, v.m.Program.Accesses())
	if a == model.None {
		return
	}
	out.Threads = []int{a, b}
	out.Pos = v.m.At(&f.state, a).Pos
	one, other := v.m.At(&f.state, a).Var, v.m.At(&f.state, b).Var
	name, it, beside := v.m.Program.Vars[one].Name, "it", ""
	if one != other {
		it, beside = v.m.Program.Vars[other].Name, ", which lie in one memory location"
	}
	out.Message = fmt.Sprintf("%s and %s%s, and no lock and no order keeps the two apart",
		v.accessText(&f.state, a, name), v.accessText(&f.state, b, it), beside)
}

// accessText says what a thread is about to do with a variable, where, and with which locks.
func (v viewer[S]) accessText(state *S, t int, variable string) string {
	n := v.m.At(state, t)
	verb := "reads"
	switch {
	case n.Op == model.OpStore:
		verb = "writes"
	case n.Op == model.OpUpdate && v.now(state, t, model.Access{Store: true}).Store:
		verb = "changes"
	}
	if n.Atomic || n.Op == model.OpUpdate {
		verb = "atomically " + verb
	}
	holds := "nothing"
	if held := v.thread(state, t).Holds; len(held) > 0 {
		holds = strings.Join(held, " and ")
	}
	return fmt.Sprintf("%s %s %s at %s holding %s", v.name(t), verb, variable, n.Pos, holds)
}
