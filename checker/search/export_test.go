package search

import (
	"context"

	"github.com/lockproof/lockproof/model"
)

// ShareAll is o with even the smallest level shared out among the workers: so tests of small
// programs see workers send each other states.
func (o Options) ShareAll() Options {
	o.thresholds.smallLevel = -1
	return o
}

// MergeAtMost is o with so few steps merged with one.
func (o Options) MergeAtMost(n int) Options {
	o.thresholds.merged = n
	return o
}

// OvertimeAtMost is o with so few states looked at after the time is up; below 0: none.
func (o Options) OvertimeAtMost(n int64) Options {
	o.thresholds.overtime = n
	return o
}

// SearchAndStop searches, and stops the search when it has seen all states and not yet put its
// findings into words. It returns what the search shows at that moment, too.
func SearchAndStop(ctx context.Context, stop func(), p *model.Program, o Options) (*Result, Progress, error) {
	m, err := model.NewMachine[[1]uint64](p)
	if err != nil {
		return nil, Progress{}, err
	}
	s := newSearch(ctx, m, planFor(o))
	defer s.close()
	s.search()
	shown := s.progress()
	stop()
	return s.result(), shown, s.err
}
