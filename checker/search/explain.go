package search

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// explain turns a packed finding, and the trace that leads to it, into one that can be shown. Where
// it looks at n states for that, over tells whether it has to end.
func (v viewer[S]) explain(f *finding[S], t Trace, over func(n int64) bool) Finding {
	out := Finding{Verdict: f.verdict, Kind: f.kind, Trace: t}
	switch {
	case f.failed != nil:
		v.explainFailure(f, &out)
	case f.verdict == model.Deadlock:
		out.Kind, out.Message, out.Threads = v.explainHang(&f.state, v.everybody())
	case f.verdict == model.PartialDeadlock:
		v.explainStuck(f, &out, over)
	case f.kind == model.DataRace:
		v.explainRace(f, &out)
	case f.kind == model.RefCount:
		o := v.m.ReferenceLeak(&f.state)
		refs := v.countOf(&f.state, o)
		out.Message = fmt.Sprintf("all threads are finished, but %s is left with %d references: one was taken and never "+
			"dropped, or dropped twice",
			v.m.Program.Objects[o].Name, v.m.Value(&f.state, refs))
	case f.kind == model.MemoryLeak:
		v.explainMemory(f, &out)
	default:
		v.explainLeak(f, &out)
	}
	if n := len(out.Trace.Steps); n > 0 && !out.Pos.IsValid() {
		out.Pos = out.Trace.Steps[n-1].Pos
	}
	return out
}

// countOf is the count of an object whose references do not add up.
func (v viewer[S]) countOf(s *S, o model.ObjectID) model.VarID {
	for i := range v.m.Program.Vars {
		x := &v.m.Program.Vars[i]
		if x.Counts && x.Object == o && v.m.Value(s, model.VarID(i)) != x.Initial {
			return model.VarID(i)
		}
	}
	return v.m.Program.Objects[o].Refs
}

func (v viewer[S]) everybody() uint32 { return uint32(1)<<len(v.m.Program.Threads) - 1 }

// explainStuck says why some threads can never finish. In the first such state they may still be on
// their way to the place where they hang, so the explanation is that of the nearest state in which
// they have got there.
func (v viewer[S]) explainStuck(f *finding[S], out *Finding, over func(int64) bool) {
	out.Threads = threadsOf(f.stuck)
	var names []string
	for _, t := range out.Threads {
		names = append(names, v.name(t))
	}
	out.Message = fmt.Sprintf("whatever happens from here on, %s can never finish", strings.Join(names, " and "))
	if f.luck {
		out.Message = fmt.Sprintf("from here on, %s can finish only by luck, if at all: by a wake-up that nobody sends, "+
			"or a wait that fails "+
			"without a deadline", strings.Join(names, " and "))
	}
	if after := v.future(&f.state, over); after.whole {
		out.Closed = after.closed(f.stuck, !f.luck)
		if loops := after.endless(f.stuck); loops != "" && f.kind == "" {
			out.Message += ": " + loops
		}
	}
	if f.kind == "" {
		return
	}
	for _, threads := range []uint32{f.stuck, v.everybody()} { // others may hang later
		if message, involved := v.nearestHang(f, threads, over); message != "" {
			out.Threads = involved
			out.Message += ": " + message
			return
		}
	}
}

// nearestHang explains the nearest state in which some of the threads hang in a certain way.
func (v viewer[S]) nearestHang(f *finding[S], threads uint32, over func(int64) bool) (string, []int) {
	seen := map[S]bool{f.state: true}
	for queue := []S{f.state}; len(queue) > 0 && len(seen) < maxExplained && !over(1); queue = queue[1:] {
		if k, _ := v.hang(&queue[0], threads); k == f.kind {
			_, message, involved := v.explainHang(&queue[0], threads)
			return message, involved
		}
		for _, succ := range v.m.Successors(&queue[0], nil) {
			if succ.Failed == nil && !seen[succ.State] && !(f.luck && v.m.Optional(succ.Rule)) {
				seen[succ.State] = true
				queue = append(queue, succ.State)
			}
		}
	}
	return "", nil
}

// maxExplained bounds the states that are looked at for an explanation.
const maxExplained = 100_000

func (v viewer[S]) explainFailure(f *finding[S], out *Finding) {
	out.Pos = f.failed.Pos
	t := v.m.Step(f.rule).Thread
	out.Threads = []int{t}
	n := v.m.At(&f.state, t)
	switch who := v.name(t); {
	case f.failed.Function == "":
		out.Message = fmt.Sprintf("%s in %s, at %s: %s", who, n.Function(), n.Text, f.failed.Text)
	case f.failed.Kind == model.RequiresKind:
		out.Message = fmt.Sprintf("%s breaks the precondition of %s: %s", who, f.failed.Function, f.failed.Text)
	default:
		out.Message = fmt.Sprintf("%s in %s: %s", who, f.failed.Function, f.failed.Text)
	}
}

func (v viewer[S]) explainLeak(f *finding[S], out *Finding) {
	end := v.view(&f.state)
	t := slices.IndexFunc(end.Threads, func(t ThreadView) bool { return t.Op == model.OpFinish && len(t.Holds) > 0 })
	if n := len(out.Trace.Steps); n > 0 {
		t = out.Trace.Steps[n-1].Thread
	}
	out.Threads = []int{t}
	out.Message = fmt.Sprintf("%s is finished and still holds %s", v.name(t), strings.Join(end.Threads[t].Holds, " and "))
}
