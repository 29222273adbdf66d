package linear

import (
	"context"
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// A spec is a sequential object with states S, to which steps O happen.
type spec[S comparable, O any] struct {
	step          func(S, *O) (S, bool)
	describe      func(*O) string
	describeState func(S) string
	bounds        *bounds
	// silent reports whether a step never changes a state, so that a history without it is
	// explained whenever one with it is.
	silent func(*O) bool
}

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
// effect, one bit each in the order of the list of steps that cross the cut.
type situation[S comparable] struct {
	state S
	done  uint64
}

const (
	// smallWindow and largeWindow bound the steps of a window: it ends at the first quiescent point
	// after the small size, and at the large size wherever the fewest steps cross.
	smallWindow = 24
	largeWindow = 96
	// maxCrossing is how many steps can cross a cut: the bits of a situation.
	maxCrossing = 64
	// maxSituations bounds what is carried across a cut.
	maxSituations = 1 << 14
	// maxWindow is how many steps a window has at most. One is only that long when more steps than
	// can cross a cut are under way all through it, and what porcupine keeps grows with the square
	// of it.
	maxWindow = 1 << 13
)

// A lane is the history of one object, checked window by window.
type lane[S comparable, O any] struct {
	spec       *spec[S, O]
	situations []situation[S] // at the last cut
	crossing   []item[O]      // steps under way at the last cut
	verdict    Verdict
	limit      model.Limit // which limit made the verdict Unknown
	why        string      // and in words
	windows    int
	steps      int
	widest     int // most situations at a cut
	failed     *window[S, O]
}

func newLane[S comparable, O any](s *spec[S, O], initial S) *lane[S, O] {
	return &lane[S, O]{spec: s, situations: []situation[S]{{state: initial}}}
}

// unknown ends a lane that a limit was in the way of.
func (l *lane[S, O]) unknown(by model.Limit, format string, args ...any) {
	l.verdict, l.limit, l.why = Unknown, by, fmt.Sprintf(format, args...)
}

// A window is a piece of a history: what was under way before it, its own steps, and the cut at its
// end.
type window[S comparable, O any] struct {
	before   []situation[S]
	crossing []item[O]
	items    []item[O]
	end      int64
}

// add checks items, which begin after all that were added before and come in the order of their
// beginnings. No item that is added later begins before end.
func (l *lane[S, O]) add(ctx context.Context, items []item[O], end int64) {
	for len(items) > 0 && l.verdict == OK {
		n := l.cut(items)
		if n == 0 {
			l.unknown(model.PatienceLimit, "%d steps in which more than %d are always under way are too many", maxWindow, maxCrossing)
			return
		}
		at := end
		if n < len(items) {
			at = items[n].from
		}
		l.advance(ctx, &window[S, O]{l.situations, l.crossing, items[:n], at})
		items = items[n:]
	}
}

// cut says how many items the next window has; 0 when it would be too long.
func (l *lane[S, O]) cut(items []item[O]) int {
	var flying []int64
	for i := range l.crossing {
		flying = append(flying, l.crossing[i].to)
	}
	best, fewest := len(items), maxCrossing+1
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
		case n >= largeWindow && fewest <= maxCrossing:
			return best
		case n >= maxWindow:
			return 0
		case n >= smallWindow && len(flying) <= fewest:
			best, fewest = n, len(flying)
		}
		flying = append(flying, items[n].to)
	}
	return len(items)
}

// advance checks one window and goes on to its end.
func (l *lane[S, O]) advance(ctx context.Context, w *window[S, O]) {
	b := l.spec.bounds.budget(ctx)
	after, crossing := w.explore(ctx, l.spec, b)
	b.close(b.over == model.NoLimit && len(after) > 0)
	if b.over != model.NoLimit {
		l.unknown(b.over, "%s", b.why(len(w.items)))
		return
	}
	l.windows++
	l.steps += len(w.items)
	l.widest = max(l.widest, len(after))
	switch {
	case len(after) == 0:
		l.verdict, l.failed = Illegal, w
	case len(after) > maxSituations || len(crossing) > maxCrossing:
		l.unknown(model.PatienceLimit, "%d situations with %d steps under way are too many", len(after), len(crossing))
	}
	l.situations, l.crossing = after, crossing
}

// explore is every situation in which the object can be at the end of the window, and the steps
// that are under way there. There is none if the window cannot be explained. When the budget is
// over, what is returned means nothing.
func (w *window[S, O]) explore(ctx context.Context, s *spec[S, O], b *budget) ([]situation[S], []item[O]) {
	crossing, bits := w.across()
	seen := map[situation[S]]bool{}
	var after []situation[S]
	b.kept = 0
	for _, x := range w.before {
		for _, e := range w.from(ctx, s, x, bits, b) {
			if !b.spend(ctx, 1) {
				return nil, crossing
			}
			if !seen[e] {
				seen[e] = true
				after = append(after, e)
			}
		}
		b.kept = int64(len(after)) * perEnd
	}
	return dominated(ctx, after, crossing, s.silent, b), crossing
}

// across lists the steps that are under way at the end, and gives the bit of each step of the
// window, crossing first; 0 for those that are over by then.
func (w *window[S, O]) across() (crossing []item[O], bits []uint64) {
	bits = make([]uint64, len(w.crossing)+len(w.items))
	for i := range bits {
		if it := w.at(i); it.to >= w.end {
			if len(crossing) < maxCrossing {
				bits[i] = 1 << len(crossing)
			}
			crossing = append(crossing, *it)
		}
	}
	return crossing, bits
}

// at is the step of a number, crossing first.
func (w *window[S, O]) at(i int) *item[O] {
	if i < len(w.crossing) {
		return &w.crossing[i]
	}
	return &w.items[i-len(w.crossing)]
}
