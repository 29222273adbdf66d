package linear

import (
	"context"
	"fmt"
	"time"

	"github.com/lockproof/lockproof/model"
)

// Bounds are what the check of one run may spend. The windows of the run share them.
type bounds struct {
	patience time.Duration // as it was given
	left     time.Duration // of it: a window that is explained gives back what it took
	memory   int64         // bytes that one window may need
	most     int64         // steps that one window may try; 0: no bound
	small    int           // steps that a piece has at least
	steps    int           // that are kept to be looked at again
}

// freeSteps are tried in every window, however little patience is left: some milliseconds.
const freeSteps = 1 << 12

// lookEvery is after how many steps somebody looks at the clock, and whether the check has been
// stopped.
const lookEvery = 1 << 10

// A budget is what one window may spend. Who works for the window asks before each step.
type budget struct {
	bounds *bounds
	began  time.Time
	until  time.Time
	steps  int64 // tried
	kept   int64 // bytes that are needed until the window is done
	over   model.Limit
}

// budget begins a window.
func (b *bounds) budget(ctx context.Context) *budget {
	now := time.Now()
	x := &budget{bounds: b, began: now, until: now.Add(max(b.left, 0))}
	x.look(ctx)
	return x
}

// close ends a window. What was spent on one that has no explanation yet is gone for the others,
// and for cutting it down.
func (b *budget) close(explained bool) {
	if !explained {
		b.bounds.left -= time.Since(b.began)
	}
}

// spend takes n steps, and reports whether they may be taken.
func (b *budget) spend(ctx context.Context, n int) bool {
	if b.over != model.NoLimit {
		return false
	}
	before := b.steps
	b.steps += int64(n)
	switch {
	case b.bounds.most > 0 && b.steps > b.bounds.most:
		b.over = model.PatienceLimit
	case before/lookEvery != b.steps/lookEvery:
		b.look(ctx)
	}
	return b.over == model.NoLimit
}

// look notes a limit that has been hit.
func (b *budget) look(ctx context.Context) {
	switch {
	case ctx.Err() != nil:
		b.over = model.Stopped(ctx)
	case b.steps > freeSteps && !time.Now().Before(b.until):
		b.over = model.PatienceLimit
	}
}

// needs notes that so many bytes are in use beside those that are kept.
func (b *budget) needs(bytes int64) {
	if b.over == model.NoLimit && b.kept+bytes > b.bounds.memory {
		b.over = model.MemoryLimit
	}
}

// why says in words which limit a window of n steps has hit.
func (b *budget) why(n int) string {
	switch b.over {
	case model.PatienceLimit:
		if b.bounds.most > 0 {
			return fmt.Sprintf("a window of %d steps needs more than %d tries", n, b.bounds.most)
		}
		return fmt.Sprintf("a window of %d steps was not decided, and the patience for such windows is %v in all",
			n, b.bounds.patience)
	case model.MemoryLimit:
		return fmt.Sprintf("a window of %d steps needs more than %d MB of memory", n, b.bounds.memory>>20)
	case model.TimeoutLimit:
		return "the time was up"
	}
	return string(b.over)
}
