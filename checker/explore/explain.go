package explore

import (
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// explain turns a packed finding, and the trace that leads to it, into one that can be shown.
func (v viewer[S]) explain(f *finding[S], t Trace) Finding {
	out := Finding{Verdict: f.verdict, Kind: f.kind, Trace: t}
	switch {
	case f.failed != nil:
		v.explainFailure(f, &out)
	case f.verdict == model.Deadlock:
		all := make([]int, len(v.m.Program.Threads))
		for t := range all {
			all[t] = t
		}
		out.Kind, out.Message, out.Threads = v.explainHang(&f.state, all)
	case f.verdict == model.PartialDeadlock:
		v.explainStuck(f, &out)
	case f.kind == model.RefCount:
		o := v.m.ReferenceLeak(&f.state)
		refs := v.m.Program.Objects[o].Refs
		out.Message = fmt.Sprintf("all threads are finished, but %s is left with %d references: one was taken and never dropped, or dropped twice",
			v.m.Program.Objects[o].Name, v.m.Value(&f.state, refs))
	default:
		v.explainLeak(f, &out)
	}
	if n := len(out.Trace.Steps); n > 0 && !out.Pos.IsValid() {
		out.Pos = out.Trace.Steps[n-1].Pos
	}
	return out
}

// explainStuck says why some threads can never finish. In the first such state they may still be on their way to the place
// where they hang, so the explanation is that of the nearest state in which they have got there.
func (v viewer[S]) explainStuck(f *finding[S], out *Finding) {
	victims := threadsOf(f.stuck)
	var names []string
	for _, t := range victims {
		names = append(names, v.name(t))
	}
	out.Threads = victims
	out.Message = fmt.Sprintf("whatever happens from here on, %s can never finish", strings.Join(names, " and "))
	if kind, message, involved := v.nearestHang(f.state, victims); kind != "" {
		out.Kind, out.Threads = kind, involved
		out.Message += ": " + message
	}
}

// nearestHang explains the nearest state from which one can see why the victims hang.
func (v viewer[S]) nearestHang(from S, victims []int) (model.Kind, string, []int) {
	seen := map[S]bool{from: true}
	for queue := []S{from}; len(queue) > 0 && len(seen) < maxExplained; queue = queue[1:] {
		if kind, message, involved := v.explainHang(&queue[0], victims); kind != "" {
			return kind, message, involved
		}
		for _, succ := range v.m.Successors(&queue[0], nil) {
			if succ.Failed == nil && !seen[succ.State] {
				seen[succ.State] = true
				queue = append(queue, succ.State)
			}
		}
	}
	return "", "", nil
}

// maxExplained bounds the states that are looked at for an explanation.
const maxExplained = 100_000

func (v viewer[S]) explainFailure(f *finding[S], out *Finding) {
	out.Pos = f.failed.Pos
	if f.rule == model.None {
		out.Message = "before the first step: " + f.failed.Text
		return
	}
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
	last := &out.Trace.Steps[len(out.Trace.Steps)-1]
	out.Threads = []int{last.Thread}
	out.Message = fmt.Sprintf("%s is finished and still holds %s", v.name(last.Thread),
		strings.Join(last.After.Threads[last.Thread].Holds, " and "))
}
