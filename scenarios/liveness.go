package scenarios

import (
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// liveness reads what a scenario asks about those who could be passed over for ever. Starvation can
// be expected only where it is asked for.
func (d *decoder) liveness(sc *Scenario, m map[string]*node) {
	sc.Fairness = word(d, m["fairness"], "fairness", model.Fairnesses())
	sc.Liveness = word(d, m["liveness"], "liveness", model.Livenesses())
	switch {
	case m["fairness"] != nil:
		if sc.Liveness == "" {
			sc.Liveness = model.Completion
		}
	case m["liveness"] != nil:
		d.ds.Add(m["liveness"].pos, "liveness is asked for under a fairness", "add fairness: weak or fairness: strong")
	case sc.Expect.Verdict == model.Starvation:
		d.ds.Add(m["expect"].pos, fmt.Sprintf("%s is found only under a fairness", model.Starvation),
			"add fairness: weak or fairness: strong to the scenario")
	}
}

// LivenessFor is what is asked about liveness: what a command line says, where it says something,
// else what the scenario says. Without a fairness nothing is.
func (sc *Scenario) LivenessFor(f model.Fairness, l model.Liveness) (model.Fairness, model.Liveness) {
	if f == "" {
		f = sc.Fairness
	}
	if l == "" {
		l = sc.Liveness
	}
	if l == "" {
		l = model.Completion
	}
	return f, l
}
