package stress

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// roundOperations is how many calls are made between two moments of quiet, at which the history is
// checked and let go.
const roundOperations = 50000

// mostJobs is how many jobs a result keeps, to be drawn.
const mostJobs = 20_000

// Run runs a load until its end, a finding, or the end of ctx; then the result is partial. An error
// means that it could not run.
func Run(ctx context.Context, o Options) (*Result, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	var overhead *Overhead
	if o.Overhead > 0 {
		if o.Progress != nil {
			o.Progress(Progress{Phase: Measuring, Of: o.Operations})
		}
		var err error
		if overhead, err = measure(ctx, o); err != nil {
			return nil, err
		}
	}
	patience, cancel := outlast(ctx, grace)
	defer cancel()
	s := &session{
		opts: &o, recorder: linear.NewRecorder(o.Clock),
		checker: linear.NewChecker(linear.Options{Patience: o.Patience}), hurry: cancel,
	}
	r, err := s.run(ctx, patience)
	if r != nil {
		r.Overhead = overhead
	}
	return r, err
}

// A session is one run of one load. Without a recorder nothing is checked, without a checker
// nothing but what is seen on the way.
type session struct {
	opts     *Options
	recorder *linear.Recorder
	checker  *linear.Checker
	writer   *linear.Writer
	world    *world
	load     *load
	spent    time.Duration // on calls
	phase    phaseNow
	jobs     []linear.Job // the last ones
	illegal  bool         // a round had a history that nothing explains
	cut      bool         // it did not come to rest after it was interrupted
	hurry    func()       // ends the check
}

// run makes the calls until ctx ends, and checks them until patience does, which is longer.
func (s *session) run(ctx, patience context.Context) (*Result, error) {
	o := s.opts
	f := &faults{enabled: o.Faults, seed: mix64(o.Seed), times: 1}
	if o.QEMU != "" {
		f.times = 10
	}
	s.world = newWorld(f)
	if o.History != nil {
		w, err := linear.NewWriter(o.History, linear.Header{Seed: o.Seed, Replay: o.replay()})
		if err != nil {
			return nil, err
		}
		s.writer = w
	}
	var err error
	var wg sync.WaitGroup
	done := make(chan struct{})
	s.load = &load{opts: o, world: s.world, qemu: newKeeper(o.hypervisor(s.world), s.world, o)}
	s.world.qemu = s.load.qemu
	wg.Go(func() {
		s.world.watch(o.HangAfter, func() bool { return s.load.active.Load() == 0 }, done)
	})
	wg.Go(func() { s.tell(done) })
	wg.Go(func() {
		defer close(done)
		s.world.guard("the load", func() { err = s.rounds(ctx, patience) })
	})
	wg.Go(func() { s.cutShort(ctx, done) })
	defer context.AfterFunc(ctx, func() { s.load.stop.Store(true) })()
	s.wait(&wg)
	s.cleanUp()
	r, err2 := s.result(ctx, patience, f)
	return r, errors.Join(err, err2)
}

// wait waits for the end of the load. In production nothing ends what hangs, so it is left alone
// once the world is over.
func (s *session) wait(wg *sync.WaitGroup) {
	if !s.opts.Production {
		wg.Wait()
		return
	}
	ended := make(chan struct{})
	go func() {
		wg.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return
	case <-s.world.over:
	}
	select {
	case <-ended:
	case <-time.After(s.stubborn()):
	}
}

// cutShort ends a load that does not come to rest after it was interrupted, as one does whose
// driver hangs, and sees to it that nobody waits for what does not come any more once the world is
// over.
func (s *session) cutShort(ctx context.Context, done <-chan struct{}) {
	select {
	case <-done:
		return
	case <-s.world.over:
	case <-ctx.Done():
		select {
		case <-done:
			return
		case <-s.world.over:
		case <-time.After(cmp.Or(s.opts.rest, grace)):
			s.cut = true
			s.world.finish()
		}
	}
	s.load.qemu.endAll()
	if s.recorder != nil {
		s.recorder.Stop()
	}
}

// rounds makes all calls and closes the driver.
func (s *session) rounds(ctx, patience context.Context) error {
	if err := s.setUp(); err != nil {
		return err
	}
	o, done := s.opts, 0
	for ctx.Err() == nil && !s.world.isOver() {
		n := roundOperations
		if o.Operations > 0 {
			n = min(n, o.Operations-done)
		}
		if n <= 0 || o.Duration > 0 && s.spent >= o.Duration {
			break
		}
		s.phase.set(Calling)
		s.round(n)
		if s.world.isOver() {
			return nil
		}
		done += n
		s.phase.set(Checking)
		if err := s.check(patience); err != nil {
			return err
		}
		if s.checker != nil && s.checker.Illegal() {
			s.illegal = true // more of the same would tell nothing new
			break
		}
	}
	return s.tearDown()
}

// runtime is that of the driver.
func (s *session) runtime() driver.Runtime {
	if s.opts.Production {
		return newProduction(s.world)
	}
	return s.world
}

