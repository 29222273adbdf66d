package stress

import (
	"sync"
	"time"
)

// A queue is one direction of a simulated socket.
type queue struct {
	world    *world
	name     string
	mutex    sync.Mutex
	arrived  chan struct{} // has an element if there may be news
	messages [][]byte
	closed   bool
}

// Send implements [driver.Queue].
func (q *queue) Send(message []byte) bool {
	q.mutex.Lock()
	ok := !q.closed
	if ok {
		q.messages = append(q.messages, message)
	}
	q.mutex.Unlock()
	q.wake()
	return ok
}

// Receive implements [driver.Queue].
func (q *queue) Receive() ([]byte, bool) {
	for {
		q.mutex.Lock()
		if len(q.messages) > 0 {
			m := q.messages[0]
			q.messages = q.messages[1:]
			q.mutex.Unlock()
			return m, true
		}
		closed := q.closed
		q.mutex.Unlock()
		if closed || !q.wait() {
			return nil, false
		}
	}
}

// wait reports whether there is news.
func (q *queue) wait() bool {
	a := q.world.actors.current()
	a.waits(&waiting{kind: "message", object: q.name, since: time.Now()})
	defer a.waits(nil)
	select {
	case <-q.arrived:
		return true
	case <-q.world.over:
		q.world.exit()
		return false
	}
}

// Close implements [driver.Queue].
func (q *queue) Close() {
	q.mutex.Lock()
	q.closed = true
	q.mutex.Unlock()
	q.wake()
}

func (q *queue) wake() {
	select {
	case q.arrived <- struct{}{}:
	default:
	}
}
