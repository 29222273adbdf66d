package schedule

import (
	"strconv"

	"github.com/lockproof/lockproof/driver"
)

// A verb is a kind of operation.
type verb uint8

const (
	lockMutex verb = iota
	reacquire      // after a wait
	sendMessage
	closeQueue
	receive
	sleep
	chooseFault
	chooseWaiter
	beginCall // of the API: steps only where a history is recorded
	endCall
	// What follows rides along with a step. It appears in traces only.
	unlockMutex
	destroyMutex
	beginWait
	signalCond
	broadcastCond
	readVar
	writeVar
	startThread
	endThread
)

var verbNames = [...]string{
	"lock", "wake up and lock", "send to", "close", "receive from", "sleep", "fault at", "signal", "call", "return from",
	"unlock", "free", "wait for", "signal", "broadcast", "read", "write", "start", "end",
}

func (v verb) String() string { return verbNames[v] }

// An operation is what a thread is about to do.
type operation struct {
	verb  verb
	mutex *mutex
	cond  *cond
	queue *queue
	point string // of a fault; of a call: its domain
	api   driver.Op
	ways  int // in how many ways it can be done
}

// enabled reports whether t can do its next operation now.
func (t *thread) enabled() bool {
	if t.finished {
		return false
	}
	switch op := &t.next; op.verb {
	case lockMutex:
		return op.mutex.owner == nil
	case reacquire:
		return op.mutex.owner == nil && (t.signalled || t.givesUp)
	case receive:
		return len(op.queue.messages) > op.queue.taken || op.queue.closed
	}
	return true
}

// An objectID is a name for what an operation is done to, the same in every run with the same
// schedule.
type objectID int32

// Besides those of mutexes and queues, which are positive:
const (
	nothingShared objectID = 0
	callBegins    objectID = -1
	callEnds      objectID = -2
)

// dependent reports whether the order of two operations makes a difference. Of beginnings and ends
// of calls it does if one is a beginning and the other an end: a history says which calls were over
// when others began.
func (o objectID) dependent(p objectID) bool {
	if o < 0 || p < 0 {
		return o < 0 && p < 0 && o != p
	}
	return o == p && o != nothingShared
}

func (op *operation) object() objectID {
	switch op.verb {
	case lockMutex, reacquire:
		return op.mutex.id
	case sendMessage, closeQueue:
		return op.queue.id
	case beginCall:
		return callBegins
	case endCall:
		return callEnds
	}
	return nothingShared
}

// target is the object's name for a reader.
func (op *operation) target() string {
	switch op.verb {
	case lockMutex:
		return op.mutex.name
	case reacquire:
		return op.mutex.name + " after " + op.cond.name
	case sendMessage, closeQueue, receive:
		return op.queue.name
	case chooseFault:
		return op.point
	case chooseWaiter:
		return op.cond.name
	case beginCall, endCall:
		return op.api.String() + "(" + op.point + ")"
	}
	return ""
}

func (op *operation) String() string {
	s := op.verb.String()
	if target := op.target(); target != "" {
		s += " " + target
	}
	if op.ways > 1 {
		s += " (" + strconv.Itoa(op.ways) + " ways)"
	}
	return s
}
