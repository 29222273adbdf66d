package syntax

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Every arm of a conditional that nothing decides is read with some Options.Arm.
func TestArms(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"none", "int a;\n#if 1\nint b;\n#else\nint c;\n#endif\n#ifdef WIN32\nint d;\n#endif", "a b"},
		{"if", "#ifdef A\nint a;\n#endif\nint b;", "a b | b"},
		{"else", "#if A\nint a;\n#else\nint b;\n#endif", "a | b"},
		{"elif", "#if A\nint a;\n#elif B\nint b;\n#else\nint c;\n#endif\n#ifdef D\nint d;\n#endif", "a d | b | c"},
		{"nested", "#if A\n#if B\nint a;\n#else\nint b;\n#endif\n#endif", "a | "},
		{"same condition", "#ifdef A\nint a;\n#endif\n#ifndef A\nint b;\n#endif\n#ifdef A\nint c;\n#endif", "a c | b"},
		{"decided in between", "#if 0\nint a;\n#elif A\nint b;\n#else\nint c;\n#endif", "b | c"},
		{"header", "#ifndef H\n# define H\n#ifdef A\nint a;\n#endif\n#endif", "a | "},
		{"no header", "#ifndef H\nint a;\n#define H\n#endif", "a | "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for arm, arms := 0, 1; arm < arms; arm++ {
				f, ds := Parse(Source{Name: "t.c", Text: []byte(tt.src)}, Options{Mode: Tolerant, Arm: arm})
				if ds != nil {
					t.Error(ds)
				}
				arms = max(arms, f.Arms)
				var names []string
				for _, d := range f.Decls {
					names = append(names, d.(*VarDecl).Name)
				}
				got = append(got, strings.Join(names, " "))
			}
			compare(t, strings.Join(got, " | "), tt.want)
		})
	}
}

// Guessed lists the directives that would be read otherwise with another arm, and no others.
func TestGuessed(t *testing.T) {
	f := mustParse(t, Tolerant, "#if 1\n#endif\n#ifdef A\n#elif defined(B)\n#else\n#endif\n#ifndef WIN32\n#endif\n#ifndef A\n#endif\n")
	var got []int
	for _, p := range f.Guessed {
		got = append(got, p.Line)
	}
	if want := []int{3, 4, 5, 6, 9, 10}; !slices.Equal(got, want) {
		t.Errorf("lines %v, want %v", got, want)
	}
}

// A macro that leaves its function does so in another source as well.
func TestLeaving(t *testing.T) {
	p := NewParser(t.Context(), Options{Mode: Tolerant})
	p.Parse(Source{Name: "h.h", Text: []byte(`
#define CHECK(x, r) do { if (!(x)) { report(#x, x ## 1); return r; } } while (0)
#define JUMP(l) if (bad) goto l
#define QUIET(x) do { f(x); } while (0)
#define DEFINE(x) int x(void) { return 1; }
#define VALUE do { return 1; } while (0)
`)})
	var names []string
	macros := p.Leaving()
	for _, m := range macros {
		names = append(names, m.Name())
		if !m.Same(m) || m.Same(macros[0]) != (m.Name() == macros[0].Name()) {
			t.Errorf("%s is not the same as itself only", m.Name())
		}
	}
	slices.Sort(names)
	if want := []string{"CHECK", "JUMP"}; !slices.Equal(names, want) {
		t.Fatalf("%v, want %v", names, want)
	}
	for range 2 { // a use leaves nothing behind in the macro
		f, ds := Parse(Source{Name: "t.c", Text: []byte("int f(int a)\n{\nCHECK(a, -1);\nQUIET(a);\nreturn 0;\n}\n")},
			Options{Mode: Tolerant, Macros: macros})
		if ds != nil {
			t.Error(ds)
		}
		compare(t, dumpOf(t, f), `function int f(int a)
  block to 6:1
    do while 0
      block to 3:1
        if !a
          block to 3:1
            report("a", a1)
            return -1
    QUIET(a)
    return 0`)
	}
	if got, want := fmt.Sprint(macros[slices.IndexFunc(macros, func(m Macro) bool { return m.Name() == "JUMP" })]), "JUMP(l) if ( bad ) goto l"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
