package modeltest

import "github.com/lockproof/lockproof/model"

func add(v name, by int64) stmt { return stmt{op: sAdd, a: v, value: by} }
func takeOne(v name) stmt       { return stmt{op: sTakeOne, a: v} }
func maybe(v name, x int64) stmt {
	return stmt{op: sMaybe, a: v, value: x}
}

func replace(v name, x int64, other, same []stmt) stmt {
	return stmt{op: sSwap, a: v, value: x, then: other, other: same}
}

// updateCases are about reading and writing in one step.
func updateCases() []Case {
	s := setting{}
	one := setting{shapes: []shape{{values: []int64{0, 1, 2}, initial: 1}, {values: []int64{0, 1, 2}, initial: 1}}}
	a, b := name{global, 2}, name{global, 3}
	// The last of two that count looks whether both were counted.
	counts := func(count stmt) actor {
		return run(count, add(g1, 1), branch(g1, 2, list(isNot(g0, 1), touch(vm)), nil))
	}
	// inside is where only one may be at a time.
	inside := list(store(g1, 1), branch(g1, 1, nil, list(never(), touch(vm))), store(g1, 0))
	enters := func(leave ...stmt) actor {
		return run(replace(g0, 1, append(append(list(), inside...), leave...), nil))
	}
	return []Case{
		{"two count in one step each", s.program(counts(add(g0, 1)), counts(add(g0, 1))), model.OK, ""},
		{
			"two count in two steps each", s.program(
				counts(branch(g0, 0, list(store(g0, 1)), list(store(g0, 2)))),
				counts(branch(g0, 0, list(store(g0, 1)), list(store(g0, 2)))),
			), model.Violation, model.AssertKind,
		},
		{"who finds 0 sets 1 and goes in", s.program(enters(store(g0, 0)), enters(store(g0, 0)),
			enters(store(g0, 0))), model.OK, ""},
		{
			"who finds 0 and who finds 2 go in", s.program(enters(store(g0, 0)), enters(store(g0, 0)), run(store(g0, 2))),
			model.Violation, model.AssertKind,
		},
		{
			"a semaphore that each gives back", one.program(
				run(takeOne(a), store(g0, 1), store(g0, 0), add(a, 1)), run(takeOne(a), isNot(g0, 1), touch(vm), add(a, 1)),
			), model.OK, "",
		},
		{
			"two semaphores in opposite orders", one.program(
				run(takeOne(a), takeOne(b), add(b, 1), add(a, 1)), run(takeOne(b), takeOne(a), add(a, 1), add(b, 1)),
			), model.Deadlock, "",
		},
		{"a semaphore that nobody raises", s.program(run(takeOne(g0)), run(add(g1, 1))), model.Deadlock, ""},
		{
			"a semaphore that nobody raises, beside a loop",
			s.program(run(takeOne(g0)), actor{body: list(add(g1, 1)), loop: true}),
			model.PartialDeadlock, "",
		},
		{
			// The update may wait, so it is no step that one can take at once.
			"a wait for a variable under the lock that guards it", one.program(
				run(lock(extraLock), takeOne(g0), unlock(extraLock)), run(lock(extraLock), add(g0, 1), unlock(extraLock)),
			), model.Deadlock, "",
		},
		{
			"nobody knows whether it is set", s.program(run(maybe(g0, 1), isNot(g0, 1), touch(vm))), model.Violation,
			model.AssertKind,
		},
		{
			"nobody knows whether it is left", s.program(run(maybe(g0, 1), isNot(g0, 0), touch(vm))), model.Violation,
			model.AssertKind,
		},
		{
			"equal threads on two domains update what is theirs", setting{domains: 2}.program(
				actor{on: []int{0}, body: list(add(x0, 1), takeOne(x0))}, actor{on: []int{1}, body: list(add(x0, 1), takeOne(x0))},
			), model.OK, "",
		},
	}
}
