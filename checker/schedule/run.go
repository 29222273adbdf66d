package schedule

import (
	"context"
	"errors"
	"fmt"

	"github.com/lockproof/lockproof/checker/schedule/coroutine"
	"github.com/lockproof/lockproof/model"
)

// An engine runs one program, one run at a time.
type engine struct {
	ctx     context.Context
	program *Program
	options *Options
	pool    coroutine.Pool
	picks   model.Schedule // of the run before: its space is used again
}

// run executes the program once, with the strategy deciding.
func (e *engine) run(s strategy, tracing bool) *world {
	w := &world{
		ctx: e.ctx, program: e.program, options: e.options, strategy: s, pool: &e.pool, tracing: tracing,
		digest: fnvOffset,
	}
	_, w.causal = s.(*dpor)
	w.picks = e.picks[:0]
	w.threads = make([]*thread, 0, maxThreads)
	w.runnable = make([]*thread, 0, maxThreads)
	w.setUp()
	if !w.stopping {
		w.explore()
	}
	if !w.stopping && w.cut == model.NoLimit {
		w.judge()
	}
	if tracing {
		w.atEnd = w.states()
	}
	if !w.stopping && w.cut == model.NoLimit {
		w.finish()
	}
	if w.failure == nil && w.cut == model.NoLimit {
		w.cut = w.unjudged
	}
	w.unwind()
	e.picks = w.picks
	return w
}

// setUp makes the objects. Numbers are kept free for the bodies.
func (w *world) setUp() {
	bodies := make([]thread, len(w.program.Threads))
	for i := range bodies {
		bodies[i].finished = true
		w.threads = append(w.threads, &bodies[i])
	}
	w.main = &thread{}
	w.spawn(w.main, mainThread, "set-up", func() { w.instance = w.program.New(w) })
	w.serve()
	if !w.stopping && !w.main.finished {
		w.recordHang()
	}
}

// explore runs the bodies until nothing goes on.
func (w *world) explore() {
	w.phase = exploring
	for i, body := range w.instance.Bodies {
		t := w.threads[i]
		w.spawn(t, i, w.program.Threads[i], body)
		t.start()
		if w.stopping {
			return
		}
	}
	for _, t := range w.threads {
		t.clock.reset()
	}
	for _, m := range w.mutexes {
		m.clock.reset()
	}
	w.begun.reset()
	w.ended.reset()
	w.current = nil
	w.upNext = w.decide()
	w.loop()
	if w.cut == model.NoLimit {
		w.strategy.last(w)
	}
	if w.stopping || w.cut != model.NoLimit {
		return
	}
	for _, t := range w.threads[:len(w.instance.Bodies)] {
		if !t.finished {
			w.recordHang()
			return
		}
	}
}

// judge asks whether what the threads did has an explanation.
func (w *world) judge() {
	w.current = nil
	if w.instance.Judge == nil {
		return
	}
	err := w.instance.Judge(w.ctx)
	var limited Limited
	switch {
	case err == nil:
	case errors.As(err, &limited):
		w.unjudged = limited.Limit()
	default:
		w.record(&Failure{Class: History, Message: err.Error()})
	}
}

// finish shuts down and looks for what is left.
func (w *world) finish() {
	w.phase = finishing
	var err error
	w.main = &thread{}
	w.spawn(w.main, mainThread, "shutdown", func() {
		if w.instance.Finish != nil {
			err = w.instance.Finish()
		}
	})
	w.serve()
	if w.stopping {
		return
	}
	if !w.main.finished {
		w.recordHang()
		return
	}
	if err != nil {
		kind := model.AssertKind
		var check CheckError
		if errors.As(err, &check) {
			kind = check.Kind()
		}
		w.record(&Failure{Class: Violation, Kind: kind, Message: err.Error()})
		return
	}
	w.checkLeaks()
}

// serve runs a phase on its fixed schedule.
func (w *world) serve() {
	w.main.start()
	if w.stopping {
		return
	}
	w.upNext = w.decide()
	w.loop()
}

