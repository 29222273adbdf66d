package syntax

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

// preprocessed returns the tokens of a source after preprocessing, joined by spaces.
func preprocessed(opt Options, text string) (string, Diagnostics) {
	p := NewParser(context.Background(), opt)
	var texts []string
	for _, t := range newPreprocessor(p, &File{}).run(Source{Name: "t.c", Text: []byte(text)}, nil) {
		if t.kind != tokEOF {
			texts = append(texts, t.text)
		}
	}
	return strings.Join(texts, " "), p.Diagnostics()
}

func TestPreprocessor(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"object", "#define N 1 + 2\nN * N", "1 + 2 * 1 + 2"},
		{"object with parentheses", "#define P (x)\nP", "( x )"},
		{"function", "#define F(a, b) b a\nF(1, (2, 3)) F", "( 2 , 3 ) 1 F"},
		{"no arguments", "#define F() x\nF() F( )", "x x"},
		{"empty argument", "#define F(a) <a>\nF()", "< >"},
		{"call over lines", "#define F(a) a\nF\n(\n1\n)", "1"},
		{"multi-line", "#define F(a) \\\n  do { a; } \\\n  while (0)\nF(x)", "do { x ; } while ( 0 )"},
		{"undef", "#define N 1\n#undef N\nN", "N"},
		{"nested", "#define A B\n#define B C\n#define C 1\nA", "1"},
		{"argument expanded first", "#define N 7\n#define ID(x) x\nID(ID(N))", "7"},
		{"self reference", "#define foo foo + 1\nfoo", "foo + 1"},
		{"mutual reference", "#define a b\n#define b a\na b", "a b"},
		{"f(f)(1) as in C11 6.10.3.4", "#define f(x) x + f\nf(1)(2)", "1 + f ( 2 )"},
		{"stringify", "#define S(x) #x\nS(a  +\"q\\n\"'c')", `"a +\"q\\n\"'c'"`},
		{"paste", "#define P(a, b) a##b\nP(vir, Lock) P(1, 2) P(-, >) P(,x) P(x,)", "virLock 12 -> x x"},
		{"pasted names are expanded", "#define AB 5\n#define P(a, b) a##b\nP(A, B)", "5"},
		{"operands of paste are not expanded", "#define A X\n#define P(a, b) a##b\nP(A, 1)", "A1"},
		{"chain of pastes", "#define P(a, b, c) a##_##b##_##c\nP(x, y, z) P(,y,)", "x_y_z _y_"},
		{"variadic", "#define D(f, ...) p(f, __VA_ARGS__)\nD(1, 2, 3) D(1)", "p ( 1 , 2 , 3 ) p ( 1 , )"},
		{"variadic with comma deletion", "#define D(f, ...) p(f, ##__VA_ARGS__)\nD(1, 2, 3) D(1)", "p ( 1 , 2 , 3 ) p ( 1 )"},
		{"GNU variadic", "#define D(args...) p(args)\nD(1, 2) D()", "p ( 1 , 2 ) p ( )"},
		{"stringified variadic", "#define D(...) #__VA_ARGS__\nD(a, b)", `"a, b"`},
		{"line and file", "#define L __LINE__\n__FILE__\nL", `"t.c" 3`},
		{"keyword as macro", "#define inline\ninline int", "int"},
		{"ifdef", "#define A\n#ifdef A\n1\n#else\n2\n#endif\n#ifndef A\n3\n#else\n4\n#endif", "1 4"},
		{"if chain", "#define V 2\n#if V == 1\na\n#elif V == 2\nb\n#elif V == 2\nc\n#else\nd\n#endif", "b"},
		{"defined", "#define A\n#if defined A && defined(A) && !defined(B)\n1\n#endif", "1"},
		{"undefined names are 0", "#if FOO\n1\n#else\n2\n#endif", "2"},
		{"nested in a dead arm", "#if 0\n#if 1\n1\n#else\n2\n#endif\n#elif 1\n3\n#endif", "3"},
		{"dead text is not read", "#if 0\ndon't \"care\n#error x\n#foo\n#include \"y\"\n#endif\n1", "1"},
		{"arithmetic", "#if (1 << 3) + 'a' == 105 && (2 > 1 ? 1 : 0) && ~0 == -1\n1\n#endif", "1"},
		{"macro call in a condition", "#define V(a, b) ((a) * 100 + (b))\n#if V(2, 5) >= 204\n1\n#endif", "1"},
		{"pragma and angle include", "#pragma once\n#include <stdio.h>\n#line 5\n1", "1"},
		{"empty directive", "#\n# define N 1\nN", "1"},
		{"directive inside a call", "#define F(a) a\nF(1\n#if 0\n2\n#endif\n)", "1"},
		{"define with a comment", "#define N 1 /* one\n more */ + 1 // two\nN", "1 + 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, diags := preprocessed(Options{}, tt.src)
			if err := diags.Err(); err != nil {
				t.Error(err)
			}
			compare(t, got, tt.want)
		})
	}
}

