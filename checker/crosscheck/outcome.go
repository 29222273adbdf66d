package crosscheck

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// An Engine is another model checker.
type Engine string

// The engines.
const (
	SPIN Engine = "spin"
	TLC  Engine = "tlc"
)

// Engines lists them.
func Engines() []Engine { return []Engine{SPIN, TLC} }

// An Outcome is what an engine found out about a program.
type Outcome struct {
	Engine  Engine
	Verdict model.Verdict // the worst that was found; Unknown when the engine stopped early and found nothing
	// Kinds are those of the violations found, in the order of [model.Kinds]. Which of them has the
	// shortest counterexample is not known.
	Kinds []model.Kind
	// Deadlock says that a state was found out of which there is no step though somebody is not
	// finished. A violation does not hide it.
	Deadlock bool
	// States is the number of distinct reachable states, as [search.Stats] counts them.
	States int64
	// Comparable says that States is exact and of the unreduced state space.
	Comparable bool
	// Decides lists the verdicts that the engine could tell apart: without PartialDeadlock, its OK
	// says only that there is neither violation nor deadlock.
	Decides []model.Verdict
	// Limit is why the engine stopped early; "" when it searched everything.
	Limit string
	// Build is the time to translate and compile the model, Elapsed the time to search it.
	Build, Elapsed time.Duration
	// Output is what the engine printed.
	Output string
}

// settle derives the verdict from what was found.
func (o *Outcome) settle(found map[model.Kind]bool, stuck bool) {
	for _, k := range numbered {
		switch {
		case !found[k]:
		case !slices.Contains(model.Exceeding(), k):
			o.Kinds = append(o.Kinds, k)
		case o.Limit == "":
			o.Limit = string(k)
		}
	}
	switch {
	case len(o.Kinds) > 0:
		o.Verdict = model.Violation
	case o.Deadlock:
		o.Verdict = model.Deadlock
	case stuck:
		o.Verdict = model.PartialDeadlock
	case o.Limit != "":
		o.Verdict = model.Unknown
	default:
		o.Verdict = model.OK
	}
}

// decides reports whether the engine could have given a verdict.
func (o *Outcome) decides(v model.Verdict) bool { return slices.Contains(o.Decides, v) }

// A Mismatch is a point on which an engine and our own search differ. It means that one of them is
// wrong.
type Mismatch struct {
	What         string // verdict, kinds, deadlock or states
	Ours, Theirs string
}

func (m Mismatch) String() string {
	return fmt.Sprintf("%s: %s here, %s there", m.What, m.Ours, m.Theirs)
}

// Compare holds an outcome against the result of a search without reductions that visited
// everything. It returns nothing when they agree in all that both decide; a search that stopped at
// a limit, on either side, only contradicts what the other has excluded.
func Compare(ours *search.Result, theirs *Outcome) []Mismatch {
	var ms []Mismatch
	differ := func(what, a, b string) {
		if a != b {
			ms = append(ms, Mismatch{what, a, b})
		}
	}
	if !ours.Complete || theirs.Limit != "" {
		return ms
	}
	mine := ours.Verdict
	if mine == model.PartialDeadlock && !theirs.decides(mine) || mine == model.Starvation {
		mine = model.OK
	}
	differ("verdict", string(mine), string(theirs.Verdict))
	differ("kinds", kindsOf(ours), join(theirs.Kinds))
	differ("deadlock", fmt.Sprint(ours.Stats.Deadlocks > 0), fmt.Sprint(theirs.Deadlock))
	if theirs.Comparable {
		differ("states", fmt.Sprint(ours.Stats.States), fmt.Sprint(theirs.States))
	}
	return ms
}

// kindsOf lists the kinds of the violations of a result.
func kindsOf(r *search.Result) string {
	found := map[model.Kind]bool{}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Verdict == model.Violation {
			found[f.Kind] = true
		}
	}
	var kinds []model.Kind
	for _, k := range model.Kinds() {
		if found[k] {
			kinds = append(kinds, k)
		}
	}
	return join(kinds)
}

func join(kinds []model.Kind) string {
	var words []string
	for _, k := range kinds {
		words = append(words, string(k))
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, " ")
}
