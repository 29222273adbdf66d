package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/lockproof/lockproof/checker/batch"
	"github.com/lockproof/lockproof/checker/lockorder"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

// limits are the flags of the commands that search.
type limits struct {
	workers   int
	maxStates int64
	maxMemory size
	timeout   time.Duration
	reduce    string
	compact   bool
	races     string
	leaks     string
	showing
}

func limitFlags(cmd *cobra.Command) *limits {
	l := &limits{}
	f := cmd.Flags()
	f.IntVar(&l.workers, "workers", runtime.NumCPU(), "how many goroutines search")
	f.Int64Var(&l.maxStates, "max-states", 0, "stop each search after about this many states (0: no limit)")
	f.Var(&l.maxMemory, "max-memory", "stop when the C, the programs and the states of all searches at once need this "+
		"much, as 512M or 4G (0: no limit)")
	f.DurationVar(&l.timeout, "timeout", 0, "stop after this long, as 30s or 5m (0: no limit)")
	f.StringVar(&l.reduce, "reduce", "auto", "which states to leave out: none, por, symmetry, all; auto is none up to "+
		"a million states, then all")
	f.StringVar(&l.races, "races", "", "what is done about data races: check, warn or ignore (default: as the suite says)")
	f.StringVar(&l.leaks, "leaks", "", "what is done about memory to which nothing leads at the end: check or ignore "+
		"(default: as the suite says, or check)")
	f.BoolVar(&l.compact, "fingerprint", false,
		"keep 64 bits of each state, and finished levels in a temporary file: for spaces beyond memory")
	l.showing.add(f)
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		cmd.SetContext(bound(cmd.Context(), l.timeout, l.maxMemory))
		return l.check()
	}
	return l
}

// bound makes limits hold for all that a command does, from reading the suites on.
func bound(ctx context.Context, timeout time.Duration, memory size) context.Context {
	ctx = meter.WithMemory(ctx, int64(memory))
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		context.AfterFunc(ctx, cancel)
	}
	return ctx
}

func (l *limits) check() error {
	if _, err := l.reduction(); err != nil {
		return err
	}
	if l.races != "" && !slices.Contains(scenarios.AllRaces(), scenarios.Races(l.races)) {
		return fmt.Errorf("--races is check, warn or ignore, not %q", l.races)
	}
	if l.leaks != "" && !slices.Contains(scenarios.AllLeaks(), scenarios.Leaks(l.leaks)) {
		return fmt.Errorf("--leaks is check or ignore, not %q", l.leaks)
	}
	if err := checkWorkers(l.workers); err != nil {
		return err
	}
	switch {
	case l.maxStates < 0:
		return fmt.Errorf("--max-states must not be negative")
	case l.timeout < 0:
		return fmt.Errorf("--timeout must not be negative")
	}
	return l.showing.check()
}

// reduction is what --reduce stands for.
func (l *limits) reduction() (search.Reduction, error) {
	switch l.reduce {
	case "auto":
		return search.Reduction{Auto: true}, nil
	case "none":
		return search.Reduction{}, nil
	case "por":
		return search.Reduction{Merge: true}, nil
	case "symmetry":
		return search.Reduction{Symmetry: true}, nil
	case "all":
		return search.Reduction{Merge: true, Symmetry: true}, nil
	}
	return search.Reduction{}, fmt.Errorf("--reduce is none, por, symmetry, all or auto, not %q", l.reduce)
}

// A searcher answers for several scenarios. The workers are divided: some scenarios at once, each
// with some workers. So is the memory; and what needs more than its share has all of both, once the
// others are done with theirs. So no answer depends on how many are searched at once.
type searcher struct {
	*limits
	atOnce   int
	room     sync.RWMutex // who writes has it alone
	each     int
	question *scenarios.Question                                     // nil: as the suites say
	order    bool                                                    // results with lock orders
	view     func(*model.Program, *search.Result) *reports.LockOrder // nil: the lock order by object
	progress *terminal.Progress
	checked  bool // the C of all scenarios is known to be right
}

func (a *app) searcher(l *limits, atOnce, total int) *searcher {
	atOnce = max(1, min(atOnce, total))
	return &searcher{
		limits: l, atOnce: atOnce, each: max(1, l.workers/atOnce),
		progress: a.progress(l.showing, total),
	}
}

// run searches all scenarios and calls emit with the results in the order of the scenarios, each as
// soon as it can.
func (s *searcher) run(ctx context.Context, scs []*scenarios.Scenario, emit func(*reports.Result) error) error {
	s.override(scs)
	if !s.checked {
		if err := scenarios.Check(ctx, scs); err != nil && !meter.Stopped(err) {
			return err
		}
	}
	err := batch.Run(ctx, len(scs), s.atOnce, func(ctx context.Context, i int) (reports.Result, error) {
		r, err := s.one(ctx, scs[i])
		if err != nil {
			err = fmt.Errorf("%s: %w", scs[i], err)
		}
		return r, err
	}, func(_ int, r reports.Result) error {
		return s.progress.Done(func() error { return emit(&r) })
	})
	var p *batch.Panic
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", scs[p.Index], &panicError{p.Value, p.Stack})
	}
	return err
}