// setUp makes driver and domains.
func (s *session) setUp() error {
	o := s.opts
	s.load.driver = driver.New(s.runtime(), driver.Options{
		Hypervisor: s.load.qemu, JobTimeout: o.JobTimeout,
		CommandTimeout: o.CommandTimeout, Observe: s.observe,
	})
	c := s.load.driver.Connect("set-up")
	for i := range o.Domains {
		if err := c.Define(domainName(i), 1<<20); err != nil {
			return fmt.Errorf("setting up: %w", err)
		}
	}
	for i := range o.Goroutines {
		s.load.workers = append(s.load.workers, s.load.newWorker(i))
	}
	return nil
}

func (s *session) observe(name string) driver.Observer {
	w := &watcher{world: s.world, load: s.load}
	if s.recorder != nil {
		w.next = s.recorder.Observe(name)
	}
	return w
}

// round lets the workers make n calls together.
func (s *session) round(n int) {
	l := s.load
	if d := s.opts.Duration; d > 0 {
		t := time.AfterFunc(d-s.spent, func() { l.stop.Store(true) })
		defer t.Stop()
	}
	l.active.Store(int32(len(l.workers)))
	from := time.Now()
	var wg sync.WaitGroup
	for i, w := range l.workers {
		share := n / len(l.workers)
		if i < n%len(l.workers) {
			share++
		}
		wg.Go(func() { s.world.guard(w.conn.Name(), func() { w.run(share) }) })
	}
	wg.Wait()
	s.spent += time.Since(from)
}

// check takes the history of a round.
func (s *session) check(ctx context.Context) error {
	if s.recorder == nil {
		return nil
	}
	return s.take(ctx, s.recorder.Drain())
}

func (s *session) take(ctx context.Context, h linear.History) error {
	if s.writer != nil {
		if err := s.writer.Write(h); err != nil {
			return fmt.Errorf("writing the history: %w", err)
		}
	}
	if s.checker != nil {
		s.checker.Add(ctx, h)
	}
	if len(h.Jobs) > 0 {
		s.jobs = h.Jobs[max(0, len(h.Jobs)-mostJobs):]
	}
	return nil
}

// tearDown closes the driver and looks for what is left. A job that is left is for the checker to
// find.
func (s *session) tearDown() error {
	w := s.world
	a := w.actors.current()
	a.begin("closing the driver")
	s.load.driver.Close()
	a.end()
	if f := s.left(); f != nil {
		w.report(*f)
		return nil
	}
	if left := w.unfreed(); len(left) > 0 {
		w.report(Finding{Kind: model.RefCount, Message: fmt.Sprintf("%d objects were never freed, the first is that of %s",
			len(left), left[0])})
	}
	return nil
}

// cleanUp ends what a world leaves behind that did not come to its own end. A goroutine that cannot
// be ended must not keep the answer back.
func (s *session) cleanUp() {
	s.world.finish()
	s.load.qemu.endAll()
	isDone(&s.world.running, s.stubborn())
}

// stubborn is how long a load waits for goroutines of a driver that is broken.
func (s *session) stubborn() time.Duration { return cmp.Or(s.opts.rest, 10*time.Second) }

// result puts everything together.
func (s *session) result(ctx, patience context.Context, f *faults) (*Result, error) {
	if f := s.load.nothingStarted(); f != nil && len(s.world.findings) == 0 {
		s.world.findings = append(s.world.findings, *f)
	}
	r := &Result{
		Jobs: s.jobs,
		Seed: s.opts.Seed, Elapsed: s.spent, Calls: map[string]uint64{}, Codes: map[string]uint64{}, Struck: f.counts(),
		Findings: s.world.findings, Complete: ctx.Err() == nil && len(s.world.findings) == 0 && !s.illegal,
		Replay: s.opts.replay(),
		Limit:  model.Stopped(ctx),
	}
	if n := s.load.crashes.Load(); n > 0 {
		r.Struck["crash"] = n
	}
	for _, w := range s.load.workers {
		r.Operations += w.done
		for op, n := range w.counts {
			if n > 0 {
				r.Calls[driver.Op(op).String()] += n
			}
		}
		for code, n := range w.codes {
			if n > 0 {
				r.Codes[driver.Code(code).String()] += n
			}
		}
	}
	var err error
	if s.hurry != nil && len(s.world.findings) > 0 { // what was found must not wait for what is left to check
		defer time.AfterFunc(grace, s.hurry).Stop()
	}
	if s.recorder != nil && (len(s.world.findings) > 0 || s.cut) {
		err = s.take(patience, s.recorder.Abandon())
	}
	if s.writer != nil {
		if err2 := s.writer.Close(r.Complete); err2 != nil && err == nil {
			err = fmt.Errorf("writing the history: %w", err2)
		}
	}
	r.Check = &linear.Report{}
	if s.checker != nil {
		r.Check = s.checker.Finish(patience, r.Complete)
	}
	return r, err
}
