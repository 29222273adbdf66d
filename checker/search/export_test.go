package search

import (
	"context"

	"github.com/lockproof/lockproof/model"
)

// Tests of many small programs are to see workers send each other states.
func init() { smallLevel = 0 }

// MergeAtMost lets searches merge so few steps with one until the test ends.
func MergeAtMost(n int) (restore func()) {
	old := maxMerged
	maxMerged = n
	return func() { maxMerged = old }
}

// OvertimeAtMost lets searches look at so few states after their time is up until the test ends.
func OvertimeAtMost(n int64) (restore func()) {
	old := maxOvertime
	maxOvertime = n
	return func() { maxOvertime = old }
}

// SearchAndStop searches, and stops the search when it has seen all states and not yet put its
// findings into words.
func SearchAndStop(ctx context.Context, stop func(), p *model.Program, o Options) (*Result, error) {
	m, err := model.NewMachine[[1]uint64](p)
	if err != nil {
		return nil, err
	}
	s := newSearch(ctx, m, o, true)
	defer s.close()
	s.search()
	stop()
	return s.result(), s.err
}
