// Package batch asks many questions at once and gives the answers in the order of the questions.
//
// It knows nothing of what is asked. An answer is given as soon as it and all before it are there,
// so that a row of a table appears while later scenarios are still searched:
//
//	batch.Run(ctx, len(scs), workers,
//		func(ctx context.Context, i int) (*search.Result, error) { return answer(ctx, scs[i]) },
//		func(i int, r *search.Result) error { return show(scs[i], r) })
package batch

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// A Panic is the error of a question that made its goroutine panic.
type Panic struct {
	Index int // of the question
	Value any
	Stack []byte
}

func (p *Panic) Error() string {
	return fmt.Sprintf("question %d: panic: %v\n%s", p.Index, p.Value, p.Stack)
}

// Unwrap is the error that was panicked with, if it was one.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// errGone is the value of a Panic whose goroutine ended without one, by [runtime.Goexit].
var errGone = errors.New("the goroutine ended without an answer")

// Run asks the questions 0 to n-1, atOnce of them at a time (below 1 means 1), and calls emit with
// their answers in order, always from the goroutine that called Run.
//
// The first error in that order, of do or of emit, is returned. It cancels the context of what is
// still asked, nothing further is asked, and nothing further is emitted. The end of ctx itself is
// not an error: every question is asked all the same, and do says what it answers then. All
// goroutines have ended when Run returns.
func Run[T any](ctx context.Context, n, atOnce int, do func(context.Context, int) (T, error),
	emit func(int, T) error,
) error {
	b := batch[T]{do: do, answers: make([]chan answer[T], n)}
	for i := range b.answers {
		b.answers[i] = make(chan answer[T], 1)
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer b.stop()
	defer cancel()
	for range max(1, min(atOnce, n)) {
		wg.Go(func() { b.work(ctx) })
	}
	for i, c := range b.answers {
		got := <-c
		if got.err != nil {
			return got.err
		}
		if err := emit(i, got.value); err != nil {
			return err
		}
	}
	return nil
}

// A batch is what the workers of one Run share.
type batch[T any] struct {
	do      func(context.Context, int) (T, error)
	next    atomic.Int64     // the question to ask next
	answers []chan answer[T] // one for each question, which takes its answer at once
}

type answer[T any] struct {
	value T
	err   error
}

// stop leaves nothing to be asked.
func (b *batch[T]) stop() { b.next.Store(int64(len(b.answers))) }

// work asks what nobody has asked yet. The questions before one that fails have all been asked, so
// none of those after it is needed.
func (b *batch[T]) work(ctx context.Context) {
	for {
		i := int(b.next.Add(1)) - 1
		if i >= len(b.answers) {
			return
		}
		b.ask(ctx, i)
	}
}

// ask answers one question, whatever becomes of the goroutine.
func (b *batch[T]) ask(ctx context.Context, i int) {
	got := answer[T]{err: &Panic{Index: i, Value: errGone}}
	defer func() {
		if v := recover(); v != nil {
			got.err = &Panic{Index: i, Value: v, Stack: debug.Stack()}
		}
		if got.err != nil {
			b.stop()
		}
		b.answers[i] <- got
	}()
	got.value, got.err = b.do(ctx, i)
}