func TestPreprocessorErrors(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"unknown directive", "#defne A", "t.c:1:2: unknown directive `#defne`"},
		{"error", "\n#error no way, don't", "t.c:2:2: #error no way, don't"},
		{"pragma pack", "#pragma once\n#pragma pack(push, 1)\n#if 0\n#pragma pack(1)\n#endif", "t.c:2:2: #pragma pack changes the program and cannot be modelled"},
		{"no endif", "#if 1\n#ifdef X\n", "t.c:1:2: `#if` has no `#endif`\nt.c:2:2: `#ifdef` has no `#endif`"},
		{"stray endif", "#endif", "t.c:1:2: `#endif` without `#if`"},
		{"stray else", "#if 1\n#else\n#else\n#elif 1\n#endif", "t.c:3:2: `#else` after `#else`\nt.c:4:2: `#elif` after `#else`"},
		{"no condition", "#if\n#endif", "t.c:1:4: `#if` has no condition"},
		{"bad condition", "#if 1 +\n#endif", "t.c:1:8: expected an expression, found end of line"},
		{"rest of condition", "#if 1 2\n#endif", "t.c:1:7: unexpected `2` in the condition of `#if`"},
		{"division by zero", "#if 1 / 0\n#endif", "t.c:1:2: `#if` needs an integer constant expression"},
		{"call without end", "#define F(a) a\nF(1", "t.c:2:1: the call of macro `F` has no `)`"},
		{"too many arguments", "#define F(a) a\nF(1, 2)", "t.c:2:1: macro `F` takes 1 argument, found 2 arguments"},
		{"paste to nothing", "#define F(a, b) a##b\nF(+, x)", "t.c:2:1: pasting `+` and `x` does not give one token"},
		{"paste at an end", "#define F a ##", "t.c:1:13: `##` cannot stand at an end of a macro"},
		{"redefined", "#define A 1\n#define A 1\n#define A 2", "t.c:3:9: macro `A` is already defined differently at t.c:2:9"},
		{"no name", "#define\n#undef\n#ifdef\n#endif", "t.c:1:8: expected a macro name after `#define`\nt.c:2:2: expected a macro name after `#undef`\nt.c:3:7: expected a macro name after `#ifdef`"},
		{"bad parameters", "#define F(a b) a", "t.c:1:13: expected `,` or `)` in the parameters of macro `F`, found `b`"},
		{"include nothing", "#include", "t.c:1:2: expected \"name\" or <name> after `#include`"},
		{"include without resolver", "#include \"a.h\"", "t.c:1:10: cannot include `a.h`: nothing can be included here"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, diags := preprocessed(Options{}, tt.src)
			compare(t, diags.Error(), tt.want)
		})
	}
}

func TestTolerantConditions(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"first arm of the unknown", "#ifdef WITH_A\n1\n#else\n2\n#endif", "1"},
		{"first arm of ifndef", "#ifndef WITH_A\n1\n#else\n2\n#endif", "1"},
		{"what was assumed stays", "#ifdef A\nif {\n#endif\n#ifndef A\nx\n#endif\n#if defined(A) && A\n}\n#endif", "if { }"},
		{"a conjunction is assumed whole", "#if A && !B\n1\n#endif\n#if B\n2\n#elif A\n3\n#endif", "1 3"},
		{"zero is known", "#if 0\n1\n#elif WHO_KNOWS\n2\n#else\n3\n#endif", "2"},
		{"what decides is known", "#if WHO_KNOWS && 0\n1\n#else\n2\n#endif", "2"},
		{"platform", "#ifdef WIN32\n1\n#elif defined(__linux__)\n2\n#endif\n#ifdef __FreeBSD__\n3\n#endif", "2"},
		{"unknown call", "#if LIBFOO_CHECK(1, 2)\n1\n#else\n2\n#endif", "1"},
		{"unreadable", "#if ) (\n1\n#else\n2\n#endif", "1"},
		{"own macros are known", "#define A 0\n#if A\n1\n#else\n2\n#endif", "2"},
		{"includes are ignored", "#include \"a.h\"\n#include FOO_H\n1", "1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, diags := preprocessed(Options{Mode: Tolerant}, tt.src)
			if err := diags.Err(); err != nil {
				t.Error(err)
			}
			compare(t, got, tt.want)
		})
	}
}

// includeFrom resolves names in a map, with a leading "./" removed.
func includeFrom(files map[string]string) func(model.Pos, string) (Source, error) {
	return func(_ model.Pos, name string) (Source, error) {
		name = strings.TrimPrefix(name, "./")
		text, ok := files[name]
		if !ok {
			return Source{}, errors.New("no such file")
		}
		return Source{Name: name, Text: []byte(text)}, nil
	}
}

