package modeltest

import "github.com/lockproof/lockproof/model"

// domainCases are about objects that come and go, and about which of them can be exchanged.
func domainCases() []Case {
	counted := setting{counted: true}
	listed := setting{counted: true, listed: true}
	two := setting{domains: 2}
	drop := list(lock(vmLock), unref(vm, unlock(vmLock)))
	on := func(d int, body ...stmt) actor { return actor{on: []int{d}, body: body} }
	both := func(a, b int, body ...stmt) actor { return actor{on: []int{a, b}, body: body} }
	critical := list(lock(vmLock), store(x0, 1), store(x0, 0), unlock(vmLock))
	return []Case{
		{
			// Merged with what comes before it, the touch would always come in time: the other
			// frees the domain only when it sees that this thread has been there.
			"a touch after the unlock", counted.program(
				run(lock(vmLock), store(g0, 1), unlock(vmLock), touch(vm)),
				run(lock(vmLock), branch(g0, 1, list(unref(vm, unlock(vmLock))), list(unlock(vmLock)))),
			), model.Violation, model.UseAfterRelease,
		},
		{
			"a touch of the second of two objects", setting{domains: 2, counted: true}.program(
				both(0, 1, isNot(name{1, 0}, 2), touch(vm)), on(1, drop...),
			), model.Violation, model.UseAfterRelease,
		},
		{
			"the job of a domain that is gone", counted.program(
				run(lock(vmLock), stmt{op: sTake, a: vm}, unref(vm, unlock(vmLock))),
			), model.OK, "",
		},
		{
			"the job of a domain that another frees", counted.program(
				run(lock(vmLock), stmt{op: sTake, a: vm}, unlock(vmLock)),
				run(lock(vmLock), unref(vm, unlock(vmLock))),
			), model.Violation, model.JobLeak,
		},
		{
			"the lock of a domain that is gone", counted.program(run(lock(vmLock), lock(monLock), unref(vm, unlock(vmLock)))),
			model.OK, "",
		},
		{"a lock that lies in no object is kept", counted.program(run(lock(extraLock))), model.Violation, model.LockLeak},
		{
			"a lock is kept", counted.program(run(lock(vmLock), lock(monLock), unlock(monLock))),
			model.Violation, model.LockLeak,
		},
		{
			// Whether the domain is on its list is read under one lock and changed under another.
			"a look-up while it is taken off the list", listed.program(
				run(lock(vmLock), ref(vm), remove(vm), store(g0, 1), unref(vm, unlock(vmLock))),
				run(lock(driverLock), stmt{
					op: sFind, a: vm, then: list(unlock(vmLock)), other: list(isNot(g0, 0), touch(name{where: global})),
				}, unlock(driverLock)),
			), model.Violation, "",
		},
		{
			"a look-up between a store and the removal, which has no lock", listed.program(
				run(ref(vm), store(g0, 1), remove(vm)), run(branch(g0, 1, list(find(vm, never(), unlock(vmLock))), nil)),
			), model.Violation, model.AssertKind,
		},
		{
			"a check before a look-up of what is off its list", listed.program(
				run(lock(vmLock), ref(vm), remove(vm), unlock(vmLock), store(g0, 1)),
				run(while(g0, 0), isNot(g0, 1), find(vm, unlock(vmLock))),
			), model.Violation, model.AssertKind,
		},
		{
			"a look-up of what is gone", listed.program(
				run(lock(vmLock), remove(vm), unlock(vmLock)),
				run(lock(driverLock), find(vm, unlock(vmLock)), unlock(driverLock)),
			), model.Violation, "",
		},
		{
			"a reference too many", counted.program(run(lock(vmLock), ref(vm), unlock(vmLock))),
			model.Violation, model.RefCount,
		},
		{
			"references without end", counted.program(actor{body: list(lock(vmLock), ref(vm), unlock(vmLock)), loop: true}),
			model.Violation, model.RefCount,
		},
		{
			// Each domain has a thread of its own, and they could be exchanged but for the third.
			"a thread on two domains", two.program(
				on(0, critical...), on(1, critical...),
				both(0, 1, lock(vmLock), lock(vm2Lock), isNot(x0, 1), unlock(vm2Lock), unlock(vmLock)),
			), model.OK, "",
		},
		{
			"a thread whose check reads two domains", two.program(
				on(0, critical...), on(1, critical...),
				both(0, 1, isNot(name{1, 0}, 1), touch(vm)),
			), model.Violation, model.AssertKind,
		},
		{
			"a thread that waits on one domain with the lock of another", two.program(
				on(0, critical...), on(1, critical...),
				both(0, 1, lock(vm2Lock), stmt{op: sWait, a: jobCond, b: vm2Lock}, unlock(vm2Lock)),
				on(0, signal(jobCond)),
			), model.Deadlock, "",
		},
		{
			"two domains in two orders", two.program(
				both(0, 1, lock(vmLock), lock(vm2Lock), unlock(vm2Lock), unlock(vmLock)),
				both(1, 0, lock(vmLock), lock(vm2Lock), unlock(vm2Lock), unlock(vmLock)),
			), model.Deadlock, "",
		},
		{
			"three equal domains", setting{domains: 3}.program(on(0, critical...), on(1, critical...), on(2, critical...)),
			model.OK, "",
		},
		{
			"a pointer names a domain", setting{domains: 2, pointer: true}.program(
				on(0, store(name{global, 2}, 1), branch(name{global, 2}, 2, list(store(x0, 1)), nil)),
				on(1, store(name{global, 2}, 1), branch(name{global, 2}, 2, list(store(x0, 1)), nil)),
			), model.OK, "",
		},
		{
			"equal threads, one of which loops", two.program(on(0, critical...),
				actor{on: []int{0}, body: critical, loop: true}),
			model.OK, "",
		},
	}
}
