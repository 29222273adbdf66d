package trial

import (
	"context"
	"errors"
	"sync"

	"github.com/lockproof/lockproof/cmd/mutants/mutant"
)

// RunAll runs mutants, several at once, and hands every result to each, one at a time, as it comes.
// It ends early with ctx, or with the first error.
func (t *Trials) RunAll(ctx context.Context, all []*mutant.Mutant, atOnce int, each func(*Result) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan *mutant.Mutant)
	var mutex sync.Mutex
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for m := range work {
				r, err := t.Run(ctx, m)
				if err == nil {
					mutex.Lock()
					err = each(r)
					mutex.Unlock()
				}
				if err != nil {
					cancel(err)
				}
			}
		})
	}
feed:
	for _, m := range all {
		select {
		case work <- m:
		case <-ctx.Done():
			break feed
		}
	}
	close(work)
	workers.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return ctx.Err()
}
