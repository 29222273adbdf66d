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
	// like tells steps apart that do not do the same.
	like func(*O) likeness
	// narrow gives items the shorter times that a witness vouches for, each within its own, and
	// reports whether there are any; nil: there is no witness.
	narrow func([]item[O]) ([]item[O], bool)
	// shows reports whether a step that nothing overlaps leaves the object in a state that does not
	// depend on which explanation led to it, of those in which [spec.sound] holds; and steady
	// whether one leaves what others show as it is. Both may depend on that all steps are over.
	shows, steady func(*O) bool
	// sound reports whether whatever follows on a state that looks the same follows on this one as
	// well.
	sound func(S) bool
	// line is where a step stands in its file; nil where steps stand in none.
	line func(*O) int
}

// A lane is the history of one object, checked window by window.
//
// What a witness vouches for is tried first: if the shorter times have an explanation, then so have
// the times as they were. If they have none, the search begins again where the lane knew every
// situation last, with the times as they were.
type lane[S comparable, O any] struct {
	spec *spec[S, O]
	at   moment[S, O] // the last cut
	// known is the last cut at which every situation was known, and since what came after it, if
	// shorter times were tried there.
	known moment[S, O]
	since []item[O]
	lost  bool // nobody knows every situation any more

	over         int64 // the end of all steps so far
	moved, shown int64 // the last end of a step that is not steady, the last beginning of one that shows

	verdict Verdict
	limit   model.Limit // which limit made the verdict Unknown
	why     string      // and in words
	windows int
	again   int // of them, those that were looked at with the times as they were after others had failed
	steps   int
	widest  int // most situations at a cut
	failed  *window[S, O]
}

// A moment is what an object may be like at a cut.
type moment[S comparable, O any] struct {
	situations []situation[S]
	crossing   []item[O] // steps under way
}

func newLane[S comparable, O any](s *spec[S, O], initial S) *lane[S, O] {
	l := &lane[S, O]{
		spec: s, at: moment[S, O]{situations: []situation[S]{{state: initial}}}, over: -1,
		moved: -1, shown: -1,
	}
	l.known = l.at
	return l
}

// free reports whether the object is in a state for sure, and nothing is under way.
func (l *lane[S, O]) free(state S) bool {
	return l.verdict == OK && len(l.at.crossing) == 0 && len(l.at.situations) == 1 &&
		l.at.situations[0] == (situation[S]{state: state})
}

// unknown ends a lane that a limit was in the way of.
func (l *lane[S, O]) unknown(by model.Limit, format string, args ...any) {
	l.verdict, l.limit, l.why = Unknown, by, fmt.Sprintf(format, args...)
}

// add checks items, which begin after all that were added before and come in the order of their
// beginnings. No item that is added later begins before end.
func (l *lane[S, O]) add(ctx context.Context, items []item[O], end int64) {
	for len(items) > 0 && l.verdict == OK {
		n := l.quiescent(items)
		at := end
		if n < len(items) {
			at = items[n].from
		}
		if l.piece(ctx, items[:n], at); l.verdict != Unknown {
			l.steps += n
		}
		items = items[n:]
	}
}

// quiescent says after how many items, but not too few, nothing is under way; all if that never is
// so.
func (l *lane[S, O]) quiescent(items []item[O]) int {
	over := l.over
	for n := range items {
		if n > 0 && n >= l.spec.bounds.small && over < items[n].from {
			return n
		}
		over = max(over, items[n].to)
	}
	return len(items)
}

// piece checks items, all of which are over by the end, or else never will be.
func (l *lane[S, O]) piece(ctx context.Context, items []item[O], end int64) {
	narrowed, shorter := items, false
	if l.spec.narrow != nil {
		if narrowed, shorter = l.spec.narrow(items); shorter {
			sortItems(narrowed)
		}
	}
	l.run(ctx, narrowed, end)
	for i := range items {
		it := &items[i]
		l.over = max(l.over, it.to)
		if !l.spec.steady(it.step) {
			l.moved = max(l.moved, it.to)
		}
		if l.spec.shows(it.step) {
			l.shown = max(l.shown, it.from)
		}
	}
	switch {
	case l.verdict == Unknown:
	case !shorter && len(l.since) == 0 && !l.lost:
		l.known = l.at
	case l.verdict == Illegal:
		l.retry(ctx, items, end)
	case l.over < end && l.shown > l.moved && l.soundly():
		l.known, l.lost = l.at, false
		l.keep(nil)
	case !l.lost:
		l.keep(append(l.since, items...))
		if *l.kept() > mostKept {
			l.letGo(ctx, end)
		}
	}
}

// soundly reports whether one of the situations is as good as any that looks the same.
func (l *lane[S, O]) soundly() bool {
	for _, x := range l.at.situations {
		if l.spec.sound(x.state) {
			return true
		}
	}
	return false
}

// retry looks at everything since every situation was known, with the times as they were, after the
// shorter ones had no explanation.
func (l *lane[S, O]) retry(ctx context.Context, items []item[O], end int64) {
	n := len(l.failed.items)
	l.widely(ctx, append(l.since, items...), end)
	switch {
	case l.verdict == Illegal && l.lost:
		l.unknown(model.MemoryLimit, "%s, and whether it has another cannot be told: what came before is too much to be kept",
			unvouched(n))
	case l.verdict == Unknown:
		l.why = unvouched(n) + "; otherwise " + l.why
	}
}

func unvouched(n int) string {
	return fmt.Sprintf("a window of %d steps has no explanation in which each call takes effect while it has its job", n)
}

// widely goes on from where every situation was known. If it comes to the end, every situation is.
func (l *lane[S, O]) widely(ctx context.Context, items []item[O], end int64) {
	before := l.windows
	l.at, l.verdict, l.failed = l.known, OK, nil
	l.run(ctx, items, end)
	l.again += l.windows - before
	l.known = l.at
	l.keep(nil)
}

// mostKept is how many steps the lanes of a run keep until they know every situation again: some
// hundred megabytes.
const mostKept = 1 << 19

// kept is how many steps the lanes keep.
func (l *lane[S, O]) kept() *int { return &l.spec.bounds.steps }

func (l *lane[S, O]) keep(items []item[O]) {
	*l.kept() += len(items) - len(l.since)
	l.since = items
}

// letGo does without what has been kept, after it has tried to know every situation. If it never
// does, what follows can be explained, but not be found impossible.
func (l *lane[S, O]) letGo(ctx context.Context, end int64) {
	at := l.at
	l.widely(ctx, l.since, end)
	if l.verdict == Unknown && l.limit != model.InterruptLimit && l.limit != model.TimeoutLimit {
		l.verdict, l.limit, l.why = OK, model.NoLimit, ""
		l.at, l.known, l.lost = at, at, true
	}
}

// run checks items with the times that they have, window by window.
func (l *lane[S, O]) run(ctx context.Context, items []item[O], end int64) {
	for len(items) > 0 && l.verdict == OK {
		n := cutAfter(l.at.crossing, items)
		at := end
		if n < len(items) {
			at = items[n].from
		}
		l.advance(ctx, &window[S, O]{l.at.situations, l.at.crossing, items[:n], at})
		items = items[n:]
	}
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
	l.widest = max(l.widest, len(after))
	if len(after) == 0 {
		l.verdict, l.failed = Illegal, w
	}
	l.at = moment[S, O]{after, crossing}
}
