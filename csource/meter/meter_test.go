package meter

import (
	"context"
	"errors"
	"testing"
)

func TestStops(t *testing.T) {
	ended, end := context.WithCancelCause(t.Context())
	end(context.DeadlineExceeded)
	for name, c := range map[string]struct {
		m    *Meter
		do   func(*Meter) bool
		want error
	}{
		"nothing":     {nil, func(m *Meter) bool { return m.Work(1<<30) && m.Take(1<<30) }, nil},
		"no limit":    {New(t.Context()), func(m *Meter) bool { return m.Work(1<<30) && m.Take(1<<30) }, nil},
		"context":     {New(ended), func(m *Meter) bool { return m.Work(1) }, context.DeadlineExceeded},
		"memory":      {New(WithMemory(t.Context(), 100)), func(m *Meter) bool { return m.Take(90) && m.Take(11) }, ErrMemory},
		"given back":  {New(WithMemory(t.Context(), 100)), func(m *Meter) bool { return m.Take(90) && m.Take(-10) && m.Take(11) }, nil},
		"zero memory": {New(WithMemory(t.Context(), 0)), func(m *Meter) bool { return m.Take(1 << 40) }, nil},
		"holding":     {New(Holding(WithMemory(t.Context(), 100), 90)), func(m *Meter) bool { return m.Take(5) && m.Take(6) }, ErrMemory},
		"work":        {New(t.Context()).AtMost(10 * patience), func(m *Meter) bool { return m.Work(1) && m.Work(10*patience) }, ErrWork},
		"later":       {New(t.Context()).AtMost(1), func(m *Meter) bool { m.Work(patience + 1); m.Work(patience); return m.Work(1) }, ErrWork},
	} {
		if went := c.do(c.m); went != (c.want == nil) || !errors.Is(c.m.Err(), c.want) {
			t.Errorf("%s: goes on %v, %v; want %v", name, went, c.m.Err(), c.want)
		}
		if Stopped(c.m.Err()) != (c.want != nil) {
			t.Errorf("%s: Stopped(%v)", name, c.m.Err())
		}
	}
}

// TestLooksOften ends a context in the midst of work: no more than patience units go by.
func TestLooksOften(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	m := New(ctx)
	for range 3*patience + 5 {
		m.Work(1)
	}
	end()
	n := 0
	for ; m.Work(1); n++ {
	}
	if n > patience {
		t.Errorf("%d units after the end", n)
	}
}
