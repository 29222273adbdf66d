package stress

import (
	"sync/atomic"
	"time"
)

// Progress is where a load is.
type Progress struct {
	Phase    Phase
	Done, Of int // Of is 0 if only time ends the load
	Elapsed  time.Duration
}

// A Phase is a part of a load.
type Phase string

// The phases.
const (
	Measuring Phase = "measuring" // what recording costs
	Calling   Phase = "calls"
	Checking  Phase = "checking"
)

// tell says every second where the load is, until done is closed.
func (s *session) tell(done <-chan struct{}) {
	if s.opts.Progress == nil {
		return
	}
	started := time.Now()
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-done:
			return
		case now := <-t.C:
			s.opts.Progress(Progress{s.phase.load(), int(s.load.done.Load()), s.opts.Operations, now.Sub(started)})
		}
	}
}

// phaseNow is the phase of a session, for who asks from another goroutine.
type phaseNow struct{ v atomic.Value }

func (p *phaseNow) set(x Phase) { p.v.Store(x) }

func (p *phaseNow) load() Phase {
	x, _ := p.v.Load().(Phase)
	return x
}
