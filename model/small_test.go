package model

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestScheduleText writes schedules and reads them again, and finds the element of each step.
func TestScheduleText(t *testing.T) {
	for want, s := range map[string]Schedule{
		"": nil, "1": {{}}, "1*2": {{}, {}}, "2.3,1": {{1, 3}, {}}, "0.1,1*2,2.1*3,2": {{-1, 1}, {}, {}, {1, 1}, {1, 1}, {1, 1}, {1, 0}},
	} {
		if got := s.String(); got != want {
			t.Errorf("%v is written %s, want %s", s, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		var s Schedule
		if rapid.Bool().Draw(t, "initial") {
			s = append(s, Pick{-1, rapid.IntRange(0, 3).Draw(t, "initial state")})
		}
		for range rapid.IntRange(0, 9).Draw(t, "runs") {
			p := Pick{rapid.IntRange(0, 2).Draw(t, "thread"), rapid.IntRange(0, 2).Draw(t, "choice")}
			for range rapid.IntRange(1, 3).Draw(t, "times") {
				s = append(s, p)
			}
		}
		text := s.String()
		again, err := ParseSchedule(text)
		if err != nil || !slices.Equal(again, s) {
			t.Fatalf("%v is written %s, and read %v, %v", s, text, again, err)
		}
		wrong := errors.New("it is wrong")
		at := 0
		for i, part := range strings.Split(text, ",") {
			if text == "" {
				break
			}
			for at < len(s) && Schedule(s[at:at+1]).String() == strings.Split(part, "*")[0] {
				e := &PickError{At: at, Step: at + 1, Err: wrong}
				where := fmt.Sprintf("(element %d, %q, column ", i+1, part)
				if got := e.In(text); !strings.Contains(got.Error(), where) || !errors.Is(got, wrong) {
					t.Fatalf("pick %d of %s: %v", at, text, got)
				}
				at++
			}
		}
		e := &PickError{At: len(s), Step: 1, Err: wrong}
		if got := e.In(text); got != error(e) || !errors.Is(e, wrong) {
			t.Fatalf("a pick behind %s: %v", text, got)
		}
	})
	e := &PickError{At: 1, Step: 0, Err: errors.New("wrong")}
	if got := e.In("1*2").Error(); got != `element 1, "1*2", column 1: wrong` || e.Error() != "wrong" {
		t.Errorf("%s; %v", got, e)
	}
	if got := (&PickError{At: 2, Step: 3, Err: errors.New("wrong")}).In("1*2,2").Error(); got != `step 3 of the schedule (element 2, "2", column 5): wrong` {
		t.Error(got)
	}
	for text, fits := range map[string]bool{"1*131072": true, "1*131071,2": true, "1*131072,2": false, "1*65536,2*65537": false} {
		if _, err := ParseSchedule(text); (err == nil) != fits {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestStopped says why a context ended.
func TestStopped(t *testing.T) {
	going, cancel := context.WithCancel(t.Context())
	late, stop := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer stop()
	told, tell := context.WithCancelCause(t.Context())
	tell(fmt.Errorf("no time: %w", context.DeadlineExceeded))
	if a, b, c := Stopped(going), Stopped(late), Stopped(told); a != NoLimit || b != TimeoutLimit || c != TimeoutLimit {
		t.Errorf("%q, %q, %q", a, b, c)
	}
	if cancel(); Stopped(going) != InterruptLimit {
		t.Errorf("%q", Stopped(going))
	}
}

// TestLists keeps that each list has all of its kind, once each: a limit for each kind that goes
// beyond what is modelled.
func TestLists(t *testing.T) {
	limits := Limits()
	if limits[0] != NoLimit || len(limits) != 15 || len(slices.Compact(slices.Sorted(slices.Values(limits)))) != 15 {
		t.Errorf("%v", limits)
	}
	for _, k := range Exceeding() {
		if !slices.Contains(limits, Limit(k)) {
			t.Errorf("%s is no limit", k)
		}
	}
	if len(Exceeding()) != 5 || len(slices.Compact(slices.Sorted(slices.Values(Exceeding())))) != 5 {
		t.Errorf("%v", Exceeding())
	}
	if !slices.Equal(Fairnesses(), []Fairness{WeakFairness, StrongFairness}) || !slices.Equal(Livenesses(), []Liveness{Completion, Progress}) {
		t.Errorf("%v, %v", Fairnesses(), Livenesses())
	}
}

// TestEndless says where a thread goes round for ever by itself.
func TestEndless(t *testing.T) {
	node := func(op Op, edges ...Edge) Node { return Node{Op: op, Out: []Outcome{{Next: edges}}} }
	for name, c := range map[string]struct {
		node Node
		want bool
	}{
		"back":          {node(OpAccess, Edge{To: 1}), true},
		"back, twice":   {node(OpAccess, Edge{To: 1}, Edge{To: 1}), true},
		"on":            {node(OpAccess, Edge{To: 2}), false},
		"back or on":    {node(OpAccess, Edge{To: 1}, Edge{To: 0}), false},
		"another round": {node(OpAccess, Edge{To: 1, Round: true}), false},
		"a look":        {node(OpLoad, Edge{To: 1}), false},
		"in two parts":  {Node{Op: OpAccess, Out: []Outcome{{Next: []Edge{{To: 1}}}, {Next: []Edge{{To: 0}}}}}, false},
	} {
		th := &Thread{Nodes: []Node{{}, c.node, {}}}
		if got := th.Endless(1); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestJobsOf lists the jobs for which sleepers wait: those that are named, or those beside the
// condition.
func TestJobsOf(t *testing.T) {
	p := &Program{
		Vars:  []Var{{Object: 1, Job: true}, {Object: 1}, {Object: 2, Job: true}, {Object: 1, Job: true}, {Object: None, Job: true}},
		Conds: []Cond{{Object: 1}, {Object: 2}, {Object: 3}, {Object: 1, Jobs: []VarID{2}}, {Object: 1, Jobs: []VarID{}}, {Object: None}},
	}
	for c, want := range [][]VarID{{0, 3}, {2}, nil, {2}, nil, {4}} {
		if got := p.JobsOf(CondID(c)); !slices.Equal(got, want) {
			t.Errorf("condition %d: %v, want %v", c, got, want)
		}
	}
}

// TestOffered finds the places on all ways that some thread has, and on no others.
func TestOffered(t *testing.T) {
	p := &Program{
		Code: &Code{Places: make([]Place, 8), Paths: [][]int32{nil, {1}, {2, 3}, {4}, {5, 1}, {6}}},
		Threads: []Thread{
			{Start: []Edge{{Path: 1}}, Nodes: []Node{{Out: []Outcome{{Next: []Edge{{Path: 0}}}, {Next: []Edge{{Path: 0}, {Path: 2}}}}}}},
			{Start: []Edge{{Path: 0}, {Path: 5}}, Nodes: []Node{{}, {Out: []Outcome{{Next: []Edge{{Path: 3}}}}}}},
		},
	}
	if got := p.Offered(); !slices.Equal(got, []bool{false, true, true, true, true, false, true, false}) {
		t.Errorf("%v", got)
	}
}

// TestManyChoices keeps as many choices as there is room for, and none where there are more.
func TestManyChoices(t *testing.T) {
	var c Chose
	var want []bool
	for i := range 40 {
		if known := i <= mostChosen; c.Known() != known || known && !slices.Equal(c.All(), want) {
			t.Fatalf("after %d choices: known %v, %v", i, c.Known(), c.All())
		}
		c, want = c.And(i%3 == 0), append(want, i%3 == 0)
	}
	if c.And(true) != c || c.And(false) != c || len(c.All()) > 0 {
		t.Errorf("what is not known becomes %v", c.And(true).All())
	}
}

// TestNoMachine refuses programs that no machine can be made of.
func TestNoMachine(t *testing.T) {
	end := []Node{{Op: OpFinish, Object: None, Lock: None, Cond: None, Var: None}}
	program := func(vars ...Var) *Program {
		return &Program{Vars: vars, Threads: []Thread{{Name: "t", Start: []Edge{{}}, Nodes: end}}}
	}
	many := program()
	many.Threads = slices.Repeat(many.Threads, MaxThreads+1)
	nowhere := program()
	nowhere.Threads[0].Start = nil
	for want, p := range map[string]*Program{
		"":                         program(Var{Name: "x", Values: []int64{0, 1}, Starts: 1}, Var{Name: "y", Values: []int64{0, 1, 2}, Exit: true}),
		"x takes other values":     program(Var{Name: "x", Values: []int64{0, 2}, Starts: 1}),
		"y takes other values":     program(Var{Name: "y", Values: []int64{1, 2}, Initial: 1, Exit: true}),
		"33 threads are more than": many,
		"t begins nowhere":         nowhere,
	} {
		_, err := NewMachine[[1]uint64](p)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v", want, err)
		}
	}
	if _, err := NewMachine[[2]uint64](program()); err == nil || !strings.Contains(err.Error(), "a state of 2 words does not fit a program of 1") {
		t.Error(err)
	}
}

// TestManyInitials counts the initial states, up to the largest number that there is.
func TestManyInitials(t *testing.T) {
	for _, c := range []struct{ threads, ways, want int }{{0, 2, 1}, {1, 3, 3}, {3, 4, 64}, {31, 4, 1 << 62}, {32, 4, math.MaxInt}, {32, 5, math.MaxInt}, {21, 8, math.MaxInt}} {
		m := &Machine[[1]uint64]{}
		for range c.threads {
			m.starts = append(m.starts, make([]NodeID, c.ways))
		}
		if got := m.Initials(); got != c.want {
			t.Errorf("%d threads with %d ways: %d, want %d", c.threads, c.ways, got, c.want)
		}
	}
}

// TestWrites lists what each operation changes.
func TestWrites(t *testing.T) {
	p := &Program{Objects: []Object{{Listed: 7}, {Listed: None}}}
	for op := OpFinish; op <= OpFork; op++ {
		var want []VarID
		switch op {
		case OpStore, OpRef, OpUnref:
			want = []VarID{3}
		case OpRemove:
			want = []VarID{3, 7}
		}
		if got := p.writes(&Node{Op: op, Var: 3}); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", op, got, want)
		}
	}
	if got := p.writes(&Node{Op: OpRemove, Var: 3, Object: 1}); !slices.Equal(got, []VarID{3}) {
		t.Errorf("%v", got)
	}
	looks, changes := Outcome{Looks: true}, Outcome{}
	if a, b := p.writes(&Node{Op: OpUpdate, Var: 3, Out: []Outcome{looks}}), p.writes(&Node{Op: OpUpdate, Var: 3, Out: []Outcome{looks, changes}}); a != nil || !slices.Equal(b, []VarID{3}) {
		t.Errorf("%v, %v", a, b)
	}
}
