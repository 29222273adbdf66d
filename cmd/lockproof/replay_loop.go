package main

import (
	"errors"
	"fmt"

	"github.com/lockproof/lockproof/checker/starvation"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/scenarios"
)

// followLoop replays a way to a loop, and once round it.
func followLoop(sc *scenarios.Scenario, p *model.Program, text string, o starvation.Options) (reports.Result, error) {
	if o.Fairness == "" {
		return reports.Result{}, errors.New("--replay: a loop is fair or it is not: add --fairness weak or --fairness strong")
	}
	prefix, loop, err := starvation.ParseLasso(text)
	if err == nil {
		var l *starvation.Lasso
		if l, err = starvation.Follow(p, prefix, loop, o); err == nil {
			return answers.NewLoopReplay(sc, p, o, l), nil
		}
	}
	return reports.Result{}, fmt.Errorf("--replay: %w", err)
}
