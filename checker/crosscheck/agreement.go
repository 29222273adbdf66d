package crosscheck

import (
	"context"
	"fmt"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// An Agreement is one program searched by us and by an engine.
type Agreement struct {
	Ours       *search.Result
	Theirs     *Outcome
	Mismatches []Mismatch
}

// quickStates is how many states are so few that compiling an engine well takes longer than it
// saves.
const quickStates = 300_000

// Check searches p without reductions, and as engines do with every step taken for one that comes
// sooner or later, within the bounds of limits, lets an engine search it too,
// and compares. Both are stopped when ctx ends. When our own search is not complete, the engine is
// not asked.
func Check(ctx context.Context, engine Engine, p *model.Program, limits search.Options,
	opt RunOptions,
) (*Agreement, error) {
	limits.Reduce, limits.EveryStep = search.Reduction{}, true
	p = withoutLeaks(p)
	ours, err := search.Search(ctx, p, limits)
	if err != nil {
		return nil, err
	}
	a := &Agreement{Ours: ours}
	if !ours.Complete {
		return a, nil
	}
	opt.Quick = opt.Quick || ours.Stats.States < quickStates
	if a.Theirs, err = Run(ctx, engine, p, opt); err != nil {
		return nil, err
	}
	a.Mismatches = Compare(ours, a.Theirs)
	return a, nil
}

// withoutLeaks is p without the search for memory to which nothing leads: no engine looks for that.
func withoutLeaks(p *model.Program) *model.Program {
	q := *p
	q.IgnoreLeaks = true
	return &q
}

// Undecided tells why the two could not be compared; "" when they could.
func (a *Agreement) Undecided() string {
	switch {
	case !a.Ours.Complete:
		return fmt.Sprintf("our own search was stopped (%s)", a.Ours.Limit)
	case a.Theirs.Limit != "":
		return fmt.Sprintf("%s was stopped (%s)", a.Theirs.Engine, a.Theirs.Limit)
	}
	return ""
}

// Verdicts gives both verdicts, a violation with its kinds; theirs is "-" where the engine was not
// asked.
func (a *Agreement) Verdicts() (ours, theirs string) {
	ours, theirs = withKinds(a.Ours.Verdict, kindsOf(a.Ours)), "-"
	if a.Theirs != nil {
		theirs = withKinds(a.Theirs.Verdict, join(a.Theirs.Kinds))
	}
	return ours, theirs
}

// Weaker reports whether the engine cannot tell our verdict from its own.
func (a *Agreement) Weaker() bool {
	return a.Theirs != nil && a.Ours.Verdict == model.PartialDeadlock && !a.Theirs.decides(model.PartialDeadlock)
}

func withKinds(v model.Verdict, kinds string) string {
	if v != model.Violation {
		return string(v)
	}
	return fmt.Sprintf("%s (%s)", v, kinds)
}
