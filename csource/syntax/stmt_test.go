package syntax

import (
	"strings"
	"testing"
)

func TestStatements(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"if else chain", "if (a) b(); else if (c) { d(); } else e();", "if a\n  b()\nelse\n  if c\n    block\n      d()\n  else\n    e()"},
		{"dangling else", "if (a) if (b) c(); else d();", "if a\n  if b\n    c()\n  else\n    d()"},
		{"loops", "while (a) b(); do { c(); } while (d); for (;;) e();", "while a\n  b()\ndo while d\n  block\n    c()\nfor -; ;\n  e()"},
		{
			"for", "for (i = 0, j = 1; i < n; i++, j--) ; for (int k = 0, *p = q; k; k++) {}",
			"for i = 0, j = 1; i < n; i++, j--\n  empty\nfor declaration; k; k++\n  variable int k = 0\n  variable int *p = q\n  block",
		},
		{
			"switch", "switch (x) { case 1: case 'a' ... 'z': f(); break; default: }",
			"switch x\n  block\n    case 1\n      case 'a' ... 'z'\n        f()\n    break\n    default\n      empty",
		},
		{"declarations anywhere", "f(); int a = 1; { T *b; } T c, d;", "f()\nvariable int a = 1\nblock\n  variable T *b\nvariable T c\nvariable T d"},
		{"labels and jumps", "if (a) goto out; again: f(); continue; out:\nbreak; end: ;", "if a\n  goto out\nlabel again\n  f()\ncontinue\nlabel out\n  break\nlabel end\n  empty"},
		{"label before the end", "out: }", "label out\n  empty"},
		{"label before a declaration", "out: int x;", "label out\n  variable int x"},
		{"return", "return; return a + b;", "return\nreturn a + b"},
		{"statement expression", "x = ({ int y = f(); y; });", "x = ({ ... })\n  block\n    variable int y = f()\n    y"},
		{"computed goto", "goto *table[i];", "goto *table[i]"},
		{"asm", "asm volatile(\"nop\" : : \"r\"(x) : \"memory\"); __asm__(\"\");", "asm\nasm"},
		{"fallthrough", "switch (x) { case 1: __attribute__((fallthrough)); case 2: G_GNUC_FALLTHROUGH; }", "switch x\n  block\n    case 1\n      empty\n    case 2\n      empty"},
		{"local labels", "__label__ a, b; f();", "empty\nf()"},
		{"local types", "struct s { int x; } y; typedef int U; U z; enum { A } e;", "variable struct s {...} y\n  field int x\ntypedef int U\nvariable U z\nvariable enum {...} e\n  enumerator A = 0"},
		{"local prototype", "int g(int); extern int h;", "prototype int g(int)\nvariable extern int h"},
		{"static assert", "_Static_assert(1, \"\");", "static assert 1"},
		{"product of variables", "int a, b; a * b;", "variable int a\nvariable int b\na * b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := "typedef int T;\nvoid f(void) {\n" + tt.src
			if !strings.HasSuffix(tt.src, "}") || strings.Count(tt.src, "{") == strings.Count(tt.src, "}") {
				src += "\n}"
			}
			var b strings.Builder
			f := mustParse(t, Strict, src)
			lines := strings.Split(dumpOf(t, f), "\n")
			for _, line := range lines[3:] {
				line, _, _ = strings.Cut(line, " to ")
				b.WriteString(strings.TrimPrefix(line, "    ") + "\n")
			}
			compare(t, strings.TrimSuffix(b.String(), "\n"), tt.want)
		})
	}
}

// Walk must reach every node, Inspect must leave what it enters.
func TestWalk(t *testing.T) {
	f := mustParse(t, Strict, `
struct s { int a : 3 __attribute__((x(1))); };
enum e { A = 2 };
int f(int p __attribute__((y))) {
	int v[3] = { [0 ... 1] = 1, 2 };
	for (int i = 0; i < 2; i++) { if (i) while (p) do { p--; } while (!p); else switch (p) { case 1 ... 2: default: l: break; } }
	return p ? ((typeof(p)) p, sizeof(int), sizeof p) : ({ v[0]; }) + (struct s) { 1 }.a + g(va_arg(p, char *));
}
`)
	depth, nodes := 0, 0
	kinds := map[string]bool{}
	Inspect(f, func(n Node) bool {
		depth++
		nodes++
		if !n.Pos().IsValid() {
			t.Errorf("%T has no position", n)
		}
		kinds[strings.TrimPrefix(typeOf(n), "*syntax.")] = true
		return true
	}, func(Node) { depth-- })
	if depth != 0 {
		t.Errorf("%d nodes are not left", depth)
	}
	count := 0
	Walk(f, func(Node) bool { count++; return true })
	if count != nodes {
		t.Errorf("Walk sees %d nodes, Inspect %d", count, nodes)
	}
	for _, k := range strings.Fields(`File StructDecl StructType Field Attr EnumDecl EnumType Enumerator FuncDef Func Param Basic VarDecl
		Array InitList InitItem IntLit For DeclStmt Binary Postfix Block If While DoWhile Unary Switch Case Default Label Break Return
		Cond Comma Cast TypeofType SizeofType SizeofExpr StmtExpr Index ExprStmt Member CompoundLit Call TypeExpr Pointer Ident`) {
		if !kinds[k] {
			t.Errorf("no %s was visited", k)
		}
	}
	cut := 0
	Walk(f, func(n Node) bool { cut++; return false })
	if cut != 1 {
		t.Errorf("%d nodes visited below a refused one", cut-1)
	}
}
