package batch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/lockproof/lockproof/checker/batch"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// collect notes what is emitted, and that it comes in order.
func collect(t *testing.T, to *[]int) func(int, int) error {
	return func(i, v int) error {
		if i != len(*to) {
			t.Errorf("answer %d is emitted after %d", i, len(*to))
		}
		*to = append(*to, v)
		return nil
	}
}

// Answers come in the order of the questions, and no more than asked for are under way at once.
func TestOrder(t *testing.T) {
	for _, atOnce := range []int{-1, 0, 1, 2, 7, 100} {
		var under, most atomic.Int64
		var got, want []int
		do := func(_ context.Context, i int) (int, error) {
			now := under.Add(1)
			defer under.Add(-1)
			for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
			}
			for range (50 - i) * 10 {
				runtime.Gosched()
			}
			return i * i, nil
		}
		for i := range 50 {
			want = append(want, i*i)
		}
		if err := batch.Run(t.Context(), 50, atOnce, do, collect(t, &got)); err != nil || !slices.Equal(got, want) {
			t.Errorf("%d at once: %v, %v", atOnce, got, err)
		}
		if most.Load() > int64(max(1, atOnce)) {
			t.Errorf("%d at once: %d were under way", atOnce, most.Load())
		}
	}
}

func TestNone(t *testing.T) {
	do := func(context.Context, int) (int, error) { return 0, errors.New("asked") }
	if err := batch.Run(t.Context(), 0, 3, do, func(int, int) error { return errors.New("emitted") }); err != nil {
		t.Error(err)
	}
}

// An answer is emitted while later questions are still open: the last one waits for it.
func TestSoon(t *testing.T) {
	emitted := make(chan bool)
	do := func(_ context.Context, i int) (int, error) {
		if i == 1 {
			<-emitted
		}
		return i, nil
	}
	err := batch.Run(t.Context(), 2, 2, do, func(i, _ int) error {
		if i == 0 {
			close(emitted)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// Of two errors the one that comes first in order is returned, though it came later in time. What
// is under way is cancelled, and what follows is not asked.
func TestFirstError(t *testing.T) {
	failed := make(chan bool)
	var asked atomic.Int64
	var got []int
	err := batch.Run(t.Context(), 1000, 3, func(ctx context.Context, i int) (int, error) {
		asked.Add(1)
		switch i {
		case 0:
			return 7, nil
		case 1:
			<-failed
			return 0, errors.New("one")
		case 2:
			defer close(failed)
			return 0, errors.New("two")
		}
		<-ctx.Done()
		return 0, ctx.Err()
	}, collect(t, &got))
	if err == nil || err.Error() != "one" || !slices.Equal(got, []int{7}) {
		t.Errorf("%v, %v", got, err)
	}
	if asked.Load() > 5 {
		t.Errorf("%d questions were asked", asked.Load())
	}
}

// After a question that failed nothing further is asked, though the answers before it are not
// emitted yet.
func TestNothingAfterAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		end := errors.New("end")
		err := batch.Run(t.Context(), 9, 1, func(_ context.Context, i int) (int, error) {
			if asked.Add(1); i == 1 {
				return 0, end
			}
			return i, nil
		}, func(int, int) error {
			synctest.Wait() // until the worker is done, or blocked
			return nil
		})
		if !errors.Is(err, end) || asked.Load() != 2 {
			t.Errorf("%v after %d questions", err, asked.Load())
		}
	})
}

// An error of emit ends everything as well.
func TestEmitError(t *testing.T) {
	full := errors.New("disk full")
	var asked atomic.Int64
	err := batch.Run(t.Context(), 1000, 2, func(ctx context.Context, i int) (int, error) {
		if asked.Add(1); i > 0 {
			<-ctx.Done()
		}
		return i, nil
	}, func(int, int) error { return full })
	if !errors.Is(err, full) || asked.Load() > 4 {
		t.Errorf("%v after %d questions", err, asked.Load())
	}
}

// A panic is the error of its question, with the stack; so is a goroutine that ends itself.
func TestPanic(t *testing.T) {
	cause := errors.New("cause")
	for name, do := range map[string]func(){
		"value": func() { boom("boom") },
		"error": func() { boom(cause) },
		"exit":  runtime.Goexit,
	} {
		var got []int
		err := batch.Run(t.Context(), 9, 1, func(_ context.Context, i int) (int, error) {
			if i == 2 {
				do()
			}
			return i, nil
		}, collect(t, &got))
		var p *batch.Panic
		if !errors.As(err, &p) || p.Index != 2 || !slices.Equal(got, []int{0, 1}) {
			t.Fatalf("%s: %v, %v", name, got, err)
		}
		if errors.Is(err, cause) != (name == "error") || (name != "exit") != bytes.Contains(p.Stack, []byte("batch_test.boom(")) {
			t.Errorf("%s: %v", name, err)
		}
		if name == "value" && p.Value != "boom" {
			t.Errorf("%+v", p)
		}
	}
}

func boom(v any) { panic(v) }

// A panic of emit passes through, and leaves no goroutine behind.
func TestEmitPanic(t *testing.T) {
	var under atomic.Int64
	defer func() {
		if v := recover(); fmt.Sprint(v) != "boom" || under.Load() != 0 {
			t.Errorf("%v with %d under way", v, under.Load())
		}
	}()
	_ = batch.Run(t.Context(), 9, 3, func(ctx context.Context, i int) (int, error) {
		under.Add(1)
		defer under.Add(-1)
		if i > 0 {
			<-ctx.Done()
		}
		return i, nil
	}, func(int, int) error { panic("boom") })
}

// The end of the context reaches the questions, which all have an answer even so.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var got []int
	err := batch.Run(ctx, 20, 2, func(ctx context.Context, i int) (int, error) {
		if i == 3 {
			cancel()
		}
		if i >= 3 {
			<-ctx.Done()
			return -1, nil
		}
		return i, nil
	}, collect(t, &got))
	if err != nil || len(got) != 20 || got[19] != -1 {
		t.Errorf("%v, %v", got, err)
	}
}

// When Run returns, nobody is at work any more, however it ends.
func TestNobodyIsLeft(t *testing.T) {
	var under atomic.Int64
	for i := range 200 {
		err := batch.Run(t.Context(), 10, 4, func(ctx context.Context, j int) (int, error) {
			under.Add(1)
			defer under.Add(-1)
			if j == i%5 {
				return 0, errors.New("end")
			}
			if j > i%5 {
				<-ctx.Done()
				runtime.Gosched()
			}
			return j, nil
		}, func(int, int) error { return nil })
		if err == nil || under.Load() != 0 {
			t.Fatalf("%v, %d under way", err, under.Load())
		}
	}
}
