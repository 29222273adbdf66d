package linear

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/lockproof/lockproof/model"
)

// A cellStep is a call on a cell for a number: it stores one, finds one there, or adds to it.
type cellStep struct {
	does byte // w, r or a
	n    int
	line int
}

func cells(o Options) *Objects[int, cellStep] {
	return NewObjects(Object[int, cellStep]{
		Step: func(x int, s *cellStep) (int, bool) {
			switch s.does {
			case 'w':
				return s.n, true
			case 'a':
				return x + s.n, x+s.n < 4
			}
			return x, x == s.n
		},
		Silent:        func(s *cellStep) bool { return s.does == 'r' },
		Like:          func(s *cellStep) [4]int64 { return [4]int64{int64(s.does), int64(s.n)} },
		Describe:      func(s *cellStep) string { return fmt.Sprintf("%c %d", s.does, s.n) },
		DescribeState: func(x int) string { return fmt.Sprint("it has ", x) },
		Line:          func(s *cellStep) int { return s.line },
	}, o)
}

// itemsOf are steps as the oracle takes them.
func itemsOf(steps []Timed[cellStep]) []item[cellStep] {
	var items []item[cellStep]
	for _, s := range steps {
		items = append(items, item[cellStep]{s.From, s.To, 0, s.Step})
	}
	sortItems(items)
	return items
}

// randomSteps are calls that took effect in the order in which they are made, some of which say
// something else.
func randomSteps(random *rand.Rand) []Timed[cellStep] {
	var steps []Timed[cellStep]
	state, now := 0, int64(10)
	for range 1 + random.IntN(14) {
		now += random.Int64N(9)
		s := cellStep{does: "wrra"[random.IntN(4)], n: random.IntN(3), line: len(steps) + 1}
		switch {
		case s.does == 'r' && random.IntN(12) > 0:
			s.n = state
		case s.does == 'w':
			state = s.n
		case s.does == 'a' && state+s.n < 4:
			state += s.n
		}
		t := Timed[cellStep]{max(1, now-random.Int64N(8)), now + random.Int64N(8), string(rune('a' + random.IntN(3))), &s}
		if random.IntN(15) == 0 {
			t.To = Never
		}
		steps = append(steps, t)
	}
	random.Shuffle(len(steps), func(i, j int) { steps[i], steps[j] = steps[j], steps[i] })
	return steps
}

// TestObjectsAgreeWithPorcupine holds what is said of a history of one object against what
// porcupine says, and what is said of a bad one against what porcupine says of its parts: the
// piece has no explanation, and it has one without the step that is blamed, after which the object
// is as it is said to be.
func TestObjectsAgreeWithPorcupine(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 1))
	seen, blamed, unknown := map[Verdict]int{}, 0, 0
	for n := range 1000 {
		steps := randomSteps(random)
		c := cells(Options{})
		want := plainly(c.spec, itemsOf(steps), 0)
		seen[want]++
		y := c.Check(t.Context(), "x", 0, steps)
		if y.Verdict != want || y.Objects != 1 || y.Limit != "" || (want == OK) != (len(y.Violations) == 0) {
			t.Fatalf("history %d: %+v, and porcupine says %v: %v", n, y, want, describe(steps))
		}
		if want == OK && (y.Steps != len(steps) || y.Windows < 1 || y.Widest < 1) {
			t.Fatalf("history %d: %+v of %d steps", n, y, len(steps))
		}
		if want == OK {
			continue
		}
		v := y.Violations[0]
		if v.Layer != "api" || v.Domain != "x" || v.Object != 0 || v.AsFound || len(v.Before) == 0 {
			t.Fatalf("history %d: %+v", n, v)
		}
		var piece []Timed[cellStep]
		for _, s := range v.Steps {
			i := slices.IndexFunc(steps, func(t Timed[cellStep]) bool { return t.Step.line == s.Line })
			if s.String() != steps[i].Client+": "+c.spec.describe(steps[i].Step) || s.From != steps[i].From {
				t.Fatalf("history %d: %+v is %+v", n, s, steps[i])
			}
			piece = append(piece, Timed[cellStep]{s.From, s.To, s.Client, steps[i].Step})
		}
		if across(t, c.spec, steps) {
			continue // what has taken effect by then is not said
		}
		if explained(c.spec, v.Before, piece) {
			t.Fatalf("history %d: the piece %v has an explanation after %v", n, describe(piece), v.Before)
		}
		if v.Last < 0 {
			unknown++ // of several that were over at once
			continue
		}
		blamed++
		last := piece[v.Last]
		rest := slices.Delete(slices.Clone(piece), v.Last, v.Last+1)
		var then []string
		for x := range 4 {
			after := Timed[cellStep]{1000, 1001, "z", &cellStep{does: 'r', n: x}}
			if explained(c.spec, v.Before, append(slices.Clone(rest), after)) {
				then = append(then, c.spec.describeState(x))
			}
		}
		got := slices.Sorted(slices.Values(v.Then))
		if slices.ContainsFunc(rest, func(s Timed[cellStep]) bool { return s.To == Never }) {
			// What need not have taken effect is not taken to have.
			then = slices.DeleteFunc(then, func(text string) bool { return !slices.Contains(got, text) })
		}
		if !slices.Equal(got, then) || len(got) == 0 {
			t.Fatalf("history %d: without %v of %v it may be %v, and is said to be %v",
				n, describe([]Timed[cellStep]{last}), describe(piece), then, got)
		}
	}
	if t.Log(seen, blamed, unknown); seen[OK] < 500 || seen[Illegal] < 150 || blamed < 100 || unknown > 10 {
		t.Error("the histories are not of all kinds")
	}
}

