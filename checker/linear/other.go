package linear

import (
	"context"
	"slices"
	"time"

	"github.com/lockproof/lockproof/model"
)

// An Object is a sequential object that is no domain of the driver: what each step makes of each
// state.
type Object[S comparable, O any] struct {
	// Step is pure: what a step makes of a state, and whether it can happen there.
	Step func(S, *O) (S, bool)
	// Silent reports whether a step never does anything but tell in which of several states an
	// object is: whatever explains a history with it explains the one without.
	Silent func(*O) bool
	// Like tells steps apart: two that have the same do the same in every state.
	Like          func(*O) [4]int64
	Describe      func(*O) string
	DescribeState func(S) string
	Line          func(*O) int // where it stands in its file
}

// A Timed is a step with the time in which it takes effect. To is Never if it need not.
type Timed[O any] struct {
	From, To int64
	Client   string
	Step     *O
}

// Objects checks histories of objects of one kind, which share what they may spend.
type Objects[S comparable, O any] struct {
	spec    *spec[S, O]
	clients map[string]int
	names   []string
}

// NewObjects makes a checker of objects.
func NewObjects[S comparable, O any](x Object[S, O], o Options) *Objects[S, O] {
	b := &bounds{patience: o.Patience, left: o.Patience, memory: o.Memory, small: smallWindow}
	if b.patience == 0 {
		b.patience, b.left = time.Minute, time.Minute
	}
	if b.memory == 0 {
		b.memory = defaultMemory
	}
	return &Objects[S, O]{clients: map[string]int{}, spec: &spec[S, O]{
		bounds: b, step: x.Step, describe: x.Describe, describeState: x.DescribeState, silent: x.Silent, line: x.Line,
		like:   func(o *O) likeness { return x.Like(o) },
		shows:  func(*O) bool { return false },
		steady: func(*O) bool { return false },
		sound:  func(S) bool { return true },
	}}
}

// Check holds the whole history of one object against the states that it may have at the beginning,
// and returns what came of it: a layer with one object.
func (c *Objects[S, O]) Check(ctx context.Context, name string, initial S, steps []Timed[O]) Layer {
	items := make([]item[O], len(steps))
	end := int64(0)
	for i, t := range steps {
		n, ok := c.clients[t.Client]
		if !ok {
			n = len(c.names)
			c.clients[t.Client] = n
			c.names = append(c.names, t.Client)
		}
		items[i] = item[O]{t.From, t.To, n, t.Step}
		end = max(end, t.From)
		if t.To != Never {
			end = max(end, t.To)
		}
	}
	sortItems(items)
	l := newLane(c.spec, initial)
	l.add(ctx, items, end+1)
	var y Layer
	settle(ctx, &y, l, c.spec, object{domain: name}, "api", c.names)
	return y
}

// blame finds the step that had to be over last, which nothing explains, and what the object may
// have been by then without it. Of several that were over at once it is the last without which the
// others have an explanation.
func (w *window[S, O]) blame(ctx context.Context, s *spec[S, O], b *budget, v *Violation) {
	over, several := int64(-1), false
	for i := range len(w.crossing) + len(w.items) {
		if it := w.at(i); it.to < w.end && it.to >= over {
			over, several = it.to, it.to == over
		}
	}
	for i := len(w.items) - 1; i >= 0; i-- { // what crosses is older than the piece
		it := &w.items[i]
		if it.to != over {
			continue
		}
		rest := *w
		rest.items = slices.Delete(slices.Clone(w.items), i, i+1)
		now, _ := rest.explore(ctx, s, b)
		if several && (b.over != model.NoLimit || len(now) == 0) {
			continue
		}
		v.Last = slices.IndexFunc(v.Steps, func(x Step) bool { return x.Line == s.line(it.step) })
		if b.over == model.NoLimit {
			v.Then = s.describeAll(now)
		}
		return
	}
}

// Add puts what came of another object into a layer.
func (y *Layer) Add(x Layer) {
	y.Objects += x.Objects
	y.Steps += x.Steps
	y.Windows += x.Windows
	y.Again += x.Again
	y.Widest = max(y.Widest, x.Widest)
	y.Violations = append(y.Violations, x.Violations...)
	switch {
	case x.Verdict == Illegal:
		y.Verdict, y.Limit, y.By = Illegal, "", model.NoLimit
	case x.Verdict == Unknown:
		y.unknown(x.By, x.Limit)
	}
}

// once leaves out the steps of a piece that stand there twice: one call may have several.
func once(steps []Step) []Step {
	var out []Step
	for _, s := range steps {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
