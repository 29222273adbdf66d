package flow_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
)

// graph parses a function and makes its graph.
func graph(t testing.TB, src string) (*flow.Graph, syntax.Diagnostics) {
	t.Helper()
	p := syntax.NewParser(t.Context(), syntax.Options{Mode: syntax.Tolerant})
	f := p.Parse(syntax.Source{Name: "t.c", Text: []byte(src)})
	for _, d := range f.Decls {
		if d, ok := d.(*syntax.FuncDef); ok {
			return flow.New(d, flow.Options{Defined: func(name string) bool { return name == "printf" }})
		}
	}
	t.Fatalf("no function in %q", src)
	return nil, nil
}

func TestGraphs(t *testing.T) {
	for name, row := range map[string]struct{ src, want string }{
		"documentation": {
			"int f(obj *o) { int n = o->n; if (n > 0 && ready(o)) return g(n, o->a ? 1 : 2); return -1; }",
			`
			0:  declare n
			    init n = o->n
			    branch n > 0: 1 else 7
			1:  branch ready(o): 2 else 7
			2:  branch o->a: 3 else 4
			3:  set t0 = 1
			    jump 5
			4:  set t0 = 2
			    jump 5
			5:  return g(n, t0)
			7:  return -1`,
		},
		"while": {"void f(int x) { while (x--) { if (x == 3) continue; if (x == 2) break; g(); } }", `
			0:  jump 1
			1:  branch x--: 2 else 10
			2:  branch x == 3: 3 else 5
			3:  jump 9
			5:  branch x == 2: 6 else 8
			6:  jump 10
			8:  eval g()
			    jump 9
			9:  jump 1
			10: return`},
		"for ever": {"void f(void) { for (;;) g(); h(); }", "0:  jump 1\n1:  eval g()\n    jump 2\n2:  jump 1"},
		"while 1":  {"void f(void) { while (1) g(); h(); }", "0:  jump 1\n1:  jump 2\n2:  eval g()\n    jump 3\n3:  jump 1"},
		"do, once": {"void f(void) { do g(); while (0); }", "0:  jump 1\n1:  eval g()\n    jump 2\n2:  jump 3\n3:  return"},
		"not":      {"void f(int x) { if (!(x || !y())) g(); }", "0:  branch x: 3 else 1\n1:  branch y(): 2 else 3\n2:  eval g()\n    jump 3\n3:  return"},
		"choice of a condition": {"void f(int x) { if (x ? a() : b()) g(); }", `
			0:  branch x: 1 else 2
			1:  branch a(): 3 else 4
			2:  branch b(): 3 else 4
			3:  eval g()
			    jump 4
			4:  return`},
		"comma": {"void f(int x) { if (a(), x && (b(), c())) g(); }", `
			0:  eval a()
			    branch x: 1 else 3
			1:  eval b()
			    branch c(): 2 else 3
			2:  eval g()
			    jump 3
			3:  return`},
		"order of operands": {"int f(obj *o, int k) { return o->a + k + g(k, o->b, k = 2, a() && b()); }", `
			0:  set t0 = o->a + k
			    set t1 = k
			    set t2 = o->b
			    set t3 = k = 2
			    branch a(): 1 else 3
			1:  branch b(): 2 else 3
			2:  set t4 = 1
			    jump 4
			3:  set t4 = 0
			    jump 4
			4:  return t0 + g(t1, t2, t3, t4)`},
		"op=": {"void f(obj *o, obj *p) { o->next->n += p ? p->n : 0; }", `
			0:  set t0 = o->next
			    set t1 = t0->n
			    branch p: 1 else 2
			1:  set t2 = p->n
			    jump 3
			2:  set t2 = 0
			    jump 3
			3:  eval t0->n = t1 + t2
			    return`},
		"no middle": {"int f(obj *o) { return o->a ?: o->b; }", `
			0:  set t1 = o->a
			    branch t1: 1 else 2
			1:  set t0 = t1
			    jump 3
			2:  set t0 = o->b
			    jump 3
			3:  return t0`},
		"statement expression": {"int f(void) { return ({ int x = g(); if (x) h(); x + 1; }); }", `
			0:  declare x
			    init x = g()
			    branch x: 1 else 2
			1:  eval h()
			    jump 2
			2:  set t0 = x + 1
			    return t0`},
		"what a message touches, and what stands as it is": {`void f(int x) { VIR_DEBUG("%d %f %s", x ? 1 : 2, x ? 1.5 : 2, virXToString(x && p->n)); }`, `
			0:  branch x: 1 else 2
			1:  set t0 = 1
			    jump 3
			2:  set t0 = 2
			    jump 3
			3:  branch x: 4 else 6
			4:  branch p->n: 5 else 6
			5:  set t1 = 1
			    jump 7
			6:  set t1 = 0
			    jump 7
			7:  eval VIR_DEBUG("%d %f %s", t0, x ? 1.5 : 2, virXToString(t1))
			    return`},
		"messages, checks, and what C defines": {`void f(int x) { VIR_DEBUG("%d", x ? A : 2); assert(x && held(m)); printf("%d", x ? 1 : 2); }`, `
			0:  eval VIR_DEBUG("%d", x ? A : 2)
			    branch x: 1 else 3
			1:  branch held(m): 2 else 3
			2:  set t0 = 1
			    jump 4
			3:  set t0 = 0
			    jump 4
			4:  eval assert(t0)
			    branch x: 5 else 6
			5:  set t0 = 1
			    jump 7
			6:  set t0 = 2
			    jump 7
			7:  eval printf("%d", t0)
			    return`},
		"a precondition may not count": {`void f(int x) { requires(x || held(m)); g(), requires(y); }`, `
			0:  precondition: 1 else 6
			1:  branch x: 3 else 2
			2:  branch held(m): 3 else 4
			3:  set t0 = 1
			    jump 5
			4:  set t0 = 0
			    jump 5
			5:  eval requires(t0)
			    jump 6
			6:  eval g()
			    precondition: 7 else 8
			7:  eval requires(y)
			    jump 8
			8:  return`},
		"the kind of a check": {`void f(int x) { check(no-job, x ? y : z); }`, `
			0:  branch x: 1 else 2
			1:  set t0 = y
			    jump 3
			2:  set t0 = z
			    jump 3
			3:  eval check(no - job, t0)
			    return`},
		"switch": {"void f(int x) { switch (x) { int y; case 1: a(); case 2 ... 4: b(); break; while (x) { default: c(); } } d(); }", `
			0:  switch x: 1 to 2, 2...4 to 3, else 7
			2:  eval a()
			    jump 3
			3:  eval b()
			    jump 10
			5:  branch x: 6 else 9
			6:  jump 7
			7:  eval c()
			    jump 8
			8:  jump 5
			9:  jump 10
			10: eval d()
			    return`},
		"goto": {"int f(int x) { again: if (x < 0) goto out; x--; goto again; out: return x; }", `
			0:  jump 1
			1:  branch x < 0: 2 else 4
			2:  jump 6
			4:  eval x--
			    jump 1
			6:  return x`},
		"clean-up": {`int f(int x) {
			__attribute__((cleanup(drop))) obj *o = get();
			while (x) { __attribute__((cleanup(close))) int fd = 3; if (x == 1) break; if (x == 2) goto end; if (x == 3) return o->n; x = 0; }
			g();
			end: return 0; }`, `
			0:  declare o
			    init o = get()
			    jump 1
			1:  branch x: 2 else 13
			2:  declare fd
			    init fd = 3
			    branch x == 1: 3 else 5
			3:  leave fd: close
			    jump 13
			5:  branch x == 2: 6 else 8
			6:  leave fd: close
			    jump 14
			8:  branch x == 3: 9 else 11
			9:  set t0 = o->n
			    leave fd: close
			    leave o: drop
			    return t0
			11: eval x = 0
			    leave fd: close
			    jump 12
			12: jump 1
			13: eval g()
			    jump 14
			14: leave o: drop
			    return 0`},
		"hidden exits": {"int f(int flags) { virCheckFlags(1 | 2, -1); virCheckNonNullArgGoto(p, error); g(); error: return 0; }", `
			0:  hidden branch virCheckFlags(1 | 2, -1): 2 else 1
			1:  return -1
			2:  hidden branch virCheckNonNullArgGoto(p, error): 4 else 3
			3:  jump 5
			4:  eval g()
			    jump 5
			5:  return 0`},
	} {
		t.Run(name, func(t *testing.T) {
			g, ds := graph(t, row.src)
			if len(ds) > 0 {
				t.Fatal(ds)
			}
			want := strings.ReplaceAll(strings.TrimSpace(row.want), "\n\t\t\t", "\n")
			if diff := cmp.Diff(want, strings.TrimSpace(g.String())); diff != "" {
				t.Errorf("%s\n%s", diff, g)
			}
		})
	}
}

