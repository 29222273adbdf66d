package schedule

import "strconv"

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
	"lock", "wake up and lock", "send to", "close", "receive from", "sleep", "fault at", "signal",
	"unlock", "free", "wait for", "signal", "broadcast", "read", "write", "start", "end",
}

func (v verb) String() string { return verbNames[v] }

// An operation is what a thread is about to do.
type operation struct {
	verb  verb
	mutex *mutex
	cond  *cond
	queue *queue
	point string // of a fault
	ways  int    // in how many ways it can be done
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

// object is a name for what the operation is done to, the same in every run with the same schedule; 0: nothing shared.
// Two operations on different objects can be swapped.
func (op *operation) object() int32 {
	switch op.verb {
	case lockMutex, reacquire:
		return op.mutex.id
	case sendMessage, closeQueue:
		return op.queue.id
	}
	return 0
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
