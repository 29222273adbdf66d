package search

import (
	"cmp"
	"maps"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A WaitCycle is a cycle of waits that some reachable state closes: thread i waits for a resource
// that thread i+1 holds.
type WaitCycle struct {
	Waits []model.Wait
	Trace Trace // a shortest interleaving that closes it
}

// cycles keeps for each cyclic sequence of resources the first state that closes it.
type cycles[S model.Words] map[string]cycleAt[S]

type cycleAt[S model.Words] struct {
	waits []model.Wait
	level int
	state S
}

func (cs cycles[S]) note(key string, c cycleAt[S]) {
	old, ok := cs[key]
	if !ok || cmp.Or(cmp.Compare(c.level, old.level), compareStates(&c.state, &old.state)) < 0 {
		c.waits = slices.Clone(c.waits)
		cs[key] = c
	}
}

// waitCycle looks whether a state closes a cycle of waits.
func (w *worker[S]) waitCycle(state *S) {
	m := w.s.m
	for t := range w.at {
		w.at[t] = m.Location(state, t)
	}
	w.ring = w.s.graph.Cycle(w.at, w.ring[:0])
	if len(w.ring) == 0 {
		return
	}
	v := viewer[S]{m}
	for _, x := range w.ring {
		if v.waitsFor(state, x.Thread) == "" {
			return
		}
	}
	key := CycleKey(w.ring)
	if _, known := w.saw.cycles[key]; !known {
		w.s.noted.Add(cycleSize)
	}
	w.saw.cycles.note(key, cycleAt[S]{waits: w.ring, level: w.s.depth(), state: *state})
}

// CycleKey identifies a cycle by its resources, wherever one begins to read it.
func CycleKey(waits []model.Wait) string {
	first := 0
	for i := range waits {
		if waits[i].Resource < waits[first].Resource {
			first = i
		}
	}
	var key []byte
	for i := range waits {
		r := waits[(first+i)%len(waits)].Resource
		key = append(key, byte(r), byte(r>>8))
	}
	return string(key)
}

// closed lists the closed cycles, that with the shortest counterexample first.
func (s *search[S]) closed() []cycleAt[S] {
	keys := slices.SortedFunc(maps.Keys(s.saw.cycles), func(a, b string) int {
		return cmp.Or(cmp.Compare(s.saw.cycles[a].level, s.saw.cycles[b].level), cmp.Compare(a, b))
	})
	var out []cycleAt[S]
	for _, k := range keys {
		out = append(out, s.saw.cycles[k])
	}
	return out
}
