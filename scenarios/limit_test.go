package scenarios

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/csource/syntax"
)

func ended(t *testing.T) context.Context {
	ctx, end := context.WithCancel(t.Context())
	end()
	return ctx
}

// loaded loads one suite.
func loaded(t *testing.T, c, scenarios string) *Suite {
	t.Helper()
	suites, err := LoadFS(t.Context(), listed(c, scenarios), "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return suites[0]
}

const (
	long   = "int i, j; for (i = 0; i < 40; i = i + 1) { for (j = 0; j < 10000; j = j + 1) ; s = 1; }" // more than is done ahead
	runsF  = "- {name: a, threads: [\"f()\"], expect: ok}\n"
	shared = "int s; virMutex low;\n"
)

// Programs are let go: of many scenarios there are never more than a few, and each is there when it
// is asked for.
func TestProgramsAreLetGo(t *testing.T) {
	s := loaded(t, "int s;"+in(many(400, "s = 1;\n")), many(100, "- {name: a%d, threads: [\"f()\"], expect: ok}\n"))
	if err := Check(t.Context(), s.Scenarios); err != nil {
		t.Fatal(err)
	}
	alive := func() (n, bytes int64) {
		runtime.GC()
		for _, sc := range s.Scenarios {
			if p := sc.program.value.Value(); p != nil {
				n, bytes = n+1, bytes+lower.Bytes(p)
			}
		}
		return n, bytes
	}
	if n, bytes := alive(); n == 0 || n == 100 || bytes > maxShelved {
		t.Errorf("after a check, %d programs of %d bytes are alive", n, bytes)
	}
	before, _ := alive()
	for _, sc := range s.Scenarios {
		if p, err := sc.Program(t.Context()); err != nil || len(p.Threads[0].Nodes) != 401 {
			t.Fatalf("%s: %v", sc, err)
		}
	}
	if n, _ := alive(); n != before {
		t.Errorf("after all were asked for, %d programs are alive, %d before", n, before)
	}
}

// Everything wrong is said at once, what only lowering finds included, and the C of a suite once.
func TestCheckAll(t *testing.T) {
	c := "int s;" + in("s = 1;") + "void lies(void) { void *p = &s; long *q = p; s = *q; }"
	s := loaded(t, c, many(500, "- {name: a%d, threads: [\"f()\"], expect: ok}\n")+
		"- {name: b, threads: [\"lies()\"], expect: ok}\n- {name: c, threads: [\"f(1)\", \"g()\"], expect: ok}\n")
	err := Check(t.Context(), s.Scenarios)
	want := "s.yaml:505:24: f takes no argument, not 1: it is defined at x.c:1:12\ns.yaml:505:32: unknown function g\nx.c:1:77: *q takes int for long: the bytes of integers are not known"
	if got := message(err); strings.ReplaceAll(got, " (did you mean f?)", "") != want {
		t.Errorf("%s", got)
	}
	s = loaded(t, in("x = 1;"), many(500, "- {name: a%d, threads: [\"f()\"], expect: ok}\n"))
	if got := message(Check(t.Context(), s.Scenarios)); got != "x.c:1:15: unknown variable x" {
		t.Errorf("%s", got)
	}
}

// What takes long to lower waits for its turn, and is looked at before where the order of the suite
// depends on it.
func TestCheckAhead(t *testing.T) {
	c := shared + "void slow(void) {" + long + "virMutexLock(&low); void *p = &s; long *q = p; s = *q; }" + empty
	s := loaded(t, c, runsF+"- {name: b, threads: [\"slow()\"], expect: ok}\n")
	if err := Check(t.Context(), s.Scenarios); err != nil {
		t.Errorf("ahead: %v", err)
	}
	if _, err := s.Scenarios[1].Program(t.Context()); !strings.Contains(message(err), "*q takes int for long") {
		t.Errorf("in its turn: %v", err)
	}
	sound := shared + "void slow(void) {" + long + "virMutexLock(&low); virMutexUnlock(&low); }" + empty
	for order, want := range map[string]string{
		"[low]":       "",
		"[low, high]": `s.yaml:6:14: no lock or job of this suite stands at level "high" (one of low)`,
	} {
		s := loaded(t, sound, runsF+"- {name: b, threads: [\"slow()\"], expect: ok}\norder: "+order+"\n")
		if got := message(Check(t.Context(), s.Scenarios[:1])); got != want {
			t.Errorf("%s: %s", order, got)
		}
	}
}

// A limit is no error of the input, wherever it is hit, and is not remembered.
func TestLimits(t *testing.T) {
	var ds syntax.Diagnostics
	files := listed("#include \"h.h\"\n"+empty, runsF)
	files["h.h"] = grown("int x;")["x.c"]
	if _, err := LoadFS(ended(t), files, "."); !errors.Is(err, context.Canceled) || errors.As(err, &ds) {
		t.Errorf("loading: %v", err)
	}
	suites, err := LoadFS(t.Context(), files, ".")
	if err != nil {
		t.Fatal(err)
	}
	s := suites[0]
	if err := Check(ended(t), s.Scenarios); !errors.Is(err, context.Canceled) {
		t.Errorf("checking: %v", err)
	}
	for range 2 {
		if _, err := s.C(ended(t)); !errors.Is(err, context.Canceled) {
			t.Errorf("parsing: %v", err)
		}
		if _, err := s.Scenarios[0].Program(ended(t)); !errors.Is(err, context.Canceled) {
			t.Errorf("lowering: %v", err)
		}
	}
	if _, err := s.Scenarios[0].Program(meter.WithMemory(t.Context(), 10)); !errors.Is(err, meter.ErrMemory) {
		t.Errorf("without memory: %v", err)
	}
	if s.parsed.short != 10 {
		t.Errorf("%d bytes are known to be too few", s.parsed.short)
	}
	if err := Check(meter.WithMemory(t.Context(), 10), s.Scenarios); err != nil {
		t.Errorf("checking without memory: %v", err)
	}
	if err := Check(t.Context(), s.Scenarios); err != nil {
		t.Errorf("again: %v", err)
	}
	if _, err := s.Scenarios[0].Program(t.Context()); err != nil {
		t.Errorf("again: %v", err)
	}
}

// A YAML file is read piece by piece: the end of the context is noticed between two of them.
func TestYAMLStops(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	p := pieces{ctx, []byte(strings.Repeat("a: b\n", 100_000))}
	buffer := make([]byte, 1<<20)
	if n, err := p.Read(buffer); n == 0 || n > 1<<16 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	end()
	if n, err := p.Read(buffer); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func TestYAMLValues(t *testing.T) {
	text := "suite: s\nscenarios: [" + strings.Repeat("a,", maxYAMLValues) + "]\n"
	_, ds := readYAML(t.Context(), "s.yaml", []byte(text))
	if len(ds) != 1 || !strings.Contains(ds[0].Msg, "more than the limit of 1048576") {
		t.Errorf("%v", ds)
	}
}

// YAML and C have one maximum of diagnostics.
func TestOneMaximum(t *testing.T) {
	for name, files := range map[string]func() (string, string){
		"yaml": func() (string, string) { return empty, many(1000, "- {name: a%d, threads: [\"f()\"], expect: okay}\n") },
		"c":    func() (string, string) { return in(many(1000, "x%d = 1;\n")), runsF },
		"both": func() (string, string) {
			return in("f = 1;"), many(1000, "- {name: a%d, threads: [\"g()\", \"h()\"], expect: ok}\n")
		},
		"threads": func() (string, string) { return empty, many(1000, "- {name: a%d, threads: [\"g()\"], expect: ok}\n") },
	} {
		c, scenarios := files()
		suites, err := LoadFS(t.Context(), listed(c, scenarios), ".")
		if err == nil {
			err = Check(t.Context(), suites[0].Scenarios)
		}
		var ds syntax.Diagnostics
		want := syntax.MaxDiagnostics + 1
		if name == "both" {
			want = 1
		}
		if errors.As(err, &ds); len(ds) != want || want > 1 && ds[want-1].Msg != "too many errors" {
			t.Errorf("%s: %d diagnostics", name, len(ds))
		}
	}
}
