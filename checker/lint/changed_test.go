package lint

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/csource/tree"
)

// files makes a tree of texts; equal ones are the same file in both trees.
func files(t *testing.T, all map[string]string, same *tree.Tree, before map[string]string) *tree.Tree {
	t.Helper()
	var list []*tree.File
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if same != nil && before[name] == all[name] {
			for _, f := range same.Files {
				if f.Name == name {
					list = append(list, f)
				}
			}
			continue
		}
		one, err := tree.Parse(t.Context(), []string{name}, func(string) ([]byte, error) { return []byte(all[name]), nil })
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, one.Files...)
	}
	return tree.New(list)
}

// What means something else after a change, whatever it calls.
func TestChanged(t *testing.T) {
	base := map[string]string{
		"a.c": "static int low(void) { return 0; }\nint mid(void) { return low(); }\nint other(void) { return 1; }\nint cb(void) { return 2; }\n",
		"b.c": "static int low(void) { return 5; }\nint top(void) { return mid(); }\nint quiet(void) { return low(); }\n",
		"m.c": "int old(void) { use(&cb); return 1; }\n",
		"u.c": "int uses(void) { return B; }\nint reads(struct s *s) { return s->a; }\n",
		"h.h": "typedef int num;\nenum { A, B };\nstruct s { int a; };\nint mid(void);\n",
		"v.c": "int (*table[])(void) = { other };\n",
		"g.c": "struct s *g;\nint global(void) { return !g; }\n",
	}
	for name, tt := range map[string]struct{ file, from, to, want string }{
		"nothing":           {"a.c", "", "", ""},
		"a comment":         {"a.c", "int mid", "/* x */\nint mid", ""},
		"a static function": {"a.c", "return 0", "return -1", "low"},
		"another file's":    {"b.c", "return 5", "return 6", "low"},
		"a new function":    {"a.c", "int other", "int quiet2(void) { return 1; }\nint other", "quiet2"},
		"a removed one":     {"a.c", "static int low(void) { return 0; }", "", "low mid"},
		"a new mention":     {"a.c", "return 1;", "use(&cb); return 1;", "cb other"},
		"an old mention":    {"m.c", "use(&cb);", "use(&cb); more();", "old"},
		"a prototype":       {"h.h", "int mid(void);", "int mid(void);\nint more(void);", ""},
		"a new enumerator":  {"h.h", "A, B }", "A, B, C }", ""},
		"an enumerator":     {"h.h", "A, B }", "A, C, B }", "uses"},
		"a new field":       {"h.h", "int a;", "int a; int b;", ""},
		"a field":           {"h.h", "int a;", "long a;", "reads"},
		"a type":            {"h.h", "typedef int num;", "typedef long num;", "all"},
		"a lock":            {"h.h", "int a;", "int a; virMutex m;", "all"},
		"a table":           {"v.c", "{ other }", "{ other, cb }", "cb other"},
		"a variable's type": {"g.c", "struct s *g", "struct t *g", "global"},
		"a file":            {"b.c", base["b.c"], "", "low quiet top"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := maps.Clone(base)
			changed[tt.file] = strings.Replace(changed[tt.file], tt.from, tt.to, 1)
			before := files(t, base, nil, nil)
			after := files(t, changed, before, base)
			for _, dir := range []struct{ a, b *tree.Tree }{{before, after}, {after, before}} {
				was, is := Changed(dir.a, dir.b)
				names := map[string]bool{}
				for _, s := range []Scope{was, is} {
					for f := range s {
						names[f.Name] = true
					}
				}
				got := strings.Join(slices.Sorted(maps.Keys(names)), " ")
				if was == nil || is == nil {
					got = "all"
				}
				if got != tt.want {
					t.Errorf("%s, want %s", got, tt.want)
				}
			}
		})
	}
}
