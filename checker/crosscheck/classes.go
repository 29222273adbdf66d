package crosscheck

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// maxLocations bounds the locations of all threads, which Promela numbers with 16 bits.
const maxLocations = 1 << 15

// ErrEndsOthers is the error for a program of which [model.Program.EndsOthers] is true: the engines
// have no step that puts every process elsewhere.
var ErrEndsOthers = errors.New("crosscheck: a restart of the daemon and a fork cannot be exported")

func newPlan(p *model.Program) (*plan, error) {
	pl := &plan{program: p, names: newNames(p), exit: p.Exit()}
	if p.Source != nil {
		return nil, errors.New("crosscheck: a program that lacks steps cannot be exported")
	}
	if p.EndsOthers() {
		return nil, ErrEndsOthers
	}
	gates := p.Gates()
	if err := pl.fits(); err != nil {
		return nil, err
	}
	if err := pl.small(); err != nil {
		return nil, err
	}
	base := 0
	for i := range p.Threads {
		t := &p.Threads[i]
		if c := pl.classOf(t); c != nil && gates[i] == model.None {
			c.threads = append(c.threads, i)
			continue
		}
		pl.classes = append(pl.classes, &class{
			thread: t, threads: []int{i}, base: base, name: pl.names.unique(t.Name),
			gate: gates[i],
		})
		base += len(t.Nodes)
	}
	if base > maxLocations {
		return nil, fmt.Errorf("crosscheck: %d locations are more than %d", base, maxLocations)
	}
	for _, c := range pl.classes {
		c.places = pl.places(c.thread)
		if len(c.thread.Start) == 0 {
			return nil, fmt.Errorf("crosscheck: %s starts nowhere", c.thread.Name)
		}
	}
	pl.kinds = pl.allKinds()
	return pl, nil
}

// classOf finds the class of threads that do the same; names and arguments follow from what they
// do.
func (p *plan) classOf(t *model.Thread) *class {
	for _, c := range p.classes {
		if c.gate == model.None && c.thread.Name == t.Name && c.thread.Loop == t.Loop &&
			reflect.DeepEqual(c.thread.Start, t.Start) && reflect.DeepEqual(c.thread.Nodes, t.Nodes) {
			return c
		}
	}
	return nil
}

// fits reports values for which SPIN and TLC have no integers.
func (p *plan) fits() error {
	check := func(cs []model.Check) error {
		for i := range cs {
			if cs[i].Cond != nil {
				if _, err := rangeOf(p.program, cs[i].Cond); err != nil {
					return fmt.Errorf("%w: %s: %s", err, cs[i].Pos, cs[i].Text)
				}
			}
			if number(cs[i].Kind) == 0 {
				return fmt.Errorf("crosscheck: %s: %q is not a kind of rule", cs[i].Pos, cs[i].Kind)
			}
		}
		return nil
	}
	for v := range p.program.Vars {
		if _, err := rangeOf(p.program, equals(model.VarID(v), 0)); err != nil {
			return fmt.Errorf("%w: %s", err, p.program.Vars[v].Name)
		}
	}
	for i := range p.program.Threads {
		for k := range p.program.Threads[i].Nodes {
			n := &p.program.Threads[i].Nodes[k]
			if err := check(n.Checks); err != nil {
				return err
			}
		}
	}
	return nil
}

