package model

import (
	"fmt"
	"slices"
)

// Identifiers index the slices of a [Program]; None is no object, lock, condition, variable or
// node.
type (
	ObjectID int32
	LockID   int32
	CondID   int32
	VarID    int32
	NodeID   int32
)

// None is the absent identifier of every kind.
const None = -1

// MaxThreads bounds the threads of a program: thread sets are 32-bit masks.
const MaxThreads = 32

// A Program is a closed scenario: every object exists from the start, and every thread is an
// automaton whose nodes name the objects on which they act. It is immutable once built.
type Program struct {
	Objects []Object
	Locks   []Lock
	Conds   []Cond
	Vars    []Var
	Threads []Thread
	Code    *Code // nil: it was not made from C

	// Source is set in an open program, which lacks outcomes that nothing is known to reach. Where
	// a state would take one, the step fails with the kind [Unexplored]. All that such a program
	// does is what the whole one does as well, so what it breaks is broken; that it breaks nothing
	// tells nothing until no state takes a step that is lacking.
	Source Source

	// IgnoreLeaks says that memory to which nothing leads any more is no violation: see
	// [Machine.MemoryLeak].
	IgnoreLeaks bool

	// Omitted is what real source has that the program does not have, although it may count.
	Omitted []Omission
}

// An Omission is a place that was left out, and what stands there.
type Omission struct {
	Pos  Pos
	Text string
}

// An Object is one instance of a struct: a domain, its private data, a monitor, the driver.
type Object struct {
	Name    string   // vm1, vm1.mon, driver
	Type    string   // the struct's tag, without leading underscores
	Root    ObjectID // the reference-counted object with which it is freed, itself included; None: never freed
	Cluster ObjectID // the object that a scenario's argument made, in which this one lies; None: a global's
	Refs    VarID    // the reference count, where it can change; else None
	Listed  VarID    // whether the object is on its list, where that can change; else None

	// Block is the memory that a thread allocates in which the object lies, itself included, or to
	// which it leads: a pointer into the middle of an object is the number of one that stands for it.
	// It is read only where some node has [Node.Made]. None: no such memory.
	Block   ObjectID
	Made    Pos  // of a block: where it is allocated
	Passing bool // when all threads are finished it is gone: a variable of a function, or one thread's own copy of one
}

// A Lock is a non-recursive mutex.
type Lock struct {
	Name   string // vm1.lock
	Class  string // all locks of one class stand at one level of the hierarchy: driver, domain, monitor
	Object ObjectID
}

// A Cond is a condition variable.
type Cond struct {
	Name   string
	Object ObjectID
	// Jobs are those for which its sleepers wait, where the C says so: see [Program.JobsOf].
	Jobs []VarID
}

// JobsOf lists the jobs for which the sleepers on a condition wait: those that the C names, or all
// in the same object, as jobActive stands beside jobCond.
func (p *Program) JobsOf(c CondID) []VarID {
	if p.Conds[c].Jobs != nil {
		return p.Conds[c].Jobs
	}
	var jobs []VarID
	for v := range p.Vars {
		if p.Vars[v].Job && p.Vars[v].Object == p.Conds[c].Object {
			jobs = append(jobs, VarID(v))
		}
	}
	return jobs
}

// A Var is a shared variable that some reachable step assigns; fields that nothing assigns are
// constants and appear in no program. Pointers are object numbers plus one, NULL is 0.
type Var struct {
	Name    string
	Object  ObjectID
	Class   string  // of a job: the level of the hierarchy at which it stands
	Values  []int64 // every value it can take, ascending
	Initial int64
	Pointer bool
	RWLock  bool // a reader-writer lock: see Node.Shares
	Job     bool // a resource with an owner: the thread that made it non-zero (jobActive)
	Refs    bool // a reference count
	Counts  bool // with Refs: one that does not say whether its object is there, and ends as it began, or with it
	// Persistent says that an OpRestart leaves the variable as it is: it is no job, count or lock.
	Persistent bool
	// Location is the memory location in which the variable lies together with others, as bit-fields
	// side by side do: who accesses one of them may race with who accesses another. 0: it has one of
	// its own.
	Location int
	// Starts is the number, from 1, of the thread that exists only from when the variable is not 0:
	// until then it takes no step, and counts as finished. It begins at a step, not finished, and does
	// not loop. 0: no thread.
	Starts int
	// Life is the number, from 1, of the thread of which the variable says whether it has ended: its
	// last step sets it. Others wait until it has, or set what its end leaves as it is. 0: none.
	Life int
	// Exit says that the process has ended once the variable is not 0: then no thread takes a step,
	// and all are finished. With [ExitAnyhow] nobody asks what they leave behind.
	Exit bool
}

