package model

import (
	"fmt"
	"math/bits"
	"strings"
)

// A Machine is a [Program] compiled to guarded assignments on packed states. It is immutable and
// safe for concurrent use.
type Machine[S Words] struct {
	Program *Program
	layout  layout
	threads []threadCode[S]
	// At most 63: the bits of a node's suspects.
	suspicions []suspicion[S]
	rules      []rule[S]
	infos      []Step
	// By rule, apart from infos because every step reads them.
	leaks, completes []bool
	optional         []bool
	actors           []uint8
	mayLeak          bool
	mayStay          bool       // some outcome is optional
	outside          bool       // some thread may wait for what lies outside of the program
	allocates        bool       // some thread ends with memory that it has allocated
	leading          []VarID    // that may lead to such memory
	zero             S          // all threads at node 0, all variables as they begin
	starts           [][]NodeID // by thread: the ways in which it can begin
	exit             field      // of the variable that says whether the process has ended; without bits: it does not end
	gates            []field    // by thread: of the variable that says whether it exists; without bits: it does
	maxSucc          int
	maxFanout        int
}

// A Step says what a transition was: which thread, from which node, by which outcome, to which
// node.
type Step struct {
	Thread int
	Node   NodeID
	To     NodeID // the node itself when the step failed
	Label  Label
	When   int64 // the value read, the references left: see Outcome.When
	Woken  int   // the thread that an OpSignal woke; None when it woke nobody
	Round  bool  // a looping thread completed a round, or a run-once thread finished
	// Optional says that the step may never come: see [Node.Optional].
	Optional bool
	Fails    *Check
	Path     int32 // of the edge: see [Edge.Path]

	leak Kind // set when the step finishes a thread that still holds something
}

// A Succ is one transition out of a state. Rule identifies the step for [Machine.Step].
type Succ[S Words] struct {
	State S
	Rule  int32
	// Failed is set when the step violates a check: State is then the state in which it failed, and
	// has no successors.
	Failed *Check
}

type rule[S Words] struct {
	guard, want S // enabled when state & guard == want
	clear, set  S // state &^ clear | set
	add         S // then added word by word; never carries out of a field
}

type span struct{ lo, hi int32 }

type dispatch uint8

const (
	plain     dispatch = iota
	signal             // rules[lo+own:hi] are for the threads that may be woken; rules[lo:lo+own] apply when none sleeps
	broadcast          // rules[lo:hi] are the step, after which nobody sleeps
	lacking            // see partial
)

// nodeCode is one location: for states of one word, what most steps read of it fills one cache
// line.
type nodeCode[S Words] struct {
	// guard and want are common to all rules that do not fail: where they do not hold, no rule is
	// enabled. A location without any rule wants what its guard cannot give.
	guard, want S
	// suspects are the suspicions of the machine that concern a check here. When none of them is
	// raised, no check fails.
	suspects uint64
	sel      field // picks the span of rules by the value of a field; without bits there is only one
	first    span
	spans    []span
	fails    span
	// Of a signal or broadcast: the ways on for the signaller, the condition, and who else may
	// sleep on it.
	own      int32
	cond     CondID
	sleepers uint32
	how      dispatch
	sole     bool     // there is one rule in all, whose guard is the common one
	open     *partial // of an open node
}

// suspicion is the condition under which some check is to be looked at. Most states raise none:
// nothing is freed in them. One look for all threads, before any of them steps, saves most looks at
// checks.
type suspicion[S Words] struct{ guard, want S }

// unconditional is the suspicion that is always raised: of checks that cannot be told from the
// state by a mask, and of those for which there is no room.
const unconditional = 1 << 63

type threadCode[S Words] struct {
	pc     field
	nodes  []nodeCode[S]
	fanout []int32 // by node
	beds   []bed   // by node
}

// bed is a location as a place to sleep: on a condition, None at all others, and where a signal
// moves the thread.
type bed struct {
	cond CondID
	wake NodeID
}

// fanout bounds the transitions of a location. A signal wakes one of those that sleep, wherever
// they do.
func (n *nodeCode[S]) fanout() int {
	most := 1
	for _, sp := range n.spans {
		most = max(most, int(sp.hi-sp.lo))
	}
	if n.how == signal {
		return int(n.own) * max(1, bits.OnesCount32(n.sleepers))
	}
	return most
}

// Step describes the transition that a rule stands for.
func (m *Machine[S]) Step(rule int32) Step { return m.infos[rule] }

