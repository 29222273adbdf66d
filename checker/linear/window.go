package linear

import (
	"context"

	"github.com/lockproof/lockproof/model"
)

// An item is a step with the time in which it takes effect; to is Never if it need not.
type item[O any] struct {
	from, to int64
	client   int // or nobody
	step     *O
}

// nobody is the client of a step that belongs to the run and not to a client.
const nobody = -1

// clientName is the name of a client by its number; "" for nobody.
func clientName(names []string, n int) string {
	if n < 0 || n >= len(names) {
		return ""
	}
	return names[n]
}

// A situation is the object at a cut, and which of the steps that are under way there have taken
// effect, by their place in the list of steps that cross the cut: those that change the object, and
// those that never do.
type situation[S comparable] struct {
	state       S
	done, quiet set
}

// has reports whether the step of a number has taken effect.
func (x situation[S]) has(i int) bool { return x.done.has(i) || x.quiet.has(i) }

// A window is a piece of a history: what was under way before it, its own steps, and the cut at its
// end.
type window[S comparable, O any] struct {
	before   []situation[S]
	crossing []item[O]
	items    []item[O]
	end      int64
}

// explore is every situation in which the object can be at the end of the window if nothing takes
// effect before it must, and the steps that are under way there, but for those that have taken
// effect in every situation. There is none if the window cannot be explained. When the budget is
// over, what is returned means nothing.
func (w *window[S, O]) explore(ctx context.Context, s *spec[S, O], b *budget) ([]situation[S], []item[O]) {
	b.kept = 0
	x := newSearch(ctx, w, s, b)
	for _, e := range w.events() {
		switch {
		case e.begins:
			x.begin(e.number, w.at(e.number))
		case !x.finish(e.number):
			return nil, nil
		}
		if b.over != model.NoLimit {
			return nil, nil
		}
	}
	return x.end()
}

// at is the step of a number, crossing first.
func (w *window[S, O]) at(i int) *item[O] {
	if i < len(w.crossing) {
		return &w.crossing[i]
	}
	return &w.items[i-len(w.crossing)]
}

// smallWindow and largeWindow bound the steps of a window: it ends at the first quiescent point
// after the small size, and at the large size wherever the fewest steps cross.
const (
	smallWindow = 24
	largeWindow = 96
)

// cutAfter says how many items the next window has. Some steps from before it are under way.
func cutAfter[O any](crossing, items []item[O]) int {
	var flying []int64
	for i := range crossing {
		flying = append(flying, crossing[i].to)
	}
	best, fewest := 0, 0
	for n := range items {
		kept := flying[:0]
		for _, to := range flying {
			if to >= items[n].from {
				kept = append(kept, to)
			}
		}
		flying = kept
		switch {
		case n >= smallWindow && len(flying) == 0:
			return n
		case n >= largeWindow:
			return best
		case n >= smallWindow && (best == 0 || len(flying) <= fewest):
			best, fewest = n, len(flying)
		}
		flying = append(flying, items[n].to)
	}
	return len(items)
}