// The values of a variable that is [Var.Exit] when the process has ended.
const (
	ExitAtEnd  = 1 // the thread whose end is that of the process has come to it
	ExitAnyhow = 2 // a thread ended the process where it stood
)

// LifeTaken is the value of a variable that is [Var.Life] when nobody will wait for its thread: it
// was joined or detached, and its result is gone.
const LifeTaken = 1

// Unset is the value of a variable in memory that was allocated and never set. No step stores it.
const Unset = -0x55555556

// Opaque is the value of a variable that holds a number of which nothing is known: a time, a random
// one.
const Opaque = -0x55555557

// A Thread is one automaton. Node 0 need not be the start; Start may hold several edges when the
// thread begins with a nondeterministic choice.
type Thread struct {
	Name     string // query(vm1)
	Function string
	Loop     bool // never finishes: the last step leads back to the start
	Start    []Edge
	Nodes    []Node
}

// Endless reports whether the step at a location touches something at most, and leads back: who
// comes there goes round for ever.
func (t *Thread) Endless(at NodeID) bool {
	n := &t.Nodes[at]
	return n.Op == OpAccess && !slices.ContainsFunc(n.Out, func(o Outcome) bool {
		return slices.ContainsFunc(o.Next, func(e Edge) bool { return e.To != at || e.Round })
	})
}

// An Edge leads to a node of the same thread. Local computation between two steps lies on it and
// leaves no trace.
type Edge struct {
	To    NodeID
	Path  int32 // what of the C local computation passes on the way here: see [Code]
	Chose Chose // how the choices on the way here came out
	Round bool  // a looping thread completes a round here
}

// An Op is what a step does to shared state.
type Op uint8

// The operations. Only OpLock, OpReacquire, OpFind (of a listed object) and OpUpdate can be
// disabled, and OpSleep, which only others end.
const (
	OpFinish    Op = iota // no step: the thread is done, or waits for ever: see Node.Outside
	OpLock                // acquire Lock, when it is free
	OpTryLock             // acquire Lock when it is free (outcome 0), else go on without (outcome 1)
	OpUnlock              // release Lock
	OpWait                // release Lock, if there is one, and enter the waiter set of Cond: leads to an OpSleep
	OpSleep               // in the waiter set of Cond; a signal moves the thread to node Wake
	OpReacquire           // after a wake-up: acquire Lock, when it is free; without one, go on
	OpSignal              // wake one waiter of Cond, any; nothing when there is none
	OpBroadcast           // wake all waiters of Cond
	OpLoad                // read Var; one outcome per value
	OpStore               // Var := Value
	OpRef                 // Var, a reference count, goes up; one outcome per new count
	OpUnref               // Var goes down; 0 frees the object and releases its locks; one outcome per new count
	OpFind                // is Object listed? outcome 1: yes, and Lock was acquired; outcome 0: no
	OpRemove              // take Object off its list and drop the list's reference; one outcome per new count
	OpAccess              // touch Object, changing nothing that the model tracks
	OpFail                // a step that cannot go well: its only effect is the violation of Checks[0]
	OpUpdate              // read Var and write it at once: see Outcome.Set; waits while no outcome is for its value
	OpRestart             // end all other threads (Node.Cut); memory begins anew but for [Var.Persistent]
	OpFork                // Out[0]: the parent goes on; Out[1]: the child, which has no other thread (Node.Cut)
)

var opNames = [...]string{
	"finish", "lock", "trylock", "unlock", "wait", "sleep", "reacquire", "signal", "broadcast", "load", "store",
	"ref", "unref", "find", "remove", "access", "fail", "update", "restart", "fork",
}

func (op Op) String() string {
	if int(op) < len(opNames) {
		return opNames[op]
	}
	return fmt.Sprintf("op(%d)", uint8(op))
}

