package schedule

import "github.com/lockproof/lockproof/driver"

// A queue is one direction of a simulated socket. What a receiver gets depends on the order of the
// senders alone: the n-th message is the n-th message whenever it is taken. So receiving conflicts
// with nothing.
type queue struct {
	world    *world
	id       objectID
	name     string
	messages []message
	taken    int
	closed   bool
	clock    clock // of the last send or close
	ended    clock // of the first close
}

type message struct {
	text  []byte
	clock *clock // nil where nobody looks at clocks
}

// NewQueue is part of [driver.Runtime].
func (w *world) NewQueue(name string) driver.Queue {
	q := &queue{world: w, id: w.newID(), name: name, messages: make([]message, 0, 8)}
	q.clock.reset()
	return q
}

func (q *queue) Send(text []byte) bool {
	if !q.step(sendMessage) {
		return false
	}
	if q.closed {
		return false
	}
	m := message{text: text}
	if q.world.causal {
		c := q.clock
		m.clock = &c
	}
	q.messages = append(q.messages, m)
	return true
}

func (q *queue) Close() {
	if q.step(closeQueue) && !q.closed {
		q.closed, q.ended = true, q.clock
	}
}

// step is a step that changes the queue.
func (q *queue) step(v verb) bool {
	w := q.world
	if w.stopping {
		return false
	}
	t := w.current
	t.next = operation{verb: v, queue: q, ways: 1}
	t.pause()
	w.note(v, q.name)
	if w.causal {
		t.clock.join(&q.clock)
		q.clock = t.clock
	}
	return true
}

func (q *queue) Receive() ([]byte, bool) {
	w := q.world
	t := w.current
	t.next = operation{verb: receive, queue: q, ways: 1}
	t.pause()
	w.note(receive, q.name)
	if q.taken == len(q.messages) {
		if w.causal {
			t.clock.join(&q.ended)
		}
		return nil, false
	}
	m := &q.messages[q.taken]
	q.taken++
	if w.causal {
		t.clock.join(m.clock)
	}
	return m.text, true
}