// explained reports whether a piece has an explanation after one of the states before it.
func explained(s *spec[int, cellStep], before []string, piece []Timed[cellStep]) bool {
	return slices.ContainsFunc([]int{0, 1, 2, 3}, func(x int) bool {
		return slices.Contains(before, s.describeState(x)) && plainly(s, itemsOf(piece), x) == OK
	})
}

// across reports whether steps are under way where the piece begins that has no explanation.
func across(t *testing.T, s *spec[int, cellStep], steps []Timed[cellStep]) bool {
	t.Helper()
	l := newLane(s, 0)
	l.add(t.Context(), itemsOf(steps), Never-1)
	w := l.failed.minimise(t.Context(), s, s.bounds.budget(t.Context()))
	return len(w.crossing) > 0
}

func describe(steps []Timed[cellStep]) []string {
	var all []string
	for _, s := range steps {
		all = append(all, fmt.Sprintf("%s %c%d [%d %d]", s.Client, s.Step.does, s.Step.n, s.From, s.To))
	}
	return all
}

// TestLastMoment shows that a step which is over at the very end has taken effect, and that one
// which never is over need not have.
func TestLastMoment(t *testing.T) {
	at := func(from, to int64, does byte, n, line int) Timed[cellStep] {
		return Timed[cellStep]{from, to, "a", &cellStep{does: does, n: n, line: line}}
	}
	for name, c := range map[string]struct {
		steps []Timed[cellStep]
		want  Verdict
		last  int
		then  string
	}{
		"nothing":                 {nil, OK, 0, ""},
		"one that is over":        {[]Timed[cellStep]{at(1, 2, 'r', 1, 1)}, Illegal, 0, "[it has 0]"},
		"one of no length":        {[]Timed[cellStep]{at(7, 7, 'r', 1, 1)}, Illegal, 0, "[it has 0]"},
		"one that never is":       {[]Timed[cellStep]{at(1, Never, 'r', 1, 1)}, OK, 0, ""},
		"both":                    {[]Timed[cellStep]{at(5, Never, 'w', 1, 1), at(6, 9, 'r', 1, 2)}, OK, 0, ""},
		"begun after the last":    {[]Timed[cellStep]{at(1, 2, 'r', 1, 1), at(9, Never, 'w', 1, 2)}, Illegal, 0, "[it has 0]"},
		"the last of three":       {[]Timed[cellStep]{at(1, 2, 'w', 2, 1), at(3, 4, 'r', 2, 2), at(5, 6, 'r', 1, 3)}, Illegal, 0, "[it has 2]"},
		"two that end at a time":  {[]Timed[cellStep]{at(1, 6, 'w', 2, 1), at(2, 6, 'r', 1, 2)}, Illegal, 1, "[it has 2]"},
		"one of two, across":      {[]Timed[cellStep]{at(1, 6, 'r', 1, 1), at(2, 6, 'w', 2, 2)}, Illegal, -1, "[]"},
		"the first of two":        {[]Timed[cellStep]{at(1, Never, 'w', 0, 1), at(2, 6, 'r', 1, 2), at(3, 6, 'w', 2, 3)}, Illegal, 1, "[it has 2]"},
		"under way at the cut":    {[]Timed[cellStep]{at(1, 3, 'r', 2, 1), at(2, 9, 'w', 1, 2)}, Illegal, -1, "[]"},
		"it cannot happen at all": {[]Timed[cellStep]{at(1, 3, 'w', 3, 1), at(4, 6, 'a', 1, 2)}, Illegal, 0, "[it has 3]"},
	} {
		y := cells(Options{}).Check(t.Context(), "x", 0, c.steps)
		if y.Verdict != c.want {
			t.Errorf("%s: %v", name, y.Verdict)
			continue
		}
		if c.want == Illegal && (y.Violations[0].Last != c.last || fmt.Sprint(y.Violations[0].Then) != c.then) {
			t.Errorf("%s: step %d of %v is blamed, then %v", name, y.Violations[0].Last, y.Violations[0].Steps, y.Violations[0].Then)
		}
	}
}

