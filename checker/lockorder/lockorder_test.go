package lockorder_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/checker/lockorder"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func library(t *testing.T) []*scenarios.Suite {
	t.Helper()
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	return suites
}

func find(t *testing.T, ref string) *scenarios.Scenario {
	t.Helper()
	scs, err := scenarios.Find(t.Context(), library(t), ref)
	if err != nil {
		t.Fatal(err)
	}
	return scs[0]
}

func graphOf(t *testing.T, sc *scenarios.Scenario, opt search.Options) (*lockorder.Graph, *search.Result) {
	t.Helper()
	p, err := sc.Program(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	opt.WaitCycles = true
	r, err := search.Search(t.Context(), p, opt)
	if err != nil {
		t.Fatal(err)
	}
	return lockorder.New(p, r), r
}

// dump writes all of a graph.
func dump(b *strings.Builder, g *lockorder.Graph) {
	fmt.Fprintf(b, "order: %s\n", strings.Join(g.Order, ", "))
	if !g.Complete {
		b.WriteString("incomplete\n")
	}
	for _, e := range g.Edges {
		up := ""
		if e.Up {
			up = " UP"
		}
		fmt.Fprintf(b, "%s -> %s%s\n", g.Nodes[e.From].Name, g.Nodes[e.To].Name, up)
		for _, w := range e.Witnesses {
			var at []string
			for _, c := range w.Calls {
				at = append(at, fmt.Sprintf("%s:%d", filepath.Base(c.Pos.File), c.Pos.Line))
			}
			fmt.Fprintf(b, "    T%d %s: %s, %s with %s\n", w.Thread+1, w.Name, strings.Join(at, " > "), w.Function, strings.Join(w.Holding, " "))
		}
	}
	for _, c := range g.Cycles {
		fmt.Fprintf(b, "%s: %s", c.Status, g.PathString(c.Path))
		if c.Guard != "" {
			fmt.Fprintf(b, "; %s", c.Guard)
		}
		for _, x := range c.Closing {
			fmt.Fprintf(b, "; T%d %s has %s, waits for %s", x.Thread+1, x.Name, x.HolderOf, x.Waits)
		}
		if c.Status == lockorder.Real {
			fmt.Fprintf(b, "; %s", search.ScheduleOf(&c.Trace))
		}
		b.WriteString("\n")
	}
}

func TestLibraryGolden(t *testing.T) {
	for _, s := range library(t) {
		var b strings.Builder
		for _, sc := range s.Scenarios {
			g, _ := graphOf(t, sc, search.Options{})
			fmt.Fprintf(&b, "=== %s\n", sc)
			dump(&b, g)
			b.WriteString("by class:\n")
			for _, e := range g.ByClass().Edges {
				c := g.ByClass()
				fmt.Fprintf(&b, "  %s -> %s: %d places\n", c.Nodes[e.From].Name, c.Nodes[e.To].Name, len(e.Witnesses))
			}
		}
		file := filepath.Join("testdata", s.Name+".txt")
		if *update {
			if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), b.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

// For every configuration of the oracle: a deadlock that is a cycle of locks and jobs is a real
// cycle, and no longer than the oracle's shortest deadlock; where all is well, or what hangs is a
// lost wake-up, there is none.
func TestOracle(t *testing.T) {
	real := 0
	for _, row := range oracle(t) {
		g, r := graphOf(t, find(t, row["scenario"]), search.Options{})
		n := 0
		for _, c := range g.Cycles {
			if c.Status == lockorder.Real {
				n++
				closes(t, row["scenario"], g, &c)
			}
			if c.Status == lockorder.Unknown {
				t.Errorf("%s: a complete search leaves %s unknown", row["scenario"], g.PathString(c.Path))
			}
		}
		switch verdict := row["verdict"]; {
		case verdict == "deadlock" && r.Kind == model.LockOrder:
			real++
			if n == 0 {
				t.Errorf("%s: a deadlock without a real cycle", row["scenario"])
			} else if got := fmt.Sprint(len(g.Cycles[0].Trace.Steps)); got != row["shortest_deadlock"] {
				// Not so in general: a cycle may close before the rest of the threads has come to a
				// halt.
				t.Errorf("%s: the cycle closes after %s steps, the deadlock after %s", row["scenario"], got, row["shortest_deadlock"])
			}
		case verdict == "deadlock" && r.Kind != model.LostWakeup:
			t.Errorf("%s: a deadlock of kind %q", row["scenario"], r.Kind)
		case n > 0:
			t.Errorf("%s: verdict %s and a real cycle", row["scenario"], verdict)
		}
	}
	if real < 8 {
		t.Errorf("only %d rows are cycles", real)
	}
}

// closes checks a real cycle in the last state of its trace: each thread holds a node and waits for
// the next.
func closes(t *testing.T, name string, g *lockorder.Graph, c *lockorder.Cycle) {
	t.Helper()
	last := c.Trace.Start
	if n := len(c.Trace.Steps); n > 0 {
		last = c.Trace.Steps[n-1].After
	}
	owner := map[string]int{}
	for _, l := range last.Locks {
		owner[l.Name] = l.Owner
	}
	for i, n := range c.Path {
		from, to := g.Nodes[n].Name, g.Nodes[c.Path[(i+1)%len(c.Path)]].Name
		j := slices.IndexFunc(c.Closing, func(x lockorder.Closing) bool { return x.HolderOf == from && x.Waits == to })
		if j < 0 {
			t.Errorf("%s: nobody has %s and waits for %s", name, from, to)
			continue
		}
		x := c.Closing[j]
		if owner[from] != x.Thread {
			t.Errorf("%s: %s does not hold %s", name, x.Name, from)
		}
		w := last.Threads[x.Thread].WaitsFor
		if to != w && (last.Threads[x.Thread].Op != model.OpSleep || !strings.HasSuffix(to, "jobActive")) {
			t.Errorf("%s: %s waits for %s, not %s", name, x.Name, w, to)
		}
		if !slices.ContainsFunc(g.Edges, func(e lockorder.Edge) bool { return g.Nodes[e.From].Name == from && g.Nodes[e.To].Name == to }) {
			t.Errorf("%s: %s -> %s is no edge", name, from, to)
		}
	}
}

func oracle(t *testing.T) []map[string]string {
	t.Helper()
	f, err := os.Open("../../scenarios/testdata/oracle.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var header []string
	var rows []map[string]string
	for sc := bufio.NewScanner(f); sc.Scan(); {
		cells := strings.Split(sc.Text(), "\t")
		if header == nil {
			header = cells
			continue
		}
		row := map[string]string{}
		for i, name := range header {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	if len(rows) != 58 {
		t.Fatalf("%d rows, want 58", len(rows))
	}
	return rows
}

// The mail's own inversion: the driver is locked before ExitMonitor. Only the job makes it
// harmless, and a thread that uses the monitor without a job closes the cycle.
func TestOnlyTheJobGuards(t *testing.T) {
	g, _ := graphOf(t, find(t, "call-patterns:relock-and-query"), search.Options{})
	if len(g.Cycles) != 1 {
		t.Fatalf("%d cycles", len(g.Cycles))
	}
	c := g.Cycles[0]
	if got := g.PathString(c.Path); got != "driver.lock -> vm1.lock -> vm1.mon.lock -> driver.lock" {
		t.Error(got)
	}
	if c.Status != lockorder.Guarded || !strings.HasPrefix(c.Guard, "the job vm1.jobActive: ") {
		t.Errorf("%s: %s", c.Status, c.Guard)
	}
	g, _ = graphOf(t, find(t, "exit-monitor-order:driver-before-exit-with-rogue"), search.Options{})
	if len(g.Cycles) != 1 || g.Cycles[0].Status != lockorder.Real || len(g.Cycles[0].Closing) != 3 {
		t.Errorf("%+v", g.Cycles)
	}
	if got := g.PathString(g.Cycles[0].Path); got != "driver.lock -> vm1.lock -> vm1.mon.lock -> driver.lock" {
		t.Error(got)
	}
}

// One thread alone draws the cycle, and needs to be there twice.
func TestOneThreadTwice(t *testing.T) {
	g, _ := graphOf(t, find(t, "driver-late:alone"), search.Options{})
	if len(g.Cycles) != 1 || g.Cycles[0].Status != lockorder.Guarded || !strings.HasPrefix(g.Cycles[0].Guard, "it needs one thread twice") {
		t.Errorf("%+v", g.Cycles)
	}
}

// A search that stops, or that merges steps, does not say that a cycle is impossible.
func TestIncomplete(t *testing.T) {
	sc := find(t, "call-patterns:relock-and-query")
	for name, opt := range map[string]search.Options{
		"limit": {MaxStates: 120}, "por": {Reduce: search.Reduction{Merge: true}},
	} {
		g, _ := graphOf(t, sc, opt)
		if g.Complete {
			t.Errorf("%s: complete", name)
		}
		for _, c := range g.Cycles {
			if c.Status == lockorder.Guarded {
				t.Errorf("%s: %s is guarded", name, g.PathString(c.Path))
			}
		}
	}
}

func TestAgainst(t *testing.T) {
	g, _ := graphOf(t, find(t, "call-patterns:one-relock"), search.Options{})
	up := g.Against([]string{"driver", "domain", "monitor"})
	if len(up) != 1 || g.Nodes[up[0].From].Name != "vm1.mon.lock" || g.Nodes[up[0].To].Name != "driver.lock" {
		t.Errorf("%+v", up)
	}
	if up := g.Against([]string{"driver", "domain"}); len(up) > 0 {
		t.Errorf("%+v", up)
	}
	if up := g.Against(nil); len(up) > 0 {
		t.Errorf("%+v", up)
	}
}

// Workers and repetition change nothing.
func TestDeterministic(t *testing.T) {
	for _, ref := range []string{"call-patterns:everything-legal", "driver-late:two-of-them", "exit-monitor-order:driver-before-exit-with-rogue"} {
		var first string
		for _, workers := range []int{1, 1, 3} {
			g, _ := graphOf(t, find(t, ref), search.Options{Workers: workers})
			var b strings.Builder
			dump(&b, g)
			if first == "" {
				first = b.String()
			}
			if b.String() != first {
				t.Errorf("%s differs with %d workers", ref, workers)
			}
		}
	}
}

// A search that was ended before it began has an order without edges, and claims nothing.
func TestInterrupted(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	end()
	p, err := find(t, "call-patterns:relock-and-query").Program(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r, err := search.Search(ctx, p, search.Options{WaitCycles: true})
	if err != nil {
		t.Fatal(err)
	}
	if g := lockorder.New(p, r); g.Complete || len(g.Edges) > 0 {
		t.Errorf("%+v", g)
	}
}
