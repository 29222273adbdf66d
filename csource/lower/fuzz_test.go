package lower_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// FuzzLower lowers whatever parses, and searches what could be lowered: nothing may panic, and
// every diagnostic lies in the file.
func FuzzLower(f *testing.F) {
	for _, src := range []string{
		"void f(obj *o) { pthread_mutex_lock(&o->lock); o->n++; pthread_mutex_unlock(&o->lock); }",
		"void f(obj *o) { while (!o->n) pthread_cond_wait(&o->cond, &o->lock); pthread_cond_signal(&o->cond); }",
		"void f(obj *o) { obj *p = listFind(o); if (p) listRemove(p); virObjectUnref(o); }",
		"void f(obj *o) { o->next = o; o = o->next->next; assert(o->n == 0); check(no_job, held(&o->job)); }",
		"void f(obj *o) { pthread_mutex_lock((pthread_mutex_t *) o); access((obj *) &o->lock); }",
		"void f(obj *o) { int i; int *p = &i; *p = 3; switch (i) { case 1 ... 3: shared = *p; default: break; } }",
		"static obj *cur; void f(obj *o) { cur = nondet() ? o : NULL; if (cur) cur->job = 1; requires(!cur); }",
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
		file := parser.Parse(syntax.Source{Name: "t.c", Text: []byte(object + src)})
		if parser.Diagnostics().Err() != nil {
			return
		}
		u, err := lower.NewUnit(t.Context(), []*syntax.File{file})
		if err != nil {
			inside(t, err)
			return
		}
		for _, name := range u.Functions() {
			for _, args := range [][]lower.Arg{{}, {{Text: "vm1"}}, {{Text: "1"}}, {{Text: "vm1"}, {Text: "NULL"}}} {
				th := lower.Thread{Pos: model.Pos{File: "t.c", Line: 1}, Function: name, Args: args, Faults: lower.Faults{WaitTimeout: true}}
				p, err := u.Program(t.Context(), []lower.Thread{th, th}, lower.Options{})
				if err != nil {
					inside(t, err)
					continue
				}
				if _, err := search.Search(t.Context(), p, search.Options{MaxStates: 500, ProgressEvery: time.Hour}); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func inside(t *testing.T, err error) {
	t.Helper()
	var diags syntax.Diagnostics
	if !errors.As(err, &diags) {
		t.Fatal(err)
	}
	for _, d := range diags {
		if d.Pos.File != "" && d.Pos.File != "t.c" || d.Msg == "" {
			t.Fatalf("a diagnostic outside of the file: %s", d)
		}
	}
}
