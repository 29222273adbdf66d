package conform

import "github.com/lockproof/lockproof/model"

// start compares how driver and model begin.
func (k *walk[S]) start() *difference {
	for _, bad := range k.m.Starts() {
		if bad == nil {
			continue
		}
		if d := k.startsWrong(bad); d != nil {
			return d
		}
	}
	for i := range k.m.Initials() {
		if k.stopped() {
			return nil
		}
		s := k.m.Initial(i)
		if d := k.arrive(nil, &s); d != nil {
			return d
		}
	}
	return nil
}

// initial is the state in which runs begin; false when a rule is broken before.
func (k *walk[S]) initial() (s S, ok bool) {
	if k.m.Initials() > 0 {
		return k.m.Initial(0), true
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
