package modeltest

import "github.com/lockproof/lockproof/model"

// outsideCases are about threads that wait for what never comes: the first of each program does.
func outsideCases() []Case {
	s, counted := setting{}, setting{counted: true}
	first := func(p *model.Program) *model.Program {
		for i := range p.Threads[0].Nodes {
			n := &p.Threads[0].Nodes[i]
			n.Outside = n.Op == model.OpFinish
		}
		return p
	}
	return []Case{
		{"who waits for ever leaks no lock", first(s.program(run(lock(extraLock)))), model.OK, ""},
		{"and keeps it", first(s.program(run(lock(extraLock)), run(lock(extraLock), unlock(extraLock)))), model.Deadlock, ""},
		{
			"beside a loop", first(s.program(run(lock(extraLock)), run(lock(extraLock), unlock(extraLock)),
				actor{body: list(touch(vm)), loop: true})), model.PartialDeadlock, "",
		},
		{"it leaks no reference", first(counted.program(run(ref(vm)))), model.OK, ""},
		{
			"and nobody is asked for his beside it", first(counted.program(run(touch(vm)), run(ref(vm)))), model.OK, "",
		},
		{
			"others leak their locks", first(s.program(run(touch(vm)), run(lock(extraLock)))), model.Violation, model.LockLeak,
		},
	}
}
