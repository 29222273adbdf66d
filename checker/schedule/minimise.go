package schedule

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A directive is a decision that differs from the plain one, which is to let the running thread go
// on, or else the first that can, each in its ordinary way. It is tied to what its thread has done
// so far, so it still means something when others are left out.
type directive struct {
	after int // the thread that took the step before; mainThread: the start
	count int // how many steps it had taken
	pick  model.Pick
}

// A guide follows directives, and the plain schedule where there is none.
type guide struct {
	directives []directive
	taken      [maxThreads + 1]int
	began      bool
}

func (s *guide) begin() bool {
	first := !s.began
	s.began = true
	return first
}

func (s *guide) pick(w *world) model.Pick {
	after := mainThread
	if n := len(w.picks); n > 0 {
		after = w.picks[n-1].Thread
	}
	p := plain(w)
	for _, d := range s.directives {
		if d.after == after && d.count == s.taken[after+1] && offers(w, d.pick) {
			p = d.pick
		}
	}
	s.taken[p.Thread+1]++
	return p
}

func (s *guide) last(*world)      {}
func (s *guide) end(*world) error { return nil }
func (s *guide) complete() bool   { return false }

// plain is the decision that needs no directive.
func plain(w *world) model.Pick {
	if t := w.running(); t != nil {
		return model.Pick{Thread: t.id}
	}
	return model.Pick{Thread: w.runnable[0].id}
}

// A recorder is a replay that notes where the schedule leaves the plain one.
type recorder struct {
	replay
	directives []directive
	taken      [maxThreads + 1]int
}

func (s *recorder) pick(w *world) model.Pick {
	after := mainThread
	if n := len(w.picks); n > 0 {
		after = w.picks[n-1].Thread
	}
	p := s.replay.pick(w)
	if p == abandon {
		return p
	}
	if p != plain(w) {
		s.directives = append(s.directives, directive{after, s.taken[after+1], p})
	}
	s.taken[p.Thread+1]++
	return p
}

// minimiseRuns bounds the work of minimising one failure, in each of two ways.
const minimiseRuns = 1000

// minimise looks for a schedule that fails in the same way and is easier to follow: first by
// leaving out decisions, then by trying all schedules with fewer preemptions.
func (e *engine) minimise(f *Failure) *Failure {
	f = e.leaveOut(f)
	if f.Preemptions == 0 {
		return f
	}
	s := newTree(f.Preemptions - 1)
	for range minimiseRuns {
		if e.ctx.Err() != nil || !s.begin() {
			break
		}
		w := e.run(s, false)
		if f.Is(w.failure) {
			w.report()
			return e.leaveOut(w.failure)
		}
		if s.end(w) != nil {
			break
		}
	}
	return f
}

// leaveOut is delta debugging (Zeller and Hildebrandt, 2002) on the directives of a schedule.
func (e *engine) leaveOut(f *Failure) *Failure {
	best := f
	directives := e.directivesOf(f)
	runs := 0
	for size := len(directives); size > 0 && runs < minimiseRuns && e.ctx.Err() == nil; {
		shorter := false
		for from := 0; from < len(directives) && runs < minimiseRuns && e.ctx.Err() == nil; {
			fewer := slices.Delete(slices.Clone(directives), from, min(from+size, len(directives)))
			runs++
			w := e.run(&guide{directives: fewer}, false)
			if !f.Is(w.failure) {
				from += size
				continue
			}
			w.report()
			if w.failure.Preemptions > best.Preemptions {
				from += size
				continue
			}
			best, directives, shorter = w.failure, fewer, true
		}
		if size == 1 && !shorter {
			break
		}
		size = max(1, min(size/2, len(directives)))
		if len(directives) == 0 {
			break
		}
	}
	return best
}

func (e *engine) directivesOf(f *Failure) []directive {
	s := &recorder{replay: replay{schedule: f.Schedule}}
	e.run(s, false)
	return s.directives
}
