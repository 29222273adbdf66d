// Package every has something for each operator.
package every

import (
	"fmt"
	"io"
	"slices"
	"sync"
)

type pair struct {
	first, second int
	name          string
}

func (p pair) String() string { return fmt.Sprint(p.first + p.second) }

func write(w io.Writer, n int) { fmt.Fprintln(w, n+1) }

var limit = uint(4)

func conditions(a, b bool, n int) bool {
	if a && n < 3 {
		return b
	}
	for n >= 0 && !b {
		n--
	}
	return a || slices.Contains([]bool{a}, b)
}

func numbers(x uint, text string) (uint, string) {
	x |= x<<limit ^ 7
	x = x&^3 + 100000
	return ^x - 1, text + "+"
}

func statements(xs []int, done chan bool) error {
	defer close(done)
	total := 0
	for i := range xs {
		if xs[i] == 0 {
			continue
		}
		if xs[i] < 0 {
			total = 0
			break
		} else {
			xs = append(xs, i)
			total += i
		}
	}
	if total > 9 {
		return fmt.Errorf("too many in %d: %d", len(xs), total-9)
	}
	if total < 0 {
		panic(fmt.Sprint(total + 1))
	}
	go write(nil, total)
	done <- true
	return nil
}

func clauses(n int, x any) string {
	switch n {
	case 1, 2:
		return "few"
	case 3:
		n = 4
		fallthrough
	default:
		n++
	}
	switch x.(type) {
	case int:
		return "int"
	case string:
		return "string"
	}
	return ""
}

func places(xs []int, i, j int) (pair, []int) {
	p := pair{first: i, second: j}
	_ = make([]int, 0, 8)
	if slices.Equal(xs, xs[1:]) {
		p = pair{i, j, "p"}
	}
	for range 3 {
		i += p.first
	}
	return p, xs[i : j+1]
}

// A waiter has something for each operator about waiting.
type waiter struct{ cond sync.Cond }

func (w *waiter) waiting(n int) {
	for n > 0 {
		n--
	}
	w.cond.Signal()
	w.cond.Broadcast()
}
