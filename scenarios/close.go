package scenarios

import (
	"context"
	"fmt"
	"regexp"
	"slices"

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

// restart is the line that says that the daemon may be restarted, and whether there is one.
func (sc *Scenario) restart() (model.Pos, bool) {
	for _, t := range sc.Threads {
		if pos, ok := t.faults[DaemonRestart]; ok {
			return pos, true
		}
	}
	return model.Pos{}, false
}

// domains lists the domains that threads were given, in the order of their appearance, each once.
func (sc *Scenario) domains() []string {
	var names []string
	for _, t := range sc.Threads {
		for _, a := range t.args {
			if domainName.MatchString(a.Text) && !slices.Contains(names, a.Text) {
				names = append(names, a.Text)
			}
		}
	}
	return names
}

// size counts the threads of the program.
func (sc *Scenario) size() int {
	n := len(sc.deaths())
	if _, ok := sc.restart(); ok {
		n++
	}
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
		one := lower.Thread{
			Pos: t.functionPos, Function: t.function, Args: t.args, Loop: t.Loop, Faults: t.faults.ofThreads(posix),
		}
		for range t.Count {
			all = append(all, one)
		}
	}
	for _, d := range sc.deaths() {
		all = append(all, lower.Thread{
			Pos: d.pos, Function: DeathFunction, Args: []lower.Arg{{Pos: d.pos, Text: d.domain}},
			Faults: sc.faults.ofThreads(posix),
		})
	}
	if pos, ok := sc.restart(); ok {
		t := lower.Thread{Pos: pos, Function: RestartFunction, Restarts: true, Faults: sc.faults.ofThreads(posix)}
		for _, name := range sc.domains() {
			t.Args = append(t.Args, lower.Arg{Pos: pos, Text: name})
		}
		all = append(all, t)
	}
	return all
}

// Closed lists the threads of the program, in its order: those of the suite one by one, then one
// for each domain that may die, then what the daemon does when it was restarted.
func (sc *Scenario) Closed() []lower.Thread { return sc.closed() }

// undefined reports faults that need a function which the C does not define.
func (sc *Scenario) undefined(unit *lower.Unit) error {
	var ds syntax.Diagnostics
	lacks := func(f Fault, pos model.Pos) {
		if name := f.Function(); !unit.HasFunction(name) {
			text := "the fault %s needs a function %s, which neither the protocol nor the sources define"
			ds.Add(pos, fmt.Sprintf(text, f, name), "")
		}
	}
	if d := sc.deaths(); len(d) > 0 {
		lacks(DomainDeath, d[0].pos)
	}
	if pos, ok := sc.restart(); ok {
		lacks(DaemonRestart, pos)
	}
	return ds.Err()
}

// lower makes the program.
func (sc *Scenario) lower(ctx context.Context, work int64) (*model.Program, error) {
	unit, err := sc.Suite.compiled(ctx)
	if err != nil {
		return nil, err
	}
	if err := sc.undefined(unit); err != nil {
		return nil, err
	}
	p, err := unit.Program(meter.Holding(ctx, unit.Held()), sc.closed(), lower.Options{
		IgnoreRequires: sc.IgnoreRequires, IgnoreLeaks: sc.ignoresLeaks(), Work: work,
	})
	if err == nil && sc.Suite.real != nil {
		p.Omitted, err = sc.Suite.omitted(ctx)
	}
	return p, err
}
