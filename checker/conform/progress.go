package conform

import "time"

// Progress is where a comparison is.
type Progress struct {
	States      int64 // that were found; of random runs, steps
	Frontier    int64 // states from which no step was taken yet
	Runs, Steps int64
	Elapsed     time.Duration
}

// progress tells where the comparison is.
func (k *walk[S]) progress(states, frontier int64) {
	if k.o.Progress != nil {
		k.o.Progress(Progress{states, frontier, k.r.Runs, k.r.Steps, time.Since(k.started)})
	}
}
