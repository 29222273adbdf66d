package modeltest

import "github.com/lockproof/lockproof/model"

// A stmt is a statement of a thread's text.
type stmt struct {
	op     stmtOp
	a, b   name // what it acts on; b is the lock of a wait
	value  int64
	self   bool // it stores the thread's own number
	atomic bool // a load or store that is so
	keeps  bool // a wait that does not give the lock back
	check  check
	then   []stmt
	other  []stmt
}

type stmtOp uint8

const (
	sLock stmtOp = iota
	sUnlock
	sTryLock // then: it got the lock; other: it did not
	sWait    // other: it gave up
	sSignal
	sBroadcast
	sStore
	sAdd     // value, in one step; past the last value it begins again
	sSwap    // value for what is there; then: there was something else
	sTakeOne // one less, in one step; waits while it is the least
	sMaybe   // value or nothing, in one step, nobody knows which
	sBranch  // on whether a variable has a value
	sWhile   // a variable has a value
	sFork    // then or other, nobody knows which
	sRef
	sUnref // then: there are others
	sRemove
	sFind // then: it is on the list, and locked now
	sAccess
	sCheck
	sTake // the job
	sGive
	sTouchJob // then: the job is taken
	sBreak    // out of the innermost sWhile
	sFail
	sStart // the thread that another is to start
	sExit  // ends the process, with a value
	sEnd   // says that the started thread has ended
	sJoin  // waits for that
	sDetach
)

// check is a condition over named variables: ReadVar's Var counts the names.
type check struct {
	kind  model.Kind
	cond  *model.Expr // nil: it never holds
	names []name
}
