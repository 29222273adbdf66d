package interp_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// whim is a host without sense: what it returns depends only on how often it was asked. It leaves
// the program after a while.
type whim struct {
	asked   int
	objects [3]int
}

const enough = 2000

var errEnough = errors.New("enough")

func (h *whim) value() interp.Value {
	if h.asked++; h.asked > enough {
		panic(errEnough)
	}
	if n := h.asked * 7 % 12; n < len(h.objects) {
		return interp.Value{Object: &h.objects[n]}
	}
	return interp.Value{Int: int64(h.asked%5 - 1)}
}

func (h *whim) Provides(name string) bool { return len(name)%3 == 0 }
func (h *whim) Silent(name string) bool   { return vocabulary.IsMessage(name) }

func (h *whim) Call(_ interp.Site, _ string, args []interp.Value) interp.Value {
	for _, a := range args {
		if v, ok := a.Object.(*interp.Variable); ok {
			if _, set := v.Value(); !set {
				v.Set(h.value())
			}
		}
	}
	return h.value()
}

func (h *whim) Field(any, string) (interp.Value, bool)   { return h.value(), h.asked%31 != 0 }
func (h *whim) Address(any, string) (interp.Value, bool) { return h.value(), h.asked%37 != 0 }
func (h *whim) SetField(any, string, interp.Value) bool  { h.asked++; return h.asked%41 != 0 }
func (h *whim) Global(string) (interp.Value, bool)       { return h.value(), true }
func (h *whim) SetGlobal(string, interp.Value) bool      { return true }
func (h *whim) AddressOfGlobal(string) (interp.Value, bool) {
	return h.value(), true
}

// FuzzRun interprets whatever parses, checked or not: nothing panics but the host, errors lie in
// the program, and a second run is like the first.
func FuzzRun(f *testing.F) {
	for _, src := range []string{
		"int f(obj *o) { int i, *p = &i; *p = o->n; switch (i) { case 1 ... 3: return -1; default: goto out; } out: return i / o->n; }",
		"void g(int a) { g(a + 1); } void f(obj *o) { g(1); }",
		"int f(obj *o, int k) { do { if (o->next) continue; k <<= 1; } while (k++ < 9); return k ? f(o, 0) : nothing; }",
		"int *h(void) { int a = 1; return &a; } int f(void) { return *h() + h(1) + (char) 300 + ~1 + sizeof(int) + x.y->z[1]; }",
		"struct s { struct s *s; } *g; void f(struct s v) { g = &v; v.s->s = g; static int x; x++; *g = v; float y = 1.5; int a[2]; a = a; }",
		"enum { A = 1 } f(obj *o) { check(no_job, o->next->n); requires(held(&o->lock)); assert(0); return ({ A; }) ?: (A, f); }",
		"typeof(f) f; int f(x) { __label__ l; l: asm(\"\"); goto *&&l; case 1: break; continue; return; return 1; }",
		"void f(void) { extern int e; e = 1; int *p = &e; (*p)++; access(p); access(&e, \"x\", __func__, *p); op(&*p); }",
	} {
		f.Add(src)
	}
	bodies, err := filepath.Glob("../../scenarios/library/*.c")
	if err != nil || len(bodies) == 0 {
		f.Fatal("no bodies to begin with", err)
	}
	for _, name := range bodies {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, src string) {
		parser := syntax.NewParser(t.Context(), syntax.Options{})
		var files []*syntax.File
		for _, s := range withPrelude(src) {
			files = append(files, parser.Parse(s))
		}
		p := interp.New(files) // of files with errors too
		for _, file := range files {
			for _, d := range file.Decls {
				if fn, ok := d.(*syntax.FuncDef); ok {
					fuzzFunction(t, p, fn)
				}
			}
		}
	})
}

func fuzzFunction(t *testing.T, p *interp.Program, fn *syntax.FuncDef) {
	for _, d := range p.Check(fn.Name, &whim{}) {
		if d.Pos.File != "t.c" && d.Pos.File != "p.h" || d.Msg == "" {
			t.Fatalf("a diagnostic outside of the source: %s", d)
		}
	}
	var first string
	for range 2 {
		h := &whim{}
		text := fuzzRun(t, p, h, fn)
		if first != "" && first != text {
			t.Fatalf("one run ends with %s, the next with %s", first, text)
		}
		first = text
	}
}

func fuzzRun(t *testing.T, p *interp.Program, h *whim, fn *syntax.FuncDef) (end string) {
	defer func() {
		switch r := recover(); r {
		case nil:
		case errEnough:
			end = errEnough.Error()
		default:
			panic(r)
		}
	}()
	args := make([]interp.Value, len(fn.Type.Params))
	for i := range args {
		args[i] = h.value()
	}
	v, err := p.Run(h, fn.Name, args)
	var failed *interp.RunError
	switch {
	case errors.As(err, &failed):
		if failed.Pos.File != "t.c" && failed.Pos.File != "p.h" || failed.Msg == "" || failed.Kind == "" {
			t.Fatalf("an error outside of the source: %+v", failed)
		}
		return err.Error()
	case err != nil:
		t.Fatal(err)
	}
	if v.Object != nil {
		return "an object"
	}
	return show(v)
}