// Rules is the number of rules; [Succ.Rule] is below it.
func (m *Machine[S]) Rules() int { return len(m.rules) }

// MaxSuccessors bounds the number of transitions out of any state.
func (m *Machine[S]) MaxSuccessors() int { return m.maxSucc }

// Fanout bounds the number of transitions of a thread out of s.
func (m *Machine[S]) Fanout(s *S, thread int) int {
	return int(m.threads[thread].fanout[m.Location(s, thread)])
}

// MaxFanout bounds the number of transitions of any thread out of any state.
func (m *Machine[S]) MaxFanout() int { return m.maxFanout }

// StateBits is the number of bits of a state that carry information.
func (m *Machine[S]) StateBits() int { return m.layout.used }

func enabled[S Words](s, guard, want *S) bool {
	for i := range len(*s) {
		if (*s)[i]&(*guard)[i] != (*want)[i] {
			return false
		}
	}
	return true
}

func (r *rule[S]) apply(s *S) S {
	var t S
	for i := range len(t) {
		t[i] = ((*s)[i]&^r.clear[i] | r.set[i]) + r.add[i]
	}
	return t
}

func get[S Words](s *S, f field) uint64 { return (*s)[f.word] >> f.shift & f.mask }

func put[S Words](s *S, f field, v uint64) {
	(*s)[f.word] = (*s)[f.word]&^f.bits() | v<<f.shift
}

// Successors appends every transition out of s to out, by thread, then by outcome: always in the
// same order. It is pure and allocates only to grow out.
func (m *Machine[S]) Successors(s *S, out []Succ[S]) []Succ[S] {
	if m.exited(s) {
		return out
	}
	raised := m.raised(s)
	for t := range m.threads {
		th := &m.threads[t]
		n := &th.nodes[get(s, th.pc)]
		if n.suspects&raised != 0 {
			var failed bool
			if out, failed = m.failing(s, n, out); failed {
				continue
			}
		}
		if enabled(s, &n.guard, &n.want) {
			out = m.steps(s, n, out)
		}
	}
	return out
}

// StepsOf appends the transitions of one thread out of s to out.
func (m *Machine[S]) StepsOf(s *S, thread int, out []Succ[S]) []Succ[S] {
	th := &m.threads[thread]
	n := &th.nodes[get(s, th.pc)]
	if m.exited(s) {
		return out
	}
	if n.suspects != 0 {
		var failed bool
		if out, failed = m.failing(s, n, out); failed {
			return out
		}
	}
	if !enabled(s, &n.guard, &n.want) {
		return out
	}
	return m.steps(s, n, out)
}

// raised is the set of suspicions that s raises.
func (m *Machine[S]) raised(s *S) uint64 {
	raised := uint64(unconditional)
	for i := range m.suspicions {
		if x := &m.suspicions[i]; enabled(s, &x.guard, &x.want) {
			raised |= 1 << i
		}
	}
	return raised
}

// failing appends the step of n that violates a check, if there is one: then the thread has no
// other.
func (m *Machine[S]) failing(s *S, n *nodeCode[S], out []Succ[S]) ([]Succ[S], bool) {
	fails := m.rules[n.fails.lo:n.fails.hi]
	for i := range fails {
		if !enabled(s, &fails[i].guard, &fails[i].want) {
			continue
		}
		rule := n.fails.lo + int32(i)
		if c := m.infos[rule].Fails; c.Cond == nil || !m.holds(s, c) {
			return append(out, Succ[S]{State: *s, Rule: rule, Failed: c}), true
		}
	}
	return out, false
}

// steps appends the transitions of a location whose common guard holds and where nothing fails.
func (m *Machine[S]) steps(s *S, n *nodeCode[S], out []Succ[S]) []Succ[S] {
	sp := n.first
	if n.sel.mask != 0 {
		sp = n.spans[get(s, n.sel)]
	}
	if n.how != plain {
		if n.how == lacking {
			return m.unlessLacking(s, n, out)
		}
		return m.wake(s, n, sp, out)
	}
	rules := m.rules[sp.lo:sp.hi]
	for i := range rules {
		if r := &rules[i]; n.sole || enabled(s, &r.guard, &r.want) {
			out = append(out, Succ[S]{State: r.apply(s), Rule: sp.lo + int32(i)})
		}
	}
	return out
}

