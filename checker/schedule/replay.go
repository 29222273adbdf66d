package schedule

import (
	"context"
	"errors"
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// A replay follows a schedule. After its end nobody runs.
type replay struct {
	schedule model.Schedule
	began    bool
	err      error
}

func (s *replay) begin() bool {
	first := !s.began
	s.began = true
	return first
}

func (s *replay) pick(w *world) model.Pick {
	i := len(w.picks)
	if i == len(s.schedule) {
		return abandon
	}
	p := s.schedule[i]
	if !offers(w, p) {
		s.err = refused(i, refuses(w, p))
		return abandon
	}
	return p
}

func refused(i int, why string) error {
	return &model.PickError{At: i, Step: i + 1, Err: errors.New(why)}
}

// refuses says why p cannot be picked.
func refuses(w *world, p model.Pick) string {
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

// A Replayed is where a schedule leads.
type Replayed struct {
	Failure *Failure // nil: nothing is wrong
	Trace   []Event
	Threads []ThreadState // after the last step
	// Limit is why the schedule was not followed to its end, or its history not judged.
	Limit model.Limit
}

// Replay follows a schedule. A pick that cannot be taken is an error that says where and why. The
// schedule may have more steps than [Options.MaxSteps]. The end of ctx ends it as well.
func Replay(ctx context.Context, p *Program, o Options, schedule model.Schedule) (*Replayed, error) {
	if err := schedule.Check(maxThreads, 0); err != nil {
		return nil, err
	}
	o.fill()
	o.MaxSteps = max(o.MaxSteps, len(schedule)+1)
	e := &engine{ctx: ctx, program: p, options: &o}
	defer e.pool.Close()
	return e.replay(schedule)
}

func (e *engine) replay(schedule model.Schedule) (*Replayed, error) {
	s := &replay{schedule: schedule}
	w := e.run(s, true)
	switch {
	case w.failure != nil:
		w.report()
	case s.err != nil:
		return nil, s.err
	case w.cut == model.TimeoutLimit || w.cut == model.InterruptLimit:
		return &Replayed{Trace: w.trace, Threads: w.atEnd, Limit: w.cut}, nil
	case len(w.picks) < len(schedule):
		return nil, refused(len(w.picks), w.refusesAll())
	}
	return &Replayed{w.failure, w.trace, w.atEnd, w.unjudged}, nil
}

// refusesAll says why no step can be taken any more.
func (w *world) refusesAll() string {
	if w.cut != model.NoLimit {
		return "the run was ended before it (" + string(w.cut) + ")"
	}
	return "every thread is finished"
}
