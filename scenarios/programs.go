package scenarios

import (
	"context"
	"errors"

	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// maxAhead is how much work is done for the program of one scenario, some tenths of a second, to
// know of its errors before anything is searched.
const maxAhead = 1 << 20

// Check runs the C front end on all scenarios, so that every error is known before anything is
// searched. The programs are let go again, but for the first small ones: [Scenario.Program] gives
// them when their turn comes. What takes long to lower is left for then, with the errors that only
// lowering can find.
//
// The error is of type [syntax.Diagnostics]; or the cause of the context's end, when that came
// before all was known and nothing wrong had been found.
func Check(ctx context.Context, scs []*Scenario) error {
	var all syntax.Diagnostics
	var last, done *Suite
	for _, sc := range scs {
		if all.Full() || ctx.Err() != nil {
			break
		}
		if sc.Suite != last {
			last = sc.Suite
			ds, complete := last.check(ctx)
			if all.Append(ds); complete {
				done = last
			}
		}
		if sc.Suite != done {
			_, err := sc.ahead(ctx)
			all.Append(wrong(err))
		}
	}
	if err := all.Err(); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// check looks at a suite as a whole. There is nothing more to be said about its scenarios when it
// is complete.
func (s *Suite) check(ctx context.Context) (ds syntax.Diagnostics, complete bool) {
	if _, err := s.compiled(ctx); err != nil {
		return wrong(err), true
	}
	return s.checkOrder(ctx)
}

// ahead is Program as far as it is made before its turn.
func (sc *Scenario) ahead(ctx context.Context) (*model.Program, error) {
	p, err := sc.atMost(ctx, maxAhead)
	if err == nil {
		sc.Suite.shelf.keepProgram(p)
	}
	return p, err
}

// wrong is what is wrong with the input; nothing when a limit was hit.
func wrong(err error) (ds syntax.Diagnostics) {
	if err != nil && !meter.Stopped(err) {
		errors.As(err, &ds)
	}
	return ds
}