// wake performs a signal or a broadcast. The rules of a span begin with the signaller's own; a
// signal has them again for each thread that may sleep on the condition.
func (m *Machine[S]) wake(s *S, n *nodeCode[S], sp span, out []Succ[S]) []Succ[S] {
	before := len(out)
	moved := *s
	rule := sp.lo
	for rest := n.sleepers; rest != 0; rest &= rest - 1 {
		th := &m.threads[bits.TrailingZeros32(rest)]
		rule += n.own
		at := th.beds[get(s, th.pc)]
		if at.cond != n.cond {
			continue
		}
		if n.how == broadcast {
			put(&moved, th.pc, uint64(at.wake))
			continue
		}
		woken := *s
		put(&woken, th.pc, uint64(at.wake))
		for i := rule; i < rule+n.own; i++ {
			out = append(out, Succ[S]{State: m.rules[i].apply(&woken), Rule: i})
		}
	}
	if len(out) > before {
		return out
	}
	for i := sp.lo; i < sp.lo+n.own; i++ {
		out = append(out, Succ[S]{State: m.rules[i].apply(&moved), Rule: i})
	}
	return out
}

func (m *Machine[S]) holds(s *S, c *Check) bool {
	return c.Cond.Eval(func(v VarID) int64 { return m.Value(s, v) }) != 0
}

// Value is the value of a variable in s.
func (m *Machine[S]) Value(s *S, v VarID) int64 {
	return m.Program.Vars[v].Values[get(s, m.layout.vars[v])]
}

// Locked reports whether somebody holds the lock in s.
func (m *Machine[S]) Locked(s *S, l LockID) bool { return get(s, m.layout.locks[l]) != 0 }

// LocationBits are the bits of a state in which the first n threads keep their locations.
func (m *Machine[S]) LocationBits(n int) S {
	var mask S
	for _, f := range m.layout.pc[:n] {
		mask[f.word] |= f.bits()
	}
	return mask
}

// Location is the node at which a thread stands in s.
func (m *Machine[S]) Location(s *S, thread int) NodeID {
	return NodeID(get(s, m.threads[thread].pc))
}

// At is the node at which a thread stands in s.
func (m *Machine[S]) At(s *S, thread int) *Node {
	return &m.Program.Threads[thread].Nodes[m.Location(s, thread)]
}

// Finished reports whether a thread is done in s, or was not started, or the process has ended.
func (m *Machine[S]) Finished(s *S, thread int) bool {
	op := m.At(s, thread).Op
	return op == OpFinish || op == OpRestart || !m.Exists(s, thread) || m.exited(s)
}

// Exists reports whether a thread was started in s: see [Var.Starts].
func (m *Machine[S]) Exists(s *S, thread int) bool {
	return m.gates[thread].mask == 0 || get(s, m.gates[thread]) != 0
}

// exited reports whether the process has ended in s: see [Var.Exit]. 0 is the first value of its
// variable.
func (m *Machine[S]) exited(s *S) bool { return m.exit.mask != 0 && get(s, m.exit) != 0 }

// cut reports whether the end of the process has cut threads off in s, or one waits for ever for
// what lies outside of the program, or nobody is to ask.
func (m *Machine[S]) cut(s *S) bool {
	for t := 0; m.outside && t < len(m.threads); t++ {
		if m.At(s, t).Outside && m.Exists(s, t) {
			return true
		}
	}
	if !m.exited(s) {
		return false
	}
	if m.Value(s, m.Program.Exit()) == ExitAnyhow {
		return true
	}
	for t := range m.threads {
		if m.At(s, t).Op != OpFinish && m.Exists(s, t) {
			return true
		}
	}
	return false
}

// AllFinished reports whether every thread is done in s.
func (m *Machine[S]) AllFinished(s *S) bool {
	for t := range m.threads {
		if !m.Finished(s, t) {
			return false
		}
	}
	return true
}

// Freed reports whether an object was freed, itself or with the object that owns it.
func (m *Machine[S]) Freed(s *S, o ObjectID) bool {
	if o == None {
		return false
	}
	root := m.Program.Objects[o].Root
	if root == None {
		return false
	}
	refs := m.Program.Objects[root].Refs
	return refs != None && m.Value(s, refs) == 0
}

// ThreadOf is the thread that takes the step of a rule.
func (m *Machine[S]) ThreadOf(rule int32) int { return int(m.actors[rule]) }

