package linear

import "context"

// dominated leaves out the situations that another one makes superfluous: the same state, with the
// same steps done and some silent ones besides. Whatever explains the rest of the history from the
// first explains it from the second as well, which has less to explain. Among calls that mostly
// read, that leaves one situation where there would be two for every reader.
func dominated[S comparable, O any](
	ctx context.Context, all []situation[S], crossing []item[O], silent func(*O) bool, b *budget,
) []situation[S] {
	var quiet uint64
	for i := range crossing {
		if i < maxCrossing && silent(crossing[i].step) {
			quiet |= 1 << i
		}
	}
	if quiet == 0 {
		return all
	}
	groups := map[situation[S]][]uint64{}
	for _, s := range all {
		key := situation[S]{s.state, s.done &^ quiet}
		groups[key] = append(groups[key], s.done)
	}
	var kept []situation[S]
	for _, s := range all {
		group := groups[situation[S]{s.state, s.done &^ quiet}]
		if !b.spend(ctx, 1+len(group)/16) { // which is about as long as a step takes
			return nil
		}
		if !hasSuperset(group, s.done) {
			kept = append(kept, s)
		}
	}
	return kept
}

// hasSuperset reports whether a set has all of one and more.
func hasSuperset(sets []uint64, one uint64) bool {
	for _, set := range sets {
		if set != one && set&one == one {
			return true
		}
	}
	return false
}
