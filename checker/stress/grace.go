package stress

import (
	"context"
	"time"
)

// grace is how long the check of a load may take that was interrupted, or has found something, and
// how long such a load may take to come to rest.
const grace = 5 * time.Second

// outlast is a context that ends some time after another, for the reason for which that ended.
func outlast(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(by):
			cancel(context.Cause(ctx))
		case <-longer.Done():
		}
	})
	return longer, func() { stop(); cancel(nil) }
}
