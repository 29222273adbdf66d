package lower_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/model"
)

// A writer writes threads that work on a few shared variables, on locks and a condition, and end.
type writer struct {
	*rapid.T
	b     strings.Builder
	loops int
}

func (w *writer) n(limit int) int            { return rapid.IntRange(0, limit-1).Draw(w.T, "n") }
func (w *writer) pick(list ...string) string { return list[w.n(len(list))] }
func (w *writer) line(f string, args ...any) { fmt.Fprintf(&w.b, f+"\n", args...) }
func (w *writer) local() string              { return w.pick("a", "b", "c") }
func (w *writer) shared() string             { return w.pick("x", "y", "z", "o->n") }
func (w *writer) small() string {
	return w.pick("0", "1", "2", "3", "a", "b", "a + b", "a - c", "a * 2", "x", "y + 1", "o->n")
}

func (w *writer) block(depth int, most int) {
	for range 1 + w.n(most) {
		w.statement(depth)
	}
}

func (w *writer) body(depth int, head string) { w.line("%s {", head); w.block(depth-1, 2); w.line("}") }

func (w *writer) statement(depth int) {
	switch k := w.n(12); {
	case k < 3:
		w.line("%s = (%s) & 3;", w.local(), w.small())
	case k < 6 || depth == 0:
		w.line("%s = (%s) & 3;", w.shared(), w.small())
	case k < 8:
		w.body(depth, fmt.Sprintf("if ((%s) == %s)", w.small(), w.small()))
	case k == 8:
		w.loops++
		w.body(depth, fmt.Sprintf("for (int i%d = 0; i%d < %d; i%d++)", w.loops, w.loops, 1+w.n(3), w.loops))
	case k == 9:
		w.body(depth, "pthread_mutex_lock(&big);")
		w.line("pthread_mutex_unlock(&big);")
	case k == 10:
		w.line("%s;", w.pick("virObjectRef(o); virObjectUnref(o)", "if (nondet()) a = 3", "pthread_cond_signal(&o->cond)", "cur = o", "cur = NULL",
			"if (cur) x = cur->n", "x++", "assert(x != 3)", "a = help(a)", "y = help(x)"))
	default:
		w.line("pthread_mutex_lock(&o->lock); if (%s) pthread_cond_wait(&o->cond, &o->lock); pthread_mutex_unlock(&o->lock);", w.pick("x == 1", "a", "!y"))
	}
}

func (w *writer) source() string {
	w.line("static int x, y, z; static obj *cur; static int help(int a) { int r = a; if (z == r) r++; return r & 3; }")
	for _, f := range []string{"f", "g"} {
		w.line("void %s(obj *o) { int a = 0, b = 1, c = 2;", f)
		w.block(2, 4)
		w.line("}")
	}
	return object + w.b.String()
}

// TestOpenPrograms holds programs that follow what is reached against those that are closed over
// all values of their variables, on random threads: they answer the same, from as many states, and
// as shortly.
func TestOpenPrograms(t *testing.T) {
	smaller, open := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		w := &writer{T: rt}
		src := w.source()
		threads := []string{"f(vm1)", "g(vm1)", "f(vm1)"}[:2+w.n(2)]
		want, err := build(t, src, threads...)
		if err != nil || want.Source != nil {
			return // refused, or too large
		}
		budget := rapid.SampledFrom([]int{1, 10, 100, 1 << 16}).Draw(rt, "budget")
		got, err := buildWith(t, lower.Exploring(lower.Options{Open: true}, budget), src, threads...)
		if err != nil {
			rt.Fatalf("%v\n%s", err, src)
		}
		if got.Source != nil {
			open++
			var limit model.Limit
			if got, limit, err = search.Close(t.Context(), got, search.Options{Reduce: search.Reduction{Auto: true}}); err != nil || limit != model.NoLimit {
				rt.Fatalf("%v %v\n%s", limit, err, src)
			}
		}
		limits := search.Options{MaxStates: 200_000}
		a, errA := search.Search(t.Context(), want, limits)
		b, errB := search.Search(t.Context(), got, limits)
		if errA != nil || errB != nil {
			rt.Fatal(errA, errB)
		}
		if a.Limit != model.NoLimit {
			return
		}
		sameVars := len(want.Vars) == len(got.Vars)
		if a.Verdict != b.Verdict || a.Kind != b.Kind || b.Limit != model.NoLimit || sameVars && a.Stats.States != b.Stats.States || b.Stats.States > a.Stats.States {
			rt.Fatalf("%s %q, %d states; open %s %q, %d states\n%s", a.Verdict, a.Kind, a.Stats.States, b.Verdict, b.Kind, b.Stats.States, src)
		}
		for i := range a.Findings {
			if n, m := len(a.Findings[i].Trace.Steps), len(b.Findings[i].Trace.Steps); sameVars && n != m {
				rt.Fatalf("%d steps, open %d\n%s", n, m, src)
			}
		}
		for i := range got.Threads {
			if len(got.Threads[i].Nodes) < len(want.Threads[i].Nodes) {
				smaller++
				break
			}
		}
	})
	if smaller == 0 || open == 0 {
		t.Errorf("%d programs were smaller, %d took rounds: nothing was tested", smaller, open)
	}
	t.Logf("%d programs were smaller, %d took rounds", smaller, open)
}

