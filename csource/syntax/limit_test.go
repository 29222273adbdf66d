package syntax

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/model"
)

// Each constant expression of an enum or a switch is one of its own: many of them are not one with
// many operators.
func TestManyExpressions(t *testing.T) {
	var b strings.Builder
	b.WriteString("enum { E0 = 0")
	for i := range 3000 {
		fmt.Fprintf(&b, ", E%d = E%d + 1", i+1, i)
	}
	b.WriteString(" }; void f(void) { switch (x) {")
	for i := range 3000 {
		fmt.Fprintf(&b, "case E0 + %d: ; ", i)
	}
	b.WriteString("} }")
	f, diags := parseText(Strict, b.String())
	if len(diags) > 0 {
		t.Fatal(diags[0])
	}
	if e := f.Decls[0].(*EnumDecl).Type.Enumerators[3000]; e.Value != 3000 || !e.Known {
		t.Errorf("the last one is %+v", e)
	}
}

// A countdown is a context that ends when it has been looked at so many times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestParserStops ends the context in the midst of a source, in each of the places that read many
// tokens.
func TestParserStops(t *testing.T) {
	const n = 20_000
	for name, src := range map[string]string{
		"tokens":     strings.Repeat("int a;\n", n),
		"skipped":    "#if 0\n" + strings.Repeat("int a; /* */\n", n) + "#endif\n",
		"directives": strings.Repeat("#define A\n#undef A\n", n),
		"one line":   "#define A " + strings.Repeat("1 + ", n) + "\n",
		"expansion":  "#define A(x) x x x x\nint A(A(A(A(A(A(A(A(a))))))));",
		"comments":   strings.Repeat("/* */;", n),
	} {
		p := NewParser(&countdown{t.Context(), 1}, Options{})
		p.Parse(Source{Name: "t.c", Text: []byte(src)})
		if !errors.Is(p.Err(), context.Canceled) || len(p.Diagnostics()) > 0 {
			t.Errorf("%s: %v, %v", name, p.Err(), p.Diagnostics())
		}
		p = NewParser(&countdown{t.Context(), 1}, Options{Comments: true})
		f := &File{}
		if toks := newPreprocessor(p, f).run(Source{Name: "t.c", Text: []byte(src)}, nil); len(toks) > 5000 || len(f.Comments) > 5000 {
			t.Errorf("%s: %d tokens and %d comments are read", name, len(toks), len(f.Comments))
		}
		p = NewParser(t.Context(), Options{})
		p.Parse(Source{Name: "t.c", Text: []byte(src)})
		if p.Err() != nil {
			t.Errorf("%s: %v", name, p.Err())
		}
	}
}

// TestParserStopsBetween ends the context after the tokens were read: the parser itself stops as
// well.
func TestParserStopsBetween(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	p := NewParser(ctx, Options{})
	pp := newPreprocessor(p, &File{})
	toks := pp.run(Source{Name: "t.c", Text: []byte(strings.Repeat("int a;\n", 20_000))}, nil)
	end()
	g := parser{unit: p, toks: toks}
	if decls := g.file(); p.Err() == nil || len(decls) > 3000 {
		t.Errorf("%d declarations, %v", len(decls), p.Err())
	}
}

func TestParserMemory(t *testing.T) {
	src := Source{Name: "t.c", Text: []byte(strings.Repeat("int a = 1 + 2;\n", 10_000))}
	for bytes, want := range map[int64]error{1 << 20: meter.ErrMemory, 100 << 20: nil} {
		p := NewParser(meter.WithMemory(t.Context(), bytes), Options{})
		p.Parse(src)
		if !errors.Is(p.Err(), want) || len(p.Diagnostics()) > 0 {
			t.Errorf("%d bytes: %v, %v", bytes, p.Err(), p.Diagnostics())
		}
	}
}

// A file is asked for once, however often it is included.
func TestIncludeOnce(t *testing.T) {
	asked := 0
	p := NewParser(t.Context(), Options{Include: func(_ model.Pos, name string) (Source, error) {
		asked++
		return Source{Name: name, Text: []byte("#include \"b.h\"\nint x;\n")}, nil
	}})
	f := p.Parse(Source{Name: "t.c", Text: []byte(strings.Repeat("#include \"a.h\"\n", 1000))})
	// once from t.c and, as another file may mean another one, once from each of a.h and b.h
	if ds := p.Diagnostics(); asked != 3 || len(f.Decls) != 2 || len(ds) != 1 || ds[0].Msg != "`b.h` includes itself" {
		t.Errorf("asked %d times, %d declarations, %v", asked, len(f.Decls), ds)
	}
}

// After so many errors the rest of a source is not looked at.
func TestStopsAfterErrors(t *testing.T) {
	p := NewParser(t.Context(), Options{})
	p.Parse(Source{Name: "t.c", Text: []byte(strings.Repeat("int = 1;\n", 100_000))})
	if work := p.meter.Done(); work > 3*400_000+10_000 { // what is lexed is not parsed
		t.Errorf("%d units of work", work)
	}
	if ds := p.Diagnostics(); len(ds) != MaxDiagnostics+1 {
		t.Errorf("%d diagnostics", len(ds))
	}
}

func TestDiagnosticsBounded(t *testing.T) {
	var ds Diagnostics
	for i := range 100_000 {
		ds.Add(model.Pos{File: "t.c", Line: 100_000 - i, Col: 1}, strings.Repeat("m", 5000), strings.Repeat("h", 5000))
	}
	if len(ds) != maxKept || !ds.Full() {
		t.Errorf("%d are kept", len(ds))
	}
	err := ds.Err()
	got := err.(Diagnostics)
	if len(got) != MaxDiagnostics+1 || got[MaxDiagnostics].Msg != "too many errors" || len(err.Error()) > 51*2200 {
		t.Errorf("%d are reported, in %d bytes", len(got), len(err.Error()))
	}
	if again := got.Err().(Diagnostics); len(again) != len(got) || again[MaxDiagnostics] != got[MaxDiagnostics] {
		t.Errorf("reported again: %d, %v", len(again), again[len(again)-1])
	}
	var all Diagnostics
	for range 10 {
		all.Append(ds)
	}
	if len(all) != maxKept {
		t.Errorf("%d are kept of several", len(all))
	}
}

// What is formatted for a message costs the same however large the expression is, and begins like
// the whole.
func TestFormatShort(t *testing.T) {
	n := 20_000
	for name, text := range map[string]string{
		"short":     "a + f(b, c)",
		"arguments": "f(" + strings.Repeat("a, ", n) + "a)",
		"list":      "(struct s) { " + strings.Repeat("1, ", n) + "1 }",
		"string":    "f(\"" + strings.Repeat("a", n) + "\")",
		"type":      "(void (*)(" + strings.Repeat("int, ", n) + "int)) a",
		"sum":       strings.Repeat("a + ", 1500) + "a",
	} {
		x := parseExpr(text)
		if x == nil {
			t.Fatalf("%s is not parsed", name)
		}
		whole, short := Format(x), FormatShort(x)
		if len(whole) <= maxShort && short != whole {
			t.Errorf("%s: %s", name, short)
		}
		if len(whole) > maxShort && (len(short) != maxShort || !strings.HasPrefix(whole, strings.TrimSuffix(short, "..."))) {
			t.Errorf("%s: %d bytes, %s", name, len(short), short)
		}
	}
}
