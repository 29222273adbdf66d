package conform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// A Direction says which side does what the other does not.
type Direction string

// The directions.
const (
	Forward  Direction = "the driver does what the model forbids"
	Backward Direction = "the driver never does what the model allows"
	Apart    Direction = "driver and model are in different states"
)

// Directions lists the directions.
func Directions() []Direction { return []Direction{Forward, Backward, Apart} }

// difference is what is wrong, without the way there.
type difference struct {
	direction Direction
	message   string
}

func differ(d Direction, format string, args ...any) *difference {
	return &difference{d, fmt.Sprintf(format, args...)}
}

// comparer holds a run of the driver against a state of the model.
type comparer[S model.Words] struct {
	m     *model.Machine[S]
	w     *world
	s     *S
	succs []model.Succ[S]
}

// states compares everything that is to be seen; nil when nothing differs.
func (c *comparer[S]) states() *difference {
	p := c.m.Program
	for t := range c.w.threads {
		if d := c.thread(t); d != nil {
			return d
		}
	}
	for l := range p.Locks {
		owner := model.None
		if m := c.w.mutexes[p.Locks[l].Name]; m == nil {
			return differ(Apart, "the driver has no lock %s", p.Locks[l].Name)
		} else if m.owner != nil {
			owner = m.owner.id
		}
		if want := c.m.Owner(c.s, model.LockID(l)); owner != want {
			return differ(Apart, "%s: held by %s in the driver, by %s in the model", p.Locks[l].Name,
				nameOf(owner), nameOf(want))
		}
	}
	for i := range p.Conds {
		var sleepers []int
		if x := c.w.conds[p.Conds[i].Name]; x != nil {
			for _, t := range x.waiters {
				sleepers = append(sleepers, t.id)
			}
		}
		if want := c.m.Waiters(c.s, model.CondID(i)); !slices.Equal(sleepers, want) {
			return differ(Apart, "%s: the driver's waiters are %v, the model's %v", p.Conds[i].Name,
				names(sleepers), names(want))
		}
	}
	for _, name := range c.w.c.domains {
		if d := c.domain(c.w.domains[name]); d != nil {
			return d
		}
	}
	return nil
}

// domain compares what is to be seen of one. What the scenario has no variable for is as it was at
// the start.
func (c *comparer[S]) domain(d *domain) *difference {
	refs, users, listed, active, owner := int64(1), int64(1), true, true, ""
	var attached *bool
	for i := range c.m.Program.Vars {
		x, v := &c.m.Program.Vars[i], model.VarID(i)
		switch {
		case rootOf(x.Name) != d.name:
		case x.Name == d.name+".refs":
			refs = c.m.Value(c.s, v)
		case x.Name == d.name+".mon.refs":
			users = c.m.Value(c.s, v)
		case x.Name == d.name+".mon":
			has := c.m.Value(c.s, v) != 0
			attached = &has
		case x.Job:
			if t := c.m.JobOwner(c.s, v); t != model.None {
				owner = threadName(t)
			}
		case x.Name == d.name+".listed":
			listed = c.m.Value(c.s, v) != 0
		case x.Name == d.name+".active":
			active = c.m.Value(c.s, v) != 0
		}
	}
	if attached == nil { // nobody takes the monitor from a domain, so it has one as long as it runs
		attached = &active
	}
	status := d.vm.Status()
	switch {
	case int64(status.References) != refs:
		return differ(Apart, "%s.refs is %d in the driver and %d in the model", d.name, status.References, refs)
	case status.JobOwner != owner:
		return differ(Apart, "%s's job is owned by %s in the driver, by %s in the model", d.name, orNobody(status.JobOwner),
			orNobody(owner))
	case status.Listed != listed, c.w.listed(d.name) != listed:
		return differ(Apart, "%s is on the list in one of driver and model, and not in the other", d.name)
	case (status.Info.State != driver.Shutoff) != active:
		return differ(Apart, "%s runs in one of driver and model, and not in the other", d.name)
	case status.Attached != *attached:
		return differ(Apart, "%s has a monitor in one of driver and model, and not in the other", d.name)
	case d.users != nil && int64(d.users()) != users:
		return differ(Apart, "%s.mon.refs is %d in the driver and %d in the model", d.name, d.users(), users)
	}
	return nil
}

