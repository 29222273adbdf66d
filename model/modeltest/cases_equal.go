package modeltest

import "github.com/lockproof/lockproof/model"

// equalCases are about domains that are equal but for one thing: their exchange would be noticed.
func equalCases() []Case {
	s := setting{domains: 2, counted: true}
	violation, assert, ok := model.Violation, model.AssertKind, model.OK
	on := func(d int, body ...stmt) actor { return actor{on: []int{d}, body: body} }
	pair := func(a, b []stmt) *model.Program { return s.program(on(0, a...), on(1, b...)) }
	refs := func(p *model.Program, domain string, initial int64) *model.Program {
		for i := range p.Vars {
			if p.Vars[i].Name == domain+".refs" {
				p.Vars[i].Initial = initial
			}
		}
		return p
	}
	values := func(p *model.Program, name string, values ...int64) *model.Program {
		for i := range p.Vars {
			if p.Vars[i].Name == name {
				p.Vars[i].Values = values
			}
		}
		return p
	}
	drop := list(lock(vmLock), unref(vm, unlock(vmLock)))
	set := list(store(x0, 1), isNot(x0, 0), touch(vm))
	waiting := list(lock(vmLock), stmt{op: sWait, a: jobCond, b: vmLock, other: list(never(), touch(vm))}, unlock(vmLock))
	both := func(d, e int) actor {
		first, second := touch(name{where: 0}), touch(name{where: 1})
		return actor{on: []int{d, e}, body: list(first, second, first, second)}
	}
	return []Case{
		{"equal but for the references of the start", refs(pair(drop, drop), "vm2", 2), violation, model.RefCount},
		{"equal but for the values that a variable can have", values(pair(set, set), "vm2.x0", -1, 0, 1), ok, ""},
		{
			"equal but for what is stored", pair(
				list(store(x0, 1), isNot(x0, 2), touch(vm)), list(store(x0, 2), isNot(x0, 2), touch(vm)),
			), violation, assert,
		},
		{
			"equal but for the constant of a check", pair(
				list(store(x0, 1), isNot(x0, 2), touch(vm)), list(store(x0, 1), isNot(x0, 1), touch(vm)),
			), violation, assert,
		},
		{
			"equal but for the variable of a check", pair(
				list(store(x0, 1), isNot(x0, 1), touch(vm)), list(store(x0, 1), isNot(g0, 1), touch(vm)),
			), violation, assert,
		},
		{
			"equal but for a check", pair(
				list(store(x0, 1), isNot(x0, 1), touch(vm)), list(store(x0, 1), touch(vm)),
			), violation, assert,
		},
		{
			"equal but for a check of the second", pair(
				list(store(x0, 1), touch(vm)), list(store(x0, 1), isNot(x0, 1), touch(vm)),
			), violation, assert,
		},
		{
			// The third thread is on no domain but for what it looks at.
			"equal but that a check of another looks at one", setting{domains: 2}.program(
				on(0, store(x0, 1), store(x0, 0)), on(1, store(x0, 1), store(x0, 0)),
				on(0, isNot(x0, 1), touch(name{where: global})),
			), violation, assert,
		},
		{
			"equal but for the lock", pair(
				list(lock(vmLock), touch(vm), unlock(vmLock)), list(lock(monLock), touch(vm), unlock(monLock)),
			), ok, "",
		},
		{
			"equal but for the branch that fails", pair(
				list(store(x0, 1), branch(x0, 1, list(never(), touch(vm)), list(touch(vm)))),
				list(store(x0, 1), branch(x0, 2, list(never(), touch(vm)), list(touch(vm)))),
			), violation, assert,
		},
		{
			"equal but that one may give up", s.program(
				actor{on: []int{0}, body: waiting, faults: faults{timeout: true}}, actor{on: []int{1}, body: waiting},
			), violation, assert,
		},
		{
			"equal but for how the sleeper leaves", s.program(
				actor{on: []int{0}, body: waiting, faults: faults{timeout: true}},
				actor{on: []int{1}, body: waiting, faults: faults{spurious: true}},
			), violation, assert,
		},
		{
			"equal but for a thread more", s.program(on(0, set...), on(1, set...), on(1, set...)), ok, "",
		},
		{
			"equal but for one of two threads", s.program(
				on(0, set...), on(0, set...), on(1, set...), on(1, store(x0, 1), store(x0, 0)),
			), violation, assert,
		},
		{
			"two domains that are only stored to, and a thread on both", setting{domains: 2}.program(
				on(0, store(x0, 1), store(x0, 0)), on(1, store(x0, 1), store(x0, 0)),
				actor{on: []int{0, 1}, body: list(store(name{0, 0}, 2), store(name{1, 0}, 2))},
			), ok, "",
		},
		{
			// To exchange two domains is to exchange four threads, but no order of rows orders columns.
			"four domains, and each thread on two", setting{domains: 4}.program(
				both(0, 2), both(1, 2), both(0, 3), both(1, 3),
			), ok, "",
		},
		{
			"three equal domains with two threads each", setting{domains: 3}.program(
				on(0, store(x0, 1)), on(1, store(x0, 1)), on(2, store(x0, 1)),
				on(0, touch(vm), store(x0, 2)), on(1, touch(vm), store(x0, 2)), on(2, touch(vm), store(x0, 2)),
			), ok, "",
		},
	}
}
