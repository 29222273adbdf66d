package modeltest

import "github.com/lockproof/lockproof/model"

// lockCases are about what may be taken together with the step before.
func lockCases() []Case {
	s := setting{}
	return []Case{
		{
			// The one who only tries sees that the lock is taken, so giving it back is not to be
			// merged.
			"a failing trylock has an else", s.program(
				run(lock(extraLock), unlock(extraLock)),
				run(try(extraLock, list(unlock(extraLock)), list(never(), touch(vm)))),
			), model.Violation, model.AssertKind,
		},
		{
			"a failing trylock sees a wait begin", s.program(
				run(lock(extraLock), wait(ready, extraLock), unlock(extraLock)),
				run(try(extraLock, list(store(g0, 1), signal(ready), unlock(extraLock)), list(store(g1, 1)))),
				run(isNot(g1, 1), touch(vm)),
			), model.Violation, model.AssertKind,
		},
		{
			// What is written under a lock is read by a check without it.
			"a check reads without the lock", s.program(
				run(lock(extraLock), store(g0, 1), store(g0, 0), unlock(extraLock)),
				run(isNot(g0, 1), touch(vm)),
			), model.Violation, model.AssertKind,
		},
		{
			"the second variable of a check is read without the lock", s.program(
				run(lock(extraLock), store(g0, 1), store(g0, 0), unlock(extraLock)),
				run(store(g1, 1), must(map[name]int64{g1: 1, g0: 1}, g1, g0), touch(vm)),
			), model.Violation, model.AssertKind,
		},
		{
			// The lock protects what the step stores, and not what its check reads.
			"a check of a protected step reads what is not", s.program(
				run(store(g0, 1), store(g0, 0)),
				run(lock(extraLock), isNot(g0, 1), store(g1, 1), unlock(extraLock)),
			), model.Violation, model.AssertKind,
		},
		{
			"a store is read under another lock", s.program(
				run(lock(extraLock), store(g0, 1), store(g0, 0), unlock(extraLock)),
				run(lock(driverLock), branch(g0, 1, list(never(), touch(vm)), nil), unlock(driverLock)),
			), model.Violation, model.AssertKind,
		},
		{
			"two locks in two orders", s.program(
				run(lock(extraLock), lock(driverLock), unlock(driverLock), unlock(extraLock)),
				run(lock(driverLock), lock(extraLock), unlock(extraLock), unlock(driverLock)),
			), model.Deadlock, "",
		},
		{
			// The signal is a mover only where nobody leaves the waiter set of his own accord.
			"a sleeper gives up before the signal", s.program(
				actor{body: list(
					lock(extraLock), stmt{op: sWait, a: ready, b: extraLock, other: list(store(g1, 1))}, unlock(extraLock),
				), faults: faults{timeout: true}},
				run(lock(extraLock), store(g0, 1), signal(ready), unlock(extraLock),
					must(map[name]int64{g0: 1, g1: 1}, g0, g1), touch(vm)),
			), model.Violation, model.AssertKind,
		},
		{
			"a signal without the lock", s.program(
				run(lock(extraLock), wait(ready, extraLock), unlock(extraLock)),
				run(lock(extraLock), store(g0, 1), signal(ready), unlock(extraLock)),
				run(signal(ready)),
			), model.Deadlock, "",
		},
	}
}
