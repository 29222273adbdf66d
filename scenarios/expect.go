package scenarios

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// An Expectation is the verdict that a scenario is meant to get.
type Expectation struct {
	Verdict model.Verdict
	Kind    model.Kind // "": any
}

// Matches reports whether a verdict is the expected one.
func (e Expectation) Matches(v model.Verdict, k model.Kind) bool {
	return e.Verdict == v && (e.Kind == "" || e.Kind == k)
}

// String is the expectation as a suite writes it.
func (e Expectation) String() string {
	if e.Kind == "" {
		return string(e.Verdict)
	}
	return string(e.Verdict) + ": " + string(e.Kind)
}

// expectable lists the verdicts that can be expected: Unknown is no answer to hope for.
func expectable() []model.Verdict {
	return slices.DeleteFunc(model.Verdicts(), func(v model.Verdict) bool { return v == model.Unknown })
}

// hasKind reports whether an expectation may narrow the verdict to one kind.
func hasKind(v model.Verdict) bool {
	return v == model.Violation || v == model.Deadlock || v == model.PartialDeadlock
}
