package main

import (
	"errors"
	"time"

	"github.com/lockproof/lockproof/checker/conform"
	"github.com/lockproof/lockproof/checker/schedule"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/checker/stress"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/spf13/pflag"
)

// showing are the flags of all commands that work for long: how they show that they do.
type showing struct {
	quiet bool
	every time.Duration
}

func (s *showing) add(f *pflag.FlagSet) {
	f.BoolVarP(&s.quiet, "quiet", "q", false, "show no progress")
	f.DurationVar(&s.every, "progress-every", 0, "how often to show progress (default: 200ms on a terminal, else 10s)")
}

func (s *showing) check() error {
	if s.every < 0 {
		return errors.New("--progress-every must not be negative")
	}
	return nil
}

// progress shows on stderr how far the work on total scenarios is. It is nil if nothing is to be
// shown, and total is 0 for work that is not about scenarios.
func (a *app) progress(s showing, total int) *terminal.Progress {
	if s.quiet {
		return nil
	}
	watched := terminal.IsTerminal(a.stderr)
	switch {
	case s.every > 0:
	case watched:
		s.every = 200 * time.Millisecond
	default:
		s.every = 10 * time.Second
	}
	return terminal.NewProgress(a.stderr, watched, s.every, total)
}

func searching(scenario string, x search.Progress) terminal.Stage {
	return terminal.Stage{Scenario: scenario, Phase: string(x.Phase), Counts: []terminal.Count{
		{Name: "states", Value: x.States},
		{Name: "depth", Value: int64(x.Depth)},
		{Name: "frontier", Value: x.Frontier},
		{Name: terminal.Bytes, Value: x.Bytes},
	}}
}

func comparing(scenario string, x conform.Progress) terminal.Stage {
	return terminal.Stage{Scenario: scenario, Phase: "compare", Counts: []terminal.Count{
		{Name: "states", Value: x.States},
		{Name: "frontier", Value: x.Frontier},
		{Name: "runs", Value: x.Runs},
		{Name: "steps", Value: x.Steps},
	}}
}

func exploringNow(x schedule.Stats) terminal.Stage {
	return terminal.Stage{Phase: "explore", Counts: []terminal.Count{
		{Name: "schedules", Value: x.Runs},
		{Name: "decisions", Value: x.Steps},
		{Name: "longest", Value: int64(x.Longest)},
		{Name: "failures", Value: x.Failures},
	}}
}

func loading(x stress.Progress) terminal.Stage {
	s := terminal.Stage{Phase: string(x.Phase), Counts: []terminal.Count{{Name: "operations", Value: int64(x.Done)}}}
	if x.Of > 0 {
		s.Counts = append(s.Counts, terminal.Count{Name: "planned", Value: int64(x.Of)})
	}
	return s
}