// loop switches from thread to thread until there is none to go on.
func (w *world) loop() {
	for w.upNext != nil && !w.stopping {
		t := w.upNext
		w.upNext = nil
		w.current = t
		t.coroutine.Resume()
		if t.finished && !w.stopping {
			w.upNext = w.decide()
		}
	}
}

// decide says who goes on; nil when nobody can, or nobody may.
func (w *world) decide() *thread {
	if w.total++; w.total%lookEvery == 0 {
		if w.cut = model.Stopped(w.ctx); w.cut != model.NoLimit {
			return nil
		}
	}
	if w.phase != exploring {
		return w.fixed()
	}
	w.runnable = w.runnable[:0]
	for _, t := range w.threads {
		if t.enabled() {
			w.runnable = append(w.runnable, t)
		}
	}
	if len(w.runnable) == 0 {
		return nil
	}
	if len(w.picks) >= w.options.MaxSteps {
		w.cut = model.StepsLimit
		return nil
	}
	pick := w.strategy.pick(w)
	if pick.Thread < 0 {
		w.cut = abandoned
		return nil
	}
	t := w.threads[pick.Thread]
	t.choice = pick.Choice
	w.commit(t, pick)
	return t
}

// fixed is the schedule of set-up and shutdown: who runs goes on, then the main thread, then the
// others in order.
func (w *world) fixed() *thread {
	if w.total > w.options.MaxSteps+setUpSteps {
		w.cut = model.StepsLimit
		return nil
	}
	if t := w.current; t != nil && t.enabled() {
		t.choice = 0
		return t
	}
	if w.main.enabled() {
		w.main.choice = 0
		return w.main
	}
	for _, t := range w.threads {
		if t.enabled() {
			t.choice = 0
			return t
		}
	}
	return nil
}

// lookEvery is after how many steps of a run somebody looks whether the search has been stopped.
const lookEvery = 4096

// setUpSteps is what set-up and shutdown may take.
const setUpSteps = 100_000

// commit writes a decision down.
func (w *world) commit(t *thread, pick model.Pick) {
	t.clock[t.id] = int32(len(w.picks))
	w.now += tick
	if r := w.running(); r != nil && r != t {
		w.preemptions++
	}
	w.picks = append(w.picks, pick)
	for _, r := range w.runnable {
		w.digest = (w.digest ^ uint64(r.id+1)<<48 ^ uint64(uint32(r.next.object()))<<16 ^ uint64(r.next.verb)<<8 ^
			uint64(r.next.ways)) * fnvPrime
	}
	w.digest = (w.digest ^ uint64(pick.Thread)<<20 ^ uint64(pick.Choice)) * fnvPrime
}

// The digest of a run is FNV-1a over its decisions, and over what could be decided: threads, and
// what each would do to what in how many ways.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// unwind ends the coroutines that are left.
func (w *world) unwind() {
	w.stopping = true
	for _, t := range w.threads {
		w.end(t)
	}
	w.end(w.main)
	w.pool.GiveBack()
}

func (w *world) end(t *thread) {
	if t == nil || t.finished {
		return
	}
	w.current = t
	t.coroutine.Resume()
}

// checkLeaks looks for goroutines and objects that outlive the program.
func (w *world) checkLeaks() {
	for _, t := range w.threads {
		if !t.finished {
			w.record(&Failure{Class: Leak, Message: fmt.Sprintf("goroutine %s never ends: it is about to %s", t.name,
				t.next.String())})
			return
		}
	}
	for _, m := range w.mutexes {
		if !m.freed && !w.isPermanent(m.name) {
			w.record(&Failure{Class: Violation, Kind: model.RefCount, Message: m.name + " is never freed: a reference is left"})
			return
		}
	}
}

func (w *world) isPermanent(name string) bool {
	for _, p := range w.instance.Permanent {
		if p == name {
			return true
		}
	}
	return false
}
