package schedule

import (
	"fmt"

	"github.com/lockproof/lockproof/checker/explore"
)

// A replay follows a schedule. After its end nobody runs.
type replay struct {
	schedule explore.Schedule
	began    bool
	err      error
}

func (s *replay) begin() bool {
	first := !s.began
	s.began = true
	return first
}

func (s *replay) pick(w *world) explore.Pick {
	i := len(w.picks)
	if i == len(s.schedule) {
		return abandon
	}
	p := s.schedule[i]
	if !offers(w, p) {
		s.err = fmt.Errorf("step %d of the schedule: %s", i+1, refuses(w, p))
		return abandon
	}
	return p
}

// refuses says why p cannot be picked.
func refuses(w *world, p explore.Pick) string {
	if p.Thread >= len(w.threads) {
		return fmt.Sprintf("there is no thread %d here, only %d", p.Thread+1, len(w.threads))
	}
	t := w.threads[p.Thread]
	switch {
	case t.finished:
		return t.name + " is finished"
	case !t.enabled():
		return t.name + " cannot go on: it waits for " + waitsFor(t)
	}
	return fmt.Sprintf("%s has %d ways to %s, not %d", t.name, t.next.ways, t.next.verb, p.Choice+1)
}

func (s *replay) last(*world)      {}
func (s *replay) end(*world) error { return nil }
func (s *replay) complete() bool   { return false }

// Replay follows a schedule. It returns the failure to which the schedule leads, nil if there is none, with a trace; a pick that
// cannot be taken is an error that says where and why.
func Replay(p *Program, o Options, schedule explore.Schedule) (*Failure, []Event, error) {
	o.fill()
	e := &engine{program: p, options: &o}
	defer e.pool.Close()
	return e.replay(schedule)
}

func (e *engine) replay(schedule explore.Schedule) (*Failure, []Event, error) {
	s := &replay{schedule: schedule}
	w := e.run(s, true)
	if s.err != nil && w.failure == nil {
		return nil, w.trace, s.err
	}
	if w.failure != nil {
		w.report()
	}
	return w.failure, w.trace, nil
}
