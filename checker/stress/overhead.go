package stress

import (
	"context"
	"time"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/driver"
)

// Overhead is what recording costs.
type Overhead struct {
	Operations int           `json:"operations"`
	Without    time.Duration `json:"without_ns"` // the best of several runs, as With
	With       time.Duration `json:"with_ns"`
	Ratio      float64       `json:"ratio"`
}

// measure runs a load without faults, with and without recording, and takes the best of five runs
// each.
func measure(ctx context.Context, o Options) (*Overhead, error) {
	o.Operations, o.Duration, o.Faults, o.History, o.Progress = o.Overhead, 0, nil, nil, nil
	o.JobTimeout, o.CommandTimeout = o.defaultJobTimeout(), o.defaultCommandTimeout() // callers are patient again
	m := o.Mix.without(driver.OpDefine, driver.OpUndefine, driver.OpWait, driver.OpLongJob)
	if m == (Mix{}) {
		return nil, nil
	}
	o.Mix = &m
	best := [2]time.Duration{}
	for i := range 10 {
		s := &session{opts: &o}
		if i%2 == 1 {
			s.recorder = linear.NewRecorder(o.Clock)
		}
		r, err := s.run(ctx, ctx)
		if err != nil || len(r.Findings) > 0 || !r.Complete {
			return nil, err // the load itself will tell
		}
		if b := &best[i%2]; *b == 0 || r.Elapsed < *b {
			*b = r.Elapsed
		}
	}
	return &Overhead{o.Operations, best[0], best[1], float64(best[1]) / float64(best[0])}, nil
}
