package linear

import (
	"context"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// minimise cuts a window that cannot be explained down to the shortest piece of it that cannot be:
// up to the first step that makes it impossible, from the last moment at which little was under
// way, and without the steps that do not matter. Steps that change the object stay, for a history
// without them would be another one. When the budget is over, what there is by then stays.
func (w *window[S, O]) minimise(ctx context.Context, s *spec[S, O], b *budget) *window[S, O] {
	return w.endEarly(ctx, s, b).beginLate(ctx, s, b).dropSilent(ctx, s, b)
}

func (w *window[S, O]) impossible(ctx context.Context, s *spec[S, O], b *budget) bool {
	after, _ := w.explore(ctx, s, b)
	return b.over == model.NoLimit && len(after) == 0
}

// endEarly ends the window with the first step that must be over.
func (w *window[S, O]) endEarly(ctx context.Context, s *spec[S, O], b *budget) *window[S, O] {
	var ends []int64
	for i := range len(w.crossing) + len(w.items) {
		if it := w.at(i); it.to < w.end {
			ends = append(ends, it.to)
		}
	}
	slices.Sort(ends)
	for _, end := range slices.Compact(ends) {
		if b.over != model.NoLimit {
			break
		}
		n := 0
		for n < len(w.items) && w.items[n].from <= end {
			n++
		}
		if x := (&window[S, O]{w.before, w.crossing, w.items[:n], end + 1}); x.impossible(ctx, s, b) {
			return x
		}
	}
	return w
}

// beginLate begins the window at the cut that the fewest steps cross, the last of these. What may
// be there at a cut follows from what was before it, so the rest cannot be explained from any cut
// on.
func (w *window[S, O]) beginLate(ctx context.Context, s *spec[S, O], b *budget) *window[S, O] {
	best, fewest := w, len(w.crossing)+1
	at := *w
	for n := 1; n < len(w.items); n++ {
		head := &window[S, O]{at.before, at.crossing, at.items[:1], at.items[1].from}
		after, crossing := head.explore(ctx, s, b)
		if b.over != model.NoLimit || len(after) == 0 {
			break
		}
		at = window[S, O]{after, crossing, at.items[1:], w.end}
		if len(crossing) <= fewest {
			next := at
			best, fewest = &next, len(crossing)
		}
	}
	return best
}

// dropSilent leaves steps out one by one, as long as the rest cannot be explained.
func (w *window[S, O]) dropSilent(ctx context.Context, s *spec[S, O], b *budget) *window[S, O] {
	for i := 0; i < len(w.items) && b.over == model.NoLimit; {
		x := *w
		x.items = slices.Delete(slices.Clone(w.items), i, i+1)
		if s.silent(w.items[i].step) && x.impossible(ctx, s, b) {
			w = &x
			continue
		}
		i++
	}
	return w
}
