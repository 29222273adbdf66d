package conform

import (
	"context"
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// A Followed is one schedule on both sides.
type Followed struct {
	// Driver says what each of the driver's threads does, or waits for, at the end.
	Driver []string
	// Broken is the rule that the last step broke, on both sides; "" for none.
	Broken   model.Kind
	Mismatch *Mismatch
	// Limit is why the schedule was not followed to its end.
	Limit model.Limit
}

// Follow takes a schedule to the driver and to the model, and compares after each step. A pick that
// cannot be taken is an error, and so is a body that cannot be interpreted to the end of the
// schedule. The end of ctx ends it as well.
func Follow(ctx context.Context, c *Case, s model.Schedule) (*Followed, error) {
	k, err := newWalker(c)
	if err != nil {
		return nil, err
	}
	return k.follow(ctx, s)
}

func (k *walk[S]) follow(ctx context.Context, s model.Schedule) (*Followed, error) {
	k.ctx = ctx
	defer k.pool.Close()
	path, _, _, err := k.moves(s)
	if err != nil {
		return nil, err
	}
	r := &Followed{}
	moves := path.moves
	if d, at := k.start(); d != nil {
		k.mismatch(d, at)
		r.Mismatch, moves = k.r.Mismatch, nil
	}
	w := newWorld(k.c, path.chose, &k.pool, true)
	defer w.end(&k.pool)
	state := k.m.Initial(path.initial)
	for i, x := range moves {
		if k.stopped() {
			break
		}
		succ := k.m.StepsOf(&state, x.thread, nil)[x.choice]
		if d := k.outcome(w, x, &succ); d != nil {
			k.mismatch(d, &route{path.initial, path.chose, moves[:i+1]})
			r.Mismatch = k.r.Mismatch
			break
		}
		if succ.Failed != nil {
			r.Broken = succ.Failed.Kind
		}
		state = succ.State
	}
	if w.meaningless != nil {
		return nil, w.meaningless
	}
	r.Limit = k.r.Limit
	for _, t := range w.threads {
		r.Driver = append(r.Driver, t.at())
	}
	return r, nil
}

// at says what a thread does at the end of a run.
func (t *thread) at() string {
	switch {
	case t.failure != nil:
		return fmt.Sprintf("broke the rule %s: %s", t.failure.kind, t.failure.message)
	case t.finished:
		return "is finished"
	case len(t.ways()) > 0:
		return t.about()
	}
	s := "waits for " + t.next.target
	switch owner := t.next.mutex.owner; {
	case t.next.op == model.OpSleep:
	case owner != nil:
		s += ", which " + owner.name() + " holds"
	}
	if t.next.op == model.OpFind {
		s = "waits for the lock of " + t.next.target
		if o := t.next.mutex.owner; o != nil {
			s += ", which " + o.name() + " holds"
		}
	}
	if t.next.where != "" {
		s += ", in " + t.next.where
	}
	return s
}