func TestInclude(t *testing.T) {
	files := map[string]string{
		"a.h":    "int a;\n#include \"b.h\"\n",
		"b.h":    "int b;\n",
		"self.h": "\n#include \"two.h\"",
		"two.h":  "#include \"self.h\"",
		"bad.h":  "\n  int int x",
	}
	tests := []struct{ name, src, want, errors string }{
		{"nested, once", "#include \"a.h\"\n#include \"./b.h\"\nint c;", "int a ; int b ; int c ;", ""},
		{"by macro", "#define H \"b.h\"\n#include H", "int b ;", ""},
		{"missing", "#include \"x.h\"", "", "t.c:1:10: cannot include `x.h`: no such file"},
		{"cycle", "#include \"self.h\"", "", "two.h:1:10: `self.h` includes itself"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, diags := preprocessed(Options{Include: includeFrom(files)}, tt.src)
			compare(t, got, tt.want)
			compare(t, diags.Error(), tt.errors)
		})
	}
	_, diags := Parse(Source{Name: "t.c", Text: []byte("#include \"bad.h\"\nint y;")}, Options{Include: includeFrom(files)})
	compare(t, diags.Error(), "bad.h:2:7: these words are no type together\nbad.h:2:12: expected `;` after declaration, found `int`")
}

func TestExpansionIsBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("#define A0 x x\n")
	for i := 1; i < 64; i++ {
		fmt.Fprintf(&b, "#define A%d A%d A%d\n", i, i-1, i-1)
	}
	b.WriteString("A63\n")
	_, diags := preprocessed(Options{}, b.String())
	compare(t, diags.Error(), "t.c:65:1: macros expand to more than 1048576 tokens")

	for _, text := range []string{"#define P(x) x##x\n#define Q(x) P(x)\n" + strings.Repeat("Q(", 100) + "a", "#define P(x) #x\n#define Q(x) P(x)\n" + strings.Repeat("Q(", 100) + "\"\""} {
		_, diags = preprocessed(Options{}, text+strings.Repeat(")", 100))
		if len(diags) != 1 || diags[0].Msg != "macros expand to more than 1048576 tokens" {
			t.Errorf("text grows without end: %v", diags)
		}
	}

	deep := "#define F(x) x x\n" + strings.Repeat("F(", 300) + strings.Repeat(")", 300)
	_, diags = preprocessed(Options{}, deep)
	if len(diags) == 0 {
		t.Error("deeply nested arguments: no diagnostic")
	}
}

// What comes out of a macro is where the macro is used; an argument is where it is written.
func TestMacroPositions(t *testing.T) {
	src := "#define LOCK(m) virMutexLock(&(m)->lock)\nvoid f(struct s *vm)\n{\n    LOCK(vm);\n}\n"
	f := mustParse(t, Strict, src)
	call := f.Decls[0].(*FuncDef).Body.List[0].(*ExprStmt).X.(*Call)
	compare(t, call.Pos().String(), "t.c:4:5")
	compare(t, call.Rparen.String(), "t.c:4:5")
	member := call.Args[0].(*Unary).X.(*Member)
	compare(t, member.X.Pos().String(), "t.c:4:10")
}

func TestDefines(t *testing.T) {
	got, diags := preprocessed(Options{Defines: map[string]string{"N": "1 + 2", "E": ""}}, "#if N == 3 && defined(E)\nN E;\n#endif")
	compare(t, got, "1 + 2 ;")
	compare(t, diags.Error(), "")
}

// `#include <name>` reads what is shipped, once, and passes over the rest.
func TestShipped(t *testing.T) {
	shipped := func(name string) (Source, bool, error) {
		switch name {
		case "ours/a.h":
			return Source{Name: "shipped/a.h", Text: []byte("#include <ours/a.h>\nint a;\n")}, true, nil
		case "ours/b.h":
			return Source{}, true, errors.New("no such file")
		}
		return Source{}, false, nil
	}
	for text, want := range map[string]string{
		"#include <ours/a.h>\n":                              "t.c: `shipped/a.h` includes itself",
		"#include <stdio.h>\nint x;\n":                       "",
		"#include <ours/b.h>\n":                              "t.c:1:10: cannot include `<ours/b.h>`: no such file",
		"#include <ours/a.h> /* c */\n#include <ours/a.h>\n": "includes itself",
		"# include<ours/b.h>\n":                              "t.c:1:10: cannot include",
	} {
		p := NewParser(t.Context(), Options{Mode: Strict, Shipped: shipped})
		p.Parse(Source{Name: "t.c", Text: []byte(text)})
		got := fmt.Sprint(p.Diagnostics().Err())
		if want == "" && got != "<nil>" || !strings.Contains(got, strings.TrimPrefix(want, "t.c: ")) {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
