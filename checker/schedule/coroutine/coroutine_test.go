package coroutine_test

import (
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/lockproof/lockproof/checker/schedule/coroutine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// steps is a body that notes its steps, and hands over between them.
func steps(log *[]string, c *coroutine.Coroutine, name string, n int) func() {
	return func() {
		for i := range n {
			if i > 0 {
				c.Yield(struct{}{})
			}
			*log = append(*log, fmt.Sprint(name, i))
		}
	}
}

func check(t *testing.T, log []string, want string) {
	t.Helper()
	if got := strings.Join(log, " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Bodies go on where they handed over, in the order in which they are resumed, and are over when
// they return.
func TestResume(t *testing.T) {
	var pool coroutine.Pool
	defer pool.Close()
	var log []string
	a, b := pool.Take(), pool.Take()
	a.Body, b.Body = steps(&log, a, "a", 3), steps(&log, b, "b", 2)
	for _, c := range []*coroutine.Coroutine{a, b, b, a, a} {
		if _, ok := c.Resume(); !ok {
			t.Error("it has ended")
		}
	}
	check(t, log, "a0 b0 b1 a1 a2")
	if a.Body != nil || b.Body != nil {
		t.Error("a body is not over")
	}
}

// Taken coroutines are different ones, until they are given back: then they are used again for
// other bodies.
func TestPool(t *testing.T) {
	var pool coroutine.Pool
	defer pool.Close()
	var log []string
	var first [2]*coroutine.Coroutine
	for run := range 3 {
		a, b := pool.Take(), pool.Take()
		if a == b {
			t.Fatal("one coroutine for two")
		}
		if run == 0 {
			first = [2]*coroutine.Coroutine{a, b}
		} else if first != [2]*coroutine.Coroutine{a, b} {
			t.Error("new ones are made for a second run")
		}
		a.Body, b.Body = steps(&log, a, fmt.Sprint("a", run), 2), steps(&log, b, fmt.Sprint("b", run), 1)
		a.Resume()
		if a.Body == nil {
			t.Error("a body that handed over is over")
		}
		b.Resume()
		a.Resume()
		pool.GiveBack()
	}
	check(t, log, "a00 b00 a01 a10 b10 a11 a20 b20 a21")
}

// Closing ends what is between two bodies, and a coroutine that never had one.
func TestClose(t *testing.T) {
	var pool coroutine.Pool
	var log []string
	c := pool.Take()
	pool.Take()
	c.Body = steps(&log, c, "c", 1)
	c.Resume()
	pool.Close()
	if _, ok := c.Resume(); ok {
		t.Error("it goes on after the end")
	}
	check(t, log, "c0")
}
