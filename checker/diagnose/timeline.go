package diagnose

import (
	"cmp"
	"slices"
	"time"
)

// A Timeline is who had what when, and who waited, as bars.
type Timeline struct {
	Clock Clock
	Zone  int32
	Bars  []Bar         // in the order of their beginnings
	Least time.Duration // shorter ones were left out, where there were too many
	Left  int           // so many
}

// A Lane is what a bar is about.
type Lane uint8

// The lanes of a domain.
const (
	JobLane Lane = iota
	AsyncLane
	AgentLane
	MonitorLane
	WaitLane
	CallLane // calls, as their client saw them
)

// A Bar is something of a domain that went on for a while. Its times are those of a [Moment].
type Bar struct {
	Domain   string
	Lane     Lane
	From, To int64
	Open     bool // it had not ended at the end of the input
	GaveUp   bool // of a wait
	What     string
	Thread   int64
	API      string
	At, End  Place
}

// MostBars is how many bars a timeline has at most: the longest.
const MostBars = 100_000

// Add adds a bar between two moments. Those of another clock than that of the first are left out.
func (t *Timeline) Add(from, to Moment, b Bar) {
	if !from.Known() || !to.Known() {
		return
	}
	if len(t.Bars) == 0 && t.Left == 0 {
		t.Clock, t.Zone = from.Clock, from.Zone
	}
	b.From, b.To = from.Nanos, max(from.Nanos, to.Nanos)
	if from.Clock != t.Clock || to.Clock != t.Clock || time.Duration(b.To-b.From) < t.Least {
		t.Left++
		return
	}
	t.Bars = append(t.Bars, b)
	if len(t.Bars) >= 2*MostBars {
		t.shrink()
	}
}

// shrink keeps the longest half.
func (t *Timeline) shrink() {
	long := make([]int64, len(t.Bars))
	for i := range t.Bars {
		long[i] = t.Bars[i].To - t.Bars[i].From
	}
	slices.Sort(long)
	least := long[len(long)-MostBars] + 1 // those of one length go together
	kept := t.Bars[:0]
	for i := range t.Bars {
		if t.Bars[i].To-t.Bars[i].From >= least {
			kept = append(kept, t.Bars[i])
		}
	}
	t.Left += len(t.Bars) - len(kept)
	clear(t.Bars[len(kept):])
	t.Bars, t.Least = kept, time.Duration(least)
}

// Sorted is a copy with the bars in order, and no more of them than may be.
func (t *Timeline) Sorted() Timeline {
	out := *t
	out.Bars = slices.Clone(t.Bars)
	if len(out.Bars) > MostBars {
		out.shrink()
	}
	slices.SortStableFunc(out.Bars, func(a, b Bar) int { return cmp.Compare(a.From, b.From) })
	return out
}
