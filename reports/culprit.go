package reports

import (
	"fmt"
	"path"
	"slices"
	"strconv"

	"github.com/lockproof/lockproof/model"
)

// Culprit is the call of a stack, the thread's own function first, at which a reader looks: the
// innermost one that is in no wrapper. A wrapper of one line counts as the primitive that it calls.
// It is empty when the stack is.
func Culprit(calls []Place) Place {
	for _, c := range slices.Backward(calls) {
		if !c.Wrapper {
			return c
		}
	}
	if len(calls) == 0 {
		return Place{}
	}
	return calls[0]
}

// ownLine is the innermost call of a stack that is the user's to change: in no file that comes with
// lockproof, and in no wrapper; without one it is the [Culprit].
func ownLine(calls []Place) Place {
	for _, c := range slices.Backward(calls) {
		if !c.Wrapper && !c.Shipped {
			return c
		}
	}
	return Culprit(calls)
}

// Place is where a reader finds a step.
func (s *Step) Place() Place { return placed(s.Calls, s.Function, s.File, s.Line) }

// Place is where a reader finds what a thread would do next.
func (e *End) Place() Place { return placed(e.Calls, e.Function, e.File, e.Line) }

// placed is the culprit of a stack, or the place itself where there is none.
func placed(calls []Place, function, file string, line int) Place {
	if at := Culprit(calls); at.Line > 0 {
		return at
	}
	return Place{Function: function, File: file, Line: line}
}

// StepPlace names, as a terminal shows it, the line of a step without its directories; with more
// detail the helper in which it is, and where the thread's own function is.
func StepPlace(s *Step, detail int) string {
	return placeText(s.Place(), s.Calls, detail)
}

func placeText(at Place, calls []Place, detail int) string {
	if at.Line == 0 {
		return ""
	}
	where := base(at)
	inside := len(calls) > 1 && calls[0].Line > 0 && at != calls[0]
	if detail >= 1 && inside {
		where += " " + at.Function
	}
	if detail >= 2 && inside {
		where = base(calls[0]) + " > " + where
	}
	return Flat(where)
}

// base is a line without the directories of its file.
func base(p Place) string { return path.Base(p.File) + ":" + strconv.Itoa(p.Line) }

// StackText names a whole stack as a terminal shows it, from the culprit outwards.
func StackText(calls []Place) string {
	text := ""
	found := false
	for _, c := range slices.Backward(calls) {
		if found = found || c == Culprit(calls); !found || c.Line == 0 {
			continue
		}
		if text != "" {
			text += ", called from "
		}
		text += c.Function + " " + base(c)
	}
	return Flat(text)
}

// A Blame is a call stack of what is wrong, the thread's own function first: where the step is
// taken that breaks the rule, or, of a hang, where a thread stands that takes part in it.
type Blame struct {
	Calls   []Place
	Message string // what the thread of a hang waits for
}

// Blamed lists where a reader looks at what is wrong, most telling first.
func (r *Result) Blamed() []Place {
	var at []Place
	for _, b := range r.BlamedStacks() {
		at = append(at, Culprit(b.Calls))
	}
	return at
}

// blamedOwn lists the same lines as far as they are the user's to change, and behind them, as what
// is related, the operations themselves.
func (r *Result) blamedOwn() []Place {
	var at, inside []Place
	for _, b := range r.BlamedStacks() {
		own, last := ownLine(b.Calls), b.Calls[len(b.Calls)-1]
		if last.File != own.File || last.Line != own.Line {
			last.Message = "the operation itself"
			inside = append(inside, last)
		}
		own.Message = b.Message
		at = append(at, own)
	}
	return append(at, inside...)
}

// BlamedStacks lists the call stacks of what is wrong, those of a hang by thread. Who breaks a
// precondition is blamed, not the helper that states it.
func (r *Result) BlamedStacks() []Blame {
	c := r.Counterexample
	if c == nil {
		return nil
	}
	if r.Verdict != model.Violation {
		var out []Blame
		for _, e := range c.End {
			if r.Loop != nil && e.Involved && e.WaitsFor == "" && len(e.Calls) > 0 {
				out = append(out, Blame{e.Calls, fmt.Sprintf("T%d is here when the loop begins again", e.Thread)})
			}
			if e.Involved && e.WaitsFor != "" && len(e.Calls) > 0 {
				verb := Choose(e.Asleep, "sleeps on", "waits for")
				out = append(out, Blame{e.Calls, fmt.Sprintf("T%d %s %s here", e.Thread, verb, e.WaitsFor)})
			}
		}
		return out
	}
	if len(c.Steps) == 0 || len(c.Steps[len(c.Steps)-1].Calls) == 0 {
		return nil
	}
	calls := c.Steps[len(c.Steps)-1].Calls
	if r.Kind == model.RequiresKind && len(calls) > 1 {
		calls = calls[:len(calls)-1]
	}
	return []Blame{{Calls: calls}}
}
