package search

import "github.com/lockproof/lockproof/model"

// look notes what can be seen of a state itself.
func (w *worker[S]) look(state *S, terminal bool) {
	if w.s.graph != nil {
		for t := range w.visits.nodes {
			w.visits.nodes[t][w.s.m.Location(state, t)] = true
		}
		w.waitCycle(state)
	}
	if w.s.access != nil {
		w.race(state)
	}
	if terminal {
		w.terminal(state)
	}
}

// leak notes what a thread that a step finishes still holds.
func (w *worker[S]) leak(end *S, rule int32) {
	if kind := w.s.m.Leak(end, rule); kind != "" {
		state := w.s.reduce.canonical(end)
		w.saw.found.note(finding[S]{verdict: model.Violation, kind: kind, level: w.s.depth() + 1, state: state, leak: true})
	}
}

// terminal looks at a state without successors.
func (w *worker[S]) terminal(state *S) {
	m := w.s.m
	if !m.AllFinished(state) {
		w.saw.deadlocks++
		w.saw.found.note(w.deadlock(state, w.s.depth()))
		return
	}
	if kind := left(m, state); kind != "" {
		w.saw.found.note(finding[S]{verdict: model.Violation, kind: kind, level: w.s.depth(), state: *state})
	}
}

// left is the rule that is broken by what is left in a state in which all threads are finished, ""
// when all is well: references come before memory.
func left[S model.Words](m *model.Machine[S], state *S) model.Kind {
	switch {
	case m.ReferenceLeak(state) != model.None:
		return model.RefCount
	case m.MemoryLeak(state) != model.None:
		return model.MemoryLeak
	}
	return ""
}

func (w *worker[S]) fail(from S, succ *model.Succ[S]) {
	f := failure[S]{w.s.reduce.canonical(&succ.State), succ.Failed.Kind}
	if _, known := w.saw.errors[f]; !known {
		w.saw.errors[f] = struct{}{}
		w.s.failed.Add(1)
	}
	w.saw.found.note(finding[S]{
		verdict: model.Violation, kind: succ.Failed.Kind, level: w.s.depth(), state: from, rule: succ.Rule,
		failed: succ.Failed,
	})
}
