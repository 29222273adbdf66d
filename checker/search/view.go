package search

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// viewer turns packed states and rules into what a person reads.
type viewer[S model.Words] struct{ m *model.Machine[S] }

func (v viewer[S]) view(s *S) View {
	p := v.m.Program
	var w View
	for t := range p.Threads {
		w.Threads = append(w.Threads, v.thread(s, t))
	}
	for l := range p.Locks {
		w.Locks = append(w.Locks, LockView{p.Locks[l].Name, v.m.Owner(s, model.LockID(l))})
	}
	for i := range p.Vars {
		if p.Vars[i].Job {
			w.Locks = append(w.Locks, LockView{p.Vars[i].Name, v.m.JobOwner(s, model.VarID(i))})
			continue
		}
		if p.Vars[i].Starts > 0 || p.Vars[i].Life > 0 || p.Vars[i].Exit {
			continue // threads say so themselves
		}
		w.Vars = append(w.Vars, VarView{p.Vars[i].Name, v.value(model.VarID(i), v.m.Value(s, model.VarID(i)))})
	}
	for c := range p.Conds {
		w.Vars = append(w.Vars, VarView{p.Conds[c].Name, v.waiters(s, model.CondID(c))})
	}
	return w
}

func (v viewer[S]) thread(s *S, t int) ThreadView {
	p, n, wait := v.m.Program, v.m.At(s, t), v.wait(s, t)
	w := ThreadView{
		Function: n.Function(), Pos: n.Pos, Calls: n.Calls, Op: n.Op, Locals: n.Locals,
		WaitsFor: wait.resource, Holder: wait.first(),
	}
	switch {
	case n.Outside && v.m.Exists(s, t):
		if w.Next, w.WaitsFor = n.Text, outside; n.Left {
			w.Next, w.WaitsFor = NotInChild, ""
		}
	case n.Op == model.OpFinish, n.Op == model.OpRestart:
		if n.Op == model.OpRestart {
			return ThreadView{Op: model.OpFinish}
		}
	case !v.m.Exists(s, t):
		return ThreadView{Op: model.OpFinish, Next: "not started"}
	case v.m.Finished(s, t):
		w.Next = "nothing, for the process has ended"
	default:
		w.Next = v.text(n)
	}
	for _, l := range n.Held {
		if !v.m.Freed(s, p.Locks[l].Object) {
			w.Holds = append(w.Holds, p.Locks[l].Name)
		}
	}
	for _, j := range slices.Concat(n.Owns, n.Shares) {
		if !v.m.Freed(s, p.Vars[j].Object) {
			w.Holds = append(w.Holds, p.Vars[j].Name)
		}
	}
	return w
}

// outside is what a thread waits for that nobody in the program can give.
const outside = "QEMU"

// waitsFor names what a thread cannot go on without.
func (v viewer[S]) waitsFor(s *S, t int) string {
	p, n := v.m.Program, v.m.At(s, t)
	if v.m.Finished(s, t) {
		return ""
	}
	switch n.Op {
	case model.OpLock, model.OpReacquire:
		if n.Lock != model.None && v.m.Locked(s, n.Lock) {
			return p.Locks[n.Lock].Name
		}
	case model.OpFind:
		listed := p.Objects[n.Object].Listed
		if v.m.Locked(s, n.Lock) && (listed == model.None || v.m.Value(s, listed) != 0) {
			return p.Locks[n.Lock].Name
		}
	case model.OpUpdate:
		if v.updates(s, n) {
			return ""
		}
		if life := p.Vars[n.Var].Life; life > 0 {
			return threadNumber(life-1) + " to end"
		}
		return p.Vars[n.Var].Name
	case model.OpSleep:
		return p.Conds[n.Cond].Name
	}
	return ""
}

// updates reports whether an OpUpdate has a way on for the value that its variable has.
func (v viewer[S]) updates(s *S, n *model.Node) bool {
	x := v.m.Value(s, n.Var)
	return slices.ContainsFunc(n.Out, func(o model.Outcome) bool { return o.When == x && len(o.Next) > 0 })
}

func (v viewer[S]) text(n *model.Node) string {
	switch n.Op {
	case model.OpSleep:
		return "sleeps in " + n.Text
	case model.OpReacquire:
		if n.Lock == model.None {
			return "wakes up: still holds the lock"
		}
		return "wakes up: locks " + v.m.Program.Locks[n.Lock].Name + " again"
	}
	return n.Text
}

