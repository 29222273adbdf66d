package lint

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/typestate"
)

// Callers are asked about as long as they know something else of what differs.
func TestDiff(t *testing.T) {
	base := map[string]string{
		"s.h": "struct s { virMutex lock; int n; };\n",
		"a.c": "int low(struct s *s) { return s->n; }\nint mid(struct s *s) { return low(s); }\n",
		"b.c": "int top(struct s *s)\n{\n    int ret;\n\n    virMutexLock(&s->lock);\n    ret = mid(s);\n    virMutexUnlock(&s->lock);\n    return ret;\n}\n" +
			"int over(struct s *s) { return top(s); }\n",
		"c.c": "int quiet(struct s *s) { virMutexLock(&s->lock); virMutexUnlock(&s->lock); return 0; }\n" +
			"int leaks(struct s *s, int n) { quiet(s); virMutexLock(&s->lock); if (n) return -1; virMutexUnlock(&s->lock); return 0; }\n",
	}
	for name, tt := range map[string]struct{ file, from, to, asked, brought string }{
		"nothing":           {"a.c", "", "", "", ""},
		"a value":           {"a.c", "return s->n", "return s->n + 1", "low", ""},
		"a lock":            {"a.c", "return s->n", "virMutexLock(&s->lock); virMutexUnlock(&s->lock); return 0", "low mid over top", "self-deadlock"},
		"as it was":         {"c.c", "virMutexLock(&s->lock); virMutexUnlock(&s->lock); return 0", "virMutexLock(&s->lock); more(s); virMutexUnlock(&s->lock); return 0", "quiet", ""},
		"what callers do":   {"c.c", "if (n) return -1; ", "", "leaks", "-lock-leak"},
		"another line":      {"c.c", "int leaks", "\n\nint leaks", "", ""},
		"a field of a lock": {"s.h", "int n;", "int n; virMutex other;", "leaks low mid over quiet top", ""},
	} {
		t.Run(name, func(t *testing.T) {
			changed := maps.Clone(base)
			changed[tt.file] = strings.Replace(changed[tt.file], tt.from, tt.to, 1)
			before := &typestate.Side{Tree: files(t, base, nil, nil)}
			after := &typestate.Side{Tree: files(t, changed, before.Tree, base)}
			was, is, err := Diff(t.Context(), before, after, typestate.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for f := range after.Asked {
				names = append(names, f.Name)
			}
			if after.Asked == nil { // all
				for _, f := range after.Tree.Files {
					for _, fn := range f.Functions {
						names = append(names, fn.Name)
					}
				}
			}
			slices.Sort(names)
			if got := strings.Join(names, " "); got != tt.asked {
				t.Errorf("asked about %q, want %q", got, tt.asked)
			}
			var kinds []string
			c := Compare(was, is)
			for _, f := range c.New {
				kinds = append(kinds, string(f.Kind))
			}
			for _, f := range c.Gone {
				kinds = append(kinds, "-"+string(f.Kind))
			}
			if got := strings.Join(kinds, " "); got != tt.brought {
				t.Errorf("brings %q, want %q", got, tt.brought)
			}
		})
	}
}

// What a message says of a line makes no other finding.
func TestCompareLines(t *testing.T) {
	at := func(message string) *Result {
		f := finding(5, "no-job")
		f.Message = message
		return &Result{Findings: []Finding{{Finding: &f}}}
	}
	c := Compare(at("it is begun only in line 8"), at("it is begun only in line 80"))
	if len(c.New)+len(c.Gone) > 0 || c.Same != 1 {
		t.Errorf("%+v", c)
	}
}