// allKinds lists the kinds that some check of the program, or some state, can have.
func (p *plan) allKinds() []model.Kind {
	used := map[model.Kind]bool{}
	for _, c := range p.classes {
		for i := range c.places {
			pl := &c.places[i]
			for _, f := range pl.fails {
				used[f.kind] = true
			}
			if pl.node.Op == model.OpFinish && !pl.node.Outside {
				used[model.LockLeak] = used[model.LockLeak] || len(pl.node.Held) > 0
				used[model.JobLeak] = used[model.JobLeak] || len(pl.node.Owns) > 0
			}
		}
	}
	used[model.RefCount] = used[model.RefCount] || p.counted()
	var kinds []model.Kind
	for _, k := range numbered {
		if used[k] {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// counted reports whether references can leak.
func (p *plan) counted() bool {
	return slices.ContainsFunc(p.program.Objects, func(o model.Object) bool { return o.Refs != model.None }) ||
		slices.ContainsFunc(p.program.Vars, func(v model.Var) bool { return v.Counts })
}

// numbered are the kinds in the order of their numbers in Promela, from 1.
// Nobody comes to what is unexplored in a closed program.
var numbered = slices.Concat(model.Kinds(), model.Exceeding(), []model.Kind{model.Unexplored})

func number(k model.Kind) int { return slices.Index(numbered, k) + 1 }

// location is the number of a node.
func (c *class) location(n model.NodeID) int { return c.base + int(n) }

// whose lists the threads of a class as texts name them: T1, T2.
func (c *class) whose() string {
	var ts []string
	for _, t := range c.threads {
		ts = append(ts, "T"+strconv.Itoa(t+1))
	}
	text := strings.Join(ts, ", ") + ": " + c.thread.Name
	if c.thread.Loop {
		text += ", for ever"
	}
	return text
}

// leaks gives the conditions under which a thread that finishes at n leaks a lock, or, with all
// locks in order, a job.
func (p *plan) leaks(n *model.Node) (lock, job *model.Expr) {
	lock, job = never, never
	if n.Outside {
		return lock, job
	}
	for _, l := range n.Held {
		lock = or(lock, negate(p.gone(p.program.Locks[l].Object)))
	}
	for _, v := range n.Owns {
		job = or(job, negate(p.gone(p.program.Vars[v].Object)))
	}
	return lock, and(negate(lock), job)
}

// balanced is the condition that no reference has leaked, once every thread is finished.
func (p *plan) balanced() *model.Expr {
	all := constant(1)
	for i := range p.program.Objects {
		o := &p.program.Objects[i]
		if o.Refs == model.None {
			continue
		}
		want := p.program.Vars[o.Refs].Initial
		right := equals(o.Refs, want)
		if o.Listed != model.None {
			listed := compare(model.Ne, o.Listed, 0)
			right = or(and(listed, right), and(negate(listed), equals(o.Refs, want-1)))
		}
		all = and(all, or(p.gone(model.ObjectID(i)), right))
	}
	for v := range p.program.Vars {
		if x := &p.program.Vars[v]; x.Counts {
			all = and(all, or(p.gone(x.Object), equals(model.VarID(v), x.Initial)))
		}
	}
	return all
}

// begins reports whether threads may stand at a location before they exist.
func (c *class) begins(n model.NodeID) bool {
	return c.gate != model.None && slices.ContainsFunc(c.thread.Start, func(e model.Edge) bool { return e.To == n })
}

// gated reports whether some thread is started by another.
func (p *plan) gated() bool {
	return slices.ContainsFunc(p.classes, func(c *class) bool { return c.gate != model.None })
}

// waitsOutside reports whether some thread may wait for ever for what lies outside of the program.
func (p *plan) waitsOutside() bool {
	return slices.ContainsFunc(p.classes, func(c *class) bool {
		return slices.ContainsFunc(c.thread.Nodes, func(n model.Node) bool { return n.Outside })
	})
}

// loops reports whether some thread never finishes.
func (p *plan) loops() bool {
	return slices.ContainsFunc(p.program.Threads, func(t model.Thread) bool { return t.Loop })
}

// sleepers maps a node that a signal leads to to the node in which the thread sleeps until then.
func (c *class) sleepers() (map[model.NodeID]model.NodeID, error) {
	m := map[model.NodeID]model.NodeID{}
	for i := range c.places {
		n := c.places[i].node
		if n.Op != model.OpSleep {
			continue
		}
		if _, ok := m[n.Wake]; ok {
			return nil, fmt.Errorf("crosscheck: two waits of %s wake up at one location", c.thread.Name)
		}
		m[n.Wake] = model.NodeID(i)
	}
	return m, nil
}
