package scenarios

import (
	"context"
	"fmt"
	"regexp"

	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

var domainName = regexp.MustCompile(`^vm[0-9]+$`)

// A death is a domain that may die, and the line that says so.
type death struct {
	domain string
	pos    model.Pos
}

// deaths lists the domains that may die, in the order of their appearance. A fault of the whole
// scenario strikes every domain that a thread was given; a fault of one thread strikes that
// thread's.
func (sc *Scenario) deaths() []death {
	var ds []death
	seen := map[string]bool{}
	for _, t := range sc.Threads {
		if !t.faults.has(DomainDeath) {
			continue
		}
		for _, a := range t.args {
			if domainName.MatchString(a.Text) && !seen[a.Text] {
				seen[a.Text] = true
				ds = append(ds, death{a.Text, t.faults[DomainDeath]})
			}
		}
	}
	return ds
}

// size counts the threads of the program.
func (sc *Scenario) size() int {
	n := len(sc.deaths())
	for _, t := range sc.Threads {
		n += t.Count
	}
	return n
}

// closed lists the threads of the program: those of the suite one by one, then one for each death.
func (sc *Scenario) closed() []lower.Thread {
	var all []lower.Thread
	posix := sc.Suite.Protocol == ""
	for _, t := range sc.Threads {
		one := lower.Thread{Pos: t.functionPos, Function: t.function, Args: t.args, Loop: t.Loop, Faults: t.faults.ofThreads(posix)}
		for range t.Count {
			all = append(all, one)
		}
	}
	for _, d := range sc.deaths() {
		all = append(all, lower.Thread{
			Pos: d.pos, Function: DeathFunction, Args: []lower.Arg{{Pos: d.pos, Text: d.domain}}, Faults: sc.faults.ofThreads(posix),
		})
	}
	return all
}

// Closed lists the threads of the program, in its order: those of the suite one by one, then one
// for each domain that may die.
func (sc *Scenario) Closed() []lower.Thread { return sc.closed() }

// lower makes the program.
func (sc *Scenario) lower(ctx context.Context, work int64) (*model.Program, error) {
	unit, err := sc.Suite.compiled(ctx)
	if err != nil {
		return nil, err
	}
	if d := sc.deaths(); len(d) > 0 && !unit.HasFunction(DeathFunction) {
		var ds syntax.Diagnostics
		ds.Add(d[0].pos, fmt.Sprintf("the fault %s needs a function %s, which neither the protocol nor the sources define", DomainDeath, DeathFunction), "")
		return nil, ds.Err()
	}
	p, err := unit.Program(meter.Holding(ctx, unit.Held()), sc.closed(), lower.Options{
		IgnoreRequires: sc.IgnoreRequires, IgnoreLeaks: sc.ignoresLeaks(), Work: work,
	})
	if err == nil && sc.Suite.real != nil {
		p.Omitted, err = sc.Suite.omitted(ctx)
	}
	return p, err
}
