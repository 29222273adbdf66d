package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/lockproof/lockproof/checker/batch"
	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/checker/schedule"
	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/spf13/cobra"
)

// ofOneProgram are the flags of explore that are about threads of one's own.
var ofOneProgram = []string{
	"threads", "start", "faults", "faults-per-thread", "strategy", "preemptions", "depth", "schedules", "max-steps",
	"history", "replay",
}

// battery reports whether the flags ask for the battery, and refuses those that then mean nothing.
func (e *exploring) battery(cmd *cobra.Command) (bool, error) {
	f := cmd.Flags()
	longer := f.Changed("for")
	if longer && e.longer <= 0 {
		return true, errors.New("--for must be positive")
	}
	for _, name := range ofOneProgram {
		if f.Changed(name) && longer {
			return true, fmt.Errorf("--for goes on after the battery with programs that are drawn: it takes no --%s", name)
		} else if f.Changed(name) {
			return false, nil
		}
	}
	return longer || !f.Changed("seed"), nil
}

// runBattery runs the drills, and drawn ones after them for as long as --for says.
func (a *app) runBattery(ctx context.Context, e *exploring) error {
	if e.timeout < 0 {
		return errors.New("--timeout must not be negative")
	}
	if err := e.answers.open(); err != nil {
		return err
	}
	defer e.answers.close()
	began := time.Now()
	drills := schedule.Battery()
	b := &drilling{app: a, answers: e.answers, progress: a.progress(e.showing, len(drills))}
	err := batch.Run(ctx, len(drills), runtime.GOMAXPROCS(0),
		func(ctx context.Context, i int) (reports.Result, error) {
			return b.drill(ctx, &drills[i], drills[i].Options())
		},
		func(_ int, r reports.Result) error { return b.show(&r) })
	if err == nil && e.longer > 0 {
		longer, cancel := context.WithDeadlineCause(ctx, began.Add(e.longer), errDrawnEnough)
		err = b.draw(longer, e.options.Seed)
		cancel()
	}
	b.progress.Clear()
	if err == nil {
		err = b.sum(time.Since(began))
	}
	if err != nil {
		return err
	}
	return e.answers.finish()
}

var errDrawnEnough = errors.New("the time of --for is over")

// drilling is a run of the battery.
type drilling struct {
	app      *app
	answers  *answerWriter
	progress *terminal.Progress

	mutex               sync.Mutex
	proved, bad, open   int   // drills of the battery
	drawn               int64 // programs
	schedules, decision int64
}

// drill searches one program. The answer has the command that asks about it alone.
func (b *drilling) drill(ctx context.Context, d *schedule.Drill, o schedule.Options) (reports.Result, error) {
	p, err := d.Program(linear.NewJudge(linear.Options{}).Run)
	if err != nil {
		return reports.Result{}, err
	}
	o.Progress = func(x schedule.Stats) {
		stage := exploringNow(x)
		stage.Scenario = d.Threads
		b.progress.Update(stage)
	}
	r, err := schedule.Search(ctx, p, o)
	if err != nil {
		return reports.Result{}, err
	}
	if r.Failure != nil && r.Failure.Class == schedule.Unstable {
		return reports.Result{}, fmt.Errorf("%s: %s", p.Name, r.Failure.Message)
	}
	b.mutex.Lock()
	b.schedules += r.Runs
	b.decision += r.Steps
	b.mutex.Unlock()
	own := exploring{threads: d.Threads, starts: d.Starts, options: o, history: true}
	if own.faults = "all"; len(d.Faults) < len(driver.Faults()) {
		var names []string
		for _, f := range d.Faults {
			names = append(names, string(f))
		}
		own.faults = strings.Join(names, ",")
	}
	own.options.FaultsPerThread = max(1, o.FaultsPerThread)
	result := answers.NewExplored(p, own.command(), o, r)
	result.Why = d.Why
	return result, nil
}

// show gives the answer of one drill of the battery.
func (b *drilling) show(r *reports.Result) error {
	switch {
	case r.Pass:
		b.proved++
	case r.Verdict == model.Unknown:
		b.open++
	default:
		b.bad++
	}
	return b.progress.Done(func() error { return b.answers.giveDrill(r) })
}

// Of a drawn program so many schedules are tried in the order of the exhaustive search, which is
// the whole of a small one, and so many are drawn of a larger.
const (
	firstSchedules = 2000
	drawnSchedules = 1000
)

// draw runs drawn programs until ctx ends. Only what is wrong is shown.
func (b *drilling) draw(ctx context.Context, seed uint64) error {
	var wg sync.WaitGroup
	var failed error
	next := seed
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for ctx.Err() == nil {
				b.mutex.Lock()
				n, stop := next, failed != nil
				next++
				b.mutex.Unlock()
				if stop {
					return
				}
				err := b.drawOne(ctx, n)
				b.mutex.Lock()
				failed = errors.Join(failed, err)
				b.mutex.Unlock()
			}
		})
	}
	wg.Wait()
	return failed
}

func (b *drilling) drawOne(ctx context.Context, seed uint64) error {
	d := schedule.DrawDrill(seed)
	for _, o := range []schedule.Options{
		{Strategy: schedule.Exhaustive, Schedules: firstSchedules},
		{Strategy: schedule.PCT, Schedules: drawnSchedules, Seed: seed},
	} {
		o.Faults, o.FaultsPerThread = d.Faults, d.FaultsPerThread
		r, err := b.drill(ctx, &d, o)
		if err != nil || ctx.Err() != nil && r.Verdict == model.Unknown {
			return err
		}
		if !r.Pass && r.Verdict != model.Unknown {
			b.mutex.Lock()
			defer b.mutex.Unlock()
			b.drawn++
			b.bad++
			return b.progress.Done(func() error { return b.answers.give(&r) })
		}
		if r.Complete {
			break
		}
	}
	b.mutex.Lock()
	b.drawn++
	b.mutex.Unlock()
	return nil
}

// sum says what all came to.
func (b *drilling) sum(took time.Duration) error {
	if *b.answers.format == jsonFormat {
		return nil
	}
	text := fmt.Sprintf("%d programs in all interleavings", b.proved)
	if b.open > 0 {
		text += fmt.Sprintf(", %d not to their end", b.open)
	}
	if b.drawn > 0 {
		text += fmt.Sprintf(", %d drawn ones as far as some schedules tell", b.drawn)
	}
	verdict := "nothing is wrong"
	if b.bad > 0 {
		verdict = fmt.Sprintf("%d are wrong", b.bad)
	}
	_, err := fmt.Fprintf(b.app.stdout, "\n%s: %d schedules, %d decisions, %.1f s\n%s\n", text, b.schedules, b.decision,
		took.Seconds(), verdict)
	return err
}
