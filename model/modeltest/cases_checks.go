package modeltest

import (
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// checkCases are about when a condition is looked at, and how.
func checkCases() []Case {
	s := setting{}
	many := shape{}
	for x := range int64(40) {
		many.values = append(many.values, x-3)
	}
	big := name{global, 2}
	odd := shape{values: []int64{-2, 5, 7}, initial: 1}
	// Nobody can write both: it takes two threads to break the condition.
	both := map[name]int64{g0: 1, g1: 1}
	return []Case{
		{
			"a check over two variables that both change", s.program(
				run(store(g0, 1), store(g0, 0)), run(store(g1, 1), store(g1, 0)), run(must(both, g0, g1), touch(vm)),
			), model.Violation, model.AssertKind,
		},
		{
			"a check over two variables that one thread changes in turn", s.program(
				run(store(g0, 1), store(g0, 0), store(g1, 1), store(g1, 0)), run(must(both, g0, g1), touch(vm)),
			), model.OK, "",
		},
		{
			"a check over a variable with many values", setting{shapes: []shape{many}}.program(
				run(store(big, 36)), run(isNot(big, 36), touch(vm)),
			), model.Violation, model.AssertKind,
		},
		{
			"a check over a variable with odd values", setting{shapes: []shape{odd}}.program(
				run(store(big, -2), store(big, 7)), run(isNot(big, 7), touch(vm)),
			), model.Violation, model.AssertKind,
		},
		{
			"a check before a wait for a lock", s.program(
				run(lock(extraLock), store(g0, 1), store(g0, 0), unlock(extraLock)),
				run(isNot(g0, 1), lock(extraLock), unlock(extraLock)),
			), model.Violation, model.AssertKind,
		},
		{
			"a check after another", s.program(run(store(g0, 1), isNot(g0, 2), isNot(g0, 1), touch(vm))),
			model.Violation, model.AssertKind,
		},
		{
			"a check of the first step", s.program(run(isNot(g0, 0), touch(vm))), model.Violation, model.AssertKind,
		},
		{
			"a check on one of two ways to begin", s.program(
				run(fork(list(isNot(g0, 0)), nil), touch(vm)), run(touch(vm)),
			), model.Violation, model.AssertKind,
		},
		{
			"a check fails under the lock that protects what it reads", s.program(
				run(lock(extraLock), store(g1, 1), isNot(g0, 1), store(g1, 2), unlock(extraLock)),
				run(lock(extraLock), store(g0, 1), unlock(extraLock)),
			), model.Violation, model.AssertKind,
		},
		{
			"two ways to one error", s.program(
				run(store(g0, 2), isNot(g0, 2), touch(vm)), run(isNot(g0, 2), touch(vm)),
			), model.Violation, model.AssertKind,
		},
		{
			"more conditions than there is room for", manyConditions(), model.Violation, model.AssertKind,
		},
	}
}

// manyConditions has as many different checks as it takes to fill what is asked of every state, and
// then one that fails.
func manyConditions() *model.Program {
	s := setting{}
	var body []stmt
	for i := range 30 {
		s.shapes = append(s.shapes, shape{values: []int64{0, 1}})
		body = append(body, isNot(name{global, 2 + i}, 1), touch(vm))
	}
	return s.program(run(body...), run(store(name{global, 31}, 1)))
}

// widthCases are about states of several words.
func widthCases() []Case {
	var out []Case
	for _, n := range []int{5, 12, 38, 50, 70, 105, 160} {
		s := setting{domains: 2}
		for i := range n {
			values := []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
			if i%3 == 1 {
				values = values[:3]
			}
			s.shapes = append(s.shapes, shape{values: values, initial: i % 3})
		}
		first, last := name{global, 2}, name{global, 1 + n}
		out = append(out, Case{
			fmt.Sprintf("%d variables more", n), s.program(
				actor{on: []int{0}, body: list(store(first, 2), store(last, 0), lock(vmLock), store(x0, 1), unlock(vmLock))},
				actor{on: []int{1}, body: list(store(last, 2), store(first, 0), lock(vmLock), store(x0, 1), unlock(vmLock))},
				actor{on: []int{0}, body: list(isNot(last, 1), touch(name{where: global}))},
				actor{on: []int{1}, body: list(must(map[name]int64{first: 2, last: 2}, first, last), touch(vm))},
			), model.Violation, model.AssertKind,
		})
	}
	return out
}