// Completes reports whether a step finishes its thread, or ends a round of a looping one.
func (m *Machine[S]) Completes(rule int32) bool { return m.completes[rule] }

// Optional reports whether a step may never come, though it is possible: see [Node.Optional].
func (m *Machine[S]) Optional(rule int32) bool { return m.optional[rule] }

// MayStay reports whether there is any such step.
func (m *Machine[S]) MayStay() bool { return m.mayStay }

// Frees tells for every rule whether it drops an object's last reference.
func (m *Machine[S]) Frees() []bool {
	frees := make([]bool, len(m.infos))
	for i, info := range m.infos {
		op := m.Program.Threads[info.Thread].Nodes[info.Node].Op
		frees[i] = info.Fails == nil && (op == OpUnref || op == OpRemove) && info.When == 0
	}
	return frees
}

// Leaks reports whether a step may finish a thread that still holds something: see [Machine.Leak].
func (m *Machine[S]) Leaks(rule int32) bool { return m.leaks[rule] }

// MayLeak reports whether there is any such step.
func (m *Machine[S]) MayLeak() bool { return m.mayLeak }

// Leak reports what a thread that finished by this step still holds: a lock, a job, or nothing
// ("").
func (m *Machine[S]) Leak(s *S, rule int32) Kind {
	info := &m.infos[rule]
	if info.leak == "" {
		return ""
	}
	n := &m.Program.Threads[info.Thread].Nodes[info.To]
	for _, l := range n.Held {
		if !m.Freed(s, m.Program.Locks[l].Object) {
			return LockLeak
		}
	}
	for _, v := range n.Owns {
		if !m.Freed(s, m.Program.Vars[v].Object) {
			return JobLeak
		}
	}
	return ""
}

// ReferenceLeak looks at a state in which all threads are finished and returns an object whose
// references do not add up: it must be freed, or be left with those of the start, less the list's
// when it was taken off its list. It returns None when all is well, and where the end of the
// process has cut threads off.
func (m *Machine[S]) ReferenceLeak(s *S) ObjectID {
	if m.cut(s) {
		return None
	}
	for i := range m.Program.Objects {
		o := &m.Program.Objects[i]
		if o.Refs == None || m.Freed(s, ObjectID(i)) {
			continue
		}
		want := m.Program.Vars[o.Refs].Initial
		if o.Listed != None && m.Value(s, o.Listed) == 0 {
			want--
		}
		if m.Value(s, o.Refs) != want {
			return ObjectID(i)
		}
	}
	for v := range m.Program.Vars {
		x := &m.Program.Vars[v]
		if x.Counts && !m.Freed(s, x.Object) && m.Value(s, VarID(v)) != x.Initial {
			return x.Object
		}
	}
	return None
}

// Owner is the thread that holds a lock in s, or None.
func (m *Machine[S]) Owner(s *S, l LockID) int {
	if !m.Locked(s, l) {
		return None
	}
	for t := range m.threads {
		for _, h := range m.At(s, t).Held {
			if h == l {
				return t
			}
		}
	}
	return None
}

// JobOwner is the thread that owns a job in s, or None.
func (m *Machine[S]) JobOwner(s *S, v VarID) int {
	if m.Value(s, v) == 0 {
		return None
	}
	for t := range m.threads {
		for _, h := range m.At(s, t).Owns {
			if h == v {
				return t
			}
		}
	}
	return None
}

// Waiters lists the threads in the waiter set of a condition in s.
func (m *Machine[S]) Waiters(s *S, c CondID) []int {
	var ts []int
	for t := range m.threads {
		if n := m.At(s, t); n.Op == OpSleep && n.Cond == c {
			ts = append(ts, t)
		}
	}
	return ts
}

// String describes a state in one line, for tests and error messages.
func (m *Machine[S]) String(s *S) string {
	var parts []string
	for t := range m.threads {
		n := m.At(s, t)
		parts = append(parts, fmt.Sprintf("%s@%s(%s)", m.Program.Threads[t].Name, n.Op, n.Text))
	}
	for i := range m.Program.Locks {
		if m.Locked(s, LockID(i)) {
			parts = append(parts, m.Program.Locks[i].Name)
		}
	}
	for i := range m.Program.Vars {
		parts = append(parts, fmt.Sprintf("%s=%d", m.Program.Vars[i].Name, m.Value(s, VarID(i))))
	}
	return strings.Join(parts, " ")
}
