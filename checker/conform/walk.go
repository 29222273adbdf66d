package conform

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lockproof/lockproof/checker/schedule/coroutine"
	"github.com/lockproof/lockproof/model"
)

// Options bound a comparison.
type Options struct {
	// MaxStates stops the walk after so many states; 0 is no bound.
	MaxStates int
	// MaxMemory stops the walk when its states need so many bytes; 0 is no bound.
	MaxMemory int64
	// Walks, when positive, takes so many random runs instead of all states.
	Walks int
	Seed  uint64
	// MaxSteps bounds a random run; 0 is 10000.
	MaxSteps int
	// Progress is called now and then, if it is not nil.
	Progress func(Progress)
}

// A Mismatch is where driver and model part.
type Mismatch struct {
	Direction Direction
	Message   string
	// Schedule leads there, in the model and in the driver. That of an exhaustive walk is a
	// shortest one.
	Schedule model.Schedule
}

func (m *Mismatch) Error() string { return fmt.Sprintf("%s: %s", m.Direction, m.Message) }

// A Result is what a comparison came to.
type Result struct {
	// States and Transitions of the model were compared. Of random runs they are steps, repetitions
	// included.
	States, Transitions int64
	// Runs of the driver, and the Steps that they took in all.
	Runs, Steps int64
	Mismatch    *Mismatch
	// Complete says that every reachable state and every transition was compared.
	Complete bool
	Limit    model.Limit // why it is not complete; [explore.Runs] when it took all the random runs that it was asked for
	Elapsed  time.Duration
}

// Compare holds the driver against the model. An error is about the program, not about what was
// found; that a body cannot be interpreted to its end is one of type syntax.Diagnostics.
func Compare(ctx context.Context, c *Case, o Options) (*Result, error) {
	k, err := newWalker(c)
	if err != nil {
		return nil, err
	}
	return k.compare(ctx, o)
}

// walker is a walk over states of any width.
type walker interface {
	compare(ctx context.Context, o Options) (*Result, error)
	follow(ctx context.Context, s model.Schedule) (*Followed, error)
}

func newWalker(c *Case) (walker, error) {
	walk, err := model.ByWidth[func(*Case) (walker, error)]{
		One:     newWalk[[1]uint64],
		Two:     newWalk[[2]uint64],
		Three:   newWalk[[3]uint64],
		Four:    newWalk[[4]uint64],
		Six:     newWalk[[6]uint64],
		Eight:   newWalk[[8]uint64],
		Sixteen: newWalk[[16]uint64],
	}.Of(c.Program)
	if err != nil {
		return nil, err
	}
	return walk(c)
}

func newWalk[S model.Words](c *Case) (walker, error) {
	m, err := model.NewMachine[S](c.Program)
	if err != nil {
		return nil, err
	}
	return &walk[S]{c: c, m: m, r: &Result{}}, nil
}

func (k *walk[S]) compare(ctx context.Context, o Options) (*Result, error) {
	k.ctx, k.o, k.started = ctx, o, time.Now()
	defer k.pool.Close()
	switch d, at := k.start(); {
	case d != nil:
		k.mismatch(d, at)
	case o.Walks > 0:
		k.random()
	default:
		k.exhaust()
	}
	if k.err != nil {
		return nil, k.err
	}
	if k.r.Mismatch != nil {
		k.locate()
	}
	k.r.Elapsed = time.Since(k.started)
	return k.r, nil
}

// end is the end of a run.
func (k *walk[S]) end(w *world) {
	w.end(&k.pool)
	if k.err == nil {
		k.err = w.meaningless
	}
}

// walk is one comparison.
type walk[S model.Words] struct {
	ctx  context.Context
	c    *Case
	m    *model.Machine[S]
	o    Options
	r    *Result
	pool coroutine.Pool
	err  error // a body means nothing: the difference that comes of it is none between driver and model

	started time.Time

	states []visit[S]
	known  map[S]bool
	broken map[broken[S]]bool
}

// broken is a state in which a rule is broken: it counts as one, as it does in a search.
type broken[S model.Words] struct {
	state S
	kind  model.Kind
}

// visit is a state with the last step of a shortest way there. An initial one has no parent.
type visit[S model.Words] struct {
	state  S
	parent int
	step   move
}