// TestClientsKeepTheirNames checks several objects with one checker: a client has one name in all.
func TestClientsKeepTheirNames(t *testing.T) {
	c := cells(Options{})
	c.Check(t.Context(), "x", 0, []Timed[cellStep]{{1, 2, "b", &cellStep{does: 'w', line: 1}}, {3, 4, "a", &cellStep{does: 'w', line: 2}}})
	y := c.Check(t.Context(), "y", 1, []Timed[cellStep]{{1, 2, "a", &cellStep{does: 'r', n: 1, line: 3}}, {3, 4, "b", &cellStep{does: 'r', n: 2, line: 4}}})
	if v := y.Violations[0]; len(v.Steps) != 1 || v.Steps[0].Client != "b" || v.Steps[0].Line != 4 || v.Domain != "y" || v.Before[0] != "it has 1" {
		t.Errorf("%+v", v)
	}
	if fmt.Sprint(c.names) != "[b a]" {
		t.Error(c.names)
	}
}

// TestBoundsOfObjects shows what objects may spend: what is given, or what ships.
func TestBoundsOfObjects(t *testing.T) {
	b := cells(Options{}).spec.bounds
	if b.patience != time.Minute || b.left != time.Minute || b.memory != defaultMemory || b.small != smallWindow {
		t.Errorf("%+v", b)
	}
	b = cells(Options{Patience: 5, Memory: 7}).spec.bounds
	if b.patience != 5 || b.left != 5 || b.memory != 7 {
		t.Errorf("%+v", b)
	}
}

// TestAddLayers joins what came of several objects: numbers add up, and the worst verdict counts,
// with the first limit.
func TestAddLayers(t *testing.T) {
	ok := Layer{Objects: 1, Steps: 2, Windows: 3, Again: 4, Widest: 5}
	unknown := Layer{Verdict: Unknown, Limit: "no time", By: model.TimeoutLimit, Objects: 1, Widest: 2}
	later := Layer{Verdict: Unknown, Limit: "no room", By: model.MemoryLimit}
	illegal := Layer{Verdict: Illegal, Violations: []*Violation{{Domain: "x"}}, Widest: 9}
	for _, c := range []struct {
		name   string
		layers []Layer
		want   string
	}{
		{"ok", []Layer{ok, ok}, "ok   2 4 6 8 5 0"},
		{"unknown", []Layer{ok, unknown, later, ok}, "unknown no time timeout 3 4 6 8 5 0"},
		{"illegal", []Layer{unknown, illegal, later, illegal}, "illegal   1 0 0 0 9 2"},
	} {
		var y Layer
		for _, x := range c.layers {
			y.Add(x)
		}
		got := fmt.Sprintf("%v %s %s %d %d %d %d %d %d", y.Verdict, y.Limit, y.By, y.Objects, y.Steps, y.Windows, y.Again, y.Widest, len(y.Violations))
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestOnce leaves out what stands there twice, and nothing else.
func TestOnce(t *testing.T) {
	a, b := Step{Client: "a", Line: 1}, Step{Client: "a", Line: 2}
	if got := once([]Step{a, b, a, a, b}); !slices.Equal(got, []Step{a, b}) {
		t.Errorf("%v", got)
	}
}
