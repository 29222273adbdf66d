package linear

import (
	"context"
	"fmt"
	"time"
)

// A spec is a sequential object with states S, to which steps O happen.
type spec[S comparable, O any] struct {
	step          func(S, *O) (S, bool)
	describe      func(*O) string
	describeState func(S) string
	stop          context.Context
	// silent reports whether a step never changes a state, so that a history without it is explained whenever one with it is.
	silent func(*O) bool
}

// An item is a step with the time in which it takes effect; to is Never if it need not.
type item[O any] struct {
	from, to int64
	client   int
	step     *O
}

// A situation is the object at a cut, and which of the steps that are under way there have taken effect, one bit each in the
// order of the list of steps that cross the cut.
type situation[S comparable] struct {
	state S
	done  uint64
}

const (
	// smallWindow and largeWindow bound the steps of a window: it ends at the first quiescent point after the small size, and at
	// the large size wherever the fewest steps cross.
	smallWindow = 24
	largeWindow = 96
	// maxCrossing is how many steps can cross a cut: the bits of a situation.
	maxCrossing = 64
	// maxSituations bounds what is carried across a cut.
	maxSituations = 1 << 14
)

// A lane is the history of one object, checked window by window.
type lane[S comparable, O any] struct {
	spec       *spec[S, O]
	situations []situation[S] // at the last cut
	crossing   []item[O]      // steps under way at the last cut
	verdict    Verdict
	limit      string        // why the verdict is Unknown
	patience   time.Duration // for one window
	windows    int
	steps      int
	widest     int // most situations at a cut
	failed     *window[S, O]
}

func newLane[S comparable, O any](s *spec[S, O], initial S, patience time.Duration) *lane[S, O] {
	return &lane[S, O]{spec: s, situations: []situation[S]{{state: initial}}, patience: patience}
}

// A window is a piece of a history: what was under way before it, its own steps, and the cut at its end.
type window[S comparable, O any] struct {
	before   []situation[S]
	crossing []item[O]
	items    []item[O]
	end      int64
}

// add checks items, which begin after all that were added before and come in the order of their beginnings. No item that is
// added later begins before end.
func (l *lane[S, O]) add(items []item[O], end int64) {
	for len(items) > 0 && l.verdict == OK {
		n := l.cut(items)
		at := end
		if n < len(items) {
			at = items[n].from
		}
		l.advance(&window[S, O]{l.situations, l.crossing, items[:n], at})
		items = items[n:]
	}
}

// cut says how many items the next window has.
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
		case n >= smallWindow && len(flying) <= fewest:
			best, fewest = n, len(flying)
		}
		flying = append(flying, items[n].to)
	}
	return len(items)
}

// advance checks one window and goes on to its end.
func (l *lane[S, O]) advance(w *window[S, O]) {
	after, crossing, verdict := w.explore(l.spec, l.patience)
	l.windows++
	l.steps += len(w.items)
	l.widest = max(l.widest, len(after))
	switch {
	case verdict == Unknown && l.spec.stop.Err() != nil:
		l.verdict, l.limit = Unknown, "interrupted"
	case verdict == Unknown:
		l.verdict, l.limit = Unknown, fmt.Sprintf("a window of %d steps took longer than %v", len(w.items), l.patience)
	case len(after) == 0:
		l.verdict, l.failed = Illegal, w
	case len(after) > maxSituations || len(crossing) > maxCrossing:
		l.verdict, l.limit = Unknown, fmt.Sprintf("%d situations with %d steps under way are too many", len(after), len(crossing))
	}
	l.situations, l.crossing = after, crossing
}

// explore is every situation in which the object can be at the end of the window, and the steps that are under way there. There
// is none if the window cannot be explained.
func (w *window[S, O]) explore(s *spec[S, O], patience time.Duration) ([]situation[S], []item[O], Verdict) {
	until := time.Now().Add(patience)
	crossing, bits := w.across()
	seen := map[situation[S]]bool{}
	var after []situation[S]
	for _, b := range w.before {
		ends, verdict := w.from(s, b, bits, time.Until(until))
		if verdict == Unknown {
			return nil, crossing, Unknown
		}
		for _, e := range ends {
			if !seen[e] {
				seen[e] = true
				after = append(after, e)
			}
		}
	}
	return dominated(after, crossing, s.silent), crossing, OK
}

// across lists the steps that are under way at the end, and gives the bit of each step of the window, crossing first; 0 for
// those that are over by then.
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
