package eras

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/typestate"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/scenarios"
)

// An era's own helpers are those of that era, whichever others have the same.
func TestOf(t *testing.T) {
	all, err := All()
	if err != nil || len(all) == 0 {
		t.Fatal(err)
	}
	for _, e := range all {
		for _, p := range scenarios.Protocols() {
			if p.Name != e.Name {
				continue
			}
			text, err := p.Standalone()
			if err != nil {
				t.Fatal(err)
			}
			tr, err := tree.Parse(t.Context(), []string{"a.c"}, func(string) ([]byte, error) { return []byte(text), nil })
			if err != nil {
				t.Fatal(err)
			}
			fits, err := Of(tr)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(fits, func(m Match) bool { return m.Era == e })
			if i < 0 || fits[i].Differ != 0 || fits[0].Differ != 0 {
				t.Errorf("%s: %+v", e.Name, fits)
			}
		}
	}
	other, err := tree.Parse(t.Context(), []string{"a.c"}, func(string) ([]byte, error) { return []byte("int f(void);"), nil })
	if err != nil {
		t.Fatal(err)
	}
	if fits, err := Of(other); err != nil || len(fits) != 0 {
		t.Errorf("%v, %v", fits, err)
	}
}

// A driver alone calls helpers that other folders define: they count.
func TestOfPart(t *testing.T) {
	e, err := Named("2023-01")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("void qemuDomainObjExitMonitor(virDomainObj *vm) { }\nvoid f(void)\n{\n")
	for name, s := range e.helpers {
		if name != "qemuDomainObjExitMonitor" {
			b.WriteString(name + "(" + strings.TrimSuffix(strings.Repeat("x, ", s.params), ", ") + ");\n")
		}
	}
	b.WriteString("}\n")
	tr, err := tree.Parse(t.Context(), []string{"a.c"}, func(string) ([]byte, error) { return []byte(b.String()), nil })
	if err != nil {
		t.Fatal(err)
	}
	fits, err := Of(tr)
	if err != nil || len(fits) == 0 || fits[0].Era != e || !fits[0].Fits() {
		t.Errorf("%+v, %v", fits[0], err)
	}
}

// A helper too many, one too few, another result or number of parameters: each is a difference.
func TestMatch(t *testing.T) {
	v, i := shape{"void", 1}, shape{"value", 1}
	a := &Era{Name: "a", helpers: map[string]shape{"begin": i, "end": v}}
	b := &Era{Name: "b", helpers: map[string]shape{"begin": i, "end": i}}
	c := &Era{Name: "c", helpers: map[string]shape{"begin": {"value", 2}, "end": v, "nested": v}}
	for _, tt := range []struct {
		has  map[string]shape
		want string
	}{
		{map[string]shape{"begin": i, "end": v, "x": v}, "a c b"},
		{map[string]shape{"begin": i, "end": i}, "b a c"},
		{map[string]shape{"begin": i}, "b a c"},
		{map[string]shape{"begin": {"value", 2}, "end": v, "nested": v}, "c a b"},
		{map[string]shape{"begin": i, "nested": v, "end": v}, "c a b"},
		{map[string]shape{"x": i}, ""},
		{map[string]shape{"begin": {"", 1}}, "b a c"},
		{map[string]shape{"begin": {"", 2}}, "c b a"},
		{map[string]shape{"begin": {"", 2}, "nested": {"", 1}}, "c b a"},
		{map[string]shape{"begin": {"", 2}, "nested": v}, "c b a"},
		{map[string]shape{"begin": {"", 1}, "end": v}, "a c b"},
	} {
		var got []string
		for _, m := range match([]*Era{a, b, c}, tt.has) {
			got = append(got, m.Era.Name)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%v: %s, want %s", tt.has, s, tt.want)
		}
	}
	few := match([]*Era{c}, map[string]shape{"begin": {"value", 2}})
	most := match([]*Era{c}, map[string]shape{"begin": {"value", 2}, "end": v})
	calls := match([]*Era{c}, map[string]shape{"begin": {"", 2}})
	if few[0].Fits() || !most[0].Fits() || !calls[0].Fits() {
		t.Errorf("%v, %v, %v", few, most, calls)
	}
}

var wanted = regexp.MustCompile(`/\* want ([a-z-]+) \*/`)

// TestContracts holds C to the era of its file's name. A comment `want KIND` says what is found on
// its line; nothing else may be found.
func TestContracts(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*.c"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no C", err)
	}
	for _, path := range paths {
		e, err := Named(strings.TrimSuffix(filepath.Base(path), ".c"))
		if err != nil {
			t.Fatal(err)
		}
		tr, err := tree.Load(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		r, err := typestate.Check(t.Context(), tr, typestate.Options{Contract: e.Contract})
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for i, line := range strings.Split(string(text), "\n") {
			if m := wanted.FindStringSubmatch(line); m != nil {
				want = append(want, fmt.Sprintf("%d: %s", i+1, m[1]))
			}
		}
		for _, f := range r.Findings {
			got = append(got, fmt.Sprintf("%d: %s", f.Pos.Line, f.Kind))
		}
		got = slices.Compact(got) // two places of one line
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}

func TestNamed(t *testing.T) {
	e, err := Named("2011-04")
	if err != nil || e.Name != "libvirt-2011-04" || e.Title == "" {
		t.Errorf("%v, %v", e, err)
	}
	if _, err := Named("2011-05"); err == nil || !strings.Contains(err.Error(), "libvirt-2011-04") {
		t.Error(err)
	}
}
