package syntax

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

// seeds are inputs that once were interesting: to the preprocessor, to recovery, or to what a name
// may be.
var seeds = []string{
	"int x;",
	"typedef struct s T; void f(T *t) { T *u = (T *) t->p, v[2] = { [0] = {1} }; T * u; }",
	"#define F(a, ...) #a a ## __VA_ARGS__\nF(F(1, 2), F()) F(",
	"#define f(x) x + f\nf(1)(2)\n#undef f\n#if defined f || 1 / 0\n#else\n#endif\n#endif",
	"#if (((\n#elif 'a\n\"b\\",
	"void f(void) { if (a { b(; } } else c; ]",
	"void f(void) { case 1 ... 2: default: l: } int g(void) {",
	"void f(void)\n{\n    }\n    x;\n}\nint g(void) { int h(void) { } }",
	"#define S(x) #x\n#define T(x) S(x)\n#define P(x) x##x\n#define Q(x) P(x)\nT(T(T(T(\"\")))) Q(Q(Q(Q(a))))",
	"int (*(*f[3])(void))(int (*)(char), ...); struct { int : 3, a : 1; union { } u; } s = { .a[1 ... 2].b = 1, x: 2 };",
	"enum { A = B, C = 1 << 70, D = -1 / 0 } e __attribute__((x(1, struct s *), __y__, ));",
	"g_autoptr(T) a = NULL; VIR_ENUM_IMPL(x, \"a\")\nG_DEFINE_TYPE(a, b) struct s { PAD(1) int x; } PACKED;",
	"void f(void) { FOO(a) { b; } BAD_CAST x; \"a\" PRIu64 \"b\"; (T[]){1}; sizeof(T){1}; ({ x; }); a ?: b; &&l; goto *p; }",
	"a b c; a *b; a(b) c; a (*b)(c); a b(c) d; a b[c] d; A b c; a B c;",
	"\\\n/\\\n* x *\\\n/ in\\\nt y\\\n; '\\\n' \"\\\\\\\n\"",
	"#define E\n#define X E E\nX#\n#X\n  # define Y(x) # x\nY( \"\\\"\" '\\'' )",
	"typeof(int) x; __typeof__((y)) z; _Static_assert(1, \"\"); asm(\"\"); _Atomic(int) q; int a[static 3], b[*];",
}

// FuzzParse checks that whatever the input, in either mode, parsing ends, every diagnostic is in
// the source, every node can be walked, printed and dumped, and that the result is the same a
// second time.
func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	for _, name := range []string{"testdata/monitor.c"} {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, mode := range []Mode{Strict, Tolerant} {
			file, diags := parseText(mode, text)
			for _, d := range diags {
				checkPosition(t, text, d.Pos)
			}
			if len(diags) > MaxDiagnostics+1 {
				t.Errorf("%d diagnostics", len(diags))
			}
			checkTree(t, mode, file, len(diags) == 0)
			var one, two strings.Builder
			again, _ := parseText(mode, text)
			if Dump(&one, file) != nil || Dump(&two, again) != nil || one.String() != two.String() {
				t.Errorf("two parses differ:\n%s\n%s", one.String(), two.String())
			}
		}
	})
}

// checkPosition checks that a position is in the source, or right behind it.
func checkPosition(t *testing.T, text string, pos model.Pos) {
	t.Helper()
	lines := strings.Count(text, "\n") + 1
	if pos.File != "t.c" || pos.Line < 1 || pos.Line > lines || pos.Col < 1 || pos.Col > len(text)+1 {
		t.Errorf("%v is not in the source, which has %d lines and %d bytes", pos, lines, len(text))
	}
}

// checkTree checks all nodes: with a position, without a hole, and in a tree without errors nothing
// bad.
func checkTree(t *testing.T, mode Mode, f *File, clean bool) {
	t.Helper()
	Walk(f, func(n Node) bool {
		if !n.Pos().IsValid() {
			t.Errorf("%T has no position", n)
		}
		switch n := n.(type) {
		case *hole:
			t.Errorf("a hole is left at %v", n.Pos())
		case *BadDecl, *BadStmt, *BadType:
			if clean {
				t.Errorf("%T at %v without a diagnostic", n, n.Pos())
			}
		case *BadExpr, *MacroDecl, *MacroBlock, *MacroType:
			if clean && mode == Strict {
				t.Errorf("%T at %v in strict mode", n, n.Pos())
			}
		case *FuncDef:
			if n.Bad && clean || n.Body == nil {
				t.Errorf("function %s is bad without a diagnostic", n.Name)
			}
		}
		return true
	})
}

