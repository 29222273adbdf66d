package schedule

import (
	"fmt"

	"github.com/lockproof/lockproof/driver"
)

// A Drill is a program on the driver, and what it is for.
type Drill struct {
	Why             string
	Threads, Starts string // as [ParseThreads] and [ParseStarts] read them
	Faults          []driver.Fault
	FaultsPerThread int // 0: once
}

// Program is the drill as a program; h may be nil.
func (d *Drill) Program(h Recording) (*Program, error) {
	c := DriverConfig{History: h}
	var err error
	if c.Threads, err = ParseThreads(d.Threads); err != nil {
		return nil, fmt.Errorf("%s: %w", d.Threads, err)
	}
	if c.Starts, err = ParseStarts(d.Starts); err != nil {
		return nil, fmt.Errorf("%s: %w", d.Threads, err)
	}
	if err := c.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", d.Threads, err)
	}
	return Driver(c), nil
}

// Options are how a drill is searched: exhaustively.
func (d *Drill) Options() Options {
	return Options{Faults: d.Faults, FaultsPerThread: d.FaultsPerThread}
}

// Battery is a fixed set of drills that a sound driver passes, each in all interleavings. It grows
// with what is found.
func Battery() []Drill {
	timeout := []driver.Fault{driver.WaitTimeout}
	spurious := []driver.Fault{driver.WaitTimeout, driver.SpuriousWake}
	every := driver.Faults()
	return []Drill{
		{Why: "who is woken looks again whether the job is free", Threads: "query(vm1) x3"},
		{Why: "the driver is let go of for the wait, and taken back in order", Threads: "query(vm1) x2, modify(vm1)"},
		{
			Why:     "with the driver, without it, and with it while QEMU answers",
			Threads: "query(vm1), relock(vm1), wdriver(vm1)",
		},
		{Why: "no domain keeps another waiting", Threads: "query(vm1), query(vm2), modify(vm1)"},
		{Why: "who gives up leaves the domain as it was", Threads: "query(vm1) x2", Faults: spurious},
		{Why: "who gives up with the driver gets it back", Threads: "query(vm1), modify(vm1), info(vm1)", Faults: timeout},
		{
			Why: "who gives up may have the last reference", Threads: "destroy(vm1) x2", Starts: "vm1=transient",
			Faults: timeout,
		},
		{Why: "who waits finds the domain undefined", Threads: "query(vm1), modify(vm1), undefine(vm1)"},
		{Why: "two cannot undefine one domain", Threads: "undefine(vm1) x2, define(vm1)", Starts: "vm1=stopped"},
		{Why: "two cannot start one domain", Threads: "start(vm1) x2", Starts: "vm1=stopped"},
		{
			Why: "a domain that starts is not undefined meanwhile", Threads: "start(vm1), undefine(vm1), define(vm1)",
			Starts: "vm1=stopped",
		},
		{Why: "a start ends as it should, whatever QEMU does", Threads: "start(vm1)", Starts: "vm1=stopped", Faults: every},
		{
			Why: "a start that fails is no start for others", Threads: "start(vm1), info(vm1)", Starts: "vm1=stopped",
			Faults: []driver.Fault{driver.DomainDeath, driver.Garbage, driver.SpawnFailure},
		},
		{Why: "QEMU dies while it starts", Threads: "start(vm1), crash(vm1)", Starts: "vm1=stopped"},
		{Why: "a domain that starts is destroyed", Threads: "start(vm1), destroy(vm1)", Starts: "vm1=stopped"},
		{
			Why: "a transient domain is gone when it is destroyed", Threads: "modify(vm1), destroy(vm1), info(vm1)",
			Starts: "vm1=transient",
		},
		{Why: "a query ends as it should, whatever QEMU does", Threads: "query(vm1)", Faults: every},
		{Why: "a change ends as it should, whatever QEMU does", Threads: "modify(vm1)", Faults: every},
		{Why: "the memory is what QEMU was told", Threads: "set-memory(vm1, 4096)+info(vm1)", Faults: every},
		{Why: "the last to set the memory has set it", Threads: "set-memory(vm1, 1)+info(vm1), set-memory(vm1, 2)"},
		{Why: "a long job ends as it should, whatever QEMU does", Threads: "long-job(vm1, 2)", Faults: every},
		{
			Why:     "others get at the domain, not its job, between the rounds of a long one",
			Threads: "long-job(vm1, 2), query(vm1), info(vm1)",
		},
		{Why: "QEMU dies under two queries", Threads: "query(vm1) x2, crash(vm1)"},
		{Why: "QEMU dies under who locks the driver again", Threads: "relock(vm1), crash(vm1), info(vm1)"},
		{
			Why: "QEMU dies under a long job of a domain that is not defined", Threads: "wdriver(vm1), crash(vm1)",
			Starts: "vm1=transient",
		},
		{
			Why: "a domain that dies is gone at once, or defined in time", Threads: "crash(vm1), define(vm1), info(vm1)",
			Starts: "vm1=transient",
		},
		{Why: "death and destruction, of which one comes second", Threads: "crash(vm1), destroy(vm1), info(vm1)"},
		{Why: "a death belongs to the QEMU that died", Threads: "destroy(vm1)+start(vm1), crash(vm1)"},
		{Why: "a suspension is that of the QEMU that was told", Threads: "suspend(vm1), destroy(vm1)+start(vm1)"},
		{Why: "what the guest does is what QEMU said last", Threads: "suspend(vm1), resume(vm1), query(vm1)"},
		{Why: "an event between the answers", Threads: "query(vm1), modify(vm1), event(vm1)"},
		{Why: "all who wait for the end are told", Threads: "wait(vm1) x2, destroy(vm1)"},
		{Why: "who waits for the end is told once", Threads: "wait(vm1), destroy(vm1)+destroy(vm1)"},
		{Why: "who waits for the end is told of a death", Threads: "wait(vm1), crash(vm1), info(vm1)"},
		{Why: "who waits for the end may give up", Threads: "wait(vm1), destroy(vm1), info(vm1)", Faults: timeout},
		{
			Why: "a query and a destruction, whatever QEMU does", Threads: "query(vm1), destroy(vm1)",
			Starts: "vm1=transient", Faults: every,
		},
		{Why: "the driver ends under two queries", Threads: "query(vm1) x2, shutdown()"},
		{Why: "the driver ends under who waits with it locked again", Threads: "relock(vm1), wdriver(vm1), shutdown()"},
		{Why: "the driver ends under a start", Threads: "start(vm1), shutdown()", Starts: "vm1=stopped"},
		{
			Why: "the driver ends while domains come and go", Threads: "define(vm1), undefine(vm2), shutdown()",
			Starts: "vm1=absent",
		},
		{
			Why: "the driver ends under who waits for an end, or gives up", Threads: "wait(vm1), destroy(vm1), shutdown()",
			Faults: timeout,
		},
		{Why: "the driver ends twice, and a QEMU dies", Threads: "crash(vm1), shutdown() x2"},
		{
			Why: "the driver ends under a start that goes wrong", Threads: "start(vm1), shutdown()", Starts: "vm1=stopped",
			Faults: []driver.Fault{driver.DomainDeath, driver.SpawnFailure, driver.CommandError},
		},
		{Why: "the driver ends, and so does a domain", Threads: "destroy(vm1), shutdown()", Starts: "vm1=transient"},
		{Why: "four queries, one after the other", Threads: "query(vm1) x4"},
		{Why: "a domain is destroyed and started under a query", Threads: "query(vm1), destroy(vm1)+start(vm1)"},
		{Why: "a domain that nobody defines any more is defined again", Threads: "undefine(vm1)+define(vm1), destroy(vm1)"},
		{
			Why: "QEMU dies while it starts, and the domain is undefined", Threads: "start(vm1), crash(vm1), undefine(vm1)",
			Starts: "vm1=stopped",
		},
		{Why: "two domains start at once", Threads: "start(vm1), start(vm2)", Starts: "vm1=stopped,vm2=stopped"},
		{Why: "a name is used again", Threads: "undefine(vm1)+define(vm1)+info(vm1), query(vm1)", Starts: "vm1=stopped"},
		{Why: "QEMU dies twice", Threads: "crash(vm1)+crash(vm1), start(vm1)", Starts: "vm1=running"},
		{
			Why: "two faults in one call", Threads: "suspend(vm1), query(vm1)",
			Faults: []driver.Fault{driver.WaitTimeout, driver.SpuriousWake, driver.WrongID}, FaultsPerThread: 2,
		},
		{Why: "a job that is refused leaves the next its turn", Threads: "long-job(vm1, 1), destroy(vm1)", Faults: timeout},
	}
}