// thread compares what a thread is about to do.
func (c *comparer[S]) thread(i int) *difference {
	t, n := c.w.threads[i], c.m.At(c.s, i)
	if t.failure != nil {
		return differ(Forward, "%s fails in the driver (%s: %s); in the model it %s", t.name(), t.failure.kind,
			t.failure.message, c.about(n))
	}
	if n.Op == model.OpFinish || t.finished {
		if n.Op != model.OpFinish {
			return differ(Backward, "%s is finished in the driver; in the model it %s", t.name(), c.about(n))
		} else if !t.finished {
			return differ(Forward, "%s is finished in the model; in the driver it %s", t.name(), t.about())
		}
		return nil
	}
	c.succs = c.m.StepsOf(c.s, i, c.succs[:0])
	if len(c.succs) > 0 && c.succs[0].Failed != nil {
		if t.next.op == model.OpFail && !slices.Contains(breaches(c.m, c.s, i), t.next.fails.kind) {
			return differ(Apart, "%s breaks the rule %s in the driver, and %s in the model", t.name(), t.next.fails.kind,
				c.succs[0].Failed.Kind)
		}
		return nil // whether the driver's step fails, taking it shows
	}
	if !t.isAt(c.m.Program, n) {
		return differ(Forward, "%s %s in the driver; in the model it %s", t.name(), t.about(), c.about(n))
	}
	return c.ways(t, n)
}

// ways compares in how many ways a thread can go on.
func (c *comparer[S]) ways(t *thread, n *model.Node) *difference {
	got := t.ways()
	var want []way
	for i := range c.succs {
		step := c.m.Step(c.succs[i].Rule)
		if x := (way{step.Label, step.Woken}); !slices.Contains(want, x) { // several that choose otherwise
			want = append(want, x)
		}
	}
	order := func(a, b way) int { return cmp.Or(cmp.Compare(a.label, b.label), cmp.Compare(a.woken, b.woken)) }
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	for _, x := range got {
		if !slices.Contains(want, x) {
			return differ(Forward, "%s %s, and can do it%s in the driver; in the model it cannot", t.name(), t.about(), x)
		}
	}
	for _, x := range want {
		if !slices.Contains(got, x) {
			return differ(Backward, "%s %s, and can do it%s in the model; in the driver it cannot", t.name(), c.about(n), x)
		}
	}
	return nil
}

func (x way) String() string {
	s := ""
	if x.label != model.Normal {
		s = " (" + x.label.String() + ")"
	}
	if x.woken != model.None {
		s += " (waking " + threadName(x.woken) + ")"
	}
	return s
}

// isAt reports whether the thread's next step is that of a node.
func (t *thread) isAt(p *model.Program, n *model.Node) bool {
	next := &t.next
	if n.Op == model.OpAccess && next.touches != "" {
		return next.touches == p.Objects[n.Object].Name
	}
	switch n.Op {
	case model.OpRef, model.OpUnref:
		return next.op == model.OpRef && next.target == p.Vars[n.Var].Name
	case model.OpLoad, model.OpStore, model.OpRemove:
		return next.op == n.Op && next.target == p.Vars[n.Var].Name
	case model.OpFind, model.OpAccess:
		return next.op == n.Op && next.target == p.Objects[n.Object].Name
	case model.OpLock, model.OpUnlock, model.OpReacquire:
		return next.op == n.Op && next.target == p.Locks[n.Lock].Name
	case model.OpWait, model.OpSleep, model.OpSignal, model.OpBroadcast:
		return next.op == n.Op && next.target == p.Conds[n.Cond].Name
	}
	return false
}

// about says what a thread of the driver does next.
func (t *thread) about() string {
	if t.finished {
		return "is finished"
	}
	s := "is about to " + t.next.op.String() + " " + t.next.target
	switch t.next.op {
	case model.OpFail:
		s = "is about to break the rule " + string(t.next.fails.kind) + ": " + t.next.fails.message
	case model.OpRef:
		s = "is about to change " + t.next.target
	case model.OpFind:
		if !t.world.listed(t.next.target) {
			s = "finds no " + t.next.target
		}
	}
	if t.next.where != "" {
		s += ", in " + t.next.where
	}
	return s
}

// about says what a thread of the model does next.
func (c *comparer[S]) about(n *model.Node) string {
	if n.Op == model.OpFinish {
		return "is finished"
	}
	return fmt.Sprintf("is about to %s (%s in %s, %s)", n.Op, n.Text, n.Function(), n.Pos)
}

func nameOf(t int) string {
	if t == model.None {
		return "nobody"
	}
	return threadName(t)
}

func orNobody(name string) string {
	if name == "" {
		return "nobody"
	}
	return name
}

func names(threads []int) string {
	var all []string
	for _, t := range threads {
		all = append(all, threadName(t))
	}
	return "{" + strings.Join(all, " ") + "}"
}
