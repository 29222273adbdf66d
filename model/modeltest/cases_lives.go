package modeltest

import "github.com/lockproof/lockproof/model"

var nowhere = name{where: global}

func starts() stmt         { return stmt{op: sStart, a: nowhere} }
func exits(x int64) stmt   { return stmt{op: sExit, a: nowhere, value: x} }
func says(op stmtOp) stmt  { return stmt{op: op, a: nowhere} }
func forever(g name) stmt  { return while(g, 0, touch(vm)) }
func crash() (stmt, stmt)  { return never(), touch(vm) }
func waitsFor(g name) stmt { return takeOne(g) }

// lifeCases are about threads that others start, and about the end of the process. The last thread
// of each program is the one that others start.
func lifeCases() []Case {
	s := setting{lives: true}
	counted := setting{lives: true, counted: true}
	bad, step := crash()
	return []Case{
		{"who was not started does nothing", s.program(run(touch(vm)), run(bad, step)), model.OK, ""},
		{"who was not started is not stuck", s.program(run(touch(vm)), run(waitsFor(g0))), model.OK, ""},
		{
			"who was not started is not stuck beside a loop",
			s.program(actor{body: list(touch(vm)), loop: true}, run(waitsFor(g0))),
			model.OK, "",
		},
		{"who was started can break a rule", s.program(run(starts()), run(bad, step)), model.Violation, model.AssertKind},
		{"who was started can hang", s.program(run(starts()), run(waitsFor(g0))), model.Deadlock, ""},
		{
			"who was started can hang beside a loop",
			s.program(run(starts()), actor{body: list(touch(vm)), loop: true}, run(waitsFor(g0))), model.PartialDeadlock, "",
		},
		{
			"what comes before the start comes first",
			s.program(run(store(g0, 1), starts()), run(isNot(g0, 0), touch(vm), store(g0, 0))), model.OK, "",
		},
		{
			"what comes after the start may come first",
			s.program(run(starts(), store(g0, 1)), run(isNot(g0, 1), touch(vm))), model.Violation, model.AssertKind,
		},
		{
			"a first step that comes back", s.program(run(starts(), store(g0, 1)), run(forever(g0), store(g1, 1))), model.OK, "",
		},
		{
			"a signal is a first step, too",
			s.program(run(lock(extraLock), starts(), wait(ready, extraLock), unlock(extraLock)), run(broadcast(ready))),
			model.Deadlock, "",
		},
		{
			"who joins comes after the end",
			s.program(run(starts(), says(sJoin), isNot(g0, 0), touch(vm)), run(store(g0, 1), says(sEnd))), model.OK, "",
		},
		{
			"who joins waits", s.program(run(lock(extraLock), starts(), says(sJoin), unlock(extraLock)),
				run(lock(extraLock), unlock(extraLock), says(sEnd))), model.Deadlock, "",
		},
		{
			"who detaches does not wait",
			s.program(run(starts(), says(sDetach), isNot(g0, 0), touch(vm)), run(store(g0, 1), says(sEnd))),
			model.Violation, model.AssertKind,
		},
		{
			"two join one", s.program(run(starts(), says(sJoin)), run(says(sJoin)), run(touch(vm), says(sEnd))),
			model.Deadlock, "",
		},
		{
			"one that is detached twice", s.program(run(starts(), says(sDetach)), run(touch(vm), says(sDetach), says(sEnd))),
			model.Deadlock, "",
		},
		{
			"alike on two domains, but one is started", setting{domains: 2, lives: true}.program(
				run(store(x0, 1), store(x0, 2)), actor{on: []int{0}, body: list(starts())},
				actor{on: []int{1}, body: list(store(x0, 1), store(x0, 2))},
			), model.OK, "",
		},
		{"the end of the process ends all", s.program(run(waitsFor(g0)), run(exits(1)), run(touch(vm))), model.OK, ""},
		{
			"a rule may be broken before the end", s.program(run(bad, step), run(exits(1)), run(touch(vm))),
			model.Violation, model.AssertKind,
		},
		{"no rule is broken after the end", s.program(run(exits(1), bad, step), run(touch(vm))), model.OK, ""},
		{
			"a loop ends as well", s.program(actor{body: list(touch(vm)), loop: true}, run(exits(2)),
				run(touch(vm))), model.OK, "",
		},
		{
			"a lock of who was cut off is no leak", s.program(run(lock(extraLock), touch(vm), unlock(extraLock)), run(exits(1)),
				run(touch(vm))),
			model.OK, "",
		},
		{"a reference of who was cut off is no leak", counted.program(run(ref(vm), waitsFor(g0)), run(exits(1)),
			run(touch(vm))), model.OK, ""},
		{
			"a reference of who came to an end is one", counted.program(run(ref(vm), starts()), run(exits(1))),
			model.Violation, model.RefCount,
		},
		{"nobody asks who exits anyhow", counted.program(run(ref(vm), exits(2)), run(touch(vm))), model.OK, ""},
	}
}