// FuzzFormat checks that an expression printed and parsed again is the same expression.
func FuzzFormat(f *testing.F) {
	for _, s := range []string{"a + b * (c - d)", "*p++ = (x, y) ? -(-1) : sizeof(int[3])", "(struct s) { .a = { 1 }, [2] = f(g, \"x\\n\") }.a[0]->b", "a ?: b = c", "&*&a", "- --a", "+ ++a", "& &&l"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "#;{}\\") && !strings.Contains(text, "(struct s) {") {
			return
		}
		x := parseExpr(text)
		if x == nil {
			return
		}
		skip := false
		Walk(x, func(n Node) bool {
			switch n := n.(type) {
			case *StmtExpr, *TypeExpr, *StructType, *EnumType, *TypeofType: // printed in part only
				skip = true
			case *StringLit:
				skip = skip || len(n.Macros) > 0
			}
			return true
		})
		if skip {
			return
		}
		for _, printed := range []string{Format(x), FormatParens(x)} {
			y, tooDeep := parseExprOr(printed)
			if tooDeep {
				continue // a pair of parentheses is a level more, and the text used nearly all there are
			}
			if y == nil {
				t.Fatalf("%q is printed as %q, which does not parse", text, printed)
			}
			if FormatParens(x) != FormatParens(y) {
				t.Errorf("%q is %q, printed and parsed again %q", text, FormatParens(x), FormatParens(y))
			}
		}
	})
}

// parseExpr parses one expression, nil when it is none.
func parseExpr(text string) Expr {
	x, _ := parseExprOr(text)
	return x
}

// parseExprOr also says whether the text nests too deeply for the parser.
func parseExprOr(text string) (x Expr, tooDeep bool) {
	f, diags := parseText(Strict, "int x = (\n"+text+"\n);")
	tooDeep = slices.ContainsFunc(diags, func(d Diagnostic) bool { return d.Msg == "nested too deeply" })
	if len(diags) > 0 || len(f.Decls) != 1 {
		return nil, tooDeep
	}
	v, ok := f.Decls[0].(*VarDecl)
	if !ok {
		return nil, tooDeep
	}
	return v.Init, false
}

// FuzzExpand checks that macros and includes, whatever they are, make no more than a bounded number
// of tokens with a bounded amount of work: a few hundred times as much as the limit and the text.
func FuzzExpand(f *testing.F) {
	double := "#define A0 1;\n"
	for i := range 30 {
		double += fmt.Sprintf("#define A%d A%d A%d\n", i+1, i, i)
	}
	for _, s := range append([]string{
		double + "A30",
		"#define F(x) x x\n" + strings.Repeat("F(", 60) + "1" + strings.Repeat(")", 60),
		"#define f(x) x f(x) f(x)\nf(f(f(f(f(f(f(f(f(f(1))))))))))",
		"#define E\n#define D E E E E E E E E\n#define C D D D D D D D D\n#define B C C C C C C C C\n#if B\n#elif B B B B\n#endif",
		"#define P(x) x##x\n#define Q(x) P(x)\nQ(Q(Q(Q(Q(Q(Q(Q(Q(Q(Q(Q(Q(Q(Q(Q(Q(Q(Q(Q(a))))))))))))))))))))",
		"#define S(x) #x\n#define T(x) S(x)\nT(T(T(T(T(T(T(T(T(T(T(T(T(T(T(T(T(T(T(T(\"\\\\\"))))))))))))))))))))",
		strings.Repeat("#include \"a.h\"\n", 40) + "\x00" + strings.Repeat("#include \"b.h\"\n#include \"a.h\"\n", 40) + "\x00#include \"a.h\"\nx;",
		"#define M(...) __VA_ARGS__ , ## __VA_ARGS__\nM(M(M(M(M(1,2),M(3)))))",
	}, seeds...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parts := strings.Split(text, "\x00")
		asked := 0
		p := NewParser(t.Context(), Options{Include: func(_ model.Pos, name string) (Source, error) {
			asked++
			if i := strings.Index("ab", strings.TrimSuffix(name, ".h")); len(name) == 3 && i >= 0 && i+1 < len(parts) {
				return Source{Name: name, Text: []byte(parts[i+1])}, nil
			}
			return Source{}, fs.ErrNotExist
		}})
		toks := newPreprocessor(p, &File{}).run(Source{Name: "t.c", Text: []byte(parts[0])}, nil)
		if most := maxExpansion + len(text) + 1; len(toks) > most {
			t.Errorf("%d tokens of %d bytes", len(toks), len(text))
		}
		if work := p.meter.Done(); work > int64(300*(maxExpansion+len(text))) {
			t.Errorf("%d units of work for %d bytes", work, len(text))
		}
		for _, tok := range toks {
			if len(tok.text) > maxExpansion+len(text) {
				t.Errorf("a token of %d bytes", len(tok.text))
			}
		}
		if known := strings.Count(text, "include"); asked > 3*known+MaxDiagnostics {
			t.Errorf("asked for a file %d times", asked)
		}
	})
}
