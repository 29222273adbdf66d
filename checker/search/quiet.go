package search

import "github.com/lockproof/lockproof/model"

// A state is quiet when somebody is not finished and there are steps, but none of them must come: a
// spurious wake-up, or the failure of a wait without a deadline (see [model.Node.Optional]). Such a
// step helps nobody who counts on it, so a quiet state is a finding. It is a deadlock when those
// who might still move sleep where nobody is left to wake them, or when such a step could help
// everybody: without it all stand still. Else it is a partial deadlock: threads wait for each
// other, and move for ever in vain.

// isQuiet looks at the successors of a state.
func (w *worker[S]) isQuiet() bool {
	for i := range w.buf {
		if succ := &w.buf[i]; succ.Failed != nil || !w.s.m.Optional(succ.Rule) {
			return false
		}
	}
	return len(w.buf) > 0
}

// quiet notes a quiet state as what it is, or, where only the whole graph can tell, for later.
func (w *worker[S]) quiet(state *S) {
	w.saw.quiet++
	if w.deserted(state) {
		w.saw.found.note(w.deadlock(state, w.s.depth()))
		return
	}
	w.saw.vain.note(viewer[S]{w.s.m}.vain(state, w.s.depth()))
}

// deadlock is a state in which all stand still.
func (w *worker[S]) deadlock(state *S, level int) finding[S] {
	kind, _ := viewer[S]{w.s.m}.hang(state, w.s.threads)
	return finding[S]{verdict: model.Deadlock, kind: kind, level: level, state: *state}
}

// vain is a quiet state in which threads move for ever in vain.
func (v viewer[S]) vain(state *S, level int) finding[S] {
	f := finding[S]{verdict: model.PartialDeadlock, level: level, state: *state, luck: true}
	for t := range v.m.Program.Threads {
		if !v.m.Finished(state, t) {
			f.stuck |= 1 << t
		}
	}
	f.kind, _ = v.hang(state, f.stuck)
	return f
}

// deserted reports whether all who might still move in a quiet state sleep where nobody is left to
// wake them.
func (w *worker[S]) deserted(state *S) bool {
	for i := range w.buf {
		if !(viewer[S]{w.s.m}).deserted(state, w.s.m.ThreadOf(w.buf[i].Rule)) {
			return false
		}
	}
	return true
}

// deserted reports whether a thread sleeps and nobody owns the job for which it may wait, or would
// restart the daemon.
func (v viewer[S]) deserted(state *S, t int) bool {
	n := v.m.At(state, t)
	return n.Op == model.OpRestart || n.Op == model.OpSleep && v.jobOwner(state, n.Cond) == model.None
}

// noteQuiet notes, for each kind, the nearest quiet state from which every thread could finish: by
// luck alone, and so it is a deadlock. Of several it takes the smallest.
func (s *search[S]) noteQuiet(c completion) {
	w := s.workers[0]
	for d, level := range s.levels {
		for _, b := range level {
			for i := b.lo; i < b.hi; i++ {
				if c.can[i] != s.threads {
					continue
				}
				state := s.arena.at(i)
				w.successorsOf(state, nil)
				if w.isQuiet() && !s.m.AllFinished(state) {
					s.saw.found.note(w.deadlock(state, d))
				}
			}
		}
	}
}

// noteVain notes quiet states of which nobody found out whether a step that may never come could
// help. They are partial deadlocks at least.
func (s *search[S]) noteVain() {
	for _, f := range s.saw.vain {
		s.saw.found.note(f)
	}
}

// nearest reports whether no finding of the same kind can be nearer than f. Where nobody found out
// whether luck could help in a quiet state, that may be a deadlock, and a partial deadlock may
// begin before it.
func (s *search[S]) nearest(f *finding[S]) bool {
	if s.settled {
		return true
	}
	for _, v := range s.saw.vain {
		if f.verdict == model.PartialDeadlock || f.verdict == model.Deadlock && v.level < f.level {
			return false
		}
	}
	return true
}
