package search_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/modeltest"
)

// A peeled program is an open one that lacks what its loads and counts lead to, and gets it back
// value by value.
type peeled struct {
	whole  *model.Program
	open   *model.Program
	rounds int
	wasted int // states that were asked about though others have brought all that they lack
}

// peel makes an open program of a whole one.
func peel(whole *model.Program) *peeled {
	p := &peeled{whole: whole, open: withThreads(whole)}
	for t := range p.open.Threads {
		for i := range p.open.Threads[t].Nodes {
			n := &p.open.Threads[t].Nodes[i]
			if n.Op != model.OpLoad && n.Op != model.OpRef && n.Op != model.OpUnref {
				continue
			}
			n.Open = true
			n.Out = slices.DeleteFunc(slices.Clone(n.Out), func(o model.Outcome) bool { return o.Label == model.Normal })
		}
	}
	p.open.Source = p
	return p
}

// withThreads is a program with threads and nodes of its own.
func withThreads(p *model.Program) *model.Program {
	own := *p
	own.Threads = slices.Clone(p.Threads)
	for t := range own.Threads {
		own.Threads[t].Nodes = slices.Clone(own.Threads[t].Nodes)
	}
	return &own
}

func (p *peeled) Extend(_ context.Context, from []model.State) (*model.Program, error) {
	p.rounds++
	next := withThreads(p.open)
	type gap struct {
		thread int
		node   model.NodeID
		value  int64
	}
	known := map[gap]bool{}
	for _, s := range from {
		isNew := false
		for t, at := range s.At {
			n := &next.Threads[t].Nodes[at]
			if !n.Open || !p.open.Threads[t].Nodes[at].Lacks(s.Values[n.Var]) {
				continue
			}
			value := s.Values[n.Var]
			g := gap{t, at, value}
			if known[g] {
				continue
			}
			known[g], isNew = true, true
			for _, o := range p.whole.Threads[t].Nodes[at].Out {
				one := model.Node{Op: n.Op, Open: true, Out: []model.Outcome{o}}
				if !one.Lacks(value) {
					n.Out = append(slices.Clip(n.Out), o)
				}
			}
			slices.SortStableFunc(n.Out, func(a, b model.Outcome) int { return int(a.When - b.When) })
		}
		if !isNew {
			p.wasted++
		}
	}
	p.open = next
	return next, nil
}

// closedAgain closes a peeled program, and checks that what it is on the way says no more than the
// whole.
func closedAgain(t tb, whole *model.Program, o search.Options) (*model.Program, *peeled) {
	t.Helper()
	p := peel(whole)
	all := rules(searchFor(t, whole, search.Options{}))
	for {
		r := searchFor(t, p.open, search.Options{})
		for _, rule := range rules(r) {
			if !slices.Contains(all, rule) {
				t.Fatalf("after %d rounds the program is %s, and the whole is %v", p.rounds, rule, all)
			}
		}
		closed, limit, err := search.Close(tContext, p.open, o)
		if err != nil || limit != model.NoLimit {
			t.Fatal(limit, err)
		}
		if closed.Source == nil {
			if p.wasted > 0 {
				t.Fatalf("the source was asked about %d states in vain", p.wasted)
			}
			return closed, p
		}
	}
}

// TestPeeledPrograms shows that a program that is closed bit by bit is the whole, as far as one can
// see: with all reductions, and for programs of all kinds.
func TestPeeledPrograms(t *testing.T) {
	every := []search.Options{
		{}, {Reduce: search.Reduction{Auto: true}}, {Reduce: search.Reduction{Merge: true}}, {Fingerprint: true},
	}
	same := func(t tb, name string, whole *model.Program, options ...search.Options) int {
		t.Helper()
		rounds := 0
		for _, o := range options {
			closed, p := closedAgain(t, whole, o)
			got, want := searchFor(t, closed, search.Options{}), searchFor(t, whole, search.Options{})
			if a, b := showStats(got), showStats(want); a != b {
				t.Fatalf("%s, %+v: closed it is %s, and the whole is %s", name, o.Reduce, a, b)
			}
			rounds += p.rounds
		}
		return rounds
	}
	rounds := 0
	for _, c := range told {
		rounds += same(t, c.name, inline(t, c.threads, shared+c.source), every...)
	}
	for _, c := range modeltest.Cases() {
		rounds += same(t, c.Name, c.Program, every...)
	}
	if rounds < 100 {
		t.Errorf("the programs were closed in %d rounds", rounds)
	}
	rapid.Check(t, func(t *rapid.T) {
		whole := modeltest.Programs().Draw(t, "program")
		if _, complete := modeltest.NewReference(whole).Judge(80); !complete {
			t.Skip("too large")
		}
		same(t, "random", whole, rapid.SampledFrom(every).Draw(t, "options"))
	})
}