func (v viewer[S]) value(id model.VarID, x int64) string {
	if x == model.Unset {
		return "(unset)"
	}
	if x == model.Opaque {
		return "(unknown)"
	}
	if !v.m.Program.Vars[id].Pointer {
		return strconv.FormatInt(x, 10)
	}
	if x == 0 {
		return "NULL"
	}
	return v.m.Program.Objects[x-1].Name
}

func (v viewer[S]) waiters(s *S, c model.CondID) string {
	var names []string
	for _, t := range v.m.Waiters(s, c) {
		names = append(names, threadNumber(t))
	}
	return "{" + strings.Join(names, " ") + "}"
}

// threadNumber is how texts name a thread: from 1, as self() counts.
func threadNumber(t int) string { return "T" + strconv.Itoa(t+1) }

// step describes the transition out of s by rule.
func (v viewer[S]) step(s *S, rule int32, before View) (TraceStep, View) {
	p, info := v.m.Program, v.m.Step(rule)
	n := &p.Threads[info.Thread].Nodes[info.Node]
	st := TraceStep{
		Thread: info.Thread, Op: n.Op, Label: info.Label, Function: n.Function(), Operation: v.text(n),
		Pos: n.Pos, Calls: n.Calls, Object: v.object(n), Failed: info.Fails,
	}
	if info.Label != model.Normal {
		st.Operation = info.Label.String() + ": " + n.Text
	}
	after := *s
	for i, succ := range v.m.StepsOf(s, info.Thread, nil) {
		if succ.Rule == rule {
			st.Choice, after = i, succ.State
		}
	}
	if n.Op == model.OpSignal {
		if st.Operation += ": nobody waits"; info.Woken != model.None {
			st.Operation = n.Text + ": wakes " + threadNumber(info.Woken)
		}
	}
	st.Deed = v.deed(n)
	st.After = v.view(&after)
	st.Changes = changes(before, st.After)
	return st, st.After
}

// Restarts is what a step does that ends all other threads and begins anew.
const Restarts = "restarts the daemon"

// NotInChild is what a thread does next that the child of a fork does not have.
const NotInChild = "not in the child"

// deed says what a step does to the life of a thread, or of the process.
func (v viewer[S]) deed(n *model.Node) string {
	if n.Op == model.OpRestart {
		return Restarts
	}
	if n.Op != model.OpStore && n.Op != model.OpUpdate {
		return ""
	}
	switch x := &v.m.Program.Vars[n.Var]; {
	case x.Starts > 0:
		return "starts " + threadNumber(x.Starts-1)
	case x.Exit:
		return "ends the process"
	case x.Life == 0:
		return ""
	case slices.ContainsFunc(n.Out, func(o model.Outcome) bool { return o.Set > 1 }):
		return "ends"
	case slices.ContainsFunc(n.Out, func(o model.Outcome) bool { return o.When == 0 }):
		return "detaches " + threadNumber(x.Life-1)
	default:
		return "joins " + threadNumber(x.Life-1)
	}
}

// object names what the step is about.
func (v viewer[S]) object(n *model.Node) string {
	p := v.m.Program
	switch n.Op {
	case model.OpLock, model.OpTryLock, model.OpUnlock, model.OpReacquire:
		if n.Lock == model.None {
			return ""
		}
		return p.Locks[n.Lock].Name
	case model.OpWait, model.OpSleep, model.OpSignal, model.OpBroadcast:
		return p.Conds[n.Cond].Name
	case model.OpLoad, model.OpStore, model.OpUpdate, model.OpRef, model.OpUnref:
		return p.Vars[n.Var].Name
	}
	if n.Object != model.None {
		return p.Objects[n.Object].Name
	}
	return ""
}

// changes lists what differs between two states of one program.
func changes(before, after View) []Change {
	var cs []Change
	for i, b := range before.Locks {
		if a := after.Locks[i]; a.Owner != b.Owner {
			cs = append(cs, Change{b.Name, owner(b.Owner), owner(a.Owner)})
		}
	}
	for i, b := range before.Vars {
		if a := after.Vars[i]; a.Value != b.Value {
			cs = append(cs, Change{b.Name, b.Value, a.Value})
		}
	}
	return cs
}

func owner(t int) string {
	if t == model.None {
		return "free"
	}
	return threadNumber(t)
}

// name is how sentences name a thread.
func (v viewer[S]) name(t int) string {
	return fmt.Sprintf("%s %s", threadNumber(t), v.m.Program.Threads[t].Name)
}
