package lower_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// repeat writes n copies of a text, with the number of each, from 0, for %d and the next one for
// %n.
func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(strings.ReplaceAll(format, "%d", strconv.Itoa(i)), "%n", strconv.Itoa(i+1)))
	}
	return b.String()
}

func unitOf(t testing.TB, ctx context.Context, src string) (*lower.Unit, error) {
	t.Helper()
	file, diags := syntax.Parse(syntax.Source{Name: "t.c", Text: []byte(src)}, syntax.Options{})
	if err := diags.Err(); err != nil {
		t.Fatal(err)
	}
	return lower.NewUnit(ctx, []*syntax.File{file})
}

var threadF = []lower.Thread{{Pos: model.Pos{File: "s", Line: 1, Col: 1}, Function: "f"}}

// What would need a stack, memory or time without bound is an error at its place.
func TestBounds(t *testing.T) {
	structs := "struct s0 { int x; };" + repeat(12, "struct s%n { struct s%d a, b, c, d, e, f, g, h; };")
	for name, tc := range map[string]struct{ src, want string }{
		"calls":   {"void g0(void) {}" + repeat(5000, "void g%n(void) { g%d(); }\n") + "void f(void) { g5000(); }", "functions call one another more than 1000 deep"},
		"circle":  {repeat(5000, "void g%d(void) { g%n(); }\n") + "void g5000(void) { g0(); } void f(void) {}", "functions call one another more than 1000 deep"},
		"locals":  {"void f(void) {" + repeat(1001, "int l%d;") + "}", "f has more than 1000 local variables"},
		"params":  {"void f(int a" + repeat(1000, ", int l%d") + ") {}", "f has more than 1000 parameters"},
		"objects": {structs + "struct s12 o; void f(void) {}", "more than 1048576 fields in all objects together"},
		"values":  {"struct s { struct s *n __attribute__((new)); }; struct s o; void f(void) {}", "new makes objects without end here"},
	} {
		_, err := unitOf(t, t.Context(), tc.src)
		if err == nil || !strings.Contains(err.Error(), tc.want) || len(err.Error()) > 60_000 {
			t.Errorf("%s: %.300v, want %q", name, err, tc.want)
		}
	}
}

// Blocks that follow one another share the places of their variables.
func TestLocalsShare(t *testing.T) {
	for name, src := range map[string]string{
		"blocks": "int s; void f(void) {" + repeat(5000, "{ int x = %d; if (x != %d) s = 1; }\n") + "}",
		"nested": "int s; void f(void) { int x = 7; " + repeat(5000, "{ { int x = %d; int y = x; x = y; } { int y = 3; if (x != 7 || y != 3) s = 1; } }\n") + "}",
		"taken":  "int s; void f(void) { int *p; " + repeat(400, "{ int x = %d; p = &x; } { int x = 999; if (*p != %d) s = x; }\n") + "}",
	} {
		u, err := unitOf(t, t.Context(), src)
		if err != nil {
			t.Fatal(err)
		}
		p, err := u.Program(t.Context(), threadF, lower.Options{})
		if err != nil || len(p.Vars) != 0 {
			t.Errorf("%s: %v, or s is assigned", name, err)
		}
	}
}

// TestStops looks at each part of lowering: it stops when the context is over, and when there is no
// memory or no work left.
func TestStops(t *testing.T) {
	over, end := context.WithCancel(t.Context())
	end()
	little := meter.WithMemory(t.Context(), 100<<10)
	unit := "void g(void) { int x; " + strings.Repeat("x = 1;\n", 5000) + "}"
	for ctx, want := range map[context.Context]error{over: context.Canceled, little: meter.ErrMemory, t.Context(): nil} {
		if _, err := unitOf(t, ctx, unit); !errors.Is(err, want) {
			t.Errorf("a unit: %v, want %v", err, want)
		}
	}
	for name, src := range map[string]string{
		"nodes":   "int s, t; void f(void) { int i; for (i = 0; i < 5000; i = i + 1) s = t; }",
		"objects": "struct o {" + repeat(5000, "int x%d;") + "}; void f(struct o *o) {}",
		"values":  "int s0, s1, s2, s3; void f(void) { int i; for (i = 0; i < 9; i++) { s0 = s1 + 1; s1 = s2 + 1; s2 = s3 + 1; s3 = s0 + 1; } }",
	} {
		u, err := unitOf(t, t.Context(), src)
		if err != nil {
			t.Fatal(err)
		}
		threads := threadF
		if name == "objects" {
			threads = []lower.Thread{{Pos: threadF[0].Pos, Function: "f", Args: []lower.Arg{{Text: "vm1"}}}}
		}
		for _, c := range []struct {
			ctx  context.Context
			opt  lower.Options
			want error
		}{
			{over, lower.Options{}, context.Canceled},
			{little, lower.Options{}, meter.ErrMemory},
			{t.Context(), lower.Options{Work: 3000}, meter.ErrWork},
			{meter.WithMemory(t.Context(), 1<<30), lower.Options{Work: 1 << 30}, nil},
		} {
			if p, err := u.Program(c.ctx, threads, c.opt); !errors.Is(err, c.want) || (p == nil) != (err != nil) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
	}
}

// TestStopsInLocal ends a computation without steps, of which a pass has very many, within its
// limit.
func TestStopsInLocal(t *testing.T) {
	u, err := unitOf(t, t.Context(), "int s; void f(void) { int i, j; for (i = 0; i < 20000; i = i + 1) { for (j = 0; j < 10000; j = j + 1) ; s = 1; } }")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := u.Program(t.Context(), threadF, lower.Options{Work: 1 << 20}); !errors.Is(err, meter.ErrWork) {
		t.Error(err)
	}
}