func TestJumpsToNowhere(t *testing.T) {
	for src, want := range map[string]string{
		"void f(void) { break; }":                                    "t.c:1:16: break outside of a loop or switch",
		"void f(int x) { switch (x) { default: continue; } }":        "t.c:1:39: continue outside of a loop",
		"void f(void) { case 1: ; }":                                 "t.c:1:16: case outside of a switch",
		"void f(void) { default: ; }":                                "t.c:1:16: default outside of a switch",
		"void f(int x) { switch (x) { default: default: ; } }":       "t.c:1:39: default stands twice in one switch",
		"int f(void) { return ({ int x = 1; }); }":                   "t.c:1:22: a statement expression that does not end with an expression has no value",
		"void f(void) { goto out; }":                                 "t.c:1:16: goto out, but there is no such label in f",
		"void f(void) { out: ; out: ; }":                             "t.c:1:23: label out stands twice in f, first at t.c:1:16",
		"void f(void) { while (1) { continue; } continue; goto x; }": "t.c:1:40: continue outside of a loop\nt.c:1:50: goto x, but there is no such label in f",
	} {
		if _, ds := graph(t, src); ds.Error() != want {
			t.Errorf("%s\ngot  %v\nwant %s", src, ds, want)
		}
	}
}

// What a name means depends on where it stands, also in parts of one expression that are in
// different blocks.
func TestEnv(t *testing.T) {
	g, _ := graph(t, "void f(int x) { use(x); { use(x); int x = 1; use(x); for (int x = 2; x; ) use(x); use(x); } use(x); }")
	var found []int
	for _, b := range g.Blocks {
		for _, i := range b.Items {
			if e, ok := i.(*flow.Eval); ok {
				found = append(found, e.Env.Find("x").Index)
			}
		}
	}
	if diff := cmp.Diff([]int{0, 0, 1, 2, 1, 0}, found); diff != "" {
		t.Error(diff)
	}
}