// move is a step on both sides.
type move struct {
	thread, choice int
	way
	chose model.Chose // after the step, until the next
}

// route is a way through both sides.
type route struct {
	initial int           // the number of the initial state
	chose   []model.Chose // by thread, before its first step
	moves   []move
}

// and is the route with one more step.
func (r *route) and(x move) *route {
	return &route{r.initial, r.chose, append(r.moves[:len(r.moves):len(r.moves)], x)}
}

// exhaust compares all states, in breadth-first order, and all steps between them.
func (k *walk[S]) exhaust() {
	k.known, k.broken = map[S]bool{}, map[broken[S]]bool{}
	defer func() { k.r.States = int64(len(k.states) + len(k.broken)) }()
	for s := range k.m.Starts() {
		k.known[s] = true
		k.states = append(k.states, visit[S]{state: s, parent: -1})
	}
	for i := 0; i < len(k.states); i++ {
		if k.limited() {
			return
		}
		k.progress(int64(len(k.states)), int64(len(k.states)-i))
		way := k.route(i)
		for t := range k.c.Bodies {
			if !k.stepsOf(i, t, way) {
				return
			}
		}
	}
	k.r.Complete = true
}

// limited reports whether the walk must stop early.
func (k *walk[S]) limited() bool {
	switch {
	case k.stopped():
	case k.o.MaxStates > 0 && len(k.states) > k.o.MaxStates:
		k.r.Limit = model.StatesLimit
	case k.o.MaxMemory > 0 && k.bytes() > k.o.MaxMemory:
		k.r.Limit = model.MemoryLimit
	}
	return k.r.Limit != model.NoLimit
}

// stopped reports whether the context has ended. It is asked before each step of the driver,
// between which there is not much to do.
func (k *walk[S]) stopped() bool {
	if k.r.Limit == model.NoLimit {
		k.r.Limit = model.Stopped(k.ctx)
	}
	return k.r.Limit != model.NoLimit
}

// stepsOf takes every step of one thread from a state.
func (k *walk[S]) stepsOf(i, t int, way *route) bool {
	from := k.states[i].state
	for choice, succ := range k.m.StepsOf(&from, t, nil) {
		k.r.Transitions++
		step := k.move(t, choice, &succ)
		path := way.and(step)
		switch d := k.take(path, &succ); {
		case d != nil:
			k.mismatch(d, path)
			return false
		case k.r.Limit != model.NoLimit:
			return false
		}
		if succ.Failed != nil {
			k.broken[broken[S]{succ.State, succ.Failed.Kind}] = true
			continue
		}
		if !k.known[succ.State] {
			k.known[succ.State] = true
			k.states = append(k.states, visit[S]{succ.State, i, step})
		}
	}
	return true
}

func (k *walk[S]) move(t, choice int, succ *model.Succ[S]) move {
	step := k.m.Step(succ.Rule)
	return move{t, choice, way{step.Label, step.Woken}, k.chose(&step)}
}

// chose says how the choices after a step came out.
func (k *walk[S]) chose(step *model.Step) model.Chose {
	if step.Fails != nil {
		return 0
	}
	for _, o := range k.m.Program.Threads[step.Thread].Nodes[step.Node].Out {
		if o.Label != step.Label || o.When != step.When {
			continue
		}
		for _, e := range o.Next {
			if e.To == step.To {
				return e.Chose
			}
		}
	}
	return 0
}

// route is a shortest way to a state.
func (k *walk[S]) route(i int) *route {
	var moves []move
	for ; k.states[i].parent >= 0; i = k.states[i].parent {
		moves = append(moves, k.states[i].step)
	}
	slices.Reverse(moves)
	r := k.begin(i)
	r.moves = moves
	return r
}

// begin is the route that ends in an initial state, of which the number is given.
func (k *walk[S]) begin(initial int) *route {
	s := k.m.Initial(initial)
	r := &route{initial: initial}
	for t := range k.c.Bodies {
		at := k.m.Location(&s, t)
		start := k.m.Program.Threads[t].Start
		e := slices.IndexFunc(start, func(e model.Edge) bool { return e.To == at })
		r.chose = append(r.chose, start[e].Chose)
	}
	return r
}