// showStats is what a search counts and finds.
func showStats(r *search.Result) string {
	var b strings.Builder
	stats := r.Stats
	stats.Elapsed, stats.Bytes, stats.StateBits = 0, 0, 0
	b.WriteString(string(r.Verdict) + " " + string(r.Kind) + " " + string(r.Limit))
	fmt.Fprintf(&b, " %+v", stats)
	for _, f := range r.Findings {
		b.WriteString("\n" + string(f.Verdict) + " " + string(f.Kind) + " " + f.Message + " after " + search.ScheduleOf(&f.Trace).String())
	}
	return b.String()
}

// TestCloseStopsAnywhere stops the closing of a program at every look, and at every number of
// states: what comes back is the program as far as it was, with the limit that was hit, or closed.
func TestCloseStopsAnywhere(t *testing.T) {
	whole := inline(t, "want(), {run: job(vm1), count: 2}", shared)
	want := showStats(searchFor(t, whole, search.Options{}))
	check := func(what string, p *model.Program, limit, stopped model.Limit, err error) {
		t.Helper()
		switch {
		case err != nil:
			t.Errorf("%s: %v", what, err)
		case limit == model.NoLimit:
			if got := showStats(searchFor(t, p, search.Options{})); p.Source != nil || got != want {
				t.Errorf("%s: closed %v, %s; want %s", what, p.Source == nil, got, want)
			}
		case limit != stopped || p == nil || p.Source == nil:
			t.Errorf("%s: limit %q, %+v", what, limit, p)
		}
	}
	whileClosing := &fading{Context: t.Context(), most: 1 << 30}
	p, limit, err := search.Close(whileClosing, peel(whole).open, search.Options{})
	check("not stopped", p, limit, "", err)
	for most := range whileClosing.looks {
		p, limit, err := search.Close(&fading{Context: t.Context(), most: most}, peel(whole).open, search.Options{})
		check(fmt.Sprint("after looks: ", most), p, limit, model.InterruptLimit, err)
	}
	closed := 0
	for n := range int64(130) {
		p, limit, err := search.Close(t.Context(), peel(whole).open, search.Options{MaxStates: n + 1})
		if check(fmt.Sprint("states: ", n+1), p, limit, model.StatesLimit, err); limit == model.NoLimit {
			closed++
		}
	}
	if closed == 130 {
		t.Error("no number of states was too small")
	}
	p, limit, err = search.Close(t.Context(), peel(whole).open, search.Options{MaxMemory: 1000})
	check("without memory", p, limit, model.MemoryLimit, err)
	if limit != model.MemoryLimit {
		t.Errorf("limit %q", limit)
	}
}

// refusing is a source that has an error.
type refusing struct{ err error }

func (r refusing) Extend(context.Context, []model.State) (*model.Program, error) { return nil, r.err }

// TestCloseOfWrong shows that the error of a source is the answer, with the program as it was.
func TestCloseOfWrong(t *testing.T) {
	open, _ := openProgram(1)
	wrong := errors.New("it cannot be made")
	open.Source = refusing{wrong}
	p, limit, err := search.Close(t.Context(), open, search.Options{})
	if p != open || limit != model.NoLimit || !errors.Is(err, wrong) {
		t.Errorf("%v, %q, %v", p == open, limit, err)
	}
}

// TestHalf gives half of the time that is left, and all where there is no end.
func TestHalf(t *testing.T) {
	ctx, cancel := search.Half(t.Context())
	defer cancel()
	if _, ends := ctx.Deadline(); ends || ctx.Err() != nil {
		t.Error("it ends, and nobody said so")
	}
	if cancel(); ctx.Err() == nil {
		t.Error("it does not end with cancel")
	}
	whole, stop := context.WithTimeout(t.Context(), 100*time.Hour)
	defer stop()
	ctx, cancel = search.Half(whole)
	defer cancel()
	if end, ends := ctx.Deadline(); !ends || time.Until(end) < 49*time.Hour || time.Until(end) > 50*time.Hour {
		t.Errorf("of 100 hours there are %v", time.Until(end))
	}
}

// TestBeyondWhenReplayed replays a step that goes beyond what is modelled: nobody knows what it
// does.
func TestBeyondWhenReplayed(t *testing.T) {
	p := inline(t, "deep()", shared+"void deep(void) { word = 1; deep(); other = 1; }")
	r := searchFor(t, p, search.Options{})
	if r.Verdict != model.Unknown || r.Limit != model.Limit(model.RecursionExceeded) || r.Beyond == nil {
		t.Fatalf("%s, %q", r.Verdict, r.Limit)
	}
	var sched model.Schedule
	for range 1000 {
		sched = append(sched, model.Pick{})
		_, f, err := search.Replay(p, sched)
		if err != nil {
			t.Fatal(err)
		}
		if f == nil || f.Verdict == model.PartialDeadlock {
			continue
		}
		if f.Verdict != model.Unknown || f.Kind != model.RecursionExceeded || !strings.Contains(f.Message, "calls itself") {
			t.Errorf("%s %s: %s", f.Verdict, f.Kind, f.Message)
		}
		return
	}
	t.Error("the schedule never comes there")
}