// TestSlowToClose lowers two threads whose closure has 31,648 nodes where few are reached.
func TestSlowToClose(t *testing.T) {
	text, err := os.ReadFile("testdata/slow.c")
	if err != nil {
		t.Fatal(err)
	}
	p, err := build(t, string(text), "t0()", "t1()")
	if err != nil {
		t.Fatal(err)
	}
	nodes := 0
	for i := range p.Threads {
		nodes += len(p.Threads[i].Nodes)
	}
	r, err := search.Search(t.Context(), p, search.Options{})
	if err != nil || r.Verdict != model.Violation || r.Kind != model.NullVM || r.Stats.States != 2439 || p.Source != nil || nodes > 1000 {
		t.Errorf("%v: %s %s, %d states, %d nodes", err, r.Verdict, r.Kind, r.Stats.States, nodes)
	}
}

// What grows without bound ends at a limit, whichever thread comes first.
func TestWithoutBound(t *testing.T) {
	for name, c := range map[string]struct {
		src     string
		threads []string
		limit   model.Limit
		err     error
		memory  int64
	}{
		"a counter":      {"void f(void) { shared++; }", []string{"f()*"}, model.ValueRangeLimit, nil, 512 << 20},
		"a local":        {"void f(void) { int i = 0; while (1) { shared = 0; i++; } }", []string{"f()"}, model.NoLimit, meter.ErrMemory, 32 << 20},
		"a local, later": {"void g(void) { shared = 1; } void f(void) { int i = 0; while (1) { if (shared) i++; } }", []string{"f()", "g()"}, model.NoLimit, meter.ErrMemory, 32 << 20},
		"many ways": {
			"void f(void) { int s = 0; " + repeat(30, "if (nondet()) s = s + (1 << %d); other = 1;\n") + " shared = s; }",
			[]string{"f()"},
			model.NoLimit, meter.ErrMemory, 32 << 20,
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := meter.WithMemory(context.Background(), c.memory)
			u, err := unitOf(t, ctx, object+c.src)
			if err != nil {
				t.Fatal(err)
			}
			var specs []lower.Thread
			for _, f := range c.threads {
				f, loop := strings.CutSuffix(f, "*")
				specs = append(specs, lower.Thread{Function: strings.TrimSuffix(f, "()"), Loop: loop})
			}
			p, err := u.Program(ctx, specs, lower.Options{})
			limit := model.NoLimit
			if err == nil {
				p, _, err = search.Close(ctx, p, search.Options{Reduce: search.Reduction{Auto: true}})
			}
			if err == nil {
				r, e := search.Search(ctx, p, search.Options{})
				if err = e; err == nil {
					limit = r.Limit
				}
			}
			if !errors.Is(err, c.err) || limit != c.limit {
				t.Errorf("%v, limit %q; want %v, %q", err, limit, c.err, c.limit)
			}
		})
	}
}
