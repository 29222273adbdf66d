package mutate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/checker/mutate/operator"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// What is called alike has the same findings under a search that leaves nothing out, the same
// states in which no thread can go on by itself, and the same findings when another thread looks at
// the variables with the locks that protect them. That is asked of random programs and one mistake
// in each.
func TestAlikeToOthers(t *testing.T) {
	counts := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		p, m := randomMutant(t)
		if p == nil {
			return
		}
		counts["mutants"]++
		edited := map[*scenarios.Suite]*scenarios.Scenario{}
		var pairs [][2]*model.Program
		for _, sc := range p.Scenarios {
			mutant := p.edited(edited, sc, m)
			var pair [2]*model.Program
			for i, x := range []*scenarios.Scenario{sc, mutant} {
				program, limit, err := closed(t.Context(), x, search.Options{})
				if err != nil || limit != model.NoLimit {
					return // the front end refuses it
				}
				pair[i] = program
			}
			pairs = append(pairs, pair)
		}
		bare, watched := pairs[0], pairs[1]
		c, err := compare(t.Context(), bare[0], bare[1], false, 3000)
		if err != nil {
			t.Fatal(err)
		}
		if !c.Alike {
			return
		}
		strictly, err := compare(t.Context(), bare[0], bare[1], true, 3000)
		if err != nil {
			t.Fatal(err)
		}
		if !strictly.Alike {
			counts["alike to others alone"]++
			counts[m.Operator]++
		}
		text := func() string {
			return fmt.Sprintf("%s\n%s\n%s", m.ID, p.texts[p.Scenarios[0].Suite][0].Text, m.Text)
		}
		if diff := cmp.Diff(findings(t, bare[0]), findings(t, bare[1])); diff != "" {
			t.Fatalf("they break other rules: %s\n%s", diff, text())
		}
		if diff := cmp.Diff(standing(t, bare[0]), standing(t, bare[1])); diff != "" {
			t.Fatalf("they come to other states: %s\n%s", diff, text())
		}
		if diff := cmp.Diff(findings(t, watched[0]), findings(t, watched[1])); diff != "" {
			t.Fatalf("another thread can tell: %s\n%s", diff, text())
		}
	})
	t.Log(counts)
	if counts["alike to others alone"] < 5 {
		t.Errorf("hardly any mutant was asked about: %v", counts)
	}
}

// findings are the rules that a program breaks, by a search that leaves nothing out.
func findings(t *rapid.T, p *model.Program) []string {
	r, err := search.Search(t.Context(), p, search.Options{Races: search.CheckRaces})
	if err != nil || !r.Complete {
		t.Fatal(err)
	}
	out := []string{string(r.Verdict) + " " + string(r.Kind)}
	for _, f := range r.Findings {
		out = append(out, fmt.Sprintf("%s %s", f.Verdict, f.Kind))
	}
	slices.Sort(out)
	return out
}

// standing are the states in which each thread waits, would have to wait for a lock if it were
// taken, or is finished.
func standing(t *rapid.T, p *model.Program) []string {
	of, err := model.ByWidth[func(*model.Program) ([]string, error)]{
		One: standingOf[[1]uint64], Two: standingOf[[2]uint64], Three: standingOf[[3]uint64],
		Four: standingOf[[4]uint64], Six: standingOf[[6]uint64], Eight: standingOf[[8]uint64],
		Sixteen: standingOf[[16]uint64],
	}.Of(p)
	if err != nil {
		t.Fatal(err)
	}
	all, err := of(p)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func standingOf[S model.Words](p *model.Program) ([]string, error) {
	m, err := model.NewMachine[S](p)
	if err != nil {
		return nil, err
	}
	seen, out := map[S]bool{}, map[string]bool{}
	todo := slices.Collect(m.Starts())
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		if todo = todo[:len(todo)-1]; seen[s] {
			continue
		}
		seen[s] = true
		if text, ok := stands(m, &s); ok {
			out[text] = true
		}
		for _, x := range m.Successors(&s, nil) {
			if x.Failed == nil {
				todo = append(todo, x.State)
			}
		}
	}
	return slices.Sorted(maps.Keys(out)), nil
}

func stands[S model.Words](m *model.Machine[S], s *S) (string, bool) {
	var b strings.Builder
	for t := range m.Program.Threads {
		n := m.At(s, t)
		switch n.Op {
		case model.OpLock, model.OpReacquire, model.OpSleep, model.OpFinish:
			fmt.Fprint(&b, n.Op, n.Lock, n.Cond, n.Held, " ")
		default:
			return "", false
		}
	}
	for v := range m.Program.Vars {
		fmt.Fprint(&b, m.Program.Vars[v].Name, "=", m.Value(s, model.VarID(v)), " ")
	}
	return b.String(), true
}

