package schedule

// states describes all threads, the main one not among them.
func (w *world) states() []ThreadState {
	states := make([]ThreadState, 0, len(w.threads))
	for i, t := range w.threads {
		if t.world == nil { // set-up has not come to it
			states = append(states, ThreadState{Name: w.program.Threads[i]})
			continue
		}
		w.settle(t)
		s := ThreadState{Name: t.name, Held: t.heldNames()}
		s.Involved = t == w.current && w.phase == exploring
		if t.starting || t.finished { // it has not come to an operation, or has none left
			states = append(states, s)
			continue
		}
		s.Next = t.next.String()
		if t != w.current && !t.enabled() {
			s.WaitsFor = waitTarget(t)
			s.Asleep = t.next.verb == reacquire && !t.signalled && !t.givesUp
		}
		states = append(states, s)
	}
	return states
}

// waitTarget is the name of what a thread that cannot go on needs.
func waitTarget(t *thread) string {
	switch op := &t.next; {
	case op.verb == reacquire && !t.signalled && !t.givesUp:
		return op.cond.name
	case op.mutex != nil:
		return op.mutex.name
	case op.queue != nil:
		return op.queue.name
	}
	return ""
}