// take runs the driver along a path whose last step the model takes to succ, and compares; nil also
// when it was stopped.
func (k *walk[S]) take(path *route, succ *model.Succ[S]) *difference {
	w := newWorld(k.c, path.chose, &k.pool, false)
	defer k.end(w)
	k.r.Runs++
	last := len(path.moves) - 1
	for _, x := range path.moves[:last] {
		if k.stopped() {
			return nil
		}
		k.r.Steps++
		if f := w.threads[x.thread].step(x); f != nil {
			return differ(Apart, "the driver is not deterministic: %s", f.message)
		}
	}
	if k.stopped() {
		return nil
	}
	k.r.Steps++
	return k.outcome(w, path.moves[last], succ)
}

// outcome takes one step of the driver and compares what comes of it.
func (k *walk[S]) outcome(w *world, x move, succ *model.Succ[S]) *difference {
	t := w.threads[x.thread]
	f := t.step(x)
	switch {
	case succ.Failed == nil && f != nil:
		return differ(Forward, "%s breaks a rule in the driver (%s: %s); the model's step is fine", t.name(),
			f.kind, f.message)
	case succ.Failed == nil:
		return (&comparer[S]{m: k.m, w: w, s: &succ.State}).states()
	}
	return k.breach(t, f, succ)
}

// arrive runs the driver along a path and compares where it leads; nil also when it was stopped.
func (k *walk[S]) arrive(path *route, s *S) *difference {
	w := newWorld(k.c, path.chose, &k.pool, true)
	defer k.end(w)
	for _, x := range path.moves {
		if k.stopped() {
			return nil
		}
		w.threads[x.thread].step(x)
	}
	return (&comparer[S]{m: k.m, w: w, s: s}).states()
}

func (k *walk[S]) mismatch(d *difference, path *route) {
	m := &Mismatch{Direction: d.direction, Message: d.message}
	if path.initial > 0 {
		m.Schedule = model.Schedule{{Thread: -1, Choice: path.initial}}
	}
	for _, x := range path.moves {
		m.Schedule = append(m.Schedule, model.Pick{Thread: x.thread, Choice: x.choice})
	}
	k.r.Mismatch = m
}

// locate runs the way to a mismatch once more, to say where in the driver it shows.
func (k *walk[S]) locate() {
	path, at, succ, err := k.moves(k.r.Mismatch.Schedule)
	if err != nil || succ == nil || succ.Failed != nil || k.r.Limit != model.NoLimit {
		return
	}
	if d := k.arrive(path, at); d != nil && d.direction == k.r.Mismatch.Direction {
		k.r.Mismatch.Message = d.message
	}
}

// moves takes a schedule through the model: the moves, where it leads, and the last step.
func (k *walk[S]) moves(s model.Schedule) (path *route, at *S, last *model.Succ[S], err error) {
	if err := s.Check(len(k.c.Bodies), k.m.Initials()); err != nil {
		return nil, nil, nil, err
	}
	begun, initial := 0, 0 // picks before the first step
	if len(s) > 0 && s[0].Thread < 0 {
		begun, initial = 1, s[0].Choice
	}
	path = k.begin(initial)
	state := k.m.Initial(initial)
	for i, pick := range s[begun:] {
		if k.stopped() {
			break
		}
		refused := func(format string, args ...any) error {
			return &model.PickError{At: begun + i, Step: i + 1, Err: fmt.Errorf(format, args...)}
		}
		succs := k.m.StepsOf(&state, pick.Thread, nil)
		switch {
		case len(succs) == 0:
			return nil, nil, nil, refused("%s cannot go on", threadName(pick.Thread))
		case pick.Choice >= len(succs):
			return nil, nil, nil, refused("%s has %d ways to go, not %d", threadName(pick.Thread), len(succs), pick.Choice+1)
		}
		last = &succs[pick.Choice]
		path.moves = append(path.moves, k.move(pick.Thread, pick.Choice, last))
		if last.Failed != nil && begun+i < len(s)-1 {
			return nil, nil, nil, refused("it breaks a rule, and nothing comes after it")
		}
		state = last.State
	}
	return path, &state, last, nil
}