// randomMutant draws a program of two functions that mostly keep to the locks, with a scenario of
// its own and one in which another thread looks on, and a mistake. It is nil where there is none to
// make.
func randomMutant(t *rapid.T) (*Plan, *operator.Mutant) {
	var c strings.Builder
	c.WriteString("static pthread_mutex_t a, b; static pthread_cond_t c, d; static int n, m, k;\n")
	threads := []string{"f()", "g()"}
	for _, name := range []string{"f", "g"} {
		fmt.Fprintf(&c, "void %s(void)\n{\n", name)
		for range rapid.IntRange(1, 2).Draw(t, "sections") {
			section(t, &c)
		}
		c.WriteString("}\n")
	}
	if rapid.Bool().Draw(t, "twins") {
		threads = []string{"f() x2"}
	}
	value := func() int { return rapid.IntRange(0, 2).Draw(t, "value") }
	look := fmt.Sprintf("void look(void)\n{\n    pthread_mutex_lock(&a);\n    assert(!(n == %d && k == %d));\n    pthread_mutex_unlock(&a);\n}\n", value(), value())
	if rapid.Bool().Draw(t, "both") {
		look = fmt.Sprintf("void look(void)\n{\n    pthread_mutex_lock(&a);\n    pthread_mutex_lock(&b);\n    assert(!(n == %d && m == %d));\n"+
			"    pthread_mutex_unlock(&b);\n    pthread_mutex_unlock(&a);\n}\n", value(), value())
	}
	list := strings.Join(threads, ", ")
	files := fstest.MapFS{
		"s.yaml": {Data: []byte("suite: s\nsources: [f.c]\nscenarios:\n  - {name: bare, threads: [" + list + "], expect: ok}\n" +
			"  - {name: watched, threads: [" + list + ", look()], expect: ok}\n")},
		"f.c": {Data: []byte(c.String() + look)},
	}
	suites, err := scenarios.LoadFS(t.Context(), files, "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	helpers := []string{"f", "g"}
	p, err := NewPlan(t.Context(), &Targets(suites[0].Scenarios)[0], Options{Helpers: helpers})
	if err != nil || len(p.Mutants) == 0 {
		return nil, nil
	}
	swaps := slices.DeleteFunc(slices.Clone(p.Mutants), func(m operator.Mutant) bool { return m.Operator != "swap-neighbours" })
	if len(swaps) > 0 && rapid.IntRange(0, 3).Draw(t, "swap") > 0 {
		return p, &swaps[rapid.IntRange(0, len(swaps)-1).Draw(t, "mutant")]
	}
	return p, &p.Mutants[rapid.IntRange(0, len(p.Mutants)-1).Draw(t, "mutant")]
}

// section writes what is done under one lock, and perhaps another one within it.
func section(t *rapid.T, c *strings.Builder) {
	statements := func(of []string) {
		for range rapid.IntRange(1, 4).Draw(t, "statements") {
			fmt.Fprintf(c, "    %s\n", rapid.SampledFrom(of).Draw(t, "statement"))
		}
	}
	ofB := []string{"m = 1;", "m = 2;", "m = 0;", "if (m) m = 0;", "if (m == 1) m = 2; else m = 1;", "pthread_cond_signal(&d);", "assert(m < 2);"}
	if rapid.IntRange(0, 3).Draw(t, "other lock") == 0 {
		c.WriteString("    pthread_mutex_lock(&b);\n")
		statements(append(ofB, "while (!m)\n        pthread_cond_wait(&d, &b);"))
		c.WriteString("    pthread_mutex_unlock(&b);\n")
		return
	}
	c.WriteString("    pthread_mutex_lock(&a);\n")
	statements([]string{
		"n = 1;", "n = 2;", "n = 0;", "k = 1;", "k = 0;", "if (n) k = 2;", "if (k == 1) n = 2;", "if (nondet()) n = 1;",
		"pthread_cond_signal(&c);", "pthread_cond_broadcast(&c);", "while (!n)\n        pthread_cond_wait(&c, &a);",
		"if (n == 2)\n        pthread_cond_wait(&c, &a);", "assert(n < 2);", "while (n == 2)\n        n = k;",
	})
	if rapid.IntRange(0, 2).Draw(t, "within") == 0 {
		c.WriteString("    pthread_mutex_lock(&b);\n")
		statements(ofB)
		c.WriteString("    pthread_mutex_unlock(&b);\n")
		statements([]string{"n = 1;", "k = 1;", "n = 0;"})
	}
	c.WriteString("    pthread_mutex_unlock(&a);\n")
	if rapid.IntRange(0, 3).Draw(t, "without") == 0 {
		fmt.Fprintf(c, "    %s\n", rapid.SampledFrom([]string{"k = 1;", "if (k) k = 0;", "k = 2;"}).Draw(t, "statement"))
	}
}
