package scenarios

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

func suiteFS(yaml string, files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{"d/s.yaml": {Data: []byte(yaml)}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

const lockC = "struct domain { pthread_mutex_t lock; };\nvoid f(struct domain *d) { pthread_mutex_lock(&d->lock); pthread_mutex_unlock(&d->lock); }\n"

func TestProgram(t *testing.T) {
	for _, tc := range []struct {
		name, yaml string
		files      map[string]string
		at         string // of the errors; what they say is the front end's
	}{
		{name: "protocol and sources", yaml: `suite: s
protocol: p.c
sources: [../more/g.c]
source: |
  void h(struct domain *d) { g(d); }
scenarios:
  - {name: a, threads: [f(vm1) x2, g(vm2) loop, h(vm1)], expect: ok}
`, files: map[string]string{"d/p.c": lockC, "more/g.c": "void g(struct domain *d) { f(d); }"}},
		{name: "include beside the including file", yaml: `suite: s
protocol: ../more/p.c
scenarios:
  - {name: a, threads: [f(vm1)], expect: ok}
`, files: map[string]string{"more/p.c": `#include "sub/a.h"`, "more/sub/a.h": `#include "b.h"`, "more/sub/b.h": lockC}},
		{name: "include of inline C", yaml: `suite: s
source: |
  #include "a.h"
scenarios:
  - {name: a, threads: [f(vm1)], expect: ok}
`, files: map[string]string{"d/a.h": lockC}},
		{name: "include of what is not there", yaml: `suite: s
source: |

    #include "../../a.h"
    #include "b.h"
scenarios:
  - {name: a, threads: [f(vm1)], expect: ok}
`, at: "d/s.yaml:4:14 d/s.yaml:5:14"},
		{name: "error in inline C", yaml: `suite: s
sources: [a.c]
source: |
    void g(struct domain *d)
    {
        nothing(d);
    }
scenarios:
  - {name: a, threads: [g(vm1)], expect: ok}
`, files: map[string]string{"d/a.c": lockC}, at: "d/s.yaml:6:9"},
		{name: "death without a function", yaml: `suite: s
sources: [a.c]
scenarios:
  - {name: a, threads: [f(vm1)], faults: [domain-death], expect: ok}
`, files: map[string]string{"d/a.c": lockC}, at: "d/s.yaml:4:43"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			suites, err := LoadFS(t.Context(), suiteFS(tc.yaml, tc.files), "d/s.yaml")
			if err != nil {
				t.Fatal(err)
			}
			err = Check(t.Context(), suites[0].Scenarios)
			var ds syntax.Diagnostics
			var at []string
			errors.As(err, &ds)
			for _, d := range ds {
				at = append(at, d.Pos.String())
			}
			if got := strings.Join(at, " "); got != tc.at || (err != nil) != (tc.at != "") {
				t.Errorf("errors at %q, want %q\n%v", got, tc.at, err)
			}
		})
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestProgramDeath(t *testing.T) {
	yaml := `suite: s
sources: [a.c]
scenarios:
  - {name: a, threads: [f(vm2) x2, f(vm1)], faults: [domain-death], expect: ok}
`
	suites, err := LoadFS(t.Context(), suiteFS(yaml, map[string]string{"d/a.c": lockC + "void qemuProcessDied(struct domain *d) { f(d); }"}), "d")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	programs := make([]*model.Program, 4)
	for i := range programs {
		wg.Go(func() { programs[i], _ = suites[0].Scenarios[0].Program(t.Context()) })
	}
	wg.Wait()
	want := []string{"f(vm2)", "f(vm2)", "f(vm1)", "qemuProcessDied(vm2)", "qemuProcessDied(vm1)"}
	for _, p := range programs {
		if p == nil || p != programs[0] || len(p.Threads) != len(want) {
			t.Fatalf("program %+v", p)
		}
		for i, name := range want {
			if p.Threads[i].Name != name {
				t.Errorf("thread %d is %s, not %s", i+1, p.Threads[i].Name, name)
			}
		}
	}
}

func TestResolve(t *testing.T) {
	library, err := Resolve(t.Context(), nil)
	if err != nil || len(library) < 10 {
		t.Fatalf("%d scenarios, %v", len(library), err)
	}
	some, err := Resolve(t.Context(), []string{"testdata/good", library[3].Ref(), "testdata/good/forms.yaml:flow"})
	if err != nil || len(some) != 8 || some[0].Ref() != library[3].Ref() || some[1].Name != "flow" || some[2].Name != "compact" {
		t.Errorf("%v, %v", some, err)
	}
	_, err = Resolve(t.Context(), []string{"testdata/bad/no-c.yaml:a", "testdata/bad/escape.yaml:a"})
	want := `testdata/bad/escape.yaml:2:11: "../../../../outside.c" lies outside of what may be read: a suite reads its repository, or its folder where there is none (--root DIR widens that)
testdata/bad/escape.yaml:3:11: "/etc/passwd" is not a relative path with slashes
testdata/bad/escape.yaml:3:24: "C:\\x.c" is not a relative path with slashes
testdata/bad/no-c.yaml:1:8: the suite has no C: it needs a protocol, sources or a source`
	if message(err) != want {
		t.Errorf("%v", err)
	}
}

func TestProtocols(t *testing.T) {
	found := false
	for _, p := range Protocols() {
		if p.Title == "" || len(p.Files) == 0 {
			t.Errorf("%s: title %q, %d files", p.Name, p.Title, len(p.Files))
		}
		found = found || p.Name == "mail-2009-10"
	}
	if !found {
		t.Error("the mail's own protocol is missing")
	}
	for text, want := range map[string]string{
		"/* One line. */\nint x;": "One line", "/*\n * Below.\n */": "Below", "// C99\n": "C99", "": "", "/* A: b, c\n * d */": "A: b, c",
	} {
		if got := firstComment(text); got != want {
			t.Errorf("firstComment(%q) = %q", text, got)
		}
	}
}

func TestHints(t *testing.T) {
	for written, want := range map[string]string{
		"tiltes": `did you mean "title"?`, "naem": `did you mean "name"?`, "": "one of title, name", "x": "one of title, name", "TITLE": `did you mean "title"?`,
	} {
		if got := Hint(written, []string{"title", "name"}); got != want {
			t.Errorf("%q: %s", written, got)
		}
	}
}
