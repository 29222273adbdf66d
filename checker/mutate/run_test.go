package mutate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// tiny is a protocol of two helpers with a suite that does not look at everything.
var tiny = map[string]string{
	"p.c": `struct gate { virMutex lock; virCond open; int busy; int seen; };
int enter(struct gate *g)
{
    virMutexLock(&g->lock);
    while (g->busy)
        if (virCondWait(&g->open, &g->lock) < 0) {
            virMutexUnlock(&g->lock);
            return -1;
        }
    g->busy = 1;
    virMutexUnlock(&g->lock);
    return 0;
}
void leave(struct gate *g)
{
    virMutexLock(&g->lock);
    g->busy = 0;
    virCondSignal(&g->open);
    virMutexUnlock(&g->lock);
}
`,
	"s.yaml": `suite: s
protocol: p.c
source: |
  void visit(struct gate *g)
  {
      if (enter(g) < 0)
          return;
      g->seen = self();
      check(job_unbalanced, g->seen == self());
      leave(g);
  }
scenarios:
  - {name: two, threads: [visit(vm1) x2], expect: ok}
  - {name: one, threads: [visit(vm1)], expect: ok}
  - {name: wrong, threads: [visit(vm1)], expect: deadlock}
`,
}

// run is a plan of the tiny protocol, carried out. Its lines are ID STATUS BY.
func run(t *testing.T, ctx context.Context, files map[string]string, o Options) (*Result, string) {
	t.Helper()
	target := Targets(load(t, files).Scenarios)
	if len(target) != 1 {
		t.Fatalf("%d targets", len(target))
	}
	o.Workers = 2
	p, err := NewPlan(ctx, &target[0], o)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	r, err := p.Run(ctx, func(m *Mutant) error {
		fmt.Fprintln(&b, strings.TrimSpace(fmt.Sprintln(m.ID, m.Status, strings.TrimPrefix(m.By, "s:"))))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r, b.String()
}

// What becomes of each mutant of the tiny protocol, worked out by hand. The wait never fails, so
// its error branch is not reached. With two visitors nobody takes the gate from who was woken, who
// gives up harms nobody. What leave does inside of its lock is equivalent in either order, and it
// is not to signal without the lock.
func TestTiny(t *testing.T) {
	r, got := run(t, t.Context(), tiny, Options{})
	want := `enter:4:drop-call found one
enter:4:swap-operation found one
enter:5:while-if survived
enter:5:negate found one
enter:5:always found one
enter:5:never found two
enter:6:drop-call found two
enter:6:lose-branch unreached
enter:6:negate survived
enter:6:always survived
enter:6:boundary survived
enter:7:drop-call unreached
enter:7:swap-operation unreached
enter:8:drop-return survived
enter:8:constant unreached
enter:10:drop-assignment found two
enter:10:swap-neighbours found two
enter:10:constant found two
enter:11:drop-call found one
enter:11:swap-operation found one
enter:12:constant found two
leave:16:drop-call found one
leave:16:swap-neighbours survived
leave:16:swap-operation found one
leave:17:drop-assignment found two
leave:17:swap-neighbours equivalent
leave:17:constant found two
leave:18:drop-call found two
leave:18:swap-neighbours survived
leave:18:signal-broadcast survived
leave:19:drop-call found one
leave:19:swap-operation found one
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(r.Idle) != 1 || r.Idle[0].Scenario != "s:wrong" {
		t.Errorf("judging nothing: %+v", r.Idle)
	}
	if len(r.Scenarios) != 2 || r.Scenarios[0].Scenario != "s:one" || r.Scenarios[0].Answer.States >= r.Scenarios[1].Answer.States {
		t.Errorf("judges: %+v", r.Scenarios)
	}
	if f := r.Scenarios[0].Found + r.Scenarios[1].Found; f != r.Count(Found) {
		t.Errorf("the scenarios found %d, and %d were found", f, r.Count(Found))
	}
}

// What is skipped because nothing changed is reached answers as before: asked all the same, each
// mutant comes to the same, but for those that nothing reaches.
func TestSkippingChangesNothing(t *testing.T) {
	target := Targets(load(t, tiny).Scenarios)[0]
	p, err := NewPlan(t.Context(), &target, Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	asked, err := p.originals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	asked = slices.DeleteFunc(asked, func(o original) bool { return o.Name == "wrong" })
	skipped := 0
	for i := range p.Mutants {
		m, err := p.mutant(t.Context(), &p.Mutants[i], asked)
		if err != nil {
			t.Fatal(err)
		}
		skipped += m.Skipped
		var all []original
		for _, o := range asked {
			o.answer.Passed = nil
			all = append(all, o)
		}
		whole, err := p.mutant(t.Context(), &p.Mutants[i], all)
		if err != nil {
			t.Fatal(err)
		}
		if m.Status != whole.Status && (m.Status != Unreached || whole.Status != Equivalent && whole.Status != Survived) || m.By != whole.By {
			t.Errorf("%s: %s by %q, and where nothing is skipped %s by %q", m.ID, m.Status, m.By, whole.Status, whole.By)
		}
	}
	if skipped == 0 {
		t.Error("nothing was skipped")
	}
}

// Operators and helpers can be named; what is not there is an error with the nearest name.
func TestChosen(t *testing.T) {
	_, got := run(t, t.Context(), tiny, Options{Helpers: []string{"leave"}, Operators: []string{"drop-call", "while-if"}})
	if want := "leave:16:drop-call found one\nleave:18:drop-call found two\nleave:19:drop-call found one\n"; got != want {
		t.Errorf("got %s", got)
	}
	target := Targets(load(t, tiny).Scenarios)[0]
	_, err := NewPlan(t.Context(), &target, Options{Helpers: []string{"leaf"}})
	if err == nil || err.Error() != `p.c has no helper "leaf" (did you mean "leave"?)` {
		t.Error(err)
	}
}

// A mutant that the front end refuses is listed with its reason, and does not count; one of which a
// limit hides the answer is undecided.
func TestNotCounted(t *testing.T) {
	files := map[string]string{"s.yaml": "suite: s\nprotocol: p.c\nsource: |\n  void f(struct g *g) { act(g); }\nscenarios:\n  - {name: x, threads: [f(vm1) x2], expect: ok}\n", "p.c": `struct g { virMutex lock; int n; };
void act(struct g *g)
{
    virMutexLock(&g->lock);
    for (int i = 0; i < 3; i++) {
        if (g->n < 3) {
            g->n = i;
            break;
        }
    }
    virMutexUnlock(&g->lock);
}
`}
	_, limited := run(t, t.Context(), files, Options{Operators: []string{"drop-call", "while-if", "wrong-lock"}, MaxStates: 20})
	if want := "act:4:drop-call found x\nact:11:drop-call found x\n"; limited != want {
		t.Errorf("got %s", limited)
	}
	files["p.c"] = strings.Replace(files["p.c"], "for (int i = 0; i < 3; i++) {", "int i = 0; while (i < 1) {", 1)
	r, got := run(t, t.Context(), files, Options{Operators: []string{"while-if"}})
	if got != "act:5:while-if unbuilt\n" {
		t.Errorf("got %s", got)
	}
	if why := r.Mutants[0].Why; !strings.HasPrefix(why, "p.c:8:13: ") || !strings.Contains(why, "break") {
		t.Errorf("unbuilt: %q", why)
	}
	if r.Score() != 100 {
		t.Errorf("score %g", r.Score())
	}
}

// An interrupted run has what was done so far, and a cache lets the next one go on from there.
func TestInterruptedAndResumed(t *testing.T) {
	dir := t.TempDir()
	open := func() *Cache {
		c, err := OpenCache(dir, "tool")
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	_, want := run(t, t.Context(), tiny, Options{})

	ctx, cancel := context.WithCancel(t.Context())
	target := Targets(load(t, tiny).Scenarios)[0]
	c := open()
	p, err := NewPlan(ctx, &target, Options{Workers: 1, Cache: c})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	r, err := p.Run(ctx, func(*Mutant) error {
		if n++; n == 5 {
			cancel()
		}
		return nil
	})
	if err != nil || r.Limit != model.InterruptLimit || len(r.Mutants) != len(p.Mutants) {
		t.Fatal(r, err)
	}
	if left := r.Count(Left); left == 0 || left > len(p.Mutants)-5 {
		t.Errorf("%d of %d are left", left, len(p.Mutants))
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}

	c = open()
	r2, got := run(t, t.Context(), tiny, Options{Cache: c})
	if got != want || c.Hits() < 8 {
		t.Errorf("%d answers were known\n%s", c.Hits(), cmp.Diff(want, got))
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}

	// Everything is known, but for what the front end has to say.
	c = open()
	r3, got := run(t, t.Context(), tiny, Options{Cache: c, Progress: func(x Progress) { t.Errorf("asked: %+v", x) }})
	if got != want {
		t.Error(cmp.Diff(want, got))
	}
	r2.Known = r3.Known
	if diff := cmp.Diff(r2, r3); diff != "" {
		t.Error(diff)
	}
	c.Close()

	// Another program, another bound: nothing is known.
	if c, err = OpenCache(dir, "other tool"); err != nil {
		t.Fatal(err)
	}
	run(t, t.Context(), tiny, Options{Cache: c, Operators: []string{"while-if"}})
	if c.Hits() > 1 { // two scenarios ask the same
		t.Error("answers of another program were believed")
	}
	c.Close()
	c = open()
	run(t, t.Context(), tiny, Options{Cache: c, Operators: []string{"while-if"}, MaxStates: 1000})
	if c.Hits() > 1 { // two scenarios ask the same
		t.Error("answers within other bounds were believed")
	}
	c.Close()
}

// Whatever stands in the file of a cache, the answers are the same.
func TestBrokenCache(t *testing.T) {
	_, want := run(t, t.Context(), tiny, Options{Helpers: []string{"leave"}})
	dir := t.TempDir()
	name := filepath.Join(dir, cacheName)
	c, err := OpenCache(dir, "tool")
	if err != nil {
		t.Fatal(err)
	}
	run(t, t.Context(), tiny, Options{Helpers: []string{"leave"}, Cache: c})
	c.Close()
	good, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{
		"empty":          "",
		"cut off":        string(good[:len(good)-20]),
		"nothing of it":  "\x00\xff garbage\n{}\n[]\nnull\n{\"key\":1}\n",
		"other verdicts": strings.ReplaceAll(string(good), `"ok"`, `"violation"`),
		"no verdicts":    strings.ReplaceAll(string(good), `"verdict"`, `"virdict"`),
		"long lines":     strings.Repeat("x", 5*maxLine) + "\n" + string(good),
		"no newline":     strings.Repeat("{", maxLine-1),
		"too large":      strings.Repeat(strings.Repeat(" ", 1000)+"\n", maxCache/1000) + string(good),
	} {
		t.Run(what, func(t *testing.T) {
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			c, err := OpenCache(dir, "tool")
			if err != nil {
				t.Fatal(err)
			}
			if _, got := run(t, t.Context(), tiny, Options{Helpers: []string{"leave"}, Cache: c}); got != want {
				t.Error(cmp.Diff(want, got))
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
			if info, err := os.Stat(name); err != nil || info.Size() > maxCache {
				t.Errorf("%v %v", info.Size(), err)
			}
			if c, err = OpenCache(dir, "tool"); err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if _, got := run(t, t.Context(), tiny, Options{Helpers: []string{"leave"}, Cache: c, Progress: func(x Progress) { t.Errorf("asked: %+v", x) }}); got != want {
				t.Error(cmp.Diff(want, got))
			}
		})
	}
	os.Remove(name)
	if err := os.Symlink("/etc/passwd", name); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCache(dir, "tool"); err == nil {
		t.Error("a link was followed")
	}
}

// An error of emit ends a run.
func TestEmitFails(t *testing.T) {
	target := Targets(load(t, tiny).Scenarios)[0]
	p, err := NewPlan(t.Context(), &target, Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("full")
	if _, err := p.Run(t.Context(), func(*Mutant) error { return full }); !errors.Is(err, full) {
		t.Error(err)
	}
}

// The library answers as the gate does: every scenario is as it expects.
func TestJudgesAsTheGate(t *testing.T) {
	if testing.Short() {
		t.Skip("searches the library")
	}
	library, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range library {
		for _, sc := range s.Scenarios {
			a, err := (&judge{}).ask(t.Context(), sc)
			if err != nil || a.noticed(sc) || a.Verdict == model.Unknown {
				t.Errorf("%s: %+v %v", sc, a, err)
			}
		}
	}
}
