package main

import (
	"context"
	"time"
)

// endingAfter is a context that ends after a time as well; 0 is no limit.
func endingAfter(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, limit)
}