// A Node is a location of a thread: the step that it takes next, and what is known of the thread
// there.
type Node struct {
	Op     Op
	Object ObjectID
	Lock   LockID
	Cond   CondID
	Var    VarID
	Value  int64  // OpStore
	Wake   NodeID // OpSleep
	Timed  bool   // OpSleep: the wait has a deadline, so its end comes sooner or later
	Atomic bool   // OpLoad, OpStore: the access is atomic, as an OpUpdate always is
	Open   bool   // there may be outcomes for more values of Var than Out has, or all are lacking: see [Program.Source]

	// Alive lists the reference-counted objects that the step touches: it is a use after release if
	// one of them is freed.
	Alive []ObjectID
	// Checks must hold, in this order, before the step acts. They are evaluated with the step, not
	// earlier.
	Checks []Check
	Out    []Outcome

	Held []LockID // ascending: what the thread holds on arrival
	Owns []VarID  // ascending: the jobs that it owns on arrival
	// Shares are the reader-writer locks that it holds on arrival, each a variable, ascending.
	Shares []VarID
	Writes []VarID // of Shares those that it holds as the writer
	Claim  Claim   // OpUpdate of a reader-writer lock: as what the thread waits for it

	// Cut is by thread, for an OpRestart, where it puts the others: at an OpFinish of a thread that
	// holds nothing, and one that others start at its beginning, from where it does not exist. A
	// thread that stands at an OpRestart counts as finished: nobody can be sure that it comes. For an
	// OpFork it is where the child has the others, itself included: at an OpFinish that is Left.
	Cut []NodeID

	// Left says of an OpFinish that is Outside that the thread is not there: the process is the child
	// of one that had it. What it had locked stays so, and nobody unlocks it.
	Left bool

	// Outside says of an OpFinish that the thread is not done: it waits for what lies outside of the
	// program and never comes, with all that it holds. Nobody asks for what it has.
	Outside bool

	Made  []ObjectID // OpFinish: the memory that the thread has allocated, ascending
	Gives []ObjectID // OpFinish: of all memory what the result of the thread leads to, ascending

	Pos    Pos     // of the operation
	Text   string  // the C text of the operation
	Calls  []Call  // innermost last; the first is the thread's own function
	Locals []Local // for display: live locals; of an OpFail what its condition looked at
}

// A Claim says as what a thread waits for a reader-writer lock.
type Claim uint8

// The claims. Who reads waits for a writer, and where writers are preferred for those in the queue
// as well; who writes waits for everybody who holds the lock.
const (
	NoClaim     Claim = iota // it does not wait
	ToRead                   // beside other readers
	ToWrite                  // alone
	QueueWrite               // alone, and in the queue: no reader comes before it
	QueueAWhile              // the same, but it may give up
)

// Queues reports whether no reader comes before who makes the claim.
func (c Claim) Queues() bool { return c == QueueWrite || c == QueueAWhile }

// A Call is a frame: the function, and where in it the thread is.
type Call struct {
	Function string
	Pos      Pos
	Wrapper  bool // it only does, under another name, what it calls: a reader looks at its caller
}

// A Local is a live local variable with its value as C would print it.
type Local struct{ Name, Value string }

// Gates are by thread the variables that say whether it exists, [None] for a thread that does from
// the start: see [Var.Starts].
func (p *Program) Gates() []VarID {
	gates := make([]VarID, len(p.Threads))
	for t := range gates {
		gates[t] = None
	}
	for v := range p.Vars {
		if t := p.Vars[v].Starts; t > 0 {
			gates[t-1] = VarID(v)
		}
	}
	return gates
}

// Restarts reports whether some thread can restart the daemon: see [OpRestart].
func (p *Program) Restarts() bool { return p.has(OpRestart) }

// EndsOthers reports whether some step of a thread puts all others out of the run at once, wherever
// they are: a restart of the daemon, and a fork, whose child has none of them. See [OpRestart] and
// [OpFork].
func (p *Program) EndsOthers() bool { return p.Restarts() || p.has(OpFork) }

func (p *Program) has(op Op) bool {
	return slices.ContainsFunc(p.Threads, func(t Thread) bool {
		return slices.ContainsFunc(t.Nodes, func(n Node) bool { return n.Op == op })
	})
}

