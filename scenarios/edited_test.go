package scenarios_test

import (
	"bytes"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

func verdictOf(t *testing.T, sc *scenarios.Scenario) model.Kind {
	t.Helper()
	p, err := sc.Program(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r, err := search.Search(t.Context(), p, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r.Kind
}

// A suite reads another text in the place of one of its files, wherever that stands, and the suite
// that it was made from still reads its own.
func TestEdited(t *testing.T) {
	const lock = "struct domain { virMutex lock; };\nvoid take(struct domain *d) { virMutexLock(&d->lock); }\n"
	const give = "void give(struct domain *d) { virMutexUnlock(&d->lock); }\n"
	const body = "void f(struct domain *d) { take(d); give(d); }\n"
	const tail = "scenarios:\n  - {name: one, threads: [f(vm1)], expect: ok}\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
		file  string // in which the unlock stands
	}{
		"an included file": {
			map[string]string{"s.yaml": "suite: s\nprotocol: p.c\nsource: |\n  " + body + tail, "p.c": "#include \"lock.h\"\n#include \"give.h\"\n", "lock.h": lock, "give.h": give},
			[]string{"p.c", "lock.h", "give.h"},
			"give.h",
		},
		"the protocol": {
			map[string]string{"s.yaml": "suite: s\nprotocol: p.c\nsource: |\n  " + body + tail, "p.c": lock + give},
			[]string{"p.c"},
			"p.c",
		},
		"sources": {
			map[string]string{"s.yaml": "suite: s\nsources: [p.c, f.c]\n" + tail, "p.c": lock + give, "f.c": body},
			[]string{"p.c", "f.c"},
			"p.c",
		},
		"inline": {
			map[string]string{"s.yaml": "suite: s\nsource: |\n  struct domain { virMutex lock; };\n" +
				"  void take(struct domain *d) { virMutexLock(&d->lock); }\n  " + give + "  " + body + tail},
			[]string{"s.yaml"},
			"s.yaml",
		},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for name, text := range c.files {
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
			suites, err := scenarios.LoadFS(t.Context(), fsys, "s.yaml")
			if err != nil {
				t.Fatal(err)
			}
			s := suites[0]
			var names []string
			var text []byte
			for _, f := range s.HelperFiles() {
				names = append(names, f.Name)
				if f.Name == c.file {
					text = f.Text
				}
			}
			if !slices.Equal(names, c.want) {
				t.Errorf("the helpers are in %q, want %q", names, c.want)
			}
			broken := bytes.Replace(text, []byte("virMutexUnlock(&d->lock);"), []byte("                         "), 1)
			e := s.Edited(c.file, broken)
			if kind := verdictOf(t, e.Scenarios[0]); kind != model.LockLeak {
				t.Errorf("edited: %q", kind)
			}
			if kind := verdictOf(t, s.Scenarios[0]); kind != "" {
				t.Errorf("the original: %q", kind)
			}
			var ds syntax.Diagnostics
			_, err = s.Edited(c.file, append(slices.Clone(text), "int x = y;\n"...)).Scenarios[0].Program(t.Context())
			if ds, _ = err.(syntax.Diagnostics); len(ds) != 1 || ds[0].Pos.File != c.file {
				t.Errorf("an error in the text is %v", err)
			}
		})
	}
}
