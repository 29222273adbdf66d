package search

import (
	"cmp"

	"github.com/lockproof/lockproof/model"
)

// finding is a broken rule as the search meets it: in packed form, before anybody asks how one gets
// there.
type finding[S model.Words] struct {
	verdict model.Verdict
	kind    model.Kind
	level   int // of state
	state   S
	rule    int32        // the step out of state that fails; only with failed
	failed  *model.Check // nil: state itself is what is wrong
	leak    bool         // state is that of a finished thread which still holds something
	stuck   uint32       // the threads that can never finish; only of a partial deadlock
	luck    bool         // they can, but only by a step that may never come
}

// length is the number of steps of the shortest counterexample.
func (f *finding[S]) length() int {
	if f.failed != nil {
		return f.level + 1
	}
	return f.level
}

type findingKey struct {
	verdict model.Verdict
	kind    model.Kind
}

// found keeps one finding for each verdict and kind: the one with the shortest way there and, among
// those, the smallest state, so that the choice does not depend on the order in which workers see
// states.
type found[S model.Words] map[findingKey]finding[S]

func (fs found[S]) note(f finding[S]) {
	key := findingKey{f.verdict, f.kind}
	if old, ok := fs[key]; !ok || compareFindings(&f, &old) < 0 {
		fs[key] = f
	}
}

// has reports whether there is a finding of a verdict.
func (fs found[S]) has(v model.Verdict) bool {
	for key := range fs {
		if key.verdict == v {
			return true
		}
	}
	return false
}

func compareFindings[S model.Words](a, b *finding[S]) int {
	return cmp.Or(
		cmp.Compare(a.length(), b.length()),
		compareStates(&a.state, &b.state),
		cmp.Compare(a.rule, b.rule),
	)
}

func compareStates[S model.Words](a, b *S) int {
	for i := range len(*a) {
		if c := cmp.Compare((*a)[i], (*b)[i]); c != 0 {
			return c
		}
	}
	return 0
}
