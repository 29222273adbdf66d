package linear

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A registerStep writes a value, or reads one.
type registerStep struct {
	write bool
	value int
}

// register is the simplest object.
func register() *spec[int, registerStep] {
	return &spec[int, registerStep]{
		bounds: &bounds{patience: time.Hour, left: time.Hour, memory: 1 << 30},
		step: func(s int, o *registerStep) (int, bool) {
			if o.write {
				return o.value, true
			}
			return s, s == o.value
		},
		describe:      func(*registerStep) string { return "" },
		describeState: func(int) string { return "" },
		silent:        func(o *registerStep) bool { return !o.write },
		like: func(o *registerStep) likeness {
			if o.write {
				return likeness{1, int64(o.value)}
			}
			return likeness{0, int64(o.value)}
		},
		shows:  func(o *registerStep) bool { return !o.write },
		steady: func(o *registerStep) bool { return !o.write },
		sound:  func(int) bool { return true },
	}
}

func write(value int, from, to int64) item[registerStep] {
	return item[registerStep]{from: from, to: to, step: &registerStep{true, value}}
}

func read(value int, from, to int64) item[registerStep] {
	return item[registerStep]{from: from, to: to, step: &registerStep{false, value}}
}

// What is shown of a window that cannot be explained is the shortest piece that cannot be.
func TestMinimise(t *testing.T) {
	for name, tt := range map[string]struct{ items, want []item[registerStep] }{
		"what is over before, and after, does not matter": {
			[]item[registerStep]{write(1, 1, 2), read(1, 3, 4), read(7, 5, 6), write(2, 7, 8)},
			[]item[registerStep]{read(7, 5, 6)},
		},
		"nor does a reader meanwhile, the first": {
			[]item[registerStep]{write(1, 1, 2), read(1, 3, 10), read(7, 4, 5)},
			[]item[registerStep]{read(7, 4, 5)},
		},
		"nor one between": {
			[]item[registerStep]{write(1, 1, 10), read(1, 2, 9), read(7, 3, 4)},
			[]item[registerStep]{write(1, 1, 10), read(7, 3, 4)},
		},
		"nor what begins later, before the end of another": {
			[]item[registerStep]{read(0, 1, 10), read(7, 2, 3), write(2, 5, 6)},
			[]item[registerStep]{read(7, 2, 3)},
		},
		"a writer does": {
			[]item[registerStep]{write(1, 1, 9), write(2, 2, 10), read(7, 3, 4)},
			[]item[registerStep]{write(1, 1, 9), write(2, 2, 10), read(7, 3, 4)},
		},
	} {
		s := register()
		w := &window[int, registerStep]{[]situation[int]{{state: 0}}, nil, tt.items, 20}
		x := w.minimise(t.Context(), s, s.bounds.budget(t.Context()))
		got := append(slices.Clone(x.crossing), x.items...)
		if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(item[registerStep]{}, registerStep{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A window ends where nothing is under way, once it is not small; else, once it is large, where the
// fewest steps are.
func TestCut(t *testing.T) {
	sequential := func(n int) []item[registerStep] {
		var items []item[registerStep]
		for i := range int64(n) {
			items = append(items, read(0, 10*i, 10*i+1))
		}
		return items
	}
	during := func(items []item[registerStep], first, last int) []item[registerStep] {
		items[first].to = items[last].from + 5
		return items
	}
	crowd := func(to int64) []item[registerStep] {
		items := make([]item[registerStep], 300)
		for i := range items {
			items[i] = read(0, -5, to)
		}
		return items
	}
	for name, tt := range map[string]struct {
		items    []item[registerStep]
		crossing []item[registerStep]
		want     int
	}{
		"few":                   {sequential(smallWindow), nil, smallWindow},
		"many":                  {sequential(200), nil, smallWindow},
		"later":                 {during(sequential(200), 3, 40), nil, 41},
		"before it is large":    {during(sequential(200), 3, largeWindow-2), nil, largeWindow - 1},
		"never quiet":           {during(during(sequential(200), 3, 50), 49, 199), nil, largeWindow - 1},
		"at the fewest":         {during(during(during(sequential(200), 3, 50), 20, 199), 70, 199), nil, 70},
		"one from before":       {sequential(200), []item[registerStep]{read(0, -5, 405)}, 41},
		"as long as a crowd is": {sequential(200), crowd(805), 81},
		"a crowd till the end":  {sequential(200), crowd(3000), largeWindow - 1},
	} {
		if got := cutAfter(tt.crossing, tt.items); got != tt.want {
			t.Errorf("%s: after %d items, not %d", name, got, tt.want)
		}
	}
}
