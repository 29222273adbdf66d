package conform

import "github.com/lockproof/lockproof/model"

// start compares how driver and model begin.
func (k *walk[S]) start() *difference {
	for _, v := range k.m.InitialViolations() {
		if d := k.startsWrong(v.Check); d != nil {
			return d
		}
	}
	for _, s := range k.m.Initial() {
		if k.stopped() {
			return nil
		}
		if d := k.arrive(nil, &s); d != nil {
			return d
		}
	}
	return nil
}

// initial is the state in which runs begin; false when a rule is broken before.
func (k *walk[S]) initial() (s S, ok bool) {
	if all := k.m.Initial(); len(all) > 0 {
		return all[0], true
	}
	return s, false
}

// startsWrong compares a rule that is broken before there was a step.
func (k *walk[S]) startsWrong(want *model.Check) *difference {
	w := newWorld(k.c, &k.pool, true)
	defer k.end(w)
	for _, t := range w.threads {
		if !t.finished && t.next.op == model.OpFail && t.next.fails.kind == want.Kind {
			return nil
		}
	}
	return differ(Backward, "before the first step a rule is broken in the model (%s: %s), and none in the driver", want.Kind, want.Text)
}
