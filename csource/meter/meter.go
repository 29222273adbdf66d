// Package meter bounds what reading and lowering a program may take. Whoever works for long counts
// its work and its memory on a Meter, which looks at the context every few thousand units and says
// when to stop. A Meter that has stopped stays so: what was made until then is of no use, and
// [Meter.Err] says why.
//
//	m := meter.New(meter.WithMemory(ctx, 512<<20))
//	for more && m.Work(1) { ... m.Take(bytes) ... }
//	if err := m.Err(); err != nil { ... }
package meter

import (
	"context"
	"errors"
)

// ErrMemory is why work stopped that needs more memory than the run may have.
var ErrMemory = errors.New("the memory limit was reached")

// ErrWork is why work stopped that was given only so much: see [Meter.AtMost].
var ErrWork = errors.New("there is more to do")

// Stopped reports whether err says that a limit or an interrupt ended the work, and not that
// something is wrong with its input.
func Stopped(err error) bool {
	return errors.Is(err, ErrMemory) || errors.Is(err, ErrWork) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, context.Canceled)
}

type (
	memoryKey struct{}
	heldKey   struct{}
)

// WithMemory returns a context for work of which each piece may hold about so many bytes; 0 is no
// limit.
func WithMemory(ctx context.Context, bytes int64) context.Context {
	return context.WithValue(ctx, memoryKey{}, bytes)
}

// Memory is what [WithMemory] allows; 0 is no limit.
func Memory(ctx context.Context) int64 {
	bytes, _ := ctx.Value(memoryKey{}).(int64)
	return bytes
}

// Holding returns a context for work that needs so many bytes to stay: they count against its
// memory from the start.
func Holding(ctx context.Context, bytes int64) context.Context {
	return context.WithValue(ctx, heldKey{}, bytes)
}

// patience is how many units of work go by between two looks at the context. A unit is a token, a
// node of a tree, an instruction: some nanoseconds to some microseconds.
const patience = 2048

// A Meter counts the work of one goroutine. A nil Meter counts nothing and never stops.
type Meter struct {
	ctx    context.Context
	err    error
	work   int64
	look   int64 // at how much work the context is looked at next
	most   int64 // 0: any amount
	bytes  int64
	memory int64 // 0: any amount
}

// New returns a meter that stops when the context is done, or when more bytes are taken than
// [WithMemory] allows.
func New(ctx context.Context) *Meter {
	m := &Meter{ctx: ctx, memory: Memory(ctx)}
	m.bytes, _ = ctx.Value(heldKey{}).(int64)
	return m
}

// AtMost makes the meter stop after so much work, with [ErrWork].
func (m *Meter) AtMost(work int64) *Meter {
	m.most = work
	return m
}

// Work counts n units of work and reports whether to go on.
func (m *Meter) Work(n int) bool {
	if m == nil {
		return true
	}
	m.work += int64(n)
	if m.work >= m.look && m.err == nil {
		m.look = m.work + patience
		switch {
		case m.ctx.Err() != nil:
			m.err = context.Cause(m.ctx)
		case m.most > 0 && m.work > m.most:
			m.err = ErrWork
		}
	}
	return m.err == nil
}

// Take counts bytes that are held and reports whether to go on. A negative number gives some back.
func (m *Meter) Take(bytes int) bool {
	if m == nil {
		return true
	}
	m.bytes += int64(bytes)
	if m.memory > 0 && m.bytes > m.memory && m.err == nil {
		m.err = ErrMemory
	}
	return m.err == nil
}

// Err is why the work has stopped; nil when it has not.
func (m *Meter) Err() error {
	if m == nil {
		return nil
	}
	return m.err
}

// Done is the amount of work so far.
func (m *Meter) Done() int64 { return m.work }

// Held is how many bytes are held.
func (m *Meter) Held() int64 { return m.bytes }