func (s *searcher) one(ctx context.Context, sc *scenarios.Scenario) (got reports.Result, err error) {
	reduction, err := s.reduction()
	if err != nil {
		return got, err
	}
	opt := search.Options{Reduce: reduction, Fingerprint: s.compact, MaxStates: s.maxStates, Races: s.racesFor(sc)}
	if s.progress != nil {
		opt.ProgressEvery = s.progress.Every()
		opt.Progress = func(x search.Progress) { s.progress.Update(searching(sc.String(), x)) }
	}
	need := lockorder.NoOrder
	switch {
	case len(sc.Suite.Order) > 0:
		need = lockorder.WholeOrder
	case s.order:
		need = lockorder.ShownOrder
	}
	p, err := sc.Program(ctx)
	var r, order *search.Result
	limit := model.NoLimit
	if err == nil {
		p, limit, err = s.closed(ctx, p, opt)
	}
	switch {
	case err == nil:
		r, order, err = s.inShare(ctx, p, opt, need)
		because(r, limit)
		because(order, limit)
	case meter.Stopped(err):
		p, r, err = &model.Program{}, unsearched(err), nil
		order = r
	}
	if err != nil {
		return got, err
	}
	got = answers.New(sc, p, r)
	if err := s.live(ctx, sc, p, &got); err != nil {
		return got, err
	}
	if order != nil && need != lockorder.NoOrder {
		answers.AddLockOrder(&got, p, lockorder.New(p, order), sc.Suite.Order)
		if s.view != nil {
			got.LockOrder = s.view(p, order)
		}
	}
	return got, nil
}

// racesFor is what a search of the scenario does about data races.
func (l *limits) racesFor(sc *scenarios.Scenario) search.Races {
	switch sc.RacesFor(scenarios.Races(l.races)) {
	case scenarios.CheckRaces:
		return search.CheckRaces
	case scenarios.WarnOfRaces:
		return search.WarnOfRaces
	}
	return search.IgnoreRaces
}

// override lets the scenarios do about leaks what the command line says, where it does.
func (l *limits) override(scs []*scenarios.Scenario) {
	for _, sc := range scs {
		if l.leaks != "" {
			sc.Leaks = scenarios.Leaks(l.leaks)
		}
	}
}

// closed closes an open program, or says which limit it was that came first. It works with one
// share of workers and memory.
func (s *searcher) closed(ctx context.Context, p *model.Program,
	opt search.Options,
) (*model.Program, model.Limit, error) {
	opt.Workers, opt.MaxMemory = s.each, s.beside(p, s.atOnce)
	p, limit, err := search.Close(ctx, p, opt)
	if meter.Stopped(err) {
		limit, err = limitOf(err), nil
	}
	return p, limit, err
}

// because names the limit for which a program was not closed.
func because(r *search.Result, limit model.Limit) {
	if r != nil && r.Limit == model.UnexploredLimit && limit != model.NoLimit {
		r.Limit = limit
	}
}

// whole is the closed program of a scenario, for those who need it as a whole.
func whole(ctx context.Context, sc *scenarios.Scenario, opt search.Options) (*model.Program, error) {
	p, err := sc.Program(ctx)
	if err != nil {
		return nil, err
	}
	p, limit, err := search.Close(ctx, p, opt)
	switch {
	case err != nil:
		return nil, err
	case limit == model.TimeoutLimit:
		return nil, context.DeadlineExceeded
	case limit == model.InterruptLimit:
		return nil, context.Canceled
	case limit != model.NoLimit:
		return nil, fmt.Errorf("%s is too large to be made as a whole: %w (%s)", sc, meter.ErrMemory, limit)
	}
	return p, nil
}

// inShare searches with a share of the workers and of the memory, side by side with others, and
// where that is not memory enough again with all of both, alone.
func (s *searcher) inShare(ctx context.Context, p *model.Program, opt search.Options,
	need lockorder.Need,
) (r, order *search.Result, err error) {
	s.room.RLock()
	opt.Workers, opt.MaxMemory = s.each, s.beside(p, s.atOnce)
	r, order, err = lockorder.Search(ctx, p, opt, need)
	s.room.RUnlock()
	if err != nil || s.atOnce == 1 || !r.Cramped && (order == nil || !order.Cramped) {
		return r, order, err
	}
	s.room.Lock()
	defer s.room.Unlock()
	opt.Workers, opt.MaxMemory = s.workers, s.beside(p, 1)
	return lockorder.Search(ctx, p, opt, need)
}

// beside is how much of a share of the memory the states may take beside the program that is
// searched, and at least half of it, however large the program is; 0 is no limit.
func (l *limits) beside(p *model.Program, shares int) int64 {
	if l.maxMemory == 0 {
		return 0
	}
	share := int64(l.maxMemory) / int64(shares)
	return max(1, share/2, share-lower.Bytes(p))
}

// unsearched is the result where a limit was hit before there was a program to search.
func unsearched(err error) *search.Result {
	return &search.Result{Verdict: model.Unknown, Limit: limitOf(err)}
}

// limitOf is the limit that ended work of the front end.
func limitOf(err error) model.Limit {
	switch {
	case errors.Is(err, meter.ErrMemory):
		return model.MemoryLimit
	case errors.Is(err, context.DeadlineExceeded):
		return model.TimeoutLimit
	}
	return model.InterruptLimit
}

// exitCode is the exit code for a report. A finding about the C of a suite fails like a result that
// is not as expected, and so do the fault that a diagnosis names and what a lint finds, unless that
// is a note.
func exitCode(r *reports.Report) int {
	c := r.Count()
	for i := range r.Findings {
		f := &r.Findings[i]
		if !f.Known && (f.Rule == model.Unreached || r.Lint != nil && f.Severity != "note") {
			return exitFinding
		}
	}
	faulty := slices.ContainsFunc(r.Diagnosed(), func(d *reports.Diagnosis) bool { return d.Fault })
	switch {
	case c.Unexpected > 0 || faulty:
		return exitFinding
	case c.Unknown > 0:
		return exitLimit
	}
	return exitOK
}
