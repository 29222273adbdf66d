package interp_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/model"
)

// scripted is a world whose function op does what a test says.
type scripted struct {
	*world
	op func(site interp.Site, args []interp.Value) interp.Value
}

func (h *scripted) Provides(name string) bool { return name == "op" || h.world.Provides(name) }

func (h *scripted) Call(site interp.Site, name string, args []interp.Value) interp.Value {
	if name == "op" {
		return h.op(site, args)
	}
	return h.world.Call(site, name, args)
}

const nested = `int op(int a);
int g(int a) { return op(a) + op(a + 1); }
int f(int a) { int b = g(a); b += g(a * 10); return b; }
int deep(int a) { int x[2]; return f(a) + f(a); }
void set(int a);
int out(void) { int x; fill(&x, 1); return x; }
`

func newScripted(t testing.TB) (*interp.Program, *scripted) {
	files := parse(t, withPrelude(nested)[1])
	return interp.New(files), &scripted{world: newWorld(files)}
}

func TestSite(t *testing.T) {
	p, h := newScripted(t)
	var got []string
	var kept [][]interp.Value
	h.op = func(site interp.Site, args []interp.Value) interp.Value {
		var calls []string
		for _, c := range site.Calls {
			calls = append(calls, fmt.Sprintf("%s %d:%d", c.Function, c.Pos.Line, c.Pos.Col))
		}
		got = append(got, fmt.Sprintf("%s at %s in %s: %s", site.Text, site.Pos, site.Function, strings.Join(calls, ", ")))
		kept = append(kept, args)
		return args[0]
	}
	want := []string{
		"op(a) at t.c:2:23 in g: f 3:24, g 2:23",
		"op(a + 1) at t.c:2:31 in g: f 3:24, g 2:31",
		"op(a) at t.c:2:23 in g: f 3:35, g 2:23",
		"op(a + 1) at t.c:2:31 in g: f 3:35, g 2:31",
	}
	for range 2 {
		got, kept = nil, nil
		v, err := p.Run(h, "f", []interp.Value{{Int: 2}})
		if err != nil || v.Int != 46 {
			t.Fatal(v, err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
		if text := fmt.Sprint(kept); text != "[[{2 <nil>}] [{3 <nil>}] [{20 <nil>}] [{21 <nil>}]]" {
			t.Error("arguments do not last:", text)
		}
	}
}

// A host leaves a run with a panic of its own, which nobody touches on the way, and the program is
// as good as new.
func TestPanic(t *testing.T) {
	p, h := newScripted(t)
	type leave struct{ n int }
	n := 0
	h.op = func(interp.Site, []interp.Value) interp.Value {
		if n++; n == 3 {
			panic(leave{n})
		}
		return interp.Value{Int: 1}
	}
	func() {
		defer func() {
			if r := recover(); r != (leave{3}) {
				t.Errorf("recovered %v", r)
			}
		}()
		v, err := p.Run(h, "f", make([]interp.Value, 1))
		t.Error("the run returned", v, err)
	}()
	if v, err := p.Run(h, "f", make([]interp.Value, 1)); err != nil || v.Int != 4 {
		t.Error(v, err)
	}
}

// A host's function may run another one, which may fail without harm to the first.
func TestRunWithinRun(t *testing.T) {
	p, h := newScripted(t)
	depth := 0
	h.op = func(_ interp.Site, args []interp.Value) interp.Value {
		depth++
		defer func() { depth-- }()
		if depth > 1 {
			return args[0]
		}
		if _, err := p.Run(h, "g", nil); message(err) != "t.c:2:5: g takes 1 argument, not 0" {
			t.Error(err)
		}
		v, err := p.Run(h, "g", args)
		if err != nil {
			t.Error(err)
		}
		return v
	}
	if v, err := p.Run(h, "g", []interp.Value{{Int: 5}}); err != nil || v.Int != 11+13 {
		t.Error(v, err)
	}
}

func TestRunsAtOnce(t *testing.T) {
	p, _ := newScripted(t)
	var wg sync.WaitGroup
	for i := range int64(8) {
		wg.Go(func() {
			h := &scripted{world: newWorld(nil), op: func(site interp.Site, args []interp.Value) interp.Value {
				if len(site.Calls) != 3 || site.Calls[0].Function != "deep" {
					t.Error(site)
				}
				return args[0]
			}}
			for range 100 {
				if v, err := p.Run(h, "deep", []interp.Value{{Int: i}}); err != nil || v.Int != 2*(22*i+2) {
					t.Error(v, err)
				}
			}
		})
	}
	wg.Wait()
}

// setter is a host that sets what it is given the address of.
type setter struct{ *world }

func (setter) Provides(name string) bool { return name == "fill" || name == "thread" }

func (h setter) Call(site interp.Site, name string, args []interp.Value) interp.Value {
	if name == "thread" {
		return interp.Value{Int: int64(len(args)), Object: site}
	}
	v := args[0].Object.(*interp.Variable)
	if old, ok := v.Value(); ok {
		panic(fmt.Sprint("set already: ", old))
	}
	v.Set(interp.Value{Int: 7})
	return interp.Value{}
}

func TestHostSetsVariables(t *testing.T) {
	p, h := newScripted(t)
	if v, err := p.Run(setter{h.world}, "out", nil); err != nil || v.Int != 7 {
		t.Error(v, err)
	}
}

func TestParameters(t *testing.T) {
	p := interp.New(parse(t, withPrelude("enum { D = 7 }; void f(obj *o, int a, side **s) { enum { E }; } void g(obj *o);")...))
	for i, want := range []string{"_obj", "", "", ""} {
		if got := p.PointsTo("f", i); got != want {
			t.Errorf("parameter %d points to %q", i+1, got)
		}
	}
	if p.PointsTo("nowhere", 0) != "" {
		t.Error("a function that is not there has parameters")
	}
	for name, want := range map[string]int64{"B": 5, "D": 7, "E": -1, "shared": -1} {
		if n, ok := p.Constant(name); ok != (want >= 0) || ok && n != want {
			t.Error(name, n, ok)
		}
	}
}

// A thread may be a function that the host provides.
func TestProvidedThread(t *testing.T) {
	p, h := newScripted(t)
	if ds := p.Check("thread", setter{h.world}); len(ds) > 0 {
		t.Error(ds)
	}
	v, err := p.Run(setter{h.world}, "thread", make([]interp.Value, 2))
	if site, ok := v.Object.(interp.Site); !ok || site.Function != "thread" || site.Pos != (model.Pos{}) || v.Int != 2 || err != nil {
		t.Error(v, err)
	}
	if _, err := p.Run(h, "nowhere", nil); message(err) != "-: unknown function nowhere" {
		t.Error(err)
	}
}
