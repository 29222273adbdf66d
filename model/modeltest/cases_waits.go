package modeltest

import "github.com/lockproof/lockproof/model"

// waitCases are about waking and about who can never finish.
func waitCases() []Case {
	s := setting{}
	// want waits until the variable is set.
	want := run(lock(extraLock), while(g0, 0, wait(ready, extraLock)), unlock(extraLock))
	// passing wakes the others each time that it is woken, for nothing.
	passing := func(wake func(name) stmt) actor {
		return run(lock(extraLock), while(g0, 0, wake(ready), wait(ready, extraLock)), unlock(extraLock))
	}
	// perhaps wakes the others in one of two outcomes, each time that it is woken.
	perhaps := func(outcome int) actor {
		outcomes := [2][]stmt{}
		outcomes[outcome] = list(broadcast(ready))
		return run(lock(extraLock), while(g0, 0, fork(outcomes[0], outcomes[1]), wait(ready, extraLock)), unlock(extraLock))
	}
	// The others pass a sleeper on both sides: their places have lower and higher numbers than his.
	firstSleeps := actor{body: list(
		lock(extraLock), branch(g0, 0, list(store(g0, 1), wait(ready, extraLock)), list(store(g0, 2))), unlock(extraLock),
		touch(vm), touch(vm),
	), loop: true}
	return []Case{
		{
			// No thread loops, and yet nobody comes to an end: each broadcast makes another one
			// necessary.
			"run-once threads wake each other for ever", s.program(passing(broadcast), passing(broadcast)),
			model.PartialDeadlock, "",
		},
		{
			"run-once threads signal each other for ever", s.program(passing(signal), passing(signal)),
			model.PartialDeadlock, "",
		},
		{"a broadcast on the first of two ways back", s.program(perhaps(0), perhaps(0)), model.Deadlock, ""},
		{"a broadcast on the second of two ways back", s.program(perhaps(1), perhaps(1)), model.Deadlock, ""},
		{
			"nobody knows where one goes on", s.program(run(touch(vm), fork(list(store(g0, 1)), list(store(g1, 1))))),
			model.OK, "",
		},
		{
			"a signal and then nobody knows", s.program(
				run(lock(extraLock), wait(ready, extraLock), unlock(extraLock)),
				run(lock(extraLock), wait(ready, extraLock), unlock(extraLock)),
				run(lock(extraLock), signal(ready), fork(list(store(g0, 1)), list(store(g1, 1))), unlock(extraLock)),
			), model.Deadlock, "",
		},
		{
			"a broadcast and then nobody knows", s.program(
				want, want, run(lock(extraLock), store(g0, 1), broadcast(ready), fork(list(store(g0, 2)), nil), unlock(extraLock)),
			), model.OK, "",
		},
		{
			"a broadcast reaches the sleepers on its condition alone", s.program(
				want, run(lock(vmLock), wait(jobCond, vmLock), unlock(vmLock)),
				run(lock(extraLock), store(g0, 1), broadcast(ready), unlock(extraLock)),
			), model.Deadlock, "",
		},
		{
			"a sleeper keeps the lock", s.program(
				run(lock(extraLock), while(g0, 0, stmt{op: sWait, a: ready, b: extraLock, keeps: true}), unlock(extraLock)),
				run(lock(extraLock), store(g0, 1), broadcast(ready), unlock(extraLock)),
			), model.Deadlock, "",
		},
		{
			"a sleeper keeps the lock and is woken without it", s.program(
				run(lock(extraLock), while(g0, 0, stmt{op: sWait, a: ready, b: extraLock, keeps: true}), unlock(extraLock)),
				actor{body: list(store(g0, 1), broadcast(ready)), loop: true},
			), model.OK, "",
		},
		{
			// Three equal threads: an exchange of them is not always its own inverse.
			"one of three equal threads sleeps for ever", s.program(firstSleeps, firstSleeps, firstSleeps),
			model.PartialDeadlock, "",
		},
		{
			"one of four equal threads sleeps for ever", s.program(firstSleeps, firstSleeps, firstSleeps, firstSleeps),
			model.PartialDeadlock, "",
		},
		{
			"a stolen signal leaves another asleep", s.program(
				actor{body: want.body, faults: faults{timeout: true, stolen: true}}, want,
				run(lock(extraLock), store(g0, 1), signal(ready), unlock(extraLock)),
			), model.Deadlock, "",
		},
		{
			"a round begins with a step that nobody sees", s.program(
				actor{body: list(touch(vm), lock(extraLock), unlock(extraLock)), loop: true},
				run(lock(extraLock), unlock(extraLock)),
			), model.OK, "",
		},
		{
			"a loop that only reads", s.program(
				run(while(g0, 0)), run(store(g0, 1)),
			), model.OK, "",
		},
		{
			"a loop that nobody ends", s.program(run(while(g0, 0)), run(store(g1, 1))), model.PartialDeadlock, "",
		},
	}
}