// Exit is the variable that says whether the process has ended, or [None].
func (p *Program) Exit() VarID {
	return VarID(slices.IndexFunc(p.Vars, func(v Var) bool { return v.Exit }))
}

// Function is the innermost function of the node.
func (n *Node) Function() string {
	if len(n.Calls) == 0 {
		return ""
	}
	return n.Calls[len(n.Calls)-1].Function
}

// Optional reports whether an outcome of n may never come, however long its thread waits: a
// spurious wake-up, a signal that is stolen, the failure of a wait that has no deadline, and a
// restart. Nobody may count on it, so a thread that only such an outcome can rescue is stuck. So is
// the child of a fork: it is another process, and what becomes of it is no help to its parent.
func (n *Node) Optional(o *Outcome) bool {
	if n.Op == OpRestart {
		return true
	}
	switch o.Label {
	case TimedOut:
		return !n.Timed
	case Stolen, Spuriously, InChild:
		return true
	}
	return false
}

// An Outcome is one result of a step: for which value it is taken, and where it leads. Several
// edges are a nondeterministic local choice (nondet). An OpUpdate may have several outcomes for one
// value, each with an assignment of its own, and none for others: then its thread waits.
type Outcome struct {
	When  int64
	Set   int64 // OpUpdate: what Var becomes; one of its values
	Looks bool  // OpUpdate: Var is only read, as by a compare-and-exchange that fails; Set is When
	Label Label
	Next  []Edge
}

// A Label marks outcomes that are not the step's normal course.
type Label uint8

// The labels of outcomes. A give-up or a spurious wake-up changes nothing but the thread's own
// place (and its membership in the waiter set).
const (
	Normal     Label = iota
	TimedOut         // a waiter that was not signalled gives up
	Stolen           // a waiter that was signalled gives up, and the signal is lost
	Spuriously       // a waiter wakes though nobody signalled
	InChild          // what follows a fork in the child
)

var labelNames = [...]string{
	"", "times out", "times out and swallows the signal", "wakes up spuriously", "goes on as the child",
}

func (l Label) String() string { return labelNames[l] }

// A Check is a condition on shared state. Cond nil never holds: it was decided when the program was
// built.
type Check struct {
	Kind     Kind
	Cond     *Expr
	Pos      Pos
	Function string // in which the check is written; "" for those that come with the operation
	Text     string // what is wrong when it fails, as a sentence about the thread or the object
}

// An Expr is a condition over shared variables, free of side effects.
type Expr struct {
	Op    ExprOp
	X, Y  *Expr
	Var   VarID
	Const int64
}

// ExprOp is the operator of an [Expr].
type ExprOp uint8

// The operators, as in C; comparisons and logic give 0 or 1.
const (
	Const ExprOp = iota
	ReadVar
	Not
	Neg
	Add
	Sub
	Mul
	Eq
	Ne
	Lt
	Le
	Gt
	Ge
	And
	Or
)

// Eval computes e; read gives the value of a variable.
func (e *Expr) Eval(read func(VarID) int64) int64 {
	switch e.Op {
	case Const:
		return e.Const
	case ReadVar:
		return read(e.Var)
	case Not:
		return truth(e.X.Eval(read) == 0)
	case Neg:
		return -e.X.Eval(read)
	case And:
		return truth(e.X.Eval(read) != 0 && e.Y.Eval(read) != 0)
	case Or:
		return truth(e.X.Eval(read) != 0 || e.Y.Eval(read) != 0)
	}
	return Apply(e.Op, e.X.Eval(read), e.Y.Eval(read))
}

// Apply computes a binary operator on two values.
func Apply(op ExprOp, x, y int64) int64 {
	switch op {
	case Add:
		return x + y
	case Sub:
		return x - y
	case Mul:
		return x * y
	case Eq:
		return truth(x == y)
	case Ne:
		return truth(x != y)
	case Lt:
		return truth(x < y)
	case Le:
		return truth(x <= y)
	case Gt:
		return truth(x > y)
	case Ge:
		return truth(x >= y)
	case And:
		return truth(x != 0 && y != 0)
	case Or:
		return truth(x != 0 || y != 0)
	}
	panic(fmt.Sprintf("model: operator %d is not binary", op))
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
